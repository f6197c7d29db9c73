/** The calls below `/v1/auctions`: what a client does at its console, for programs that hold a key of their own. */
import * as z from 'zod';
import type { Peer, SubmitOptions } from '../../actors/index.js';
import { type Operation, operation, refused } from '../node/system.js';
import { referenceOf, totalOf } from './auction-rules.js';
import {
  Amount,
  type AuctionAct,
  AuctionId,
  Name,
  Nonce,
  Offer,
  Party,
  Round,
  Seal,
  Signature,
} from './commands.js';
import { type Life, phaseOf } from './life.js';
import type { Outcome } from './outcome.js';
import { auctions } from './replica.js';
import { lifeOf, unknown } from './state.js';

const Tally = z.union([z.number(), z.enum(['none', 'unrevealed', 'below-minimum'])]);

export const AuctionAnswer = z.object({
  id: AuctionId,
  reference: z.string().describe('what seals and signatures name it by'),
  phase: z.enum(['announced', 'open', 'confirming', 'bidding', 'revealing', 'closed', 'cancelled']),
  item: z.string(),
  minBid: z.number(),
  rounds: z.number(),
  biddersMin: z.number(),
  auctioneer: Party,
  createdAt: z.number(),
  waits: z.object({
    joinMs: z.number(),
    confirmMs: z.number(),
    bidMs: z.number(),
    revealMs: z.number(),
  }),
  round: z.number(),
  bidders: z.array(z.object({ name: Name, key: z.string(), tallies: z.array(Tally), total: z.number() })),
  envelopes: z.array(z.object({ name: Name, seal: Seal, place: z.number(), amount: z.number().nullable() })),
  winner: z.object({ name: Name, total: z.number() }).nullable(),
  cause: z.enum(['too-few-bidders', 'not-confirmed']).nullable(),
  dueAt: z.number().nullable().describe('when it goes on by itself, ms since 1970'),
});

export const OutcomeAnswer = z.object({
  id: AuctionId,
  item: z.string(),
  end: z.enum(['sold', 'unsold', 'too-few-bidders', 'not-confirmed']),
  winner: z.object({ name: Name, total: z.number() }).nullable(),
});

const shown = (life: Life) => {
  const { bidders, ...context } = life.context;
  return {
    ...context,
    reference: referenceOf(life.context),
    phase: phaseOf(life),
    bidders: bidders.map(({ name, key, tallies }) => ({ name, key, tallies, total: totalOf({ tallies }) })),
    dueAt: life.due?.at ?? null,
  };
};

const One = z.object({ id: AuctionId });
const Done = z.object({ id: AuctionId, sequence: z.number() });

export function operations(peer: Peer): readonly Operation[] {
  const replica = peer.replica(auctions);
  const act = async (command: AuctionAct, submit: SubmitOptions) => {
    const { result, sequence } = await replica.execute(command, submit);
    if (!result.ok) throw refused(result.code, result.reason, STATUS[result.code]);
    return { id: 'auction' in result ? result.auction : '', sequence };
  };
  return [
    operation({
      method: 'GET',
      path: 'auctions',
      summary: 'every auction: those that run, those that are over, and what came of older ones',
      answer: z.object({
        running: z.array(AuctionAnswer),
        over: z.array(AuctionAnswer),
        outcomes: z.array(OutcomeAnswer),
        now: z.number().describe('the clock of this server, ms since 1970'),
      }),
      handle: () => {
        const { running, closed, outcomes } = replica.state();
        return {
          running: running.map(shown),
          over: closed.map(shown),
          outcomes: outcomes satisfies readonly Outcome[],
          now: Date.now(),
        };
      },
    }),
    operation({
      method: 'GET',
      path: 'auctions/:id',
      summary: 'one auction that is not long over',
      params: One,
      answer: AuctionAnswer,
      handle: ({ params: { id } }) => {
        const life = lifeOf(replica.state(), id);
        if (life !== undefined) return shown(life);
        const { code, reason } = unknown(replica.state(), id);
        throw refused(code, reason, 404);
      },
    }),
    operation({
      method: 'POST',
      path: 'auctions',
      summary: 'offers an item',
      body: Offer.extend({ auctioneer: Party }),
      answer: Done,
      handle: ({ body: { auctioneer, ...offer } }, submit) =>
        act({ act: 'create', auctioneer, offer }, submit),
    }),
    operation({
      method: 'POST',
      path: 'auctions/:id/join',
      summary: 'takes part; signed is "join", the reference and the name, a line each',
      params: One,
      body: z.strictObject({ bidder: Party, signature: Signature }),
      answer: Done,
      handle: ({ params: { id }, body }, submit) => act({ act: 'join', auction: id, ...body }, submit),
    }),
    operation({
      method: 'POST',
      path: 'auctions/:id/start',
      summary: 'begins the first round; signed by the auctioneer is "start" and the reference, a line each',
      params: One,
      body: z.strictObject({ signature: Signature }),
      answer: Done,
      handle: ({ params: { id }, body }, submit) => act({ act: 'start', auction: id, ...body }, submit),
    }),
    operation({
      method: 'POST',
      path: 'auctions/:id/bid-commitment',
      summary:
        'seals a bid; the seal is the SHA-256 of nonce, reference, round, name and amount, a line each; signed is "commit", reference, name, round and seal, a line each',
      params: One,
      body: z.strictObject({ name: Name, round: Round, seal: Seal, signature: Signature }),
      answer: Done,
      handle: ({ params: { id }, body }, submit) => act({ act: 'commit', auction: id, ...body }, submit),
    }),
    operation({
      method: 'POST',
      path: 'auctions/:id/reveal',
      summary: 'opens an envelope, once its round takes no more bids',
      params: One,
      body: z.strictObject({ name: Name, round: Round, amount: Amount, nonce: Nonce }),
      answer: Done,
      handle: ({ params: { id }, body }, submit) => act({ act: 'reveal', auction: id, ...body }, submit),
    }),
  ];
}

/** 409 where it is not said otherwise. */
const STATUS: Readonly<Record<string, number>> = {
  'unknown-auction': 404,
  gone: 404,
  'bad-signature': 403,
  'not-the-auctioneer': 403,
  'not-a-bidder': 403,
  'too-many': 429,
};
