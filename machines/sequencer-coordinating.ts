/**
 * The sequencer in office (the `coordinating` state of sequencer.ts): four things at once.
 *
 *   office:  establishing ──▶ serving ── handover.requested ──▶ levelling ──▶ handing ──▶ (the successor collects)
 *                                ▲                                 └── time-out ──┴──▶ resuming ──┐
 *                                └────────────────────────────────────────────────────────────────┘
 *   pulse:   beating, at every heartbeat          support: listening, and out of office without a quorum's answers
 *   voice:   silent ⇄ speaking, of what is committed
 *
 * Sources: Raft (Ongaro & Ousterhout 2014) §5.3, §5.4.2; its leadership transfer, with an abort path and a queue.
 */
import * as checks from './sequencer-checks.js';
import * as letters from './sequencer-letters.js';
import { sequencerSetup } from './sequencer-setup.js';

/** Numbers what is submitted, stores it, and sends it on. */
const order = [
  { type: 'write', params: letters.writeOfOrder },
  'order',
  { type: 'sendEach', params: letters.next },
  'markSent',
] as const;
const ordering = { 'sequencer.submit': { actions: order }, 'sequencer.open': { actions: order } } as const;
/** During a handover nothing is numbered: it is kept, and where there is no room it is to be sent again. */
const hold = [
  { guard: 'mayHold', actions: 'hold' },
  { actions: { type: 'send', params: letters.retry } },
] as const;
const holding = { 'sequencer.submit': hold, 'sequencer.open': hold } as const;

export const coordinating = sequencerSetup.createStateConfig({
  description: 'Owns the promised term: numbers what is submitted, commits what a quorum holds.',
  type: 'parallel',
  entry: [
    'takeOffice',
    { type: 'write', params: letters.writeOfOpening },
    'openReign',
    { type: 'established', params: letters.promisedNow },
    { type: 'sendEach', params: letters.next },
    'markSent',
  ],
  exit: { type: 'ended', params: letters.promisedNow },
  on: {
    'sequencer.appended': [
      { guard: 'areWeOdd', target: 'quarantined' },
      {
        guard: 'isOdd',
        actions: [
          { type: 'divergent', params: letters.senderNow },
          { type: 'send', params: checks.diverged },
        ],
      },
      {
        guard: 'isFollower',
        actions: [
          'noteAcknowledgement',
          'noteFollowerState',
          'advance',
          { type: 'sendEach', params: letters.next },
          'markSent',
        ],
      },
    ],
    'journal.persisted': {
      actions: ['noteDisk', 'advance', { type: 'sendEach', params: letters.next }, 'markSent'],
    },
    'sequencer.rejected': [
      { guard: 'isHigherTerm', target: 'replica.free', actions: 'noteTerm' },
      {
        guard: 'isFollower',
        actions: ['rewind', { type: 'sendEach', params: letters.next }, 'markSent'],
      },
    ],
    'sequencer.recover': {
      guard: 'isDamagedFollower',
      actions: [
        'noteDamage',
        { type: 'send', params: letters.recovered },
        { type: 'sendEach', params: letters.next },
        'markSent',
      ],
    },
    'sequencer.received': {
      guard: 'isReceiver',
      actions: ['notePart', { type: 'sendEach', params: letters.next }, 'markSent'],
    },
    'follower.reconnected': {
      actions: ['resume', { type: 'sendEach', params: letters.next }, 'markSent'],
    },
    // A coordinator that works is not disturbed, except by the successor it has named.
    'sequencer.collect': [
      {
        guard: 'isHandedOver',
        target: 'replica.promising',
        actions: [{ type: 'write', params: letters.writeOfPromise }, 'promise'],
      },
      { guard: 'isHigherTerm', actions: { type: 'send', params: letters.refuseBusy } },
      { guard: 'isFenced', actions: { type: 'send', params: letters.refusePromised } },
    ],
  },
  states: {
    office: {
      initial: 'establishing',
      states: {
        establishing: {
          description: 'Its first entry is not committed yet, so nothing older is known to be.',
          always: [
            {
              guard: 'mustHandOn',
              target: 'levelling',
              actions: { type: 'serving', params: letters.promisedNow },
            },
            {
              guard: 'hasCommittedItsTerm',
              target: 'serving',
              actions: { type: 'serving', params: letters.promisedNow },
            },
          ],
          on: { ...ordering, 'handover.requested': { actions: 'nameSuccessor' } },
        },
        serving: {
          on: {
            ...ordering,
            'entry.proposed': {
              guard: 'mayPropose',
              actions: [
                { type: 'write', params: letters.writeOfOrder },
                'order',
                'syncFollowers',
                { type: 'sendEach', params: letters.next },
                'markSent',
              ],
            },
            'handover.requested': { target: 'levelling', actions: 'nameSuccessor' },
          },
        },
        levelling: {
          description: 'Gives out no more numbers until the successor holds all there are.',
          always: { guard: 'isLevel', target: 'handing' },
          on: holding,
          after: { handoverTimeout: 'resuming' },
        },
        handing: {
          description: 'The successor has everything and has been told; it collects now.',
          entry: { type: 'send', params: letters.handover },
          on: holding,
          after: { handoverTimeout: 'resuming' },
        },
        resuming: {
          entry: [
            { type: 'handoverFailed', params: letters.successorNow },
            { type: 'write', params: letters.writeOfHeld },
            'releaseHeld',
            { type: 'sendEach', params: letters.next },
            'markSent',
          ],
          always: 'serving',
        },
      },
    },
    pulse: {
      initial: 'beating',
      states: {
        beating: {
          entry: [
            'syncFollowers',
            { type: 'measured', params: letters.measurement },
            { type: 'sendEach', params: letters.heartbeats },
          ],
          after: { heartbeatInterval: { target: 'beating', reenter: true } },
        },
      },
    },
    voice: {
      description:
        'Says how far the log is committed: at once, and then not for a moment, since entries carry it too.',
      initial: 'silent',
      states: {
        silent: { always: { guard: 'hasUnannouncedCommit', target: 'speaking' } },
        speaking: {
          entry: [{ type: 'sendEach', params: letters.announcements }, 'markAnnounced'],
          after: { announceRest: 'silent' },
        },
      },
    },
    support: {
      description: 'A coordinator must hear a quorum, not only speak to it.',
      initial: 'listening',
      states: {
        listening: {
          entry: 'forgetSupporters',
          after: {
            supportWindow: [
              { guard: 'hasSupport', target: 'listening', reenter: true },
              { target: '#sequencer.replica.free' },
            ],
          },
        },
      },
    },
  },
});
