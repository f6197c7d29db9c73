/**
 * Bully election: the highest reachable, fit member becomes coordinator.
 *
 *   following ── coordinator suspected ──▶ (deciding) ──▶ challenging ── nobody higher answers ──▶ winning ──▶ coordinating
 *       ▲                                   │      ▲            │ OK                                  │              │
 *       │                   no quorum: isolated    └── awaitingCoordinator ◀── time-out: resting ◀────┘              │
 *       └────────────────────────────── COORDINATOR, or an APPEND of its term ───────────────────────────────────────┘
 *
 * Source: H. Garcia-Molina, "Elections in a Distributed Computing System", 1982, §III.
 * What differs. Winning here is only the permission to run: the sequencer must win a term from a quorum before anybody is
 * told COORDINATOR. A peer that hears no quorum does not run (isolated); one whose neighbours hear a working coordinator
 * does not disturb it (relayed); an OK from a member that is not fit to lead does not silence those below it; and a
 * higher member that comes back does not challenge: the coordinator hands over to it once it has caught up.
 */
import { assign, setup } from 'xstate';
import type { ElectionMessage, PeerId, Term } from '../transport/protocol.js';
import { effect } from './effect.js';
import * as office from './election-office.js';
import * as rules from './election-rules.js';

export type { ElectionEvent, ElectionInput } from './election-rules.js';

/** A challenge does not change what we are about; a lower member is told whether it has to wait for us. */
const answering = [{ guard: 'isNotFromLower' }, { actions: { type: 'send', params: rules.answer } }] as const;
const refusing = [{ guard: 'isNotFromLower' }, { actions: { type: 'send', params: rules.decline } }] as const;

export const electionMachine = setup({
  types: {
    input: {} as rules.ElectionInput,
    context: {} as rules.Context,
    events: {} as rules.ElectionEvent,
  },
  actions: {
    send: effect<{ to: readonly PeerId[]; message: ElectionMessage }>(),
    // Facts.
    won: effect<{ handoverOf: Term | null }>(),
    followed: effect<{ coordinator: PeerId; term: Term }>(),
    relayed: effect<{ coordinator: PeerId; term: Term; through: PeerId }>(),
    lost: effect<{ term: Term }>(),
    yielding: effect<{ successor: PeerId }>(),
    // Steps.
    noteNeighbour: assign(({ context, event }) => rules.noteNeighbour(context, event)),
    forgetNeighbour: assign(({ context, event }) => rules.forgetNeighbour(context, event)),
    noteConfiguration: assign(({ context, event }) => rules.noteConfiguration(context, event)),
    noteCoordinator: assign(({ context, event }) => rules.noteCoordinator(context, event)),
    noteEvidence: assign(({ context }) => rules.noteEvidence(context)),
    noteWitness: assign(({ context }) => rules.noteWitness(context)),
    noteSpeaker: assign(({ event }) => rules.noteSpeaker(event)),
    forgetWitness: assign({ through: null }),
    forgetCoordinator: assign({ coordinator: null, through: null }),
    nextRound: assign({ round: ({ context }) => context.round + 1, handoverOf: null }),
    backOff: assign(({ context }) => rules.backOff(context)),
    calmDown: assign({ attempts: 0 }),
    noteHandover: assign(({ event }) => rules.noteHandover(event)),
    noteTransfer: assign(({ event }) => office.noteTransfer(event)),
    notePace: assign(({ event }) => office.notePace(event)),
    noteRival: assign(({ context }) => office.noteRival(context)),
    beginTrial: assign(({ context }) => office.beginTrial(context)),
    forgive: assign(({ context }) => office.forgive(context)),
    noteFlap: assign(({ context }) => office.noteFlap(context)),
  },
  guards: {
    isVoter: ({ context }) => rules.isVoter(context),
    isObserver: ({ context }) => !rules.isVoter(context),
    isCoordinator: ({ context, event }) => 'member' in event && event.member === context.coordinator,
    hasYielded: ({ context, event }) => rules.hasYielded(context, event),
    hasResigned: ({ context, event }) => rules.hasResigned(context, event),
    isStale: ({ context, event }) => rules.isStale(context, event),
    isFitAnswer: ({ context, event }) => rules.isFitAnswer(context, event),
    isNotFromLower: ({ context, event }) => !rules.isFromLower(context, event),
    isFit: ({ context }) => rules.isFit(context),
    isQuorumConnected: ({ context }) => rules.isQuorumConnected(context),
    endsEvidence: ({ context, event }) => rules.endsEvidence(context, event),
    hasEvidence: ({ context }) => rules.hasEvidence(context),
    hasOtherEvidence: ({ context }) => rules.hasOtherEvidence(context),
    hearsCoordinator: ({ context }) => rules.hearsCoordinator(context),
    isCoordinatorFresh: ({ context }) => rules.isCoordinatorFresh(context),
    namesUs: ({ context, event }) => 'coordinator' in event && event.coordinator === context.me.id,
    isAliveDirect: ({ context, event }) => rules.isAliveDirect(context, event),
    bullies: ({ context }) => rules.bullies(context),
    nobodyHigher: ({ context }) => rules.higher(context).length === 0,
    isRivalReady: ({ context }) => rules.rival(context) !== undefined,
    isRivalGone: ({ context }) => rules.rival(context) === undefined,
    mayYieldTo: ({ context, event }) => office.mayYieldTo(context, event),
    isToUs: ({ context, event }) => office.isToUs(context, event),
    isToSuccessor: ({ context, event }) => office.isToSuccessor(context, event),
    mustHold: ({ context }) => office.mustHold(context),
    mayHandOver: ({ context }) => context.takeover === 'afterSync',
  },
  delays: {
    joinGrace: ({ context }) => context.timings.joinGraceMs,
    answerTimeout: ({ context }) => context.timings.answerTimeoutMs,
    coordinatorTimeout: ({ context }) => rules.patience(context, context.timings.coordinatorTimeoutMs),
    restTimeout: ({ context }) => rules.patience(context, context.timings.answerTimeoutMs),
    // The sequencer gives up after its own time-out and says so; this one only guards against silence.
    winTimeout: ({ context }) => 3 * context.timings.collectTimeoutMs,
    takeoverStable: ({ context }) => context.timings.takeoverStableMs,
    handoverTimeout: ({ context }) => 3 * context.timings.handoverTimeoutMs,
    holdDown: ({ context }) => office.holdDown(context),
    flapWindow: ({ context }) => context.timings.flapWindowMs,
  },
}).createMachine({
  id: 'election',
  context: ({ input }) => rules.initialContext(input),
  initial: 'waiting',
  on: {
    'failure.heartbeat': { actions: 'noteNeighbour' },
    'followers.measured': { actions: 'notePace' },
    'member.suspected': { actions: 'forgetNeighbour' },
    'configuration.changed': { actions: 'noteConfiguration' },
    // An APPEND of the coordinator's term has been accepted, or the announcement has come: any challenge is over.
    'coordinator.followed': { target: '.following.direct', actions: 'noteCoordinator' },
    'election.coordinator': [
      { guard: 'isStale' },
      {
        target: '.following.direct',
        actions: ['noteCoordinator', { type: 'followed', params: rules.coordinatorNow }],
      },
    ],
    'handover.offered': { target: '.winning', actions: 'noteHandover' },
    'term.established': { target: '.coordinating', actions: 'noteCoordinator' },
    'election.transfer': { actions: { type: 'send', params: office.declineNotOurs } },
    'election.start': [
      { guard: 'isNotFromLower' },
      {
        guard: 'isFit',
        target: '.challenging',
        actions: { type: 'send', params: rules.answer },
      },
      { actions: { type: 'send', params: rules.answer } },
    ],
  },
  states: {
    waiting: {
      description: 'Knows no coordinator yet, and gives one a chance to be heard.',
      entry: 'forgetCoordinator',
      after: {
        joinGrace: [
          { guard: 'isVoter', target: 'deciding' },
          { guard: 'hasEvidence', target: 'deciding' },
          { target: 'waiting', reenter: true },
        ],
      },
    },

    following: {
      description: 'A coordinator is known; as long as it is heard there is nothing to do.',
      initial: 'direct',
      entry: ['calmDown', 'beginTrial'],
      after: { flapWindow: { actions: 'forgive' } },
      on: {
        'term.promised': '.promised',
        // It has been restarted, or has stepped down: it is heard, and coordinates no more.
        'failure.heartbeat': [
          { guard: 'hasResigned', target: 'deciding', actions: 'noteNeighbour' },
          { guard: 'hasYielded', target: '.promised', actions: 'noteNeighbour' },
          { actions: 'noteNeighbour' },
        ],
        'election.start': [
          { guard: 'isNotFromLower' },
          { guard: 'isCoordinatorFresh', actions: { type: 'send', params: rules.alive } },
          { guard: 'isFit', target: 'challenging', actions: { type: 'send', params: rules.answer } },
          { actions: { type: 'send', params: rules.answer } },
        ],
      },
      states: {
        promised: {
          description:
            'A candidate has our promise, or that of the coordinator we followed: that this one says so is no news.',
          entry: 'forgetWitness',
          on: { 'failure.heartbeat': { actions: 'noteNeighbour' } },
          after: { coordinatorTimeout: '#election.deciding' },
        },
        direct: {
          always: { guard: 'bullies', target: '#election.challenging' },
          on: {
            'member.suspected': [
              { guard: 'isCoordinator', target: '#election.deciding', actions: 'forgetNeighbour' },
              { actions: 'forgetNeighbour' },
            ],
          },
        },
        relayed: {
          description:
            'Others hear the coordinator and we do not: no reason to disturb it. We work through one of them.',
          always: [
            {
              guard: 'hearsCoordinator',
              target: 'direct',
              actions: ['forgetWitness', { type: 'followed', params: rules.coordinatorNow }],
            },
            {
              guard: 'hasOtherEvidence',
              target: 'relayed',
              reenter: true,
              actions: ['noteEvidence', 'noteWitness', { type: 'relayed', params: rules.wayNow }],
            },
          ],
          on: {
            'failure.heartbeat': [
              { guard: 'hasResigned', target: '#election.deciding', actions: 'noteNeighbour' },
              // The last one that heard it does not any more.
              { guard: 'endsEvidence', target: '#election.deciding', actions: 'noteNeighbour' },
              { actions: 'noteNeighbour' },
            ],
          },
          // Whoever told us that it lives may have said so long ago.
          after: { coordinatorTimeout: '#election.deciding' },
        },
      },
    },

    deciding: {
      description: 'The coordinator is gone, for us: is it gone, and may we run?',
      always: [
        { guard: 'hasEvidence', target: 'following.relayed', actions: 'noteEvidence' },
        { guard: 'isObserver', target: 'waiting', actions: { type: 'lost', params: rules.termNow } },
        { guard: 'isQuorumConnected', target: 'challenging' },
        { target: 'isolated' },
      ],
    },

    // Waits for a quorum to be heard, for ever: without one no election can be won.
    isolated: {
      entry: ['noteFlap', 'forgetCoordinator', { type: 'lost', params: rules.termNow }],
      always: { guard: 'isQuorumConnected', target: 'deciding' },
    },

    challenging: {
      description: 'Asks every higher member; silence means they are all gone.',
      entry: [
        'noteFlap',
        'forgetCoordinator',
        'nextRound',
        { type: 'lost', params: rules.termNow },
        { type: 'send', params: rules.askHigher },
      ],
      always: { guard: 'nobodyHigher', target: 'winning' },
      on: {
        'election.answer': { guard: 'isFitAnswer', target: 'awaitingCoordinator' },
        'term.promised': 'awaitingCoordinator',
        'election.alive': [
          { guard: 'isStale' },
          // It has not noticed yet that we are out of office.
          { guard: 'namesUs' },
          {
            guard: 'isAliveDirect',
            target: 'following.direct',
            actions: ['noteCoordinator', { type: 'followed', params: rules.coordinatorNow }],
          },
          {
            target: 'following.relayed',
            actions: ['noteCoordinator', 'noteSpeaker', { type: 'relayed', params: rules.wayNow }],
          },
        ],
        'election.start': answering,
      },
      after: { answerTimeout: 'winning' },
    },

    awaitingCoordinator: {
      description: 'Somebody has said OK, or has our promise, and will win, unless it dies first.',
      entry: 'backOff',
      on: { 'election.start': answering },
      after: { coordinatorTimeout: 'deciding' },
    },

    handedOver: {
      description:
        'Somebody has asked for our promise, and it will be the successor: it is named until it leads.',
      on: { 'election.start': answering },
      after: { coordinatorTimeout: 'deciding' },
    },

    winning: {
      description: 'Nobody higher stands in the way; the sequencer asks a quorum for the term.',
      entry: { type: 'won', params: rules.handoverNow },
      on: { 'term.abandoned': 'resting', 'election.start': answering },
      after: { winTimeout: 'resting' },
    },

    resting: {
      description: 'A term was not won; gives others a chance before the next attempt.',
      entry: ['backOff', 'forgetCoordinator'],
      after: { restTimeout: 'deciding' },
    },

    deposed: {
      description:
        'A quorum has promised another term, or does not answer: whoever comes next, it is not us for now. Nobody need wait for us.',
      entry: 'backOff',
      on: { 'election.start': refusing },
      after: { coordinatorTimeout: 'deciding' },
    },

    coordinating: {
      entry: ['calmDown', { type: 'send', params: rules.announce }],
      initial: 'settling',
      on: {
        'term.ended': {
          target: 'deposed',
          actions: ['forgetCoordinator', { type: 'lost', params: rules.termNow }],
        },
        'election.start': { actions: { type: 'send', params: rules.announceToSender } },
        'election.transfer': [
          { guard: 'isToUs', actions: { type: 'send', params: rules.announceToSender } },
          { guard: 'mayYieldTo', target: '.yielding', actions: 'noteTransfer' },
          { actions: { type: 'send', params: office.declineReluctant } },
        ],
      },
      states: {
        settling: { always: [{ guard: 'mustHold', target: 'holding' }, { target: 'unrivalled' }] },
        unrivalled: { always: { guard: 'isRivalReady', target: 'rivalled' } },
        rivalled: {
          description:
            'A higher member is back, fit and level. If none ever takes over, it may stay so for ever.',
          always: { guard: 'isRivalGone', target: 'unrivalled' },
          after: { takeoverStable: { guard: 'mayHandOver', target: 'yielding', actions: 'noteRival' } },
        },
        yielding: {
          entry: { type: 'yielding', params: office.successorNow },
          on: {
            'term.ended': {
              target: '#election.handedOver',
              actions: ['forgetCoordinator', { type: 'lost', params: rules.termNow }],
            },
            'handover.failed': {
              target: 'holding',
              actions: { type: 'send', params: office.declineAborted },
            },
            'election.transfer': [
              { guard: 'isToSuccessor' },
              { actions: { type: 'send', params: office.declineBusy } },
            ],
          },
          after: {
            handoverTimeout: {
              target: 'holding',
              actions: { type: 'send', params: office.declineAborted },
            },
          },
        },
        holding: {
          description: 'The office has just changed hands, or would not: nobody takes it over for a while.',
          after: { holdDown: 'unrivalled' },
        },
      },
    },
  },
});
