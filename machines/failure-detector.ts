/**
 * Failure detector: what this peer believes of one member. One actor per member.
 *
 *   trusted ── silent for the suspect time-out ──▶ suspected
 *      ▲                                              │
 *      └────────────── heard from again ──────────────┘          either ── dismissed ──▶ failed
 *
 * A timed detector of the eventually perfect kind (Chandra & Toueg 1996): it may be wrong, and takes it back. Any frame
 * counts as a sign of life. It counts silent heartbeat intervals instead of re-arming a timer for every frame.
 */
import { assign, setup } from 'xstate';
import type { PeerId } from '../transport/protocol.js';
import { effect } from './effect.js';

export interface FailureDetectorInput {
  readonly member: PeerId;
  readonly heartbeatIntervalMs: number;
  readonly suspectTimeoutMs: number;
}

export interface Context extends FailureDetectorInput {
  /** Heartbeat intervals that have ended since the member was heard; the first may have begun before. */
  readonly silentIntervals: number;
}

export type FailureDetectorEvent =
  | { readonly type: 'member.heard' }
  /** The member has left, or another incarnation has taken its place: this one will not come back. */
  | { readonly type: 'member.dismissed' };

export const failureDetectorMachine = setup({
  types: {
    input: {} as FailureDetectorInput,
    context: {} as Context,
    events: {} as FailureDetectorEvent,
  },
  actions: {
    suspected: effect<{ member: PeerId }>(),
    trusted: effect<{ member: PeerId }>(),
    missed: effect<{ member: PeerId }>(),
    hear: assign({ silentIntervals: 0 }),
    countSilence: assign({ silentIntervals: ({ context }) => context.silentIntervals + 1 }),
  },
  guards: {
    // This way round, a machine without input comes to rest: XState's pure functions build one before they start.
    isShortlySilent: ({ context }) =>
      (context.silentIntervals + 1) * context.heartbeatIntervalMs < context.suspectTimeoutMs,
  },
  delays: {
    heartbeatInterval: ({ context }) => context.heartbeatIntervalMs,
    suspectTimeout: ({ context }) => context.suspectTimeoutMs,
  },
}).createMachine({
  id: 'failure-detector',
  context: ({ input }) => ({ ...input, silentIntervals: 0 }),
  initial: 'trusted',
  on: { 'member.dismissed': '.failed' },
  states: {
    trusted: {
      on: { 'member.heard': { actions: 'hear' } },
      after: {
        heartbeatInterval: [
          { guard: 'isShortlySilent', target: 'trusted', reenter: true, actions: 'countSilence' },
          { target: 'suspected' },
        ],
      },
    },
    // Waits to hear from it, for ever: suspicion is withdrawn by evidence, not by time.
    suspected: {
      entry: { type: 'suspected', params: whom },
      on: {
        'member.heard': { target: 'trusted', actions: ['hear', { type: 'trusted', params: whom }] },
      },
      // Silent for as long again: its connection may be dead without either end having noticed.
      after: { suspectTimeout: { actions: { type: 'missed', params: whom } } },
    },
    failed: { type: 'final' },
  },
});

function whom({ context }: { context: Context }) {
  return { member: context.member };
}
