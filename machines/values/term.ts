/** Terms: the reign of one coordinator. Ordered by number, then by owner; never by priority, which may change. */
import type { PeerId, Term } from '../../transport/protocol.js';
import { compareIds } from './rank.js';

/** Before every election. */
export const termZero = (owner: PeerId): Term => ({ n: 0, owner });

export const compareTerms = (a: Term, b: Term): number => a.n - b.n || compareIds(a.owner, b.owner);

export const isSameTerm = (a: Term, b: Term): boolean => a.n === b.n && a.owner === b.owner;

export const higherTerm = (a: Term, b: Term): Term => (compareTerms(a, b) >= 0 ? a : b);

/** A term above everything seen, which `owner` alone may lead. There are no split votes: the owner is part of it. */
export const termAbove = (seen: Term, owner: PeerId): Term => ({ n: seen.n + 1, owner });
