/** Faults, as they change the world: who is down or asleep, and which ways are cut. */
import type { PeerId } from '../contract.js';
import { type ActFields, actOf, type Entry, killedBy } from './entry.js';
import { ended, newFace, withCondition } from './peer-fold.js';
import type { Cut, PeerFace, World } from './world.js';

/** Of the same kind and the same parts: the end of a fault is told with the act that began it. */
const keyOf = (act: object): string => JSON.stringify(act);

const isText = (value: unknown): value is string => typeof value === 'string';
const textsIn = (value: unknown): readonly string[] => (Array.isArray(value) ? value.filter(isText) : []);

/** Kinds that are no trouble: something is asked for, or done to one message. */
const HARMLESS = new Set(['load', 'read', 'broadcast', 'client', 'join', 'transfer', 'timer', 'deliver']);

export function foldFault(world: World, entry: Entry): World {
  const act = actOf(entry);
  if (act === undefined) return world;
  const isEnd = entry.phase === 'end';
  const marked = HARMLESS.has(act.kind) ? world : withTrouble(world, entry, act, isEnd);
  const { kind, peer } = act;
  if (isText(peer)) {
    if (killedBy(entry) === peer) return toPeer(marked, peer, (face) => ended(face, 'crashed', entry.t));
    if (kind === 'pause')
      return toPeer(marked, peer, (face) =>
        face.condition === 'crashed' ? face : withCondition(face, isEnd ? 'up' : 'paused', entry.t),
      );
  }
  if (kind === 'partition')
    return withSides(marked, Array.isArray(act.sides) ? act.sides.map(textsIn) : [], isEnd);
  if (kind === 'cut' && isText(act.from) && isText(act.to))
    return withCut(marked, { from: act.from, to: act.to }, isEnd);
  if (kind === 'drop') return withDeafness(marked, act.which, isEnd);
  return marked;
}

function toPeer(world: World, id: PeerId, change: (face: PeerFace) => PeerFace): World {
  const before = world.peers[id] ?? newFace(id);
  return { ...world, peers: { ...world.peers, [id]: change(before) } };
}

function withTrouble(world: World, entry: Entry, act: ActFields, isEnd: boolean): World {
  const key = keyOf(act);
  const others = world.troubles.filter((one) => one.key !== key);
  if (isEnd) return { ...world, troubles: others };
  if (!('forMs' in act) && !lasts(act)) return world;
  const words = entry.words ?? entry.ev ?? act.kind;
  return { ...world, troubles: [...others, { index: entry.index, kind: act.kind, words, key }] };
}

/** A rule about messages lasts until it has taken all it may. */
const lasts = (act: ActFields): boolean =>
  'which' in act && typeof act.which === 'object' && act.which !== null && 'forMs' in act.which;

function withSides(world: World, sides: readonly (readonly PeerId[])[], isEnd: boolean): World {
  const key = keyOf(sides);
  const others = world.partitions.filter((one) => keyOf(one) !== key);
  const cuts = sides.flatMap((side) =>
    sides.flatMap((other) =>
      side === other ? [] : side.flatMap((from) => other.map((to) => ({ from, to }))),
    ),
  );
  const next = cuts.reduce((changed, cut) => withCut(changed, cut, isEnd), world);
  return { ...next, partitions: isEnd ? others : [...others, sides] };
}

/** Cuts are counted: two faults may cut the same way, and both have to end. */
function withCut(world: World, { from, to }: Cut, isEnd: boolean): World {
  const place = world.cuts.findIndex((cut) => cut.from === from && cut.to === to);
  if (!isEnd) return { ...world, cuts: [...world.cuts, { from, to }] };
  return place === -1 ? world : { ...world, cuts: world.cuts.toSpliced(place, 1) };
}

/** A rule that drops all that one peer says, or all that is said to it. */
function withDeafness(world: World, which: unknown, isEnd: boolean): World {
  if (typeof which !== 'object' || which === null) return world;
  const { from, to, type, id, most } = which as Record<string, unknown>;
  if (type !== undefined || id !== undefined || most !== undefined) return world;
  if (isText(to) && from === undefined) return toPeer(world, to, (face) => ({ ...face, isDeaf: !isEnd }));
  if (isText(from) && to === undefined) return toPeer(world, from, (face) => ({ ...face, isMute: !isEnd }));
  return world;
}
