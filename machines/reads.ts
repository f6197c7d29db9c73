/**
 * Reads: how old may an answer be? A linearizable reading shows everything that was acknowledged before it began.
 *
 *   own:     idle ⇄ asking ── nobody to ask ──▶ stranded         what this peer wants to read
 *   office:  resting ⇄ ready ⇄ confirming                        what others ask of it while it coordinates, or to pass on
 *
 * Whoever reads asks the coordinator how far the log was committed, and waits until it has applied as much itself. A
 * coordinator may have been deposed without knowing: so it remembers its commit index, asks its members whether they still
 * obey it, and answers once a quorum has said so. A reading that comes while they are asked waits for the next round, since
 * what they say may be older than it. No clock is leant on (PROTOCOL §10; etcd met stale reads by paused processes in 2025).
 *
 * Source: Ongaro 2014 (dissertation), §6.4, without leases.
 */
import { assign, setup } from 'xstate';
import type { Configuration, Member, PeerId, ReadsMessage, Term } from '../transport/protocol.js';
import { effect } from './effect.js';
import * as rules from './reads-rules.js';

export interface ReadsInput {
  readonly me: Member;
  /** In classic mode nobody is asked, and nothing is promised. */
  readonly isClassic: boolean;
  readonly retryMs: number;
}

export type ReadsEvent =
  | Exclude<ReadsMessage, { readonly type: 'reads.ask' | 'reads.confirm' }>
  /** With the commit index of the log as it stands here. */
  | (Extract<ReadsMessage, { readonly type: 'reads.ask' }> & { readonly commit: number })
  /** This peer wants to read; numbers count up from 1. */
  | { readonly type: 'reading.wanted'; readonly number: number }
  | { readonly type: 'coordinator.followed'; readonly coordinator: PeerId }
  | { readonly type: 'coordinator.lost' }
  /** This peer coordinates, and has committed an entry of its own term. */
  | { readonly type: 'coordination.started'; readonly term: Term }
  | { readonly type: 'term.ended' }
  | { readonly type: 'configuration.changed'; readonly configuration: Configuration };

export const readsMachine = setup({
  types: { input: {} as ReadsInput, context: {} as rules.Context, events: {} as ReadsEvent },
  actions: {
    sendEach: effect<{ letters: readonly rules.Letter[] }>(),
    /** Readings up to that number may be answered once this peer has applied the log up to `index`. */
    granted: effect<{ upTo: number; index: number }>(),
    want: assign(({ context, event }) => rules.want(context, event)),
    noteCoordinator: assign(({ event }) =>
      event.type === 'coordinator.followed' ? { coordinator: event.coordinator } : {},
    ),
    forgetCoordinator: assign({ coordinator: null }),
    request: assign(({ context }) => ({ request: context.request + 1, asked: context.wanted })),
    settle: assign(({ context }) => ({ settled: context.asked })),
    noteTerm: assign(({ event }) => (event.type === 'coordination.started' ? { term: event.term } : {})),
    forgetOffice: assign({ term: null, readers: [], next: [], confirmers: [] }),
    noteConfiguration: assign(({ event }) =>
      event.type === 'configuration.changed' ? { configuration: event.configuration } : {},
    ),
    queue: assign(({ context, event }) => rules.queue(context, event)),
    openRound: assign(({ context }) => rules.openRound(context)),
    noteConfirmation: assign(({ context, event }) => rules.noteConfirmation(context, event)),
    closeRound: assign({ readers: [] }),
  },
  guards: {
    hasNobody: ({ context }) => context.coordinator === null,
    hasCoordinator: ({ context }) => context.coordinator !== null,
    wantsMore: ({ context }) => context.wanted > context.settled,
    isAnswer: ({ context, event }) =>
      event.type === 'reads.grant' && !rules.isForAnother(event) && event.id === context.request,
    isForAnother: ({ event }) => rules.isForAnother(event),
    mayPassOn: ({ context, event }) => rules.mayPassOn(context, event),
    hasQueue: ({ context }) => context.next.length > 0,
    isConfirmed: ({ context }) => rules.isConfirmed(context),
  },
  delays: { retry: ({ context }) => context.retryMs },
}).createMachine({
  id: 'reads',
  type: 'parallel',
  context: ({ input }) => rules.initialContext(input),
  on: {
    'configuration.changed': { actions: 'noteConfiguration' },
    'reading.wanted': { actions: 'want' },
    'coordinator.followed': { actions: 'noteCoordinator' },
    'coordinator.lost': { actions: 'forgetCoordinator' },
    'reads.grant': { guard: 'isForAnother', actions: { type: 'sendEach', params: rules.passBack } },
  },
  states: {
    own: {
      initial: 'idle',
      states: {
        idle: { always: { guard: 'wantsMore', target: 'choosing' } },
        choosing: {
          always: [
            { guard: 'hasNobody', target: 'stranded' },
            { guard: 'wantsMore', target: 'asking' },
            { target: 'idle' },
          ],
        },
        asking: {
          entry: ['request', { type: 'sendEach', params: rules.ask }],
          always: { guard: 'hasNobody', target: 'stranded' },
          on: {
            'coordinator.followed': { target: 'choosing', actions: 'noteCoordinator' },
            'reads.grant': {
              guard: 'isAnswer',
              target: 'choosing',
              actions: [{ type: 'granted', params: rules.answer }, 'settle'],
            },
          },
          after: { retry: 'choosing' },
        },
        // Waits for a coordinator, for ever: whoever wants to read has a limit of its own.
        stranded: { always: { guard: 'hasCoordinator', target: 'choosing' } },
      },
    },
    office: {
      initial: 'resting',
      on: { 'term.ended': { target: '.resting', actions: 'forgetOffice' } },
      states: {
        resting: {
          on: {
            'coordination.started': { target: 'ready', actions: 'noteTerm' },
            // Whoever asks us for it does not hear the coordinator.
            'reads.ask': { guard: 'mayPassOn', actions: { type: 'sendEach', params: rules.passOn } },
          },
        },
        ready: {
          always: { guard: 'hasQueue', target: 'confirming' },
          on: { 'reads.ask': { actions: 'queue' } },
        },
        confirming: {
          entry: 'openRound',
          on: { 'reads.ask': { actions: 'queue' }, 'reads.confirmed': { actions: 'noteConfirmation' } },
          always: {
            guard: 'isConfirmed',
            target: 'ready',
            actions: [{ type: 'sendEach', params: rules.grants }, 'closeRound'],
          },
          initial: 'waiting',
          states: {
            waiting: {
              entry: { type: 'sendEach', params: rules.confirm },
              after: { retry: { target: 'waiting', reenter: true } },
            },
          },
        },
      },
    },
  },
});
