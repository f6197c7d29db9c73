/** How a membership comes into each of its states, as a stranger, a member, and the coordinator see it. */
import { type MembershipEvent, type MembershipInput, membershipMachine } from '../../machines/membership.js';
import type { Configuration, Member, PeerId, View } from '../../transport/protocol.js';
import { elapsed, having as havingIn } from './event-table.js';
import { configurationOf, member } from './members.js';

const three = configurationOf(['1', '2', '3']);
const nobody = configurationOf([]);

export const peer = (id: PeerId, configuration: Configuration): MembershipInput => ({
  me: member(id),
  configuration,
  policy: { tieBreaker: false, lastManStanding: false, minVoters: 1 },
  timings: { joinRetryMs: 250, changeTimeoutMs: 250, viewDebounceMs: 100, lonelyMs: 1000 },
});
/** A stranger, a member, and the coordinator. */
export const newcomer = peer('4', nobody);
export const us = peer('2', three);
export const keeper = peer('3', three);

export const opened = (remote: Member): MembershipEvent => ({ type: 'connection.opened', remote });
export const closed = (remote: PeerId): MembershipEvent => ({ type: 'connection.closed', remote });
export const reconfigured = (configuration: Configuration, isCommitted = true): MembershipEvent => ({
  type: 'configuration.changed',
  configuration,
  isCommitted,
});
export const followed = (coordinator: PeerId): MembershipEvent => ({
  type: 'coordinator.followed',
  coordinator,
});
export const lost: MembershipEvent = { type: 'coordinator.lost' };
export const started: MembershipEvent = { type: 'coordination.started' };
export const ended: MembershipEvent = { type: 'coordination.ended' };
export const suspected = (id: PeerId): MembershipEvent => ({ type: 'member.suspected', member: id });
export const trusted = (id: PeerId): MembershipEvent => ({ type: 'member.trusted', member: id });
export const absent = (id: PeerId): MembershipEvent => ({ type: 'member.absent', member: id });
export const measured = (id: PeerId, match: number): MembershipEvent => ({
  type: 'followers.measured',
  commit: 100,
  followers: [{ id, incarnation: member(id).incarnation, match }],
});
export const leaveRequested: MembershipEvent = { type: 'leave.requested' };
export const join = (applicant: Member, from = applicant.id): MembershipEvent => ({
  type: 'membership.join',
  from,
  member: applicant,
});
export const leave = (id: PeerId, from = id): MembershipEvent => ({
  type: 'membership.leave',
  from,
  member: id,
});
export const refused = (
  id: PeerId,
  code: 'duplicate-id' | 'cluster-full' = 'duplicate-id',
): MembershipEvent => ({
  type: 'membership.refuse',
  from: '1',
  member: id,
  code,
});
export const installed = (view: View): MembershipEvent => ({ type: 'view.installed', view });
export const retry = (state: 'joining' | 'leaving'): MembershipEvent =>
  elapsed('joinRetry', `membership.seat.${state}`);
export const changeTimeout = (state: 'proposing' | 'announcing'): MembershipEvent =>
  elapsed('changeTimeout', `membership.register.keeping.${state}`);
export const debounced: MembershipEvent = elapsed('viewDebounce', 'membership.register.keeping.debouncing');

export const havingOf = (input: MembershipInput, ...events: readonly MembershipEvent[]) => {
  const [{ value, context }, effects] = havingIn(membershipMachine, input, events);
  const { seat, register } = value as { seat: string; register: string | { keeping: string } };
  return { seat, register: typeof register === 'string' ? register : register.keeping, effects, context };
};
export const sent = (to: readonly PeerId[], message: object) => ({ type: 'send', to, message });
export const proposed = (body: Configuration) => ({
  type: 'propose',
  draft: { kind: 'configuration', body },
});

/** The first view of three members, of whom these are suspected. */
export const viewOf = (number: number, suspects: readonly PeerId[] = []): View => ({
  number,
  coordinator: '3',
  members: three.voters.map(({ id, incarnation, address }) => ({
    id,
    incarnation,
    address,
    role: 'voter',
    state: suspects.includes(id) ? 'suspected' : 'alive',
  })),
});
export const announcing = [started, debounced];
/** The coordinator at rest: everybody knows the first view. */
export const stable = [...announcing, installed(viewOf(1))];
