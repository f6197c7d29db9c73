/**
 * Causal: broadcast straight between peers, without the log. No message is delivered before one that its sender had seen.
 *
 *   delivering ── another has seen more ──▶ catchingUp ── asked once, a while has passed ──▶ delivering
 *       │                                        │
 *       └──── a message whose past is missing ───┴──▶ holdingBack ── it has come, or is given up ──▶ delivering
 *
 * Best effort: what nobody keeps any more is given up after a while, and then what depended on it is delivered without it;
 * what turns up behind its time is dropped. Whoever comes to a conversation that is far ahead begins where it stands: it could
 * hold no more than a little of it back. So the order holds always, and completeness while senders live. Peers tell one
 * another now and then what they have seen, so the last message of all is missed too, and whoever keeps it says it again.
 *
 * One is asked at a time, and not again before it can have answered: if all said the same again at every digest, a peer that
 * is behind would be kept behind by what helps it.
 *
 * Source: Birman, Schiper, Stephenson 1991 (CBCAST), with repair from anybody instead of a reliable channel.
 */
import { assign, setup } from 'xstate';
import type { CausalMessage, PeerId } from '../transport/protocol.js';
import * as rules from './causal-rules.js';
import { effect } from './effect.js';

export interface CausalInput {
  readonly me: PeerId;
  /** When this peer started, ms since 1970: it counts its messages anew. */
  readonly life: number;
  readonly fetchIntervalMs: number;
}

export type CausalEvent =
  | CausalMessage
  | { readonly type: 'broadcast.wanted'; readonly topic: string; readonly payload: unknown }
  /** It is time to tell the others what has been seen here. */
  | { readonly type: 'gossip.due' }
  /** Who belongs, this peer left out. */
  | { readonly type: 'others.changed'; readonly others: readonly PeerId[] };

export const causalMachine = setup({
  types: { input: {} as CausalInput, context: {} as rules.Context, events: {} as CausalEvent },
  actions: {
    sendEach: effect<{ letters: readonly rules.Letter[] }>(),
    delivered: effect<{ messages: readonly rules.Broadcast[] }>(),
    noteOthers: assign(({ event }) => (event.type === 'others.changed' ? { others: event.others } : {})),
    broadcast: assign(({ context, event }) => rules.broadcast(context, event)),
    take: assign(({ context, event }) => rules.take(context, event)),
    tellDelivered: assign({ fresh: [] }),
    passOver: assign(({ context, event }) => rules.passOver(context, event)),
    giveUp: assign(({ context }) => rules.giveUp(context)),
    countAttempt: assign(({ context }) => ({ attempts: context.attempts + 1 })),
    forgetAttempts: assign({ attempts: 0 }),
  },
  guards: {
    isFarBehind: ({ context, event }) => rules.isFarBehind(context, event),
    isBehind: ({ context, event }) => rules.isBehind(context, event),
    hasFresh: ({ context }) => context.fresh.length > 0,
    hasHeld: ({ context }) => context.held.length > 0,
    hasNoneHeld: ({ context }) => context.held.length === 0,
    isHopeless: ({ context }) => rules.isHopeless(context),
  },
  delays: {
    fetchInterval: ({ context }) => context.fetchIntervalMs,
  },
}).createMachine({
  id: 'causal',
  context: ({ input }) => rules.initialContext(input),
  always: { guard: 'hasFresh', actions: [{ type: 'delivered', params: rules.freshNow }, 'tellDelivered'] },
  on: {
    'others.changed': { actions: 'noteOthers' },
    'broadcast.wanted': { actions: ['broadcast', { type: 'sendEach', params: rules.newest }] },
    'causal.message': { actions: 'take' },
    'causal.fetch': { actions: { type: 'sendEach', params: rules.kept } },
    'causal.digest': { guard: 'isFarBehind', actions: 'passOver' },
    'gossip.due': { actions: { type: 'sendEach', params: rules.digest } },
  },
  initial: 'delivering',
  states: {
    delivering: {
      always: { guard: 'hasHeld', target: 'holdingBack' },
      on: {
        'causal.digest': [
          { guard: 'isFarBehind', actions: 'passOver' },
          {
            guard: 'isBehind',
            target: 'catchingUp',
            actions: { type: 'sendEach', params: rules.fetchFromTeller },
          },
        ],
      },
    },
    catchingUp: {
      description: 'Another has seen more, and was asked for it.',
      always: { guard: 'hasHeld', target: 'holdingBack.waiting' },
      after: { fetchInterval: { target: 'delivering' } },
    },
    holdingBack: {
      entry: 'forgetAttempts',
      always: [
        { guard: 'hasNoneHeld', target: 'delivering' },
        { guard: 'isHopeless', actions: 'giveUp' },
      ],
      initial: 'asking',
      states: {
        waiting: {
          description: 'Somebody has been asked already.',
          after: { fetchInterval: { target: 'asking' } },
        },
        asking: {
          entry: [{ type: 'sendEach', params: rules.fetchMissing }, 'countAttempt'],
          after: { fetchInterval: { target: 'asking', reenter: true } },
        },
      },
    },
  },
});
