/**
 * The sequencer as a replica (the `replica` state of sequencer.ts): it promises, verifies and stores.
 *
 *   free ── COLLECT of a higher term ──▶ promising ── on disk ──▶ free        free ── a meeting's word ──▶ recording ──▶ free
 *   any  ── APPEND of the promised term, or a higher one ──▶ loyal ── nothing heard for a while ──▶ free
 *   any  ── only others hear the coordinator ──▶ relayed (sequencer-relayed.ts) ── an APPEND comes ──▶ loyal
 */
import * as letters from './sequencer-letters.js';
import * as relay from './sequencer-relay.js';
import { relayed } from './sequencer-relayed.js';
import { sequencerSetup } from './sequencer-setup.js';

export const replica = sequencerSetup.createStateConfig({
  description: 'Obeys: stores what the coordinator of the promised term sends, or waits for one.',
  initial: 'free',
  on: { 'coordinator.relayed': { target: '.relayed', actions: 'noteRelay' } },
  states: {
    relayed,
    // Waits for a coordinator or a candidate, for ever: calling elections is not its business.
    free: {
      always: { guard: 'isDamaged', target: '#sequencer.damaged' },
      on: {
        'collect.requested': {
          guard: 'mayStand',
          target: '#sequencer.standing',
          actions: ['openTerm', { type: 'write', params: letters.writeOfOwnTerm }],
        },
        'meeting.agreed': {
          guard: 'isBlank',
          target: 'recording',
          actions: [{ type: 'write', params: letters.writeOfMeeting }, 'takeMeeting'],
        },
        'meeting.ended': {
          guard: 'holdsAgreement',
          target: 'recording',
          actions: [{ type: 'write', params: letters.writeOfMeeting }, 'takeMeeting'],
        },
        'meeting.founded': {
          guard: 'holdsAgreement',
          actions: [{ type: 'write', params: letters.writeOfMeeting }, 'takeMeeting'],
        },
      },
    },
    recording: {
      description: 'With whom we found a cluster, or that it came to nothing, is on its way to disk.',
      on: {
        'coordinator.relayed': {},
        'journal.persisted': [
          {
            guard: 'isStored',
            target: 'free',
            actions: ['noteDisk', { type: 'recorded', params: letters.recordNow }],
          },
          { actions: 'noteDisk' },
        ],
      },
    },
    promising: {
      description: 'A promise is on its way to disk; until it is there, nobody hears of it.',
      entry: { type: 'promised', params: letters.promisedNow },
      on: {
        'journal.persisted': [
          {
            guard: 'isPromiseDurable',
            target: 'free',
            actions: ['noteDisk', { type: 'send', params: letters.promiseMessage }],
          },
          { actions: 'noteDisk' },
        ],
      },
    },
    loyal: {
      description: 'Has heard its coordinator lately, and so promises nobody else.',
      initial: 'judging',
      after: { stickiness: 'free' },
      on: {
        'coordinator.suspected': 'free',
        // For those who do not hear it.
        'sequencer.relay': { actions: { type: 'send', params: relay.news } },
        'sequencer.submit': { actions: { type: 'send', params: relay.passedOn } },
        'sequencer.open': { actions: { type: 'send', params: relay.passedOn } },
        'collect.requested': {
          guard: 'asksNobody',
          target: '#sequencer.standing',
          actions: ['openTerm', { type: 'write', params: letters.writeOfOwnTerm }],
        },
        'journal.persisted': [
          {
            guard: 'isPromiseDurable',
            actions: ['noteDisk', { type: 'send', params: letters.appended }],
          },
          { actions: 'noteDisk' },
        ],
        'sequencer.collect': [
          { guard: 'isFenced', actions: { type: 'send', params: letters.refusePromised } },
          {
            guard: 'isHandedOver',
            target: 'promising',
            actions: [{ type: 'write', params: letters.writeOfPromise }, 'promise'],
          },
          { actions: { type: 'send', params: letters.refuseBusy } },
        ],
        'sequencer.handover': {
          guard: 'isLevelWithCoordinator',
          target: 'free',
          actions: { type: 'handoverOffered', params: letters.promisedNow },
        },
      },
      states: {
        judging: {
          always: [
            { guard: 'isInstalling', target: 'installing' },
            { guard: 'holdsWhatIsCommitted', target: 'following' },
            { target: 'catchingUp' },
          ],
        },
        following: {},
        installing: { description: 'Receives the snapshot that will take the place of its log.' },
        catchingUp: { description: 'Does not hold yet what it knows to be committed.' },
      },
    },
  },
});
