/** Quorums: any two of one configuration, and of neighbouring ones, share a member. */
import type { Configuration, Member, PeerId } from '../../transport/protocol.js';

/**
 * More than half of `voters` are among `ids`; or half of them, if `tie`, one of the voters, is in that half. Halves that share
 * a member meet like majorities, so the voter that breaks the tie must be the same one for all who count.
 *
 * @param tie - default none: half is never enough.
 */
export function isMajority(ids: ReadonlySet<PeerId>, voters: readonly Member[], tie?: PeerId): boolean {
  const present = voters.filter((voter) => ids.has(voter.id));
  const excess = 2 * present.length - voters.length;
  return excess > 0 || (excess === 0 && present.some((voter) => voter.id === tie));
}

/** A joint configuration needs a majority of both its old and its new voters (Raft §6), each by its own tie. */
export const isQuorum = (configuration: Configuration, ids: ReadonlySet<PeerId>): boolean =>
  isMajority(ids, configuration.voters, configuration.tie) &&
  (configuration.outgoing.length === 0 || isMajority(ids, configuration.outgoing, configuration.outgoingTie));

/**
 * The highest index that a quorum holds, by `match` of every voter.
 *
 * For each majority: sort descending, take the place that more than half reach, or that half reach and the voter that breaks
 * the tie with them; a joint configuration takes the lower.
 */
export function quorumIndex(configuration: Configuration, match: (id: PeerId) => number): number {
  const { voters, outgoing, tie, outgoingTie } = configuration;
  const incoming = reached(voters, tie, match);
  return outgoing.length === 0 ? incoming : Math.min(incoming, reached(outgoing, outgoingTie, match));
}

function reached(voters: readonly Member[], tie: PeerId | undefined, match: (id: PeerId) => number): number {
  const descending = voters.map((voter) => match(voter.id)).sort((a, b) => b - a);
  const byMost = descending[Math.floor(voters.length / 2)] ?? 0;
  const breaker = voters.find((voter) => voter.id === tie);
  if (breaker === undefined || voters.length % 2 > 0) return byMost;
  const byHalf = Math.min(match(breaker.id), descending[voters.length / 2 - 1] ?? 0);
  return Math.max(byMost, byHalf);
}
