/**
 * The life of one auction.
 *
 *   announced ─▶ open ── enough bidders ─▶ confirming ─▶ round { bidding ─▶ revealing ─▶ complete } ─▶ closed
 *       │          │                           │          ▲ all have bid,   all have    │ one more round
 *       │          │                           │          │ or time is up   revealed … ─┘
 *       └──────────┴── nobody came, no word ───┴─▶ cancelled
 *
 * It runs inside a replicated state machine, so it neither sends nor waits: what it would wait for (`after`) becomes a
 * deadline in the log (life.ts), and what others are told follows from its states (news.ts).
 *
 * Source: SYSTEMS.md, Auction. Sealing and revealing in turn is the commitment scheme of Blum 1981.
 */
import { assign, setup } from 'xstate';
import {
  type Auction,
  commitRefusal,
  hasEnough,
  isAllRevealed,
  isAllSealed,
  joinRefusal,
  type OpenedBid,
  opened,
  type Party,
  revealRefusal,
  type SealedBid,
  type Terms,
  tallied,
  winnerOf,
} from './auction-rules.js';

export type AuctionEvent =
  | ({ readonly type: 'bidder.join' } & Party)
  | { readonly type: 'auctioneer.start' }
  /** `place`: its sequence in the log. */
  | ({ readonly type: 'bid.commit'; readonly place: number } & SealedBid)
  | ({ readonly type: 'bid.reveal' } & OpenedBid);

export const auctionMachine = setup({
  types: { input: {} as Terms, context: {} as Auction, events: {} as AuctionEvent },
  actions: {
    addBidder: assign(({ context, event }) => {
      if (event.type !== 'bidder.join') return {};
      const { name, key } = event;
      return { bidders: [...context.bidders, { name, key, tallies: [], countedAt: null }] };
    }),
    openRound: assign(({ context }) => ({ round: context.round + 1, envelopes: [] })),
    addEnvelope: assign(({ context, event }) => {
      if (event.type !== 'bid.commit') return {};
      const { name, seal, place } = event;
      return { envelopes: [...context.envelopes, { name, seal, place, amount: null }] };
    }),
    openEnvelope: assign(({ context, event }) => {
      if (event.type !== 'bid.reveal') return {};
      const { name, amount } = event;
      return { envelopes: context.envelopes.map((one) => (one.name === name ? { ...one, amount } : one)) };
    }),
    tally: assign(({ context }) => ({ bidders: tallied(context) })),
    award: assign(({ context }) => ({ winner: winnerOf(context), envelopes: [] })),
    noteTooFew: assign({ cause: 'too-few-bidders' }),
    noteUnconfirmed: assign({ cause: 'not-confirmed' }),
  },
  guards: {
    mayJoin: ({ context, event }) => event.type === 'bidder.join' && joinRefusal(context, event) === null,
    mayBid: ({ context, event }) => event.type === 'bid.commit' && commitRefusal(context, event) === null,
    mayReveal: ({ context, event }) => event.type === 'bid.reveal' && revealRefusal(context, event) === null,
    hasEnough: ({ context }) => hasEnough(context),
    isAllSealed: ({ context }) => isAllSealed(context),
    isAllRevealed: ({ context }) => isAllRevealed(context),
    isLastRound: ({ context }) => context.round >= context.rounds,
  },
  delays: {
    joinWait: ({ context }) => context.waits.joinMs,
    confirmWait: ({ context }) => context.waits.confirmMs,
    bidWait: ({ context }) => context.waits.bidMs,
    revealWait: ({ context }) => context.waits.revealMs,
  },
}).createMachine({
  id: 'auction',
  context: ({ input }) => opened(input),
  initial: 'announced',
  states: {
    announced: {
      description: 'Nobody has joined yet.',
      on: { 'bidder.join': { guard: 'mayJoin', target: 'open', actions: 'addBidder' } },
      after: { joinWait: { target: 'cancelled', actions: 'noteTooFew' } },
    },
    open: {
      description: 'Some have joined; more are needed.',
      always: { guard: 'hasEnough', target: 'confirming' },
      on: { 'bidder.join': { guard: 'mayJoin', actions: 'addBidder' } },
      after: { joinWait: { target: 'cancelled', actions: 'noteTooFew' } },
    },
    confirming: {
      description: 'There are enough bidders, and more may come until the auctioneer starts.',
      on: {
        'bidder.join': { guard: 'mayJoin', actions: 'addBidder' },
        'auctioneer.start': 'round',
      },
      after: { confirmWait: { target: 'cancelled', actions: 'noteUnconfirmed' } },
    },
    round: {
      entry: 'openRound',
      initial: 'bidding',
      states: {
        bidding: {
          description: 'Bids are taken, sealed.',
          always: { guard: 'isAllSealed', target: 'revealing' },
          on: { 'bid.commit': { guard: 'mayBid', actions: 'addEnvelope' } },
          // A bidder that has gone holds nobody up for longer.
          after: { bidWait: 'revealing' },
        },
        revealing: {
          description: 'No bid is taken any more; those that were are opened.',
          always: { guard: 'isAllRevealed', target: 'complete' },
          on: { 'bid.reveal': { guard: 'mayReveal', actions: 'openEnvelope' } },
          after: { revealWait: 'complete' },
        },
        complete: { type: 'final', entry: 'tally' },
      },
      onDone: [
        { guard: 'isLastRound', target: 'closed' },
        { target: 'round', reenter: true },
      ],
    },
    closed: { type: 'final', entry: 'award' },
    cancelled: { type: 'final' },
  },
});
