/**
 * Discovery: asks who is there for as long as this peer has no company.
 *
 *   asking { calling ×3 ▶ waiting ▶ calling … } ⇄ found
 *
 * Whoever is heard of is an address to dial, no more: who listens there, the greeting shows. Answers to others are given all
 * the while, below. The three questions in a row are the originals' (JOIN three times, 100 ms apart): datagrams get lost.
 */
import { assign, setup } from 'xstate';
import { effect } from './effect.js';

/** Questions in a row. */
const CALLS = 3;
const CALL_INTERVAL_MS = 100;
/** From one row to the next, for ever: who is not there yet may come. */
const ASK_INTERVAL_MS = 5000;

export type DiscoveryEvent =
  /** Somebody of this cluster is to be found there. */
  | { readonly type: 'discovery.heard'; readonly address: string }
  /** We belong, and are connected with somebody. */
  | { readonly type: 'company.found' }
  | { readonly type: 'company.lost' };

export const discoveryMachine = setup({
  types: { context: {} as { readonly calls: number }, events: {} as DiscoveryEvent },
  actions: {
    ask: effect<Record<string, never>>(),
    located: effect<{ address: string }>(),
    countCall: assign({ calls: ({ context }) => context.calls + 1 }),
    forgetCalls: assign({ calls: 0 }),
  },
  guards: { hasCalled: ({ context }) => context.calls >= CALLS },
  delays: { callInterval: CALL_INTERVAL_MS, askInterval: ASK_INTERVAL_MS },
}).createMachine({
  id: 'discovery',
  context: { calls: 0 },
  initial: 'asking',
  states: {
    asking: {
      initial: 'calling',
      on: {
        'company.found': 'found',
        'discovery.heard': {
          actions: { type: 'located', params: ({ event }) => ({ address: event.address }) },
        },
      },
      states: {
        calling: {
          entry: [{ type: 'ask', params: {} }, 'countCall'],
          after: {
            callInterval: [
              { guard: 'hasCalled', target: 'waiting' },
              { target: 'calling', reenter: true },
            ],
          },
        },
        waiting: { entry: 'forgetCalls', after: { askInterval: 'calling' } },
      },
    },
    found: {
      description: 'The members are known by the log from now on; what strangers shout is not listened to.',
      entry: 'forgetCalls',
      on: { 'company.lost': 'asking' },
    },
  },
});
