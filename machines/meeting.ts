/**
 * Meeting: peers that start together (`--expect N`) found one cluster, and never two.
 *
 *   gathering ── N of us see the same N ──▶ agreeing ── on disk ──▶ agreed ── all have agreed ──▶ founded
 *       ▲                                                             │ one has agreed with others
 *       └───────────────── off the disk ── withdrawing ◀──────────────┘
 *   gathering, agreed ── others have taken us in ──▶ joined
 *
 * The same idea as Corosync's wait_for_all and Consul's bootstrap-expect, with the agreement on disk: who was stopped between
 * agreeing and founding remembers with whom. It ends nowhere: one that comes late is told again what was agreed.
 */
import { assign, setup } from 'xstate';
import type { Entry, MeetingMessage, PeerId } from '../transport/protocol.js';
import { effect } from './effect.js';
import * as rules from './meeting-rules.js';

export type { MeetingEvent, MeetingInput } from './meeting-rules.js';

export const meetingMachine = setup({
  types: {
    input: {} as rules.MeetingInput,
    context: {} as rules.Context,
    events: {} as rules.MeetingEvent,
  },
  actions: {
    send: effect<{ to: readonly PeerId[]; message: MeetingMessage }>(),
    record: effect<{ entry: Entry }>(),
    erase: effect<object>(),
    found: effect<{ entry: Entry }>(),
    noteContact: assign(({ context, event }) => rules.noteContact(context, event)),
    forgetContact: assign(({ context, event }) => rules.forgetContact(context, event)),
    noteReport: assign(({ context, event }) => rules.noteReport(context, event)),
    noteCompany: assign(({ context }) => rules.noteCompany(context)),
    forgetCompany: assign({ company: null }),
  },
  guards: {
    hasAgreed: ({ context }) => context.company !== null,
    isUnanimous: ({ context }) => rules.isUnanimous(context),
    isRecorded: ({ context, event }) => rules.isRecorded(context, event),
    isErased: ({ event }) => rules.isErased(event),
    haveAllAgreed: ({ context }) => rules.haveAllAgreed(context),
    isForsaken: ({ context }) => rules.isForsaken(context),
    hasJoined: ({ event }) => rules.hasJoined(event),
    needsAnswer: ({ event }) => rules.needsAnswer(event),
  },
  delays: {
    heartbeatInterval: ({ context }) => context.heartbeatIntervalMs,
  },
}).createMachine({
  id: 'meeting',
  context: ({ input }) => rules.initialContext(input),
  initial: 'remembering',
  on: {
    'connection.opened': { actions: 'noteContact' },
    'connection.closed': { actions: 'forgetContact' },
    'meeting.report': { actions: 'noteReport' },
  },
  states: {
    remembering: {
      always: [{ guard: 'hasAgreed', target: 'agreed' }, { target: 'gathering' }],
    },
    // Waits for the others, for ever: too few never found.
    gathering: {
      entry: { type: 'send', params: rules.tellWhomWeSee },
      always: { guard: 'isUnanimous', target: 'agreeing', actions: 'noteCompany' },
      // That we meet too is what a newcomer wants to know.
      on: {
        'connection.opened': { actions: ['noteContact', { type: 'send', params: rules.greeting }] },
        'configuration.changed': { guard: 'hasJoined', target: 'joined' },
      },
      after: { heartbeatInterval: { target: 'gathering', reenter: true } },
    },
    agreeing: {
      description: 'Writes down with whom; until it is on disk nobody hears of it.',
      entry: { type: 'record', params: rules.agreement },
      on: { 'meeting.recorded': { guard: 'isRecorded', target: 'agreed' } },
    },
    agreed: {
      entry: { type: 'send', params: rules.tellOurAgreement },
      always: [
        { guard: 'haveAllAgreed', target: 'founded', actions: { type: 'found', params: rules.foundation } },
        { guard: 'isForsaken', target: 'withdrawing' },
      ],
      on: { 'configuration.changed': { guard: 'hasJoined', target: 'joined' } },
      after: { heartbeatInterval: { target: 'agreed', reenter: true } },
    },
    withdrawing: {
      entry: { type: 'erase', params: {} },
      on: { 'meeting.recorded': { guard: 'isErased', target: 'gathering', actions: 'forgetCompany' } },
    },
    founded: {
      description: 'All have agreed, so each of them founds the same cluster by itself.',
      on: {
        'meeting.report': {
          guard: 'needsAnswer',
          actions: { type: 'send', params: rules.repeatOurAgreement },
        },
      },
    },
    joined: {
      description: 'Is a member of a cluster that others have founded, and founds none.',
    },
  },
});
