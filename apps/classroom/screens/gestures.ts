/** Acts as people mean them: "crash this one, or start it again". Pure: from what there is at the playhead to an act. */
import type { Act, PeerId, Script } from '../contract.js';
import type { Aloft, PeerFace, World } from '../history/index.js';

/** The end of the day: for good. */
const LAST_MS = 86_400_000;

export interface Moment {
  readonly world: World;
  readonly at: number;
  readonly script: Script;
}

type Lasting = Extract<Act, { readonly forMs: number }>;

/** The act of that kind that holds this peer, so that it can be ended. */
function holding(kind: Lasting['kind'], peer: PeerId, { script, at }: Moment): Lasting | undefined {
  const isLasting = (act: Act): act is Lasting => 'forMs' in act && act.kind === kind;
  return script.acts
    .filter(isLasting)
    .findLast((act) => 'peer' in act && act.peer === peer && act.at <= at && act.at + act.forMs > at);
}

const ended = (act: Lasting, at: number): Act => ({ ...act, forMs: Math.max(0, at - act.at) }) as Act;

/** Kills a peer that runs, starts one that was killed. */
export function crashOrRestart(peer: PeerId, moment: Moment): Act {
  const down = holding('crash', peer, moment);
  if (down !== undefined) return ended(down, moment.at);
  return { kind: 'crash', at: moment.at, forMs: LAST_MS - moment.at, peer, isPowerCut: false };
}

/** Stops a peer's clock, or lets it go on. */
export function pauseOrResume(peer: PeerId, moment: Moment): Act {
  const held = holding('pause', peer, moment);
  if (held !== undefined) return ended(held, moment.at);
  return { kind: 'pause', at: moment.at, forMs: LAST_MS - moment.at, peer };
}

/** Between the sides nothing is heard, until it is healed; whoever is on none hears everybody. */
export const partition = (sides: readonly (readonly PeerId[])[], at: number): Act => ({
  kind: 'partition',
  at,
  forMs: LAST_MS - at,
  sides: sides.map((side) => [...side]),
});

export const cutOneWay = (from: PeerId, to: PeerId, at: number): Act => ({
  kind: 'cut',
  at,
  forMs: LAST_MS - at,
  from,
  to,
});

/** Ends every partition, cut and slow path that is in force. */
export function healing({ script, at }: Moment): readonly Act[] {
  const kinds: readonly string[] = ['partition', 'cut', 'slow-path'];
  return script.acts.flatMap((act) =>
    'forMs' in act && kinds.includes(act.kind) && act.at <= at && act.at + act.forMs > at
      ? [ended(act, at)]
      : [],
  );
}

export const messageAct = (kind: 'drop' | 'hold' | 'duplicate' | 'deliver', id: string, at: number): Act => ({
  kind,
  at,
  which: { id },
});

/** Something that may happen next: a message that may arrive, or a timer that may fire. */
export type Possible =
  | { readonly kind: 'message'; readonly due: number | null; readonly message: Aloft }
  | {
      readonly kind: 'timer';
      readonly due: number;
      readonly peer: PeerId;
      readonly actor: string;
      readonly event: string;
    };

/** All of them, the soonest first; what is held comes last. */
export function possibilities(world: World): readonly Possible[] {
  const messages = world.aloft.map((message): Possible => ({ kind: 'message', due: message.due, message }));
  const timers = Object.values(world.peers)
    .filter(({ condition }) => condition === 'up')
    .flatMap(({ id, timers: own }) =>
      own.map(({ actor, event, due }): Possible => ({ kind: 'timer', due, peer: id, actor, event })),
    );
  const when = ({ due }: Possible) => due ?? Number.POSITIVE_INFINITY;
  return [...messages, ...timers].sort((one, other) => when(one) - when(other));
}

/** Lets it happen at this moment. */
export const happenNow = (one: Possible, at: number): Act =>
  one.kind === 'message'
    ? messageAct('deliver', one.message.id, at)
    : { kind: 'timer', at, peer: one.peer, actor: one.actor, event: one.event, toMs: 0 };

/** The timers by which peers would notice that `subject` is silent. */
function watches(subject: PeerId, world: World): readonly (TimerOf & { readonly face: PeerFace })[] {
  return Object.values(world.peers)
    .filter(({ id, condition }) => condition === 'up' && id !== subject)
    .flatMap((face) =>
      face.timers
        .filter(({ actor }) => actor === `failure-detector:${subject}`)
        .map(({ actor, event }) => ({ actor, event, face })),
    );
}

interface TimerOf {
  readonly actor: string;
  readonly event: string;
}

/** Everybody notices at once, `inMs` from now: the lecture's simultaneous elections. */
export const aligned = (subject: PeerId, world: World, at: number, inMs = 100): readonly Act[] =>
  watches(subject, world).map(({ actor, event, face }) => ({
    kind: 'timer',
    at,
    peer: face.id,
    actor,
    event,
    toMs: inMs,
  }));

/** The highest notices first, the others one after the other, so that it has won before they ask. */
export function spread(subject: PeerId, world: World, at: number, apartMs = 100): readonly Act[] {
  const order = [...world.ids].reverse().filter((id) => id !== subject);
  return watches(subject, world).map(({ actor, event, face }) => ({
    kind: 'timer',
    at,
    peer: face.id,
    actor,
    event,
    toMs: apartMs * (1 + order.indexOf(face.id)),
  }));
}

/** Whose silence the timers are about: who leads, else who led last and is gone. */
export function watchedLeader({ leaders, peers, ids }: World): PeerId | undefined {
  const [leader] = leaders;
  if (leader !== undefined) return leader;
  const followed = ids.map((id) => peers[id]?.follows).filter((id) => id !== null && id !== undefined);
  return followed.at(-1) ?? ids.at(-1);
}
