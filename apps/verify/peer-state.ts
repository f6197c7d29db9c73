/**
 * One peer between two events, with everything left out that no rule of safety asks for: what of two peers is the same
 * here will go on in the same ways.
 */
import type { JournalWrite, Log } from '../../machines/index.js';
import type { Term } from '../../transport/index.js';
import { type Chart, type Context, type Snapshot, TIMINGS, type Value } from './chart.js';
import { type Logs, votersText } from './logs.js';

/** Where the chart stands. */
export type Posture = keyof typeof VALUES;

/** What a disk holds. */
export interface Disk {
  readonly promised: Term;
  readonly log: Log;
}

export const isSameDisk = (a: Disk, b: Disk): boolean =>
  a.log === b.log && a.promised.n === b.promised.n && a.promised.owner === b.promised.owner;

type Kept = Pick<
  Context,
  | 'me'
  | 'promised'
  | 'log'
  | 'commit'
  | 'verified'
  | 'durable'
  | 'cutIn'
  | 'promises'
  | 'fetchFrom'
  | 'openedAt'
>;

export interface PeerState extends Kept {
  readonly posture: Posture;
  readonly followers: readonly Pick<Context['followers'][number], 'id' | 'incarnation' | 'match'>[];
  readonly disk: Disk;
  /** Asked for and not on the disk yet, oldest first, numbered from 1. */
  readonly pending: readonly JournalWrite[];
}

const VALUES = {
  free: { replica: 'free' },
  promising: { replica: 'promising' },
  loyal: { replica: { loyal: 'following' } },
  securing: { standing: { gathering: 'securing' } },
  collecting: { standing: { gathering: 'collecting' } },
  fetching: { standing: { adopting: 'fetching' } },
  storing: { standing: { adopting: 'storing' } },
  establishing: {
    coordinating: { office: 'establishing', pulse: 'beating', support: 'listening', voice: 'silent' },
  },
  serving: { coordinating: { office: 'serving', pulse: 'beating', support: 'listening', voice: 'silent' } },
} as const satisfies Readonly<Record<string, Value>>;

export const isCoordinating = (posture: Posture): boolean =>
  posture === 'establishing' || posture === 'serving';

/** The whole chart again, as it was when `state` was taken of it. */
export function wake(chart: Chart, state: PeerState): Snapshot {
  const known = snapshots.get(state) ?? wakeUp(chart, state);
  snapshots.set(state, known);
  return known;
}

const snapshots = new WeakMap<PeerState, Snapshot>();

function wakeUp(chart: Chart, state: PeerState): Snapshot {
  const { posture, disk: _, pending, followers, ...kept } = state;
  const { log, commit, promised } = state;
  return chart.at(VALUES[posture], {
    ...kept,
    timings: TIMINGS,
    mode: 'safe',
    seen: promised,
    known: 0,
    relay: null,
    incoming: null,
    damage: null,
    checks: [],
    writes: pending.length,
    handoverOf: null,
    followers: followers.map((one) => ({ ...one, next: one.match + 1, sent: [] })),
    supporters: [],
    announced: commit,
    successor: null,
    held: { entries: [], bytes: 0 },
    told: { commit, configuration: log.configuration, isCommitted: commit >= log.configurationIndex },
  });
}

/**
 * What is kept of a peer that has nothing more to do.
 */
export function rest(
  logs: Logs,
  { value, context }: { readonly value: Value; readonly context: Context },
  disk: Disk,
  pending: readonly JournalWrite[],
): PeerState {
  const posture = postureOf(value);
  const coordinates = isCoordinating(posture);
  const stands = posture === 'collecting' || posture === 'fetching' || posture === 'storing';
  const before = context.writes - pending.length;
  return {
    posture,
    me: context.me,
    promised: context.promised,
    log: logs.same(context.log),
    // How far others know the log to be committed is judged when they hear it; the founding entry was from the start.
    commit: coordinates ? context.commit : Math.min(1, context.log.lastIndex),
    verified: isReplica(posture) ? context.verified : 0,
    durable: context.durable,
    cutIn: Math.max(0, context.cutIn - before),
    promises: stands ? [...context.promises].sort(byPeer(context.me.id)) : [],
    fetchFrom: posture === 'fetching' ? context.fetchFrom : 0,
    openedAt: coordinates ? context.openedAt : 0,
    followers: coordinates ? followersIn(context) : [],
    disk: { promised: disk.promised, log: logs.same(disk.log) },
    pending: pending.map((write, place) => ({ ...write, write: place + 1 })),
  };
}

export const isReplica = (posture: Posture): boolean =>
  posture === 'free' || posture === 'promising' || posture === 'loyal';

/** Postures are named like the innermost state; how far a loyal replica has caught up says nothing. */
function postureOf(value: Value): Posture {
  const [[region, inner] = []] = Object.entries(value);
  const name = region === 'coordinating' ? inner.office : typeof inner === 'string' ? inner : leafOf(inner);
  if (name in VALUES) return name as Posture;
  throw new Error(`the search knows no peer at rest in ${JSON.stringify(value)}`);
}

function leafOf(value: Readonly<Record<string, string>>): string {
  const [[outer, inner] = ['', '']] = Object.entries(value);
  return outer === 'loyal' ? outer : inner;
}

/** Its own promise first, as it was counted first; the order of the others says nothing. */
const byPeer =
  (me: string) =>
  (a: { readonly peer: string }, b: { readonly peer: string }): number =>
    a.peer === me ? -1 : b.peer === me ? 1 : a.peer < b.peer ? -1 : 1;

const followersIn = ({ followers }: Context): PeerState['followers'] =>
  [...followers]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map(({ id, incarnation, match }) => ({ id, incarnation, match }));

/** Says all there is about a state, so that equal texts are equal states. */
export function textOf(logs: Logs, state: PeerState): string {
  const { me, posture, promised, log, commit, verified, durable, cutIn, fetchFrom, openedAt, ...more } =
    state;
  const { disk, followers, promises, pending, ...nothing } = more;
  nothing satisfies Record<string, never>;
  return [
    `${me.incarnation} ${posture} ${termText(promised)} ${logs.numberOf(log)} ${commit} ${verified} ${cutIn}`,
    `${termText(durable.promised)} ${durable.last} ${fetchFrom} ${openedAt}`,
    `${termText(disk.promised)} ${logs.numberOf(disk.log)}`,
    followers.map(({ incarnation, match }) => `${incarnation}=${match}`).join(),
    promises
      .map(
        (one) =>
          `${one.incarnation}=${one.lastIndex} ${termText(one.lastTerm)} ${votersText(one.configuration)}`,
      )
      .join(),
    pending.length === 0 ? '' : JSON.stringify(pending),
  ].join('|');
}

const termText = ({ n, owner }: Term): string => `${n}/${owner}`;
