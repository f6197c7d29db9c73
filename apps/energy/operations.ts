/** The market over HTTP: what it holds, and how to trade. */
import * as z from 'zod';
import { type Operation, operation, refused } from '../node/system.js';
import { ANSWER_POLICIES, type TradingDesk } from './desk.js';
import {
  accountOf,
  CREDITS_AT_START,
  OFFER_MS,
  type Outcome,
  type RefusalCode,
  sumOf,
  tradeOf,
} from './terms.js';
import { isOf } from './words.js';

/** Exported for the page, which reads what is answered. */
export const AccountAnswer = z.object({
  id: z.string(),
  standing: z.enum(['open', 'departed']),
  balance: z.number(),
  sold: z.number(),
  bought: z.number(),
  trades: z.number(),
  since: z.number(),
});
export const TradeAnswer = z.object({
  id: z.number(),
  kind: z.enum(['sell', 'buy']),
  by: z.string(),
  with: z.string(),
  seller: z.string(),
  buyer: z.string(),
  amount: z.number(),
  state: z.enum(['pending', 'settled', 'refused', 'expired']),
  reason: z.string().nullable(),
  at: z.number().describe('when it was offered, ms since 1970 by the time of the log'),
  until: z.number().describe('how long it waits for its answer'),
  concludedAt: z.number().nullable(),
});
export const MarketAnswer = z.object({
  id: z.string(),
  balance: z.number().nullable().describe('of this peer; null until its account is open'),
  sum: z.number().describe('of all balances: 100 for each account, always'),
  creditsAtStart: z.number().describe('of each account'),
  accounts: z.array(AccountAnswer),
  counts: z.object({ offered: z.number(), concluded: z.number(), settled: z.number() }),
  policy: z.enum(ANSWER_POLICIES).describe('what becomes of offers to this peer'),
  now: z.number().describe('the clock of this peer, ms since 1970'),
  causal: z.object({
    clock: z.array(z.object({ peer: z.string(), life: z.number(), count: z.number() })),
    heldBack: z.number().describe('messages of the causal channel that wait for others'),
    waiting: z.array(z.object({ origin: z.string(), count: z.number() })).describe('which they are'),
  }),
});
const Policy = z.strictObject({ policy: z.enum(ANSWER_POLICIES) });

const STATUS_OF: Partial<Record<RefusalCode, number>> = {
  'bad-amount': 400,
  'unknown-peer': 404,
  'unknown-trade': 404,
  'not-yours': 403,
};

/** What came of it. @throws HttpProblem with the reason when it was refused. */
function answered(outcome: Outcome): unknown {
  if (outcome.ok) return outcome.trade;
  throw refused(outcome.code, outcome.reason, STATUS_OF[outcome.code]);
}

const TradeId = z.coerce
  .number('is no number')
  .int('is no number of a trade')
  .positive('is no number of a trade');
const LIMIT_MAX = 1000;

export const energyOperations = (desk: TradingDesk): readonly Operation[] => [
  operation({
    method: 'GET',
    path: 'energy',
    summary: 'the balance of this peer, every account, and the sum of them all',
    answer: MarketAnswer,
    handle: () => {
      const { id } = desk.peer;
      const state = desk.state();
      const { clock, heldBack } = desk.peer.causal.status();
      const { accounts, counts } = state;
      const balance = accountOf(state, id)?.balance ?? null;
      return {
        id,
        balance,
        sum: sumOf(state),
        creditsAtStart: CREDITS_AT_START,
        accounts,
        counts,
        policy: desk.policy,
        now: Date.now(),
        causal: {
          clock,
          heldBack: heldBack.length,
          waiting: heldBack.map(({ origin, count }) => ({ origin, count })),
        },
      };
    },
  }),
  operation({
    method: 'POST',
    path: 'energy/policy',
    summary: 'says what becomes of offers to this peer, those that wait included; forgotten when it ends',
    body: Policy,
    answer: Policy,
    status: 200,
    handle: ({ body: { policy } }) => {
      desk.adopt(policy);
      return { policy };
    },
  }),
  operation({
    method: 'GET',
    path: 'energy/trades',
    summary: 'offers that wait for an answer, and the newest concluded trades, oldest first',
    query: z.strictObject({
      peer: z.string().optional().describe('those of this peer only'),
      limit: z.coerce.number().int().min(1).max(LIMIT_MAX).default(100),
    }),
    answer: z.object({ pending: z.array(TradeAnswer), trades: z.array(TradeAnswer) }),
    handle: ({ query: { peer, limit } }) => {
      const { pending, concluded } = desk.state();
      const wanted = (trades: typeof pending) =>
        peer === undefined ? trades : trades.filter((trade) => isOf(trade, peer));
      return { pending: wanted(pending), trades: wanted(concluded).slice(-limit) };
    },
  }),
  operation({
    method: 'POST',
    path: 'energy/trades',
    summary: 'offers a trade; answers once the offer stands in the log, pending',
    body: z.strictObject({
      kind: z.enum(['sell', 'buy']),
      with: z.string().min(1).max(64),
      amount: z.number(),
      expiresInMs: z.number().int().min(OFFER_MS.least).max(OFFER_MS.most).optional(),
    }),
    answer: TradeAnswer,
    handle: async ({ body }, submit) => answered(await desk.offer(body, submit)),
  }),
  operation({
    method: 'GET',
    path: 'energy/trades/:id',
    summary: 'one trade, as it stands here',
    params: z.strictObject({ id: TradeId }),
    answer: TradeAnswer,
    handle: ({ params: { id } }) => {
      const trade = tradeOf(desk.state(), id);
      if (trade === undefined) throw refused('unknown-trade', `there is no trade ${id}`, 404);
      return trade;
    },
  }),
  operation({
    method: 'POST',
    path: 'energy/trades/:id/answer',
    summary: 'accepts or refuses an offer that was made to this peer; accepting settles it',
    params: z.strictObject({ id: TradeId }),
    body: z.strictObject({ accept: z.boolean() }),
    answer: TradeAnswer,
    status: 200,
    handle: async ({ params: { id }, body: { accept } }, submit) =>
      answered(await desk.answer(id, accept, submit)),
  }),
];
