/** The meeting's rules: who has met whom, who has agreed, and what is said about it. */
import type { Configuration, Entry, MeetingMessage, Member, PeerId } from '../transport/protocol.js';
import * as meetings from './values/meeting.js';
import { compareIds } from './values/rank.js';

export interface MeetingInput {
  readonly me: Member;
  /** How many found together, ourselves included; 1 to 7. */
  readonly expected: number;
  /** With whom we had agreed when we were stopped. */
  readonly company: meetings.Company | null;
  readonly heartbeatIntervalMs: number;
}

export interface Context extends MeetingInput {
  readonly contacts: readonly Member[];
  /** What others last said. */
  readonly reports: readonly Report[];
}

type Report = Pick<MeetingMessage, 'from' | 'members' | 'agreed'>;

export type MeetingEvent =
  | MeetingMessage
  | { readonly type: 'connection.opened'; readonly remote: Member }
  | { readonly type: 'connection.closed'; readonly remote: PeerId }
  | { readonly type: 'meeting.recorded' | 'configuration.changed'; readonly configuration: Configuration };

interface Now {
  readonly context: Context;
  readonly event: MeetingEvent;
}
type Patch = Partial<Context>;

/** More strangers than this are no company for anybody. */
const CONTACTS_MAX = 64;

export const initialContext = (input: MeetingInput): Context => ({ ...input, contacts: [], reports: [] });

export const noteContact = ({ contacts }: Context, event: MeetingEvent): Patch =>
  event.type === 'connection.opened'
    ? { contacts: [...contacts.filter((c) => c.id !== event.remote.id), event.remote].slice(-CONTACTS_MAX) }
    : {};

export const forgetContact = ({ contacts, reports }: Context, event: MeetingEvent): Patch =>
  event.type === 'connection.closed'
    ? {
        contacts: contacts.filter((c) => c.id !== event.remote),
        reports: reports.filter((r) => r.from !== event.remote),
      }
    : {};

export const noteReport = ({ reports }: Context, event: MeetingEvent): Patch => {
  if (event.type !== 'meeting.report') return {};
  const { from, members, agreed } = event;
  return {
    reports: [...reports.filter((r) => r.from !== from), { from, members, agreed }].slice(-CONTACTS_MAX),
  };
};

/**
 * Those we would found with, of those who meet as we do: who joins says nothing here, and is not waited for. A company that
 * one of its members has agreed to, and cannot leave before another has agreed with others; else the highest of those we see.
 * Without the first, who agreed before the others met a higher one would wait for ever.
 */
function seen(context: Context): meetings.Company | null {
  const { me, contacts, reports, expected } = context;
  const present = [me, ...contacts.filter((c) => c.id !== me.id && reports.some((r) => r.from === c.id))];
  const bound = reports
    .filter(({ agreed, members }) => agreed && members.length === expected && meetings.isIn(members, me))
    .sort((a, b) => compareIds(b.from, a.from))
    .map(({ members }) => present.filter((one) => meetings.isIn(members, one)));
  const chosen = bound.find((company) => company.length === expected) ?? present;
  return meetings.companyOf(chosen, expected);
}

const others = (company: meetings.Company, me: Member): meetings.Company =>
  company.filter((member) => member.id !== me.id);

/** We are one of them, and all the others see the very same company. */
export const isUnanimous = (context: Context): boolean => {
  const company = seen(context);
  if (company === null || !meetings.isIn(company, context.me)) return false;
  return others(company, context.me).every(({ id }) =>
    context.reports.some((r) => r.from === id && meetings.isSameCompany(r.members, company)),
  );
};

export const noteCompany = (context: Context): Patch => ({ company: seen(context) });

/** Everybody has it on disk. */
export const haveAllAgreed = ({ company, me, reports }: Context): boolean =>
  company !== null &&
  others(company, me).every(({ id }) =>
    reports.some((r) => r.from === id && r.agreed && meetings.isSameCompany(r.members, company)),
  );

/** One of us has agreed with others: this company will never be complete. */
export const isForsaken = ({ company, me, reports }: Context): boolean =>
  company !== null &&
  others(company, me).some(({ id }) =>
    reports.some((r) => r.from === id && r.agreed && !meetings.isSameCompany(r.members, company)),
  );

export const isRecorded = ({ company }: Context, event: MeetingEvent): boolean => {
  const recorded = event.type === 'meeting.recorded' ? meetings.companyIn(event.configuration) : null;
  return recorded !== null && company !== null && meetings.isSameCompany(recorded, company);
};

/** Nothing is agreed any more. */
export const isErased = (event: MeetingEvent): boolean =>
  event.type === 'meeting.recorded' &&
  event.configuration.voters.length === 0 &&
  event.configuration.learners.length === 0;

/** We are in a cluster that has voters, and have not founded it: others have taken us in. */
export const hasJoined = (event: MeetingEvent): boolean =>
  event.type === 'configuration.changed' && event.configuration.voters.length > 0;

/** Whoever has founded needs no answer: two of them would thank each other for ever. */
export const needsAnswer = (event: MeetingEvent): boolean =>
  event.type === 'meeting.report' && !event.founded;

interface Outgoing {
  readonly to: readonly PeerId[];
  readonly message: MeetingMessage;
}

const report = (
  { me }: Context,
  to: readonly PeerId[],
  members: meetings.Company,
  said: Pick<MeetingMessage, 'agreed' | 'founded'>,
): Outgoing => ({
  to,
  message: { type: 'meeting.report', from: me.id, members, ...said },
});

const SEEN = { agreed: false, founded: false };
const AGREED = { agreed: true, founded: false };
const FOUNDED = { agreed: true, founded: true };

const everybody = ({ contacts }: Context): readonly PeerId[] => contacts.map(({ id }) => id);

export const tellWhomWeSee = ({ context }: Now): Outgoing =>
  report(context, everybody(context), seen(context) ?? [], SEEN);

export const greeting = ({ context, event }: Now): Outgoing =>
  report(context, event.type === 'connection.opened' ? [event.remote.id] : [], seen(context) ?? [], SEEN);

export const tellOurAgreement = ({ context }: Now): Outgoing =>
  report(context, everybody(context), context.company ?? [], AGREED);

/** One that missed it asks by what it says. */
export const repeatOurAgreement = ({ context, event }: Now): Outgoing =>
  report(context, 'from' in event ? [event.from] : [], context.company ?? [], FOUNDED);

export const agreement = ({ context }: Now): { entry: Entry } => ({
  entry: meetings.agreementOf(context.company ?? []),
});
export const foundation = ({ context }: Now): { entry: Entry } => ({
  entry: meetings.foundationOf(context.company ?? []),
});
