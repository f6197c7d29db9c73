/**
 * How one peer takes one event to its end: the chart answers, the disk does whatever it is asked, the chart hears of it,
 * and so on until nothing is asked any more. The peer may crash before, between and after writes.
 */
import type { JournalWrite, SequencerEvent } from '../../machines/index.js';
import type { SequencerMessage, Term } from '../../transport/index.js';
import type { Answer, Chart, Context, Snapshot } from './chart.js';
import type { Logs } from './logs.js';
import { type Disk, isReplica, type PeerState, rest, wake } from './peer-state.js';

/** What others may have learnt of a peer by some moment. */
export interface Known {
  readonly promise: SequencerMessage | undefined;
  readonly acknowledgement: SequencerMessage | undefined;
  readonly reply: SequencerMessage | undefined;
  /** It asked for promises of its term. */
  readonly hasAsked: boolean;
  /** The term it opened. */
  readonly opened: Term | undefined;
  /** As it last coordinated: its term, the log it may have sent, and what it called committed. */
  readonly led: Pick<Context, 'promised' | 'log' | 'commit'> | undefined;
}

/** A moment at which a peer may crash. */
export interface Moment {
  readonly disk: Disk;
  readonly known: Known;
}

export interface Course {
  readonly after: PeerState;
  /** How far it knows the log to be committed. */
  readonly commit: number;
  readonly known: Known;
  /** Oldest first; the end is not among them. */
  readonly moments: readonly Moment[];
}

export type Take = (snapshot: Snapshot) => Answer | undefined;

const NOTHING: Known = {
  promise: undefined,
  acknowledgement: undefined,
  reply: undefined,
  hasAsked: false,
  opened: undefined,
  led: undefined,
};

/**
 * @param waits - the disk takes its time: what is asked of it stays pending.
 * @returns undefined when there was nothing to take.
 */
export function takeEvent(
  chart: Chart,
  logs: Logs,
  before: PeerState,
  take: Take,
  waits: boolean,
): Course | undefined {
  const snapshot = wake(chart, before);
  let answer = take(snapshot);
  if (answer === undefined) return undefined;
  let known = learn(NOTHING, before, answer);
  let disk = before.disk;
  let pending: readonly JournalWrite[] = [...before.pending, ...answer.writes];
  const moments: Moment[] = [];
  while (!waits && pending.length > 0) {
    moments.push({ disk, known });
    for (const write of pending) {
      disk = stored(disk, write);
      moments.push({ disk, known });
    }
    answer = chart.hear(answer.snapshot, synced(disk, pending.at(-1)?.write ?? 0));
    pending = answer.writes;
    known = learn(known, before, answer);
  }
  const { context } = answer.snapshot;
  const isIdle =
    context === snapshot.context && isSameValue(answer.snapshot, snapshot) && moments.length === 0;
  const after = isIdle ? before : rest(logs, answer.snapshot, disk, pending);
  return { after, commit: context.commit, known, moments };
}

/** What a write makes of a disk. */
export const stored = ({ promised, log }: Disk, write: JournalWrite): Disk => ({
  promised: write.promised ?? promised,
  log: (write.truncateFrom === null ? log : log.truncate(write.truncateFrom)).append(write.entries),
});

/** What the journal says when all writes up to this one are on the disk. */
export const synced = (disk: Disk, write: number): SequencerEvent => ({
  type: 'journal.persisted',
  write,
  promised: disk.promised,
  last: disk.log.lastIndex,
});

function learn(known: Known, before: PeerState, { snapshot, said }: Answer): Known {
  const { promised } = snapshot.context;
  const letter = (...types: readonly SequencerMessage['type'][]) =>
    said.find(({ message }) => types.some((type) => type === message.type))?.message as
      | SequencerMessage
      | undefined;
  const opens = isReplica(before.posture) && !snapshot.matches('replica');
  return {
    promise: letter('sequencer.promise') ?? known.promise,
    acknowledgement: letter('sequencer.appended') ?? known.acknowledgement,
    reply: letter('sequencer.fetched', 'sequencer.mismatched') ?? known.reply,
    hasAsked: known.hasAsked || letter('sequencer.collect') !== undefined,
    opened: opens ? promised : known.opened,
    led: snapshot.matches('coordinating') ? snapshot.context : known.led,
  };
}

const isSameValue = (a: Snapshot, b: Snapshot): boolean =>
  a.value === b.value || JSON.stringify(a.value) === JSON.stringify(b.value);
