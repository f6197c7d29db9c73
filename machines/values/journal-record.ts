/** What a journal keeps, and the rule by which one write follows another. */
import type { Entry, Incarnation, Mode, PeerId, Term } from '../../transport/protocol.js';
import type { Snapshot } from './snapshot.js';
import { compareTerms } from './term.js';

/** One change of the journal, whole or not at all. Its order: truncate, snapshot, append, promise. */
export interface JournalWrite {
  /** Counts the writes since the journal was opened, from 1, increasing. */
  readonly write: number;
  /** The new promise; null leaves the old one. */
  readonly promised: Term | null;
  /** Every entry from this index on goes first; null drops none. */
  readonly truncateFrom: number | null;
  /** The index of `entries[0]`; without meaning when there are none. */
  readonly first: number;
  readonly entries: readonly Entry[];
  /** Takes the place of every entry up to its last index. Beyond the end of the log only once that was truncated from 1. */
  readonly snapshot?: Snapshot;
  /** All there was is wrong, the snapshot too: it goes, and the mark of damage comes. Truncates from 1. */
  readonly isDropped?: true;
  /** What the damage took is there again: the mark goes. */
  readonly isMended?: true;
}

/** Whose journal it is. Written once, when it is created. */
export interface Identity {
  readonly format: 1;
  readonly cluster: string;
  readonly mode: Mode;
  readonly id: PeerId;
  /** Given to the journal when it was created: a journal that is lost, and begun anew, has another. */
  readonly incarnation: Incarnation;
}

/** What a journal held when it was opened: all of it that was ever acknowledged. */
export interface Recovered {
  readonly identity: Identity;
  readonly promised: Term;
  /** What stands for the entries that are gone; without it none are. */
  readonly snapshot?: Snapshot;
  /** What is wrong, in words, when part of what was acknowledged is gone. The mark is on disk; what is here is sound. */
  readonly damage?: string;
  /** Without holes, the first at index 1 or right behind the snapshot. */
  readonly entries: readonly Entry[];
}

/** Why a journal does not serve; see `ClusterErrorCode` for what is true afterwards. */
export type JournalCode = 'data-unusable' | 'data-in-use' | 'data-of-another' | 'journal-failed';

export interface JournalProblem {
  readonly code: JournalCode;
  /** One sentence for people: what is wrong, where, and what to do. */
  readonly detail: string;
  /** There was no room for it: nothing of it is there, and it may be tried again. */
  readonly isFull?: true;
}

/** Where a journal ends after a write. */
export interface JournalTip {
  readonly write: number;
  readonly promised: Term;
  /** The index of the last entry, 0 for an empty log. */
  readonly last: number;
}

/** Where the first write of this life starts from. */
export const tipOf = ({ promised, snapshot, entries }: Recovered): JournalTip => ({
  write: 0,
  promised,
  last: (snapshot?.lastIndex ?? 0) + entries.length,
});

/** Where the log ends once it is truncated. */
const remainder = (tip: JournalTip, { truncateFrom }: JournalWrite): number =>
  truncateFrom === null ? tip.last : Math.min(tip.last, truncateFrom - 1);

/** The index after which `write` appends. */
const joint = (tip: JournalTip, write: JournalWrite): number =>
  Math.max(remainder(tip, write), write.snapshot?.lastIndex ?? 0);

/** Where the journal ends once `write` has followed `tip`. */
export const advance = (tip: JournalTip, write: JournalWrite): JournalTip => ({
  write: write.write,
  promised: write.promised ?? tip.promised,
  last: joint(tip, write) + write.entries.length,
});

/**
 * Why `write` may not follow `tip`, in a sentence; null when it may.
 *
 * It would leave a hole, overwrite what was not truncated, take a promise back (I2), or come out of turn: a mistake of
 * the caller, and nothing a disk should be asked to keep.
 */
export function obstacleTo(tip: JournalTip, write: JournalWrite): string | null {
  if (write.write <= tip.write) return `write ${write.write} came after write ${tip.write}`;
  if (write.truncateFrom !== null && write.truncateFrom < 1)
    return `write ${write.write} truncates from ${write.truncateFrom}, before the first entry`;
  const left = remainder(tip, write);
  if (write.snapshot !== undefined && write.snapshot.lastIndex > left && left > 0)
    return `write ${write.write} has a snapshot up to ${write.snapshot.lastIndex}, but the log ends at ${left}`;
  const next = joint(tip, write) + 1;
  if (write.entries.length > 0 && write.first !== next)
    return `write ${write.write} begins at entry ${write.first}, but the log continues at ${next}`;
  if (write.promised !== null && compareTerms(write.promised, tip.promised) < 0)
    return `write ${write.write} takes back the promise of term ${tip.promised.n}`;
  return null;
}
