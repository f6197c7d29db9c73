/** Configurations: who votes, and the joint changes that lead from one to the next. */
import type { Configuration, Member, PeerId } from '../../transport/protocol.js';
import { compareIds, compareRank } from './rank.js';

/** More voters make commits slower, not safer; further members stay learners. */
export const VOTERS_MAX = 7;

export const foundingConfiguration = (clusterId: string, founder: Member): Configuration => ({
  clusterId,
  voters: [founder],
  outgoing: [],
  learners: [],
});

/** Before any entry: nobody votes, so nobody can be elected. */
export const NO_CONFIGURATION: Configuration = { clusterId: '-', voters: [], outgoing: [], learners: [] };

export const isJoint = (configuration: Configuration): boolean => configuration.outgoing.length > 0;

export const hasMember = (members: readonly Member[], id: PeerId): boolean =>
  members.some((m) => m.id === id);

/** Everybody the log is replicated to, each once: voters new and old, then learners. */
export function membersOf(configuration: Configuration): readonly Member[] {
  const { voters, outgoing, learners } = configuration;
  const leaving = outgoing.filter(
    (member) => !hasMember(voters, member.id) && !hasMember(learners, member.id),
  );
  return [...voters, ...leaving, ...learners];
}

/** The same as people list them: by id. Who joined first is a matter of chance. */
export const inOrder = (configuration: Configuration): readonly Member[] =>
  [...membersOf(configuration)].sort((a, b) => compareIds(a.id, b.id));

export const memberOf = (configuration: Configuration, id: PeerId): Member | undefined =>
  membersOf(configuration).find((member) => member.id === id);

export const votersOf = (configuration: Configuration): readonly Member[] =>
  membersOf(configuration).filter((member) => isVoter(configuration, member.id));

/** It counts in some quorum of the configuration: a seat in the new voters or in the outgoing ones. */
export const isVoter = (configuration: Configuration, id: PeerId): boolean =>
  hasMember(configuration.voters, id) || hasMember(configuration.outgoing, id);

/** A voter's promise or acknowledgement counts only from the incarnation that holds the seat. */
export const isSeated = (configuration: Configuration, id: PeerId, incarnation: string): boolean =>
  [...configuration.voters, ...configuration.outgoing].some(
    (m) => m.id === id && m.incarnation === incarnation,
  );

/**
 * True when every quorum of one configuration meets every quorum of the other, so that the log may go from one to the
 * next: the same seats and the same ties, whoever learns beside them; a joint change settled; or a joint change of the present
 * voters. Halves of the same voters that hold different ties need not meet, so a tie changes jointly too.
 */
export function isNeighbour(from: Configuration, to: Configuration): boolean {
  if (from.clusterId !== to.clusterId) return false;
  const [present, next] = [incoming(from), incoming(to)];
  const isSettled = to.outgoing.length === 0 || countsAlike(outgoing(to), outgoing(from));
  return (countsAlike(next, present) && isSettled) || countsAlike(outgoing(to), present);
}

/** Voters, and who breaks their tie. */
type Electorate = readonly [voters: readonly Member[], tie: PeerId | undefined];

const incoming = ({ voters, tie }: Configuration): Electorate => [voters, tie];
const outgoing = (configuration: Configuration): Electorate => [
  configuration.outgoing,
  configuration.outgoingTie,
];

const countsAlike = ([a, tie]: Electorate, [b, otherTie]: Electorate): boolean =>
  hasSameSeats(a, b) && tie === otherTie;

const hasSameSeats = (a: readonly Member[], b: readonly Member[]): boolean =>
  a.length === b.length &&
  a.every(({ id, incarnation }) => b.some((m) => m.id === id && m.incarnation === incarnation));

/** A joint change to these voters: no tie of the new ones is broken, unless `withTie` says so. */
const changed = (
  { clusterId, voters: present, tie }: Configuration,
  voters: readonly Member[],
  learners: readonly Member[],
): Configuration => ({
  clusterId,
  voters,
  outgoing: present,
  learners,
  ...(tie !== undefined && { outgoingTie: tie }),
});

/** Of an even number of voters the highest breaks the tie, whoever that is when they begin to vote. */
export const tieOf = (voters: readonly Member[]): PeerId | undefined =>
  voters.length % 2 === 0 ? [...voters].sort(compareRank).at(-1)?.id : undefined;

/** The joint change `joint`, with the tie of its new voters broken by the highest, if their number is even. */
export function withTie(joint: Configuration): Configuration {
  const tie = tieOf(joint.voters);
  return tie === undefined ? joint : { ...joint, tie };
}

/** A joint change of how the same voters are counted: without a tie, unless `withTie` says so. */
export const recount = (configuration: Configuration): Configuration =>
  changed(configuration, configuration.voters, configuration.learners);

/**
 * What must change for `member` to be known as it is now: a stranger becomes a learner, another incarnation loses its
 * old seat first, a new address is written down. Undefined when nothing must, or may.
 */
export function admit(configuration: Configuration, member: Member): Configuration | undefined {
  const known = memberOf(configuration, member.id);
  if (known === undefined) return { ...configuration, learners: [...configuration.learners, member] };
  if (known.incarnation !== member.incarnation) return reseat(configuration, member);
  if (known.address === member.address && known.priority === member.priority) return undefined;
  const renew = (members: readonly Member[]) => members.map((m) => (m.id === member.id ? member : m));
  return { ...configuration, voters: renew(configuration.voters), learners: renew(configuration.learners) };
}

/**
 * A peer that has lost its promises may not keep the vote it had: its seat goes, jointly, and it learns anew.
 * Undefined when it was the last voter: then nobody is left who could teach it.
 */
function reseat(configuration: Configuration, member: Member): Configuration | undefined {
  const learners = [...configuration.learners.filter((m) => m.id !== member.id), member];
  if (!hasMember(configuration.voters, member.id)) return { ...configuration, learners };
  const voters = configuration.voters.filter((m) => m.id !== member.id);
  return voters.length === 0 ? undefined : changed(configuration, voters, learners);
}

/** A learner that has caught up gets a vote. */
export const promote = (configuration: Configuration, learner: Member): Configuration =>
  changed(
    configuration,
    [...configuration.voters, learner],
    configuration.learners.filter((m) => m.id !== learner.id),
  );

/** A learner that has caught up takes the seat of a voter, which goes on as a learner. */
export const replace = (configuration: Configuration, voter: Member, learner: Member): Configuration =>
  changed(
    configuration,
    [...configuration.voters.filter((m) => m.id !== voter.id), learner],
    [...configuration.learners.filter((m) => m.id !== learner.id), voter],
  );

/** A member goes: a learner at once, a voter jointly. Undefined when it is no member, or the last voter. */
export function remove(configuration: Configuration, id: PeerId): Configuration | undefined {
  if (hasMember(configuration.learners, id))
    return { ...configuration, learners: configuration.learners.filter((m) => m.id !== id) };
  if (!hasMember(configuration.voters, id) || configuration.voters.length === 1) return undefined;
  const voters = configuration.voters.filter((m) => m.id !== id);
  return changed(configuration, voters, configuration.learners);
}

/** The second half of a joint change: the outgoing voters lose their say. */
export function settle({ outgoingTie: _, ...configuration }: Configuration): Configuration {
  return { ...configuration, outgoing: [] };
}
