/**
 * The sequencer's rules of snapshots: when one takes the place of old entries, how it travels, and when it is installed
 * (PROTOCOL §11, D2).
 *
 * A part on its way says where the sender's log begins. Whoever holds that place already needs no snapshot, and treats the
 * part like an APPEND without entries; whoever does not collects the parts, and then drops what log it has: by log
 * matching, nothing of it at or behind that place is committed.
 */
import { type Context, promisedWith, type SequencerEvent } from './sequencer-rules.js';
import type { JournalWrite } from './values/journal-record.js';
import { Log } from './values/log.js';
import { remembered } from './values/remembered.js';
import * as values from './values/sequencing.js';
import { completed, heldOf, partAt, received, type Snapshot, type SnapshotPart } from './values/snapshot.js';

/** The state that the entries up to `index` have led to, at every member alike. */
export interface SnapshotDue {
  readonly type: 'snapshot.due';
  readonly index: number;
  readonly state: string;
  readonly hash: string;
  /** The log has become so long that nobody can be waited for. */
  readonly isUrgent: boolean;
}

type Patch = Partial<values.Sequencing>;

/**
 * What is to go must be committed. A coordinator waits for followers that answer and are almost there: the entries they
 * need are cheaper than a snapshot and what follows it, and under load that race might never end.
 */
export const mayCompact = (context: Context, event: SequencerEvent): boolean => {
  if (event.type !== 'snapshot.due') return false;
  const { log, commit, promised, me, followers, supporters } = context;
  if (event.index <= log.base.lastIndex || event.index > commit) return false;
  const isWaitedFor = followers.some(({ id, match }) => match < event.index && supporters.includes(id));
  return event.isUrgent || promised.owner !== me.id || !isWaitedFor;
};

const compactedBy = remembered(({ log }: Context, event: SequencerEvent): Snapshot => {
  if (event.type !== 'snapshot.due') return log.base;
  return log.snapshotAt(event.index, event.state, event.hash);
});

export const compact = (context: Context, event: SequencerEvent): Patch => ({
  log: context.log.compacted(compactedBy(context, event)),
  writes: context.writes + 1,
});

const partIn = (event: SequencerEvent): SnapshotPart | undefined =>
  event.type === 'sequencer.snapshot' || event.type === 'sequencer.donated' ? event : undefined;

/** What has arrived once this part has. */
const incomingWith = remembered((context: Context, event: SequencerEvent) => {
  const part = partIn(event);
  return part === undefined ? context.incoming : received(context.incoming, part);
});

const wholeWith = remembered((context: Context, event: SequencerEvent): Snapshot | null =>
  completed(incomingWith(context, event)),
);

/** It is not held here, and this was the last part missing. */
export const completesSnapshot = (context: Context, event: SequencerEvent): boolean => {
  const part = partIn(event);
  return part !== undefined && !holdsEnd(context, part) && wholeWith(context, event) !== null;
};

const holdsEnd = ({ log }: Context, { head }: SnapshotPart): boolean =>
  log.holds(head.lastIndex, head.lastTerm);

/** One more part; a whole that is not what it claimed to be is begun again. */
export const takePart = (context: Context, event: SequencerEvent): Patch => {
  const incoming = incomingWith(context, event);
  return { incoming: incoming?.isWhole ? null : incoming };
};

/** As a candidate: where our log has what the donor's begins with, the fetch goes on from there. */
export const takeDonation = (context: Context, event: SequencerEvent): Patch => {
  const part = partIn(event);
  if (part !== undefined && holdsEnd(context, part))
    return { incoming: null, fetchFrom: part.head.lastIndex };
  return takePart(context, event);
};

/** The snapshot in the place of all we had. Of what the old log had on disk, only what was committed still counts. */
export const install = (context: Context, event: SequencerEvent): Patch => {
  const snapshot = wholeWith(context, event);
  if (snapshot === null) return {};
  const { lastIndex } = snapshot;
  const { writes, durable, commit, known } = context;
  return {
    ...values.underTerm(context, promisedWith(context, event)),
    known: Math.max(known, lastIndex),
    log: Log.of([], snapshot),
    writes: writes + 1,
    cutIn: writes + 1,
    durable: { ...durable, last: Math.min(durable.last, commit) },
    commit: Math.max(commit, lastIndex),
    verified: lastIndex,
    fetchFrom: lastIndex,
    incoming: null,
  };
};

interface Now {
  readonly context: Context;
  readonly event: SequencerEvent;
}

export const writeOfCompaction = ({ context, event }: Now): JournalWrite => ({
  write: context.writes + 1,
  promised: null,
  truncateFrom: null,
  first: 0,
  entries: [],
  snapshot: compactedBy(context, event),
});

export const writeOfInstallation = ({ context, event }: Now): JournalWrite => ({
  write: context.writes + 1,
  promised: promisedWith(context, event),
  truncateFrom: 1,
  first: 0,
  entries: [],
  snapshot: wholeWith(context, event) ?? context.log.base,
});

/** How far we are with it: the next part may follow. */
export const receipt = ({ context, event }: Now) => {
  const part = partIn(event);
  const { me, promised, incoming } = context;
  const { lastIndex, hash } = part?.head ?? context.log.base;
  const offset = part === undefined ? 0 : heldOf(incoming, part.head);
  const place = { lastIndex, hash, offset };
  const message = { type: 'sequencer.received' as const, from: me.id, term: promised, ...place };
  return { to: [promised.owner], message };
};

/** What a donor sends whose log begins behind the place asked for. */
export const donation = ({ context, event }: Now) => {
  const { me, promised: term, log } = context;
  const held = 'held' in event ? event.held : undefined;
  const isSame = held?.lastIndex === log.base.lastIndex && held.hash === log.base.hash;
  const part = partAt(log.base, isSame ? held.offset : 0);
  return { type: 'sequencer.donated' as const, from: me.id, term, ...part };
};

/** A fetch for what the donor's log no longer holds. */
export const asksForPast = ({ log }: Context, event: SequencerEvent): boolean =>
  event.type === 'sequencer.fetch' && event.prevIndex < log.base.lastIndex;

export const isReceiver = (context: Context, event: SequencerEvent): boolean =>
  event.type === 'sequencer.received' &&
  context.promised.n === event.term.n &&
  context.promised.owner === event.term.owner;

export const baseNow = ({ context }: Now) => ({ lastIndex: context.log.base.lastIndex });

export const notePart = (context: Context, event: SequencerEvent): Patch =>
  event.type === 'sequencer.received' ? values.partReceivedBy(context, event.from, event, event.offset) : {};
