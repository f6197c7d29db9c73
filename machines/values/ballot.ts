/**
 * The ballot: whom a peer promises, and when a candidate has won. Half of the safety core (PROTOCOL §6).
 *
 * A candidate leads a term only after a quorum has durably promised to obey nothing older, and after it has made the
 * best log among those promises its own. The quorum is judged under the configuration in that best log, not under the
 * candidate's: a candidate that slept through a membership change must not win by the old rules.
 */
import type { Configuration, PeerId, Term } from '../../transport/protocol.js';
import { isSeated } from './configuration.js';
import { isQuorum } from './quorum.js';
import { compareTerms, isSameTerm } from './term.js';

/** One promise, as the candidate holds it: who gave it, and where that peer's log ends. */
export interface Promised {
  readonly peer: PeerId;
  readonly incarnation: string;
  readonly lastIndex: number;
  readonly lastTerm: Term;
  readonly configuration: Configuration;
}

/** What a peer that has promised `promised` does with a COLLECT of `term`. */
export function judgeCollect(promised: Term, term: Term): 'promise' | 'repeat' | 'refuse' {
  if (isSameTerm(term, promised)) return 'repeat';
  return compareTerms(term, promised) > 0 ? 'promise' : 'refuse';
}

/** The better log is the one whose last entry has the higher term, then the longer one; never by length alone. */
export const isBetter = (a: Promised, b: Promised): boolean =>
  compareTerms(a.lastTerm, b.lastTerm) > 0 ||
  (isSameTerm(a.lastTerm, b.lastTerm) && a.lastIndex > b.lastIndex);

/** The promise whose log must be adopted; the earlier one of equals, so that the candidate prefers its own. */
export const bestOf = (promises: readonly Promised[]): Promised | undefined =>
  promises.reduce<Promised | undefined>(
    (best, next) => (!best || isBetter(next, best) ? next : best),
    undefined,
  );

/** True when the promises are a quorum of the best log's configuration, each from the incarnation that has the seat. */
export function isElected(promises: readonly Promised[]): boolean {
  const best = bestOf(promises);
  if (best === undefined) return false;
  const seated = promises.filter((p) => isSeated(best.configuration, p.peer, p.incarnation));
  return isQuorum(best.configuration, new Set(seated.map((p) => p.peer)));
}

/** A repeated promise replaces the earlier one: a log may have grown before its owner promised. */
export const withPromise = (promises: readonly Promised[], promise: Promised): readonly Promised[] => [
  ...promises.filter((p) => p.peer !== promise.peer),
  promise,
];
