/** Faults, as they change the core: who is down or asleep, and which ways are cut. */
import type { PeerId } from '../contract.js';
import { type ActFields, actOf, type Entry, killedBy } from './entry.js';
import { newCore, withCondition } from './peer-fold.js';
import type { Core, Cut, PeerCore } from './world.js';

/** Of the same kind and the same parts: the end of a fault is told with the act that began it. */
const keyOf = (act: object): string => JSON.stringify(act);

const isText = (value: unknown): value is string => typeof value === 'string';
const textsIn = (value: unknown): readonly string[] => (Array.isArray(value) ? value.filter(isText) : []);

/** Kinds that are no trouble: something is asked for, or done to one message. */
const HARMLESS = new Set(['load', 'read', 'broadcast', 'client', 'join', 'transfer', 'timer', 'deliver']);

export function foldFault(core: Core, entry: Entry): Core {
  const act = actOf(entry);
  if (act === undefined) return core;
  const isEnd = entry.phase === 'end';
  const marked = HARMLESS.has(act.kind) ? core : withTrouble(core, entry, act, isEnd);
  const { kind, peer } = act;
  if (isText(peer)) {
    if (killedBy(entry) === peer)
      return toPeer(marked, peer, (known) => withCondition(known, 'crashed', entry.t));
    if (kind === 'pause')
      return toPeer(marked, peer, (known) =>
        known.condition === 'crashed' ? known : withCondition(known, isEnd ? 'up' : 'paused', entry.t),
      );
  }
  if (kind === 'partition')
    return withSides(marked, Array.isArray(act.sides) ? act.sides.map(textsIn) : [], isEnd);
  if (kind === 'cut' && isText(act.from) && isText(act.to))
    return withCut(marked, { from: act.from, to: act.to }, isEnd);
  if (kind === 'drop') return withDeafness(marked, act.which, isEnd);
  return marked;
}

function toPeer(core: Core, id: PeerId, change: (known: PeerCore) => PeerCore): Core {
  const before = core.peers[id] ?? newCore(id);
  return { ...core, peers: { ...core.peers, [id]: change(before) } };
}

function withTrouble(core: Core, entry: Entry, act: ActFields, isEnd: boolean): Core {
  const key = keyOf(act);
  const others = core.troubles.filter((one) => one.key !== key);
  if (isEnd) return { ...core, troubles: others };
  if (!('forMs' in act) && !lasts(act)) return core;
  const words = entry.words ?? entry.ev ?? act.kind;
  return { ...core, troubles: [...others, { index: entry.index, kind: act.kind, words, key }] };
}

/** A rule about messages lasts until it has taken all it may. */
const lasts = (act: ActFields): boolean =>
  'which' in act && typeof act.which === 'object' && act.which !== null && 'forMs' in act.which;

function withSides(core: Core, sides: readonly (readonly PeerId[])[], isEnd: boolean): Core {
  const key = keyOf(sides);
  const others = core.partitions.filter((one) => keyOf(one) !== key);
  const cuts = sides.flatMap((side) =>
    sides.flatMap((other) =>
      side === other ? [] : side.flatMap((from) => other.map((to) => ({ from, to }))),
    ),
  );
  const next = cuts.reduce((changed, cut) => withCut(changed, cut, isEnd), core);
  return { ...next, partitions: isEnd ? others : [...others, sides] };
}

/** Cuts are counted: two faults may cut the same way, and both have to end. */
function withCut(core: Core, { from, to }: Cut, isEnd: boolean): Core {
  const place = core.cuts.findIndex((cut) => cut.from === from && cut.to === to);
  if (!isEnd) return { ...core, cuts: [...core.cuts, { from, to }] };
  return place === -1 ? core : { ...core, cuts: core.cuts.toSpliced(place, 1) };
}

/** A rule that drops all that one peer says, or all that is said to it. */
function withDeafness(core: Core, which: unknown, isEnd: boolean): Core {
  if (typeof which !== 'object' || which === null) return core;
  const { from, to, type, id, most } = which as Record<string, unknown>;
  if (type !== undefined || id !== undefined || most !== undefined) return core;
  if (isText(to) && from === undefined) return toPeer(core, to, (known) => ({ ...known, isDeaf: !isEnd }));
  if (isText(from) && to === undefined) return toPeer(core, from, (known) => ({ ...known, isMute: !isEnd }));
  return core;
}
