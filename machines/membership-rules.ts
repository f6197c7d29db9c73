/**
 * The membership's rules: what a guard of its chart asks, what a step changes, what it proposes and says.
 */
import type { Configuration, Entry, Member, MembershipMessage, PeerId, View } from '../transport/protocol.js';
import * as configurations from './values/configuration.js';
import { TAKEOVER_LAG_MAX } from './values/neighbourhood.js';
import type { Draft } from './values/sequencing.js';

/** What a coordinator does about voters besides what they ask for. */
export interface VoterPolicy {
  /** Of an even number of voters the highest makes a majority of its half. */
  readonly tieBreaker: boolean;
  /** Voters that are absent for long lose their seats, one after the other. */
  readonly lastManStanding: boolean;
  /** So many voters are left their seats, however long they are absent; 1 or more. */
  readonly minVoters: number;
}

export interface MembershipInput {
  readonly me: Member;
  readonly configuration: Configuration;
  readonly policy: VoterPolicy;
  readonly timings: {
    readonly joinRetryMs: number;
    readonly changeTimeoutMs: number;
    readonly viewDebounceMs: number;
    /** How long a seated peer goes without a coordinator before it asks whether it still belongs. */
    readonly lonelyMs: number;
  };
}

/** Somebody we have a connection with, as it introduced itself. */
type Contact = Member;

export interface Context extends MembershipInput {
  readonly coordinator: PeerId | null;
  readonly contacts: readonly Contact[];
  /** Requests the coordinator has not fulfilled yet. */
  readonly applicants: readonly Member[];
  readonly leavers: readonly PeerId[];
  readonly suspects: readonly PeerId[];
  /** Those of them that have been down for long. */
  readonly absent: readonly PeerId[];
  /** Learners that have caught up. */
  readonly level: readonly PeerId[];
  readonly view: View | null;
  /** The highest number any view has, or was proposed with: none is given twice. */
  readonly viewNumber: number;
  /** How often in a row we were told that our id is taken. */
  readonly disputes: number;
}

export type Proposal = Draft<Extract<Entry, { kind: 'configuration' | 'view' }>>;

export type MembershipEvent =
  | MembershipMessage
  | { readonly type: 'connection.opened'; readonly remote: Member }
  | { readonly type: 'connection.closed'; readonly remote: PeerId }
  | {
      readonly type: 'configuration.changed';
      readonly configuration: Configuration;
      readonly isCommitted: boolean;
    }
  | { readonly type: 'coordinator.followed'; readonly coordinator: PeerId }
  | { readonly type: 'coordinator.lost' }
  | { readonly type: 'coordination.started' }
  | { readonly type: 'coordination.ended' }
  | { readonly type: 'member.suspected'; readonly member: PeerId }
  | { readonly type: 'member.trusted'; readonly member: PeerId }
  | { readonly type: 'member.absent'; readonly member: PeerId }
  | {
      readonly type: 'followers.measured';
      readonly commit: number;
      readonly followers: readonly {
        readonly id: PeerId;
        readonly incarnation: string;
        readonly match: number;
      }[];
    }
  | { readonly type: 'view.installed'; readonly view: View }
  /** Somebody speaks as a member does, and is none. */
  | { readonly type: 'stranger.heard'; readonly member: PeerId }
  | { readonly type: 'leave.requested' };

export interface Now {
  readonly context: Context;
  readonly event: MembershipEvent;
}
type Patch = Partial<Context>;

/** Requests kept at a time; more are asked again by their peers. */
const REQUESTS_MAX = 64;

export const initialContext = (input: MembershipInput): Context => ({
  ...input,
  coordinator: null,
  contacts: [],
  applicants: [],
  leavers: [],
  suspects: [],
  absent: [],
  level: [],
  view: null,
  viewNumber: 0,
  disputes: 0,
});

/** The seat this very incarnation has in the configuration. */
export function seatOf({ configuration, me }: Context): 'voter' | 'learner' | 'none' {
  const isMe = (member: Member) => member.id === me.id && member.incarnation === me.incarnation;
  if (configuration.voters.some(isMe) || configuration.outgoing.some(isMe)) return 'voter';
  return configuration.learners.some(isMe) ? 'learner' : 'none';
}

/** The cluster has agreed to go on without us. */
export const isTakenOut = (context: Context, event: MembershipEvent): boolean =>
  event.type === 'configuration.changed' &&
  event.isCommitted &&
  seatOf({ ...context, configuration: event.configuration }) === 'none';

/** While a change is half done, those who go still need our vote. */
export const isLastVoter = ({ configuration, me }: Context): boolean =>
  configuration.voters.length === 1 &&
  !configurations.isJoint(configuration) &&
  configurations.hasMember(configuration.voters, me.id);

/** Another incarnation of the applicant lives: two processes go by one id. One that is suspected may be replaced. */
export const isRival = (
  { me, contacts, suspects, configuration }: Context,
  event: MembershipEvent,
): boolean =>
  event.type === 'membership.join' &&
  configurations.memberOf(configuration, event.member.id) !== undefined &&
  !suspects.includes(event.member.id) &&
  [me, ...contacts].some((c) => c.id === event.member.id && c.incarnation !== event.member.incarnation);

/** How often we ask again before we believe that our id is taken: a dying namesake is gone by then. */
const DISPUTES_MAX = 4;

export const isDisputable = ({ me, disputes }: Context, event: MembershipEvent): boolean =>
  event.type === 'membership.refuse' &&
  event.member === me.id &&
  event.code === 'duplicate-id' &&
  disputes + 1 < DISPUTES_MAX;

/** Room for more members than a greeting or a configuration can name. */
const MEMBERS_MAX = 100;

export const isFull = ({ configuration }: Context, event: MembershipEvent): boolean =>
  event.type === 'membership.join' &&
  configurations.memberOf(configuration, event.member.id) === undefined &&
  configurations.membersOf(configuration).length >= MEMBERS_MAX;

/** The view as it should be: the configuration's members in the order of their ids, with what is believed of each. */
export function viewNow({ configuration, suspects, me, viewNumber }: Context): View {
  return {
    number: viewNumber + 1,
    coordinator: me.id,
    members: configurations.inOrder(configuration).map(({ id, incarnation, address }) => ({
      id,
      incarnation,
      address,
      role: configurations.isVoter(configuration, id) ? 'voter' : 'learner',
      state: suspects.includes(id) ? 'suspected' : 'alive',
    })),
  };
}

export const hasNewView = (context: Context): boolean =>
  JSON.stringify({ ...viewNow(context), number: 0 }) !== JSON.stringify({ ...context.view, number: 0 });

/** Nobody watches those who are no members: what was believed of them ends with their seat. */
export const noteConfiguration = ({ suspects, absent, level }: Context, event: MembershipEvent): Patch => {
  if (event.type !== 'configuration.changed') return {};
  const { configuration } = event;
  const ofMembers = (ids: readonly PeerId[]) =>
    ids.filter((id) => configurations.memberOf(configuration, id) !== undefined);
  return { configuration, suspects: ofMembers(suspects), absent: ofMembers(absent), level: ofMembers(level) };
};

export const noteCoordinator = (event: MembershipEvent): Patch =>
  event.type === 'coordinator.followed' ? { coordinator: event.coordinator } : {};

export const noteContact = ({ contacts }: Context, event: MembershipEvent): Patch =>
  event.type === 'connection.opened'
    ? { contacts: [...contacts.filter((c) => c.id !== event.remote.id), event.remote] }
    : {};

export const forgetContact = ({ contacts }: Context, event: MembershipEvent): Patch =>
  event.type === 'connection.closed' ? { contacts: contacts.filter((c) => c.id !== event.remote) } : {};

/** Takes turns, so that a contact that cannot help is not asked for ever. */
export const nextContact = ({ contacts: [first, ...others] }: Context): Patch =>
  first === undefined ? {} : { contacts: [...others, first] };

const withApplicant = ({ applicants }: Context, member: Member): Patch => ({
  applicants: [...applicants.filter((a) => a.id !== member.id), member].slice(-REQUESTS_MAX),
});

/** What it asks for it may have already: it has not heard so when it asks again. */
export const noteApplicant = (context: Context, event: MembershipEvent): Patch =>
  event.type === 'membership.join' && configurations.admit(context.configuration, event.member) !== undefined
    ? withApplicant(context, event.member)
    : {};

/** It has thought better of it. */
export const forgetApplicant = ({ applicants }: Context, event: MembershipEvent): Patch =>
  event.type === 'membership.leave' ? { applicants: applicants.filter(({ id }) => id !== event.member) } : {};

/** A member that has come back at another address is written down anew. */
export function noteMoved(context: Context, event: MembershipEvent): Patch {
  if (event.type !== 'connection.opened') return {};
  const known = configurations.memberOf(context.configuration, event.remote.id);
  const hasMoved = known?.incarnation === event.remote.incarnation && known.address !== event.remote.address;
  return hasMoved ? withApplicant(context, event.remote) : {};
}

export const noteLeaver = ({ leavers }: Context, event: MembershipEvent): Patch =>
  event.type === 'membership.leave'
    ? { leavers: [...leavers.filter((id) => id !== event.member), event.member].slice(-REQUESTS_MAX) }
    : {};

export const noteSuspicion = ({ suspects, absent }: Context, event: MembershipEvent): Patch => {
  if (event.type !== 'member.suspected' && event.type !== 'member.trusted') return {};
  const others = suspects.filter((id) => id !== event.member);
  return {
    suspects: event.type === 'member.suspected' ? [...others, event.member] : others,
    absent: absent.filter((id) => id !== event.member),
  };
};

export const noteAbsence = ({ suspects, absent }: Context, event: MembershipEvent): Patch =>
  event.type === 'member.absent' && suspects.includes(event.member)
    ? { absent: [...absent.filter((id) => id !== event.member), event.member] }
    : {};

export const noteProgress = ({ configuration }: Context, event: MembershipEvent): Patch => {
  if (event.type !== 'followers.measured') return {};
  const { commit, followers } = event;
  const isLevel = ({ id, incarnation, match }: (typeof followers)[number]) =>
    match > 0 &&
    commit - match <= TAKEOVER_LAG_MAX &&
    configuration.learners.some((member) => member.id === id && member.incarnation === incarnation);
  return { level: followers.filter(isLevel).map((f) => f.id) };
};

export const noteView = ({ viewNumber }: Context, event: MembershipEvent): Patch =>
  event.type === 'view.installed'
    ? { view: event.view, viewNumber: Math.max(viewNumber, event.view.number) }
    : {};

/** Requests that the configuration fulfils are done with. */
export const settleRequests = ({ configuration, applicants, leavers }: Context): Patch => ({
  applicants: applicants.filter((member) => configurations.admit(configuration, member) !== undefined),
  leavers: leavers.filter((id) => configurations.memberOf(configuration, id) !== undefined),
});

export interface Letter {
  readonly to: readonly PeerId[];
  readonly message: MembershipMessage;
}

export const askToJoin = ({ context: { contacts, me } }: Now): Letter => ({
  to: contacts.slice(-1).map((contact) => contact.id),
  message: { type: 'membership.join', from: me.id, member: me },
});

/** Whoever is still there knows whom to pass it on to: we may be out already, and hear of no coordinator any more. */
export const askToLeave = ({ context: { coordinator, contacts, me } }: Now): Letter => ({
  to: coordinator === null || coordinator === me.id ? contacts.slice(-1).map(({ id }) => id) : [coordinator],
  message: { type: 'membership.leave', from: me.id, member: me.id },
});

/** Whoever was asked to let us in may be about to. */
export const withdraw = ({ context: { contacts, me } }: Now): Letter => ({
  to: contacts.map(({ id }) => id),
  message: { type: 'membership.leave', from: me.id, member: me.id },
});

/** Any member takes a request, and the coordinator decides; a request is passed on once. */
export const passOn = ({ context: { coordinator, me }, event }: Now): Letter => {
  const request = event as Extract<MembershipMessage, { type: 'membership.join' | 'membership.leave' }>;
  const isOfSender =
    (typeof request.member === 'string' ? request.member : request.member.id) === request.from;
  const to = coordinator !== null && coordinator !== me.id && isOfSender ? [coordinator] : [];
  return { to, message: { ...request, from: me.id } };
};

export const passBack = ({ context: { me }, event }: Now): Letter => {
  const answer = event as Extract<MembershipMessage, { type: 'membership.refuse' | 'membership.gone' }>;
  return { to: answer.member === me.id ? [] : [answer.member], message: { ...answer, from: me.id } };
};

/** It asks to leave, and does not belong: it was taken out, and has not heard so. */
export const isGone = ({ configuration }: Context, event: MembershipEvent): boolean =>
  event.type === 'membership.leave' && configurations.memberOf(configuration, event.member) === undefined;

export const tellGone = ({ context: { me }, event }: Now): Letter => {
  const request = event as Extract<MembershipMessage, { type: 'membership.leave' }>;
  return { to: [request.from], message: { type: 'membership.gone', from: me.id, member: request.member } };
};

const departed = ({ configuration, leavers }: Context): readonly PeerId[] =>
  leavers.filter((id) => configurations.memberOf(configuration, id) === undefined);

/** Somebody who asked to leave has left. */
export const hasDeparted = (context: Context, event: MembershipEvent): boolean =>
  event.type === 'configuration.changed' &&
  event.isCommitted &&
  departed({ ...context, configuration: event.configuration }).length > 0;

export const tellLeavers = ({ context }: Now): { letters: Letter[] } => ({
  letters: departed(context).map((member) => ({
    to: [member],
    message: { type: 'membership.gone', from: context.me.id, member },
  })),
});

/** It was taken out while it was away, and has not heard so: it may ask to be let in again. */
export const tellStranger = ({ context: { me }, event }: Now): Letter => {
  const member = event.type === 'stranger.heard' ? event.member : me.id;
  return { to: [member], message: { type: 'membership.gone', from: me.id, member } };
};

const refusal = ({ context, event }: Now, code: 'duplicate-id' | 'cluster-full'): Letter => {
  const request = event as Extract<MembershipMessage, { type: 'membership.join' }>;
  const message = {
    type: 'membership.refuse' as const,
    from: context.me.id,
    member: request.member.id,
    code,
  };
  return { to: [request.from], message };
};

export const refuseDuplicate = (now: Now): Letter => refusal(now, 'duplicate-id');
export const refuseFull = (now: Now): Letter => refusal(now, 'cluster-full');

export const proposeView = ({ context }: Now): { draft: Proposal } => ({
  draft: { kind: 'view', body: viewNow(context) },
});

export const ourselves = ({ context }: Now) => ({ member: context.me.id });

export const refusalCode = ({ event }: Now) => ({
  code: event.type === 'membership.refuse' ? event.code : ('duplicate-id' as const),
});
