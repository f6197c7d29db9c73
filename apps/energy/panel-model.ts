/** What the panel shows, made of what the peer answers: pure, and the same things keep the same ids. */
import type * as z from 'zod';
import type { Status } from '../page/contract.js';
import type { AccountAnswer, MarketAnswer, TradeAnswer } from './operations.js';

export type Market = z.output<typeof MarketAnswer>;
export type Account = z.output<typeof AccountAnswer>;
export type Trade = z.output<typeof TradeAnswer>;
export type Policy = Market['policy'];

export interface TradesAnswer {
  readonly pending: readonly Trade[];
  readonly trades: readonly Trade[];
}

/** Whoever has an account, and what marks it: self, coordinator, active, suspected, departed. */
export interface Holder {
  readonly id: string;
  /** Among those that have opened an account, from 0: it keeps its colour when others come. */
  readonly place: number;
  readonly balance: number;
  readonly bought: number;
  readonly sold: number;
  readonly trades: number;
  readonly isSelf: boolean;
  readonly isCoordinator: boolean;
  readonly presence: 'active' | 'suspected' | 'departed';
}

/** A trade as a line. */
export interface Line {
  readonly id: number;
  readonly kind: Trade['kind'];
  readonly by: string;
  readonly with: string;
  readonly amount: number;
  readonly state: Trade['state'];
  readonly reason: string | null;
  /** When it was offered or, once it is over, concluded; ms since 1970. */
  readonly at: number;
  /** Until when it waits, and for how long in all; ms. */
  readonly until: number;
  readonly ofMs: number;
  readonly isOwn: boolean;
  /** Whether this peer is to answer it. */
  readonly isToAnswer: boolean;
}

export interface Shown {
  readonly isKnown: boolean;
  readonly self: string;
  readonly sum: number;
  /** What the sum has to be. */
  readonly due: number;
  readonly each: number;
  readonly policy: Policy;
  readonly now: number;
  readonly holders: readonly Holder[];
  /** Those this peer is to answer first, then oldest first. */
  readonly waiting: readonly Line[];
  /** Newest first. */
  readonly over: readonly Line[];
  readonly settled: number;
  readonly clock: readonly { readonly id: string; readonly count: number }[];
  readonly heldBack: readonly { readonly id: string; readonly count: number }[];
}

export const NOTHING: Shown = {
  isKnown: false,
  self: '',
  sum: 0,
  due: 0,
  each: 0,
  policy: 'accept',
  now: 0,
  holders: [],
  waiting: [],
  over: [],
  settled: 0,
  clock: [],
  heldBack: [],
};

/** @param status - of the same peer; null when it is not known. */
export function shownOf(market: Market, { pending, trades }: TradesAnswer, status: Status | null): Shown {
  const { id: self, accounts, sum, creditsAtStart: each, policy, now, counts, causal } = market;
  const lines = (all: readonly Trade[]) => all.map((trade) => lineOf(trade, self));
  const waiting = lines(pending);
  return {
    isKnown: true,
    self,
    sum,
    due: each * accounts.length,
    each,
    policy,
    now,
    holders: accounts
      .map((account, place) => holderOf(account, place, self, status))
      .sort((one, other) => one.id.localeCompare(other.id, 'en', { numeric: true })),
    waiting: [
      ...waiting.filter(({ isToAnswer }) => isToAnswer),
      ...waiting.filter(({ isToAnswer }) => !isToAnswer),
    ],
    over: lines(trades).reverse(),
    settled: counts.settled,
    clock: causal.clock.map(({ peer, count }) => ({ id: peer, count })),
    heldBack: causal.waiting.map(({ origin, count }) => ({ id: origin, count })),
  };
}

function holderOf(account: Account, place: number, self: string, status: Status | null): Holder {
  const { id, balance, bought, sold, trades, standing } = account;
  const member = status?.view.members.find((one) => one.id === id);
  const isSuspected = member?.state === 'suspected';
  return {
    ...{ id, place, balance, bought, sold, trades },
    isSelf: id === self,
    isCoordinator: status?.coordinator === id,
    presence: standing === 'departed' ? 'departed' : isSuspected ? 'suspected' : 'active',
  };
}

function lineOf(trade: Trade, self: string): Line {
  const { id, kind, by, with: other, amount, state, reason, at, until, concludedAt } = trade;
  return {
    ...{ id, kind, by, with: other, amount, state, reason, until },
    at: concludedAt ?? at,
    ofMs: until - at,
    isOwn: by === self || other === self,
    isToAnswer: other === self && state === 'pending',
  };
}

/** `1 sells 30 credits to 2` */
export function words({
  kind,
  by,
  with: other,
  amount,
}: Pick<Line, 'kind' | 'by' | 'with' | 'amount'>): string {
  const credits = amount === 1 ? '1 credit' : `${amount} credits`;
  return kind === 'sell' ? `${by} sells ${credits} to ${other}` : `${by} buys ${credits} from ${other}`;
}

/** What is said of the sum: it is what it has to be, or it is not. */
export const sumWords = ({ sum, due, each, holders }: Shown): string =>
  sum === due
    ? `${sum} credits = ${holders.length} × ${each}, whatever is traded`
    : `${sum} credits, which should be ${due}`;
