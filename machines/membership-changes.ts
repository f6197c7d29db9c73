/**
 * The membership's changes: what the register of a coordinator proposes next (PROTOCOL §9, M1–M6).
 *
 * One change at a time, and every change of who votes, or of how votes are counted, is joint. What nobody has asked for is
 * proposed only while those that are heard can carry it through: a change that waits in the log keeps all others waiting.
 */
import type { Configuration, Member } from '../transport/protocol.js';
import type { Context, Now, Proposal } from './membership-rules.js';
import * as configurations from './values/configuration.js';
import { isMajority, isQuorum } from './values/quorum.js';
import { compareRank } from './values/rank.js';

/** What the register changes next: first what is half done, then who goes, who comes, and who may vote. */
export function nextChange(context: Context): Configuration | undefined {
  const { configuration } = context;
  if (configurations.isJoint(configuration)) return configurations.settle(configuration);
  const next = departure(context) ?? admission(context) ?? promotion(context);
  if (next !== undefined) return counted(context, next);
  return recount(context) ?? expulsion(context);
}

export const proposeChange = ({ context }: Now): { draft: Proposal } => ({
  draft: { kind: 'configuration', body: nextChange(context) ?? context.configuration },
});

/** New voters are counted as this coordinator counts. */
const counted = ({ policy }: Context, next: Configuration): Configuration =>
  policy.tieBreaker && configurations.isJoint(next) ? configurations.withTie(next) : next;

function departure(context: Context): Configuration | undefined {
  for (const id of context.leavers) {
    const without = configurations.remove(context.configuration, id);
    if (without !== undefined && isLive(context, counted(context, without))) return without;
  }
  return undefined;
}

function admission({ configuration, applicants }: Context): Configuration | undefined {
  for (const applicant of applicants) {
    const admitted = configurations.admit(configuration, applicant);
    if (admitted !== undefined) return admitted;
  }
  return undefined;
}

/**
 * A learner that has caught up votes; the highest first, for it may have to lead. We ourselves have, where we coordinate: a
 * peer that was taken out while it was away may find that out by the log it has adopted. Where all seats are taken it gets that of
 * a voter which is down, or of the lowest, if that is below it: the highest live id leads, also among more than seven.
 */
function promotion({ configuration, level, suspects, view, me }: Context): Configuration | undefined {
  const { voters, learners } = configuration;
  const learner = learners
    .filter(({ id }) => id === me.id || (level.includes(id) && !suspects.includes(id)))
    .sort(compareRank)
    .at(-1);
  if (learner === undefined) return undefined;
  if (voters.length < configurations.VOTERS_MAX) return configurations.promote(configuration, learner);
  // One that has been announced as suspected is down for longer than a moment.
  const isDown = ({ id }: Member) =>
    suspects.includes(id) && view?.members.some((m) => m.id === id && m.state === 'suspected') === true;
  const others = voters.filter(({ id }) => id !== me.id).sort(compareRank);
  const yielding = others.find(isDown) ?? others.find((voter) => compareRank(voter, learner) < 0);
  return yielding === undefined ? undefined : configurations.replace(configuration, yielding, learner);
}

/** The tie is not broken as this coordinator would have it: by nobody, by somebody, or by another one. */
function recount(context: Context): Configuration | undefined {
  const { configuration, policy } = context;
  const wanted = policy.tieBreaker ? configurations.tieOf(configuration.voters) : undefined;
  if (wanted === configuration.tie) return undefined;
  const recounted = counted(context, configurations.recount(configuration));
  return isCarried(context, recounted) ? recounted : undefined;
}

/**
 * Last man standing (as in Corosync's votequorum): of the voters that have been down for long the lowest loses its seat, while
 * a quorum is heard. So the next failure is counted against those that are left. Two become one only where the one that is
 * left breaks the tie: else it is no quorum of the two.
 */
function expulsion(context: Context): Configuration | undefined {
  const { configuration, absent, policy, me } = context;
  if (!policy.lastManStanding || configuration.voters.length <= policy.minVoters) return undefined;
  const [lowest] = configuration.voters
    .filter(({ id }) => absent.includes(id) && id !== me.id)
    .sort(compareRank);
  const without = lowest && configurations.remove(configuration, lowest.id);
  if (without === undefined) return undefined;
  const left = counted(context, without);
  return isCarried(context, left) ? left : undefined;
}

const heardOf = ({ suspects }: Context, { voters, outgoing }: Configuration): ReadonlySet<string> =>
  new Set([...voters, ...outgoing].map(({ id }) => id).filter((id) => !suspects.includes(id)));

/** Those who would be left can go on by themselves. Or the last one to go would take the cluster along. */
const isLive = (context: Context, next: Configuration): boolean =>
  isMajority(heardOf(context, next), next.voters, next.tie);

/** Both halves of a joint change are heard. */
const isCarried = (context: Context, joint: Configuration): boolean =>
  isQuorum(joint, heardOf(context, joint));
