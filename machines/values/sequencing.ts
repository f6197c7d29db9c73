/**
 * Sequencing: what the sequencer remembers, and the pure steps its chart takes.
 *
 * Every function answers the part of the state that changes, or the message that goes out. The rules of the ballot and
 * of replication are next door; here they are applied.
 */
import type {
  Configuration,
  Entry,
  Member,
  PeerId,
  SequencerMessage,
  Term,
} from '../../transport/protocol.js';
import { bestOf, type Promised, withPromise } from './ballot.js';
import { isSeated, membersOf, NO_CONFIGURATION } from './configuration.js';
import { type Held, NOTHING_HELD } from './held.js';
import type { Log } from './log.js';
import {
  acknowledged,
  batchesFor,
  countedOf,
  type Follower,
  follower,
  needsSnapshot,
  partsFor,
  receivedBy,
  rewound,
  withParts,
  withSent,
} from './progress.js';
import { applied, type Change, committedBy, committedUpTo, type Offer } from './replication.js';
import type { Incoming, SnapshotName } from './snapshot.js';
import { higherTerm, termAbove } from './term.js';

export interface Sequencing {
  readonly me: Member;
  /** Nothing older than this is obeyed. */
  readonly promised: Term;
  /** The highest term heard of; a new term is opened above it. */
  readonly seen: Term;
  readonly log: Log;
  readonly commit: number;
  /** Up to here the log is known to equal the coordinator's. */
  readonly verified: number;
  /** What the coordinator says is committed: more than `commit` while entries are missing here. */
  readonly known: number;
  /** While the coordinator is out of our reach: who is asked in its place. */
  readonly relay: PeerId | null;
  /** What has come of a snapshot that is to take the place of all we have. */
  readonly incoming: Incoming | null;
  /** While our disk lacks what we have acknowledged: how we ask, what was answered, and the write that mends it. */
  readonly damage: Damage | null;
  /** What we have derived, at the latest places where states are compared. */
  readonly checks: readonly { readonly index: number; readonly hash: string }[];
  /** What the disk holds for certain. */
  readonly durable: { readonly promised: Term; readonly last: number };
  /** The newest write asked for, and the newest that cut entries: what older writes made durable may be gone. */
  readonly writes: number;
  readonly cutIn: number;
  /** As a candidate: who has promised, whose handover this is, and where the next fetch begins. */
  readonly promises: readonly Promised[];
  readonly handoverOf: Term | null;
  readonly fetchFrom: number;
  /** As coordinator: how far the others are, who has answered lately, and where this reign began. */
  readonly followers: readonly Follower[];
  readonly supporters: readonly PeerId[];
  readonly openedAt: number;
  readonly announced: number;
  readonly successor: PeerId | null;
  /** What was submitted during a handover, and has no number yet. */
  readonly held: Held;
  /** What the peer has been told already. */
  readonly told: {
    readonly commit: number;
    readonly configuration: Configuration;
    readonly isCommitted: boolean;
  };
}

/** An entry before it has a term and a time. */
export type Draft<E extends Entry = Entry> = E extends Entry ? Pick<E, 'kind' | 'body'> : never;

export interface Damage {
  /** Nobody has asked with it before. */
  readonly nonce: string;
  readonly answer?: { readonly term: Term; readonly lastIndex: number };
  readonly mendedIn?: number;
}

export interface Letter {
  readonly to: readonly PeerId[];
  readonly message: SequencerMessage;
}

type Patch = Partial<Sequencing>;

export const initialSequencing = (
  input: Pick<Sequencing, 'me' | 'promised' | 'log' | 'writes'> & { readonly damagedAs?: string | null },
): Sequencing => ({
  me: input.me,
  promised: input.promised,
  seen: higherTerm(input.promised, input.log.lastTerm),
  log: input.log,
  commit: input.log.base.lastIndex,
  verified: 0,
  known: 0,
  relay: null,
  incoming: null,
  checks: [],
  damage: input.damagedAs == null ? null : { nonce: input.damagedAs },
  durable: { promised: input.promised, last: input.log.lastIndex },
  writes: input.writes,
  cutIn: 0,
  promises: [],
  handoverOf: null,
  fetchFrom: 0,
  followers: [],
  supporters: [],
  openedAt: 0,
  announced: 0,
  successor: null,
  held: NOTHING_HELD,
  told: { commit: 0, configuration: NO_CONFIGURATION, isCommitted: false },
});

/** Under the term: a higher one is taken over, and what was verified under the older one is not any more. */
export const underTerm = (state: Sequencing, term: Term): Patch => ({
  promised: term,
  seen: higherTerm(state.seen, term),
  verified: state.promised.n === term.n && state.promised.owner === term.owner ? state.verified : 0,
});

/** Opens a term of our own above everything seen, and begins to collect. */
export const ownTerm = (state: Sequencing, handoverOf: Term | null): Patch => {
  const term = termAbove(higherTerm(state.promised, state.seen), state.me.id);
  return { promised: term, seen: term, verified: 0, promises: [], handoverOf, writes: state.writes + 1 };
};

/** The log after a change, with the write that carries it to disk counted. */
export const changed = (state: Sequencing, change: Change): Patch => ({
  log: applied(state.log, change),
  writes: state.writes + 1,
  cutIn: change.truncateFrom === null ? state.cutIn : state.writes + 1,
  durable:
    change.truncateFrom === null
      ? state.durable
      : { ...state.durable, last: Math.min(state.durable.last, change.truncateFrom - 1) },
});

export const additionOf = (state: Sequencing, entries: readonly Entry[]): Change => ({
  truncateFrom: null,
  first: state.log.lastIndex + 1,
  entries,
});

/** The disk has come this far. What an older write made durable does not count when a later one cut the log. */
export const persisted = (
  state: Sequencing,
  disk: { write: number; promised: Term; last: number },
): Patch => ({
  durable: {
    promised: disk.promised,
    last: disk.write >= state.cutIn ? disk.last : Math.min(state.durable.last, disk.last),
  },
});

export const verifiedBy = (state: Sequencing, offer: Offer, commit: number): Patch => {
  const verified = Math.max(state.verified, offer.prevIndex + offer.entries.length);
  return { verified, commit: committedUpTo(state.commit, commit, verified) };
};

/** Our own promise is the first; it counts once it is on disk, like any other. */
export const promiseOf = ({ me, log }: Sequencing): Promised => ({
  peer: me.id,
  incarnation: me.incarnation,
  lastIndex: log.lastIndex,
  lastTerm: log.lastTerm,
  configuration: log.configuration,
});

export const promisedBy = (state: Sequencing, promise: Promised): Patch => ({
  promises: withPromise(state.promises, promise),
});

/** Everybody a candidate asks: the members it knows of, and those the best promise so far tells it of. */
export function electorate(state: Sequencing): readonly PeerId[] {
  const best = bestOf(state.promises)?.configuration ?? state.log.configuration;
  const ids = [...membersOf(state.log.configuration), ...membersOf(best)].map((member) => member.id);
  return [...new Set(ids)].filter((id) => id !== state.me.id && !state.promises.some((p) => p.peer === id));
}

/** Takes office: every member becomes a follower presumed level, and the reign begins behind the adopted log. */
export const opened = (state: Sequencing): Patch => ({
  followers: followersFor({ ...state, followers: [] }),
  supporters: [],
  openedAt: state.log.lastIndex + 1,
  announced: 0,
  successor: null,
  held: NOTHING_HELD,
});

/** One follower per member; one that is no member any more stays until it has been told so. */
export function followersFor({ me, log, commit, followers }: Sequencing): readonly Follower[] {
  const members = membersOf(log.configuration).filter((member) => member.id !== me.id);
  const kept = members.map(
    (member) =>
      followers.find((f) => f.id === member.id && f.incarnation === member.incarnation) ??
      follower(member.id, member.incarnation, log.lastIndex),
  );
  const isTold = (f: Follower) => f.match >= log.configurationIndex && commit >= log.configurationIndex;
  const leaving = followers.filter((f) => !members.some((member) => member.id === f.id) && !isTold(f));
  return [...kept, ...leaving];
}

export const acknowledgedBy = (
  state: Sequencing,
  from: PeerId,
  match: number,
  isDamaged: boolean,
): Patch => ({
  followers: state.followers.map((f) =>
    f.id === from ? acknowledged(f, Math.min(match, state.log.lastIndex), isDamaged) : f,
  ),
  supporters: state.supporters.includes(from) ? state.supporters : [...state.supporters, from],
});

export const rewoundFor = (state: Sequencing, from: PeerId, hint: number): Patch => ({
  followers: state.followers.map((f) => (f.id === from ? rewound(f, hint) : f)),
  supporters: state.supporters.includes(from) ? state.supporters : [...state.supporters, from],
});

export const partReceivedBy = (
  state: Sequencing,
  from: PeerId,
  name: SnapshotName,
  offset: number,
): Patch => ({
  followers: state.followers.map((f) => (f.id === from ? receivedBy(f, name, offset) : f)),
  supporters: state.supporters.includes(from) ? state.supporters : [...state.supporters, from],
});

/** Its link is new: what was on its way may be lost. */
export const reconnected = (state: Sequencing, id: PeerId): Patch => ({
  followers: state.followers.map((f) => (f.id === id ? rewound(f, f.match + 1) : f)),
});

/** The coordinator's commit index by what is on disk at each voter, its own disk included. */
export function advanced(state: Sequencing): Patch {
  const { log, me, durable, followers, promised, commit } = state;
  const match = (id: PeerId) => {
    if (id === me.id) return isSeated(log.configuration, id, me.incarnation) ? durable.last : 0;
    const f = followers.find((candidate) => candidate.id === id);
    return f !== undefined && isSeated(log.configuration, id, f.incarnation) ? countedOf(f) : 0;
  };
  return { commit: committedBy(log, promised, commit, match) };
}

const appendMessage = (
  state: Sequencing,
  prevIndex: number,
  entries: readonly Entry[],
): SequencerMessage => ({
  type: 'sequencer.append',
  from: state.me.id,
  term: state.promised,
  prevIndex,
  prevTerm: state.log.termAt(prevIndex) ?? state.log.lastTerm,
  entries,
  commit: state.commit,
});

/** What followers are to be sent now: entries, and parts of a snapshot, where there is room. */
export function nextLetters(state: Sequencing): readonly Letter[] {
  const batches = batchesFor(state.followers, state.log);
  const letters = batches.map(({ to, prevIndex, entries }) => ({
    to,
    message: appendMessage(state, prevIndex, entries),
  }));
  const parts = partsFor(state.followers, state.log).map(({ to, part }) => ({
    to: [to],
    message: { type: 'sequencer.snapshot' as const, from: state.me.id, term: state.promised, ...part },
  }));
  return parts.length === 0 ? letters : [...letters, ...parts];
}

/** The same state once `nextLetters` are on their way. Entries carry the commit index along: whoever gets some needs no more. */
export function withLetters(state: Sequencing): Patch {
  const batches = batchesFor(state.followers, state.log);
  const served = new Set(batches.flatMap((batch) => batch.to));
  const isToldToAll = state.followers.every((f) => served.has(f.id) || needsSnapshot(f, state.log));
  return {
    followers: withParts(withSent(state.followers, batches), partsFor(state.followers, state.log)),
    announced: isToldToAll ? state.commit : state.announced,
  };
}

/** How far the log is committed, for everybody who can use it. */
export const announcements = (state: Sequencing): readonly Letter[] =>
  emptyLetters(state, (f) => !needsSnapshot(f, state.log));

/** An APPEND without entries: the coordinator's heartbeat, which also shows what was lost on the way. */
export function emptyLetters(state: Sequencing, wanted: (f: Follower) => boolean): readonly Letter[] {
  const places = new Map<number, PeerId[]>();
  for (const f of state.followers.filter(wanted)) {
    const place = Math.max(f.next - 1, state.log.base.lastIndex);
    places.set(place, [...(places.get(place) ?? []), f.id]);
  }
  return [...places].map(([prevIndex, to]) => ({ to, message: appendMessage(state, prevIndex, []) }));
}

/** Numbers what was submitted: entries of our term, in the order of arrival, with a time that never goes back, held or not. */
export function entriesOf(state: Sequencing, at: number, drafts: readonly Draft[]): readonly Entry[] {
  const time = Math.max(at, state.log.lastAt, state.held.entries.at(-1)?.at ?? 0);
  const term = state.promised;
  // Field by field: a spread costs several times as much, and this is done for every entry there is.
  return drafts.map(({ kind, body }) => ({ kind, term, at: time, body }) as Entry);
}
