/**
 * The disk, as the journal sees it: what every store promises, and what the contract suite checks of each.
 *
 * It answers by calling back, later and never from within the call that asked, so that a simulated disk is
 * deterministic. Calls are served in the order in which they came.
 */

import type { JournalProblem, JournalWrite, Recovered } from '../machines/values/journal-record.js';
import type { Incarnation, Mode, PeerId } from '../transport/protocol.js';

export type {
  Identity,
  JournalCode,
  JournalProblem,
  JournalWrite,
  Recovered,
} from '../machines/values/journal-record.js';

/** Whose journal a store is to open, or to begin. */
export interface WantedJournal {
  readonly cluster: string;
  readonly mode: Mode;
  readonly id: PeerId;
  /** The incarnation of a journal that has to be begun; one that exists keeps its own. */
  readonly freshIncarnation: Incarnation;
}

export type OpenOutcome =
  | { readonly ok: true; readonly recovered: Recovered }
  | ({ readonly ok: false } & JournalProblem);

export interface JournalStore {
  /**
   * Opens the journal, or begins one with the wanted identity, the promise `{ n: 0, owner: id }` and no entry.
   *
   * A refusal leaves what is there as it is: `data-unusable`, `data-in-use`, `data-of-another`, or `journal-failed`
   * when it is damaged.
   */
  open(done: (outcome: OpenOutcome) => void): void;
  /**
   * Puts `writes` on disk, in order and all or none; `done(null)` says that they are there to stay.
   *
   * With `isFull` nothing of them is there for want of room, and the same writes may be asked for again. Any other
   * problem is final: what was acknowledged before stays, of these writes nothing may be assumed, and every later
   * one is refused. (A failed fsync is never tried again: the kernel may have dropped the pages. P4.)
   */
  write(writes: readonly JournalWrite[], done: (problem: JournalProblem | null) => void): void;
  /** Lets go of the disk, after the writes under way. May be called at any time, and again. */
  close(done: () => void): void;
}
