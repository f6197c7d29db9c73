/**
 * Meetings: how peers that start together found one cluster (`--expect N`), and never two (PROTOCOL §9, J1).
 *
 * Whoever agrees to found with a company writes that down first, as the first entry of its log: a configuration in which
 * all of them learn and nobody votes. It agrees with one company at a time; so of two companies that share a peer at most
 * one is ever complete. The entry's term is named after the company: no two companies' logs can be taken for one.
 */
import type { Configuration, Entry, Member, Term } from '../../transport/protocol.js';
import { compareIds, compareRank } from './rank.js';
import { hashOf } from './snapshot.js';

/** Those who found together, in the order of their ids. */
export type Company = readonly Member[];

/** The highest `size` of `candidates`; null while there are fewer. Everybody who sees the same ones chooses the same. */
export function companyOf(candidates: readonly Member[], size: number): Company | null {
  if (candidates.length < size) return null;
  const highest = [...candidates].sort(compareRank).slice(-size);
  return highest.sort((a, b) => compareIds(a.id, b.id));
}

const seat = ({ id, incarnation }: Member): string => `${id}/${incarnation}`;

export const isSameCompany = (a: Company, b: Company): boolean =>
  a.length === b.length && a.every((member, place) => seat(member) === seat(b[place] as Member));

export const isIn = (company: Company, { id, incarnation }: Member): boolean =>
  company.some((member) => member.id === id && member.incarnation === incarnation);

const nameOf = (company: Company): string => `met-${hashOf(JSON.stringify(company.map(seat))).slice(0, 40)}`;

/** Before anybody's reign; owned by nobody but the company. */
const termOf = (company: Company): Term => ({ n: 0, owner: nameOf(company) });

const entryOf = (company: Company, body: Configuration): Entry => ({
  kind: 'configuration',
  term: termOf(company),
  at: 0,
  body,
});

/** What each writes down when it agrees. */
export const agreementOf = (company: Company): Entry =>
  entryOf(company, { clusterId: nameOf(company), voters: [], outgoing: [], learners: company });

/** What each adds once all have agreed: the same entry everywhere, so it does not matter who is first. */
export const foundationOf = (company: Company): Entry =>
  entryOf(company, { clusterId: nameOf(company), voters: company, outgoing: [], learners: [] });

/** With whom this configuration says we have agreed; null when it is no agreement. Nothing else has members and no voter. */
export const companyIn = ({ voters, learners }: Configuration): Company | null =>
  voters.length === 0 && learners.length > 0 ? learners : null;
