/**
 * Membership: who belongs, and who may vote. Two concerns side by side.
 *
 *   seat:      unjoined ──▶ joining ──▶ learner ──▶ voter ── leave.requested ──▶ leaving ──▶ left
 *              (learner, voter) ── no coordinator for long ──▶ doubting: asks again, and is what it was
 *   register:  resting ── we coordinate ──▶ keeping { stable ▶ proposing ▶ changing ▶ stable ▶ debouncing ▶ announcing ▶ stable }
 *
 * The seat is our own; the register is kept by the coordinator. A newcomer first learns (it has no vote while it lacks the
 * past), and votes once it has caught up. Every change of voters is joint: old and new majorities both agree (Raft §6).
 * Options of the coordinator: a tie-breaker among an even number of voters; whoever is absent for long loses its vote, down
 * to the last man standing.
 * Views are entries of the log, so all members see the same ones between the same messages (view synchrony, Birman 1987).
 */
import { assign, setup } from 'xstate';
import type { PeerId } from '../transport/protocol.js';
import { effect } from './effect.js';
import { nextChange, proposeChange } from './membership-changes.js';
import * as rules from './membership-rules.js';

export type { MembershipEvent, MembershipInput } from './membership-rules.js';

export const membershipMachine = setup({
  types: {
    input: {} as rules.MembershipInput,
    context: {} as rules.Context,
    events: {} as rules.MembershipEvent,
  },
  actions: {
    send: effect<rules.Letter>(),
    sendEach: effect<{ letters: readonly rules.Letter[] }>(),
    propose: effect<{ draft: rules.Proposal }>(),
    // Facts.
    left: effect<{ member: PeerId }>(),
    leaving: effect<{ member: PeerId }>(),
    refused: effect<{ code: 'duplicate-id' | 'cluster-full' }>(),
    // Steps.
    noteConfiguration: assign(({ context, event }) => rules.noteConfiguration(context, event)),
    noteCoordinator: assign(({ event }) => rules.noteCoordinator(event)),
    forgetCoordinator: assign({ coordinator: null }),
    noteContact: assign(({ context, event }) => rules.noteContact(context, event)),
    forgetContact: assign(({ context, event }) => rules.forgetContact(context, event)),
    nextContact: assign(({ context }) => rules.nextContact(context)),
    noteApplicant: assign(({ context, event }) => rules.noteApplicant(context, event)),
    forgetApplicant: assign(({ context, event }) => rules.forgetApplicant(context, event)),
    noteLeaver: assign(({ context, event }) => rules.noteLeaver(context, event)),
    noteSuspicion: assign(({ context, event }) => rules.noteSuspicion(context, event)),
    noteAbsence: assign(({ context, event }) => rules.noteAbsence(context, event)),
    noteProgress: assign(({ context, event }) => rules.noteProgress(context, event)),
    noteView: assign(({ context, event }) => rules.noteView(context, event)),
    countView: assign({ viewNumber: ({ context }) => context.viewNumber + 1 }),
    noteDispute: assign({ disputes: ({ context }) => context.disputes + 1 }),
    noteMoved: assign(({ context, event }) => rules.noteMoved(context, event)),
    settleRequests: assign(({ context }) => rules.settleRequests(context)),
    forgetRequests: assign({ applicants: [], leavers: [] }),
  },
  guards: {
    isVoter: ({ context }) => rules.seatOf(context) === 'voter',
    isLearner: ({ context }) => rules.seatOf(context) === 'learner',
    isStranger: ({ context }) => rules.seatOf(context) === 'none',
    isTakenOut: ({ context, event }) => rules.isTakenOut(context, event),
    isForgotten: ({ context }) => context.coordinator === null && context.contacts.length > 0,
    isLastVoter: ({ context }) => rules.isLastVoter(context),
    hasContact: ({ context }) => context.contacts.length > 0,
    isDisputable: ({ context, event }) => rules.isDisputable(context, event),
    isGone: ({ context, event }) => rules.isGone(context, event),
    isForUs: ({ context, event }) => 'member' in event && event.member === context.me.id,
    isRival: ({ context, event }) => rules.isRival(context, event),
    isFull: ({ context, event }) => rules.isFull(context, event),
    hasChange: ({ context }) => nextChange(context) !== undefined,
    hasDeparted: ({ context, event }) => rules.hasDeparted(context, event),
    isCommitted: ({ event }) => event.type === 'configuration.changed' && event.isCommitted,
    hasNewView: ({ context }) => rules.hasNewView(context),
    isViewCurrent: ({ context }) => !rules.hasNewView(context),
  },
  delays: {
    joinRetry: ({ context }) => context.timings.joinRetryMs,
    changeTimeout: ({ context }) => context.timings.changeTimeoutMs,
    lonelyTimeout: ({ context }) => context.timings.lonelyMs,
    viewDebounce: ({ context }) => context.timings.viewDebounceMs,
  },
}).createMachine({
  id: 'membership',
  context: ({ input }) => rules.initialContext(input),
  type: 'parallel',
  on: {
    'connection.opened': { actions: 'noteContact' },
    'connection.closed': { actions: 'forgetContact' },
    'coordinator.followed': { actions: 'noteCoordinator' },
    'coordinator.lost': { actions: 'forgetCoordinator' },
    'member.suspected': { actions: 'noteSuspicion' },
    'member.trusted': { actions: 'noteSuspicion' },
    'member.absent': { actions: 'noteAbsence' },
    'followers.measured': { actions: 'noteProgress' },
    'view.installed': { actions: 'noteView' },
  },
  states: {
    seat: {
      initial: 'judging',
      states: {
        judging: {
          always: [
            { guard: 'isVoter', target: 'voter' },
            { guard: 'isLearner', target: 'learner' },
            { target: 'unjoined' },
          ],
        },
        // Waits for somebody to ask, for ever: a peer without a cluster never founds one by itself.
        unjoined: {
          always: [
            { guard: 'isVoter', target: 'voter' },
            { guard: 'isLearner', target: 'learner' },
            { guard: 'hasContact', target: 'joining' },
          ],
          on: { 'leave.requested': 'left' },
        },
        joining: {
          entry: ['nextContact', { type: 'send', params: rules.askToJoin }],
          always: [
            { guard: 'isVoter', target: 'voter' },
            { guard: 'isLearner', target: 'learner' },
          ],
          on: {
            'leave.requested': { target: 'left', actions: { type: 'send', params: rules.withdraw } },
            'membership.refuse': [
              { guard: 'isDisputable', target: 'disputed', actions: 'noteDispute' },
              {
                guard: 'isForUs',
                target: 'refused',
                actions: { type: 'refused', params: rules.refusalCode },
              },
            ],
          },
          after: { joinRetry: 'unjoined' },
        },
        disputed: {
          description:
            'Somebody else is taken for us: perhaps our last life, whose channel still stands there.',
          on: { 'leave.requested': { target: 'left', actions: { type: 'send', params: rules.withdraw } } },
          after: { joinRetry: 'unjoined' },
        },
        learner: {
          always: [
            { guard: 'isVoter', target: 'voter' },
            { guard: 'isStranger', target: 'unjoined' },
          ],
          on: { 'leave.requested': 'leaving', 'membership.gone': { guard: 'isForUs', target: 'doubting' } },
          after: {
            lonelyTimeout: [
              { guard: 'isForgotten', target: 'doubting' },
              { target: 'learner', reenter: true },
            ],
          },
        },
        voter: {
          always: [
            { guard: 'isLearner', target: 'learner' },
            { guard: 'isStranger', target: 'unjoined' },
          ],
          on: {
            'leave.requested': [{ guard: 'isLastVoter', target: 'left' }, { target: 'leaving' }],
            'membership.gone': { guard: 'isForUs', target: 'doubting' },
          },
          after: {
            lonelyTimeout: [
              { guard: 'isForgotten', target: 'doubting' },
              { target: 'voter', reenter: true },
            ],
          },
        },
        doubting: {
          description:
            'No coordinator has spoken for long, or one says that we do not belong: perhaps the cluster goes on without us.',
          entry: ['nextContact', { type: 'send', params: rules.askToJoin }],
          always: 'judging',
        },
        leaving: {
          description: 'Asks until the configuration is without us; a coordinator hands over first.',
          entry: [
            { type: 'leaving', params: rules.ourselves },
            { type: 'send', params: rules.askToLeave },
          ],
          // What is not committed may be taken back, and we would be missed as a voter.
          on: {
            'configuration.changed': { guard: 'isTakenOut', target: 'left' },
            'membership.gone': { guard: 'isForUs', target: 'left' },
          },
          after: {
            joinRetry: [
              // The others are gone, and have had the time to hear so; nobody is left to take us out.
              { guard: 'isLastVoter', target: 'left' },
              { target: 'leaving', reenter: true, actions: 'nextContact' },
            ],
          },
        },
        refused: { description: 'Its id is taken, or the cluster is full: this peer stops.' },
        left: { entry: { type: 'left', params: rules.ourselves } },
      },
    },

    register: {
      initial: 'resting',
      on: { 'configuration.changed': { actions: 'noteConfiguration' } },
      states: {
        resting: {
          description: 'Another peer coordinates: requests are passed on to it.',
          on: {
            'coordination.started': 'keeping',
            'membership.join': { actions: { type: 'send', params: rules.passOn } },
            'membership.leave': { actions: { type: 'send', params: rules.passOn } },
            'membership.refuse': { actions: { type: 'send', params: rules.passBack } },
            'membership.gone': { actions: { type: 'send', params: rules.passBack } },
          },
        },
        keeping: {
          description: 'We coordinate: one change at a time, and a view behind each.',
          initial: 'stable',
          exit: 'forgetRequests',
          on: {
            'coordination.ended': 'resting',
            'stranger.heard': { actions: { type: 'send', params: rules.tellStranger } },
            'connection.opened': { actions: ['noteContact', 'noteMoved'] },
            'configuration.changed': [
              {
                guard: 'hasDeparted',
                target: '.stable',
                actions: [
                  'noteConfiguration',
                  { type: 'sendEach', params: rules.tellLeavers },
                  'settleRequests',
                ],
              },
              { guard: 'isCommitted', target: '.stable', actions: ['noteConfiguration', 'settleRequests'] },
              { target: '.changing', actions: 'noteConfiguration' },
            ],
            'membership.join': [
              { guard: 'isRival', actions: { type: 'send', params: rules.refuseDuplicate } },
              { guard: 'isFull', actions: { type: 'send', params: rules.refuseFull } },
              { actions: 'noteApplicant' },
            ],
            'membership.leave': [
              { guard: 'isGone', actions: ['forgetApplicant', { type: 'send', params: rules.tellGone }] },
              { actions: 'noteLeaver' },
            ],
          },
          states: {
            stable: {
              always: [
                { guard: 'hasChange', target: 'proposing' },
                { guard: 'hasNewView', target: 'debouncing' },
              ],
            },
            proposing: {
              entry: { type: 'propose', params: proposeChange },
              after: { changeTimeout: 'stable' },
            },
            // Waits for the commit as long as the reign lasts: without a quorum there is nothing better to do.
            changing: {
              description: 'A configuration is in the log, and on its way to a quorum.',
              // Whoever it is without is not gone yet.
              on: { 'membership.leave': { actions: 'noteLeaver' } },
            },
            debouncing: {
              description: 'Suspicions come and go; only what stays is announced.',
              always: [
                { guard: 'hasChange', target: 'proposing' },
                { guard: 'isViewCurrent', target: 'stable' },
              ],
              after: { viewDebounce: 'announcing' },
            },
            announcing: {
              entry: [{ type: 'propose', params: rules.proposeView }, 'countView'],
              on: { 'view.installed': { target: 'stable', actions: 'noteView' } },
              after: { changeTimeout: 'stable' },
            },
          },
        },
      },
    },
  },
});
