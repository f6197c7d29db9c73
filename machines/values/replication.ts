/**
 * Replication: how entries enter a log, and when they are committed. Half of the safety core (PROTOCOL §7).
 *
 * Everything is judged first and done after: `join` says what an offer of entries would change, so that the same
 * answer goes to the disk and into the log.
 */
import type { Entry, Term } from '../../transport/protocol.js';
import type { Log } from './log.js';
import { quorumIndex } from './quorum.js';
import { isSameTerm } from './term.js';

/** Entries offered as those that follow (`prevIndex`, `prevTerm`). */
export interface Offer {
  readonly prevIndex: number;
  readonly prevTerm: Term;
  readonly entries: readonly Entry[];
}

/** What an offer changes: entries to drop from an index on, and entries to append from `first` on. */
export interface Change {
  readonly truncateFrom: number | null;
  readonly first: number;
  readonly entries: readonly Entry[];
}

/** True when the log holds the entry the offer follows; then, by log matching, both agree up to there. */
export const joins = (log: Log, offer: Offer): boolean => log.holds(offer.prevIndex, offer.prevTerm);

/** Where to try again when it does not: behind the end of a short log, else at the start of the term that differs. */
export const hintFor = (log: Log, offer: Offer): number =>
  offer.prevIndex > log.lastIndex ? log.lastIndex + 1 : log.firstOfTerm(offer.prevIndex);

/**
 * What a joining offer changes. Entries present already are skipped; the first that differs cuts what stands there.
 *
 * @throws Error when committed entries would be cut: a broken invariant, never a stranger's mistake.
 */
export function changeFor(log: Log, offer: Offer, commit: number): Change {
  let index = offer.prevIndex + 1;
  let skipped = 0;
  for (const entry of offer.entries) {
    if (!log.holds(index, entry.term)) break;
    index++;
    skipped++;
  }
  const entries = offer.entries.slice(skipped);
  const truncateFrom = entries.length > 0 && index <= log.lastIndex ? index : null;
  return checked({ truncateFrom, first: index, entries }, commit);
}

/** As `changeFor`, for the last part of a log to be adopted whole: what stands beyond its end goes too. */
export function adoptionOf(log: Log, offer: Offer, lastIndex: number, commit: number): Change {
  const change = changeFor(log, offer, commit);
  const reaches = offer.prevIndex + offer.entries.length >= lastIndex;
  if (change.truncateFrom !== null || !reaches || log.lastIndex <= lastIndex) return change;
  return checked({ ...change, truncateFrom: lastIndex + 1, first: lastIndex + 1 }, commit);
}

function checked(change: Change, commit: number): Change {
  if (change.truncateFrom !== null && change.truncateFrom <= commit)
    throw new Error(`invariant broken: entry ${change.truncateFrom} would be cut, ${commit} are committed`);
  return change;
}

export const isEmpty = (change: Change): boolean =>
  change.truncateFrom === null && change.entries.length === 0;

export const applied = (log: Log, change: Change): Log =>
  (change.truncateFrom === null ? log : log.truncate(change.truncateFrom)).append(change.entries);

/**
 * The coordinator's new commit index: the highest one that a quorum holds, if it is of the coordinator's own term.
 * Older entries are never counted, only carried along (Raft §5.4.2).
 */
export function committedBy(log: Log, term: Term, commit: number, match: (id: string) => number): number {
  const index = Math.min(quorumIndex(log.configuration, match), log.lastIndex);
  const candidate = log.termAt(index);
  return index > commit && candidate !== undefined && isSameTerm(candidate, term) ? index : commit;
}

/** What a replica may call committed: never beyond what it has verified to equal the coordinator's log. */
export const committedUpTo = (commit: number, told: number, verified: number): number =>
  Math.max(commit, Math.min(told, verified));
