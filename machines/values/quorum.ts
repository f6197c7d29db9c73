/** Quorums: any two of one configuration, and of neighbouring ones, share a member. */
import type { Configuration, Member, PeerId } from '../../transport/protocol.js';

/** More than half of `voters` are among `ids`. */
export const isMajority = (ids: ReadonlySet<PeerId>, voters: readonly Member[]): boolean =>
  2 * voters.filter((voter) => ids.has(voter.id)).length > voters.length;

/** A joint configuration needs a majority of both its old and its new voters (Raft §6). */
export const isQuorum = (configuration: Configuration, ids: ReadonlySet<PeerId>): boolean =>
  isMajority(ids, configuration.voters) &&
  (configuration.outgoing.length === 0 || isMajority(ids, configuration.outgoing));

/**
 * The highest index that a quorum holds, by `match` of every voter.
 *
 * For each majority: sort descending, take the place that more than half reach; a joint configuration takes the lower.
 */
export function quorumIndex(configuration: Configuration, match: (id: PeerId) => number): number {
  const reached = (voters: readonly Member[]) =>
    voters.map((voter) => match(voter.id)).sort((a, b) => b - a)[Math.floor(voters.length / 2)] ?? 0;
  const incoming = reached(configuration.voters);
  return configuration.outgoing.length === 0 ? incoming : Math.min(incoming, reached(configuration.outgoing));
}
