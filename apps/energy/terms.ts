/** What the energy market is about: accounts, trades, the commands that change them. Plain values, all of it in snapshots. */
import * as z from 'zod';

/** What a peer starts with, at its first join and never again. */
export const CREDITS_AT_START = 100;
/** Offers that wait for an answer: of one peer, and of all. */
export const PENDING_EACH_MAX = 100;
export const PENDING_MAX = 5000;
export const ACCOUNTS_MAX = 1000;
/** Concluded trades that are remembered; of more, the oldest go. What they came to stays in the accounts. */
export const TRADES_KEPT = 1000;
/** How long an offer waits for its answer, ms by the time of the log. */
export const OFFER_MS = { default: 30_000, least: 100, most: 600_000 } as const;
const REASON_CHARACTERS_MAX = 200;

export interface Account {
  readonly id: string;
  readonly standing: 'open' | 'departed';
  readonly balance: number;
  /** Credits of all trades so far: `balance` is always 100 + bought - sold. */
  readonly sold: number;
  readonly bought: number;
  /** Trades that were settled. */
  readonly trades: number;
  /** Where in the log it was opened last. */
  readonly since: number;
}

export type TradeKind = 'sell' | 'buy';
export type TradeState = 'pending' | 'settled' | 'refused' | 'expired';

export interface Trade {
  /** The place of the offer in the log: no two have the same. */
  readonly id: number;
  /** What its maker wants to do: `by` sells to, or buys from, `with`. */
  readonly kind: TradeKind;
  readonly by: string;
  readonly with: string;
  readonly seller: string;
  readonly buyer: string;
  readonly amount: number;
  readonly state: TradeState;
  /** Why it came to nothing, in words; null otherwise. */
  readonly reason: string | null;
  /** By the time of the log, ms since 1970: when it was offered, until when it waits, when it was concluded. */
  readonly at: number;
  readonly until: number;
  readonly concludedAt: number | null;
}

/** The replicated state: the registry and the ledger. */
export interface Market {
  /** In the order in which they were first opened. */
  readonly accounts: readonly Account[];
  /** Offers without an answer, oldest first. */
  readonly pending: readonly Trade[];
  /** The newest concluded ones, oldest first. */
  readonly concluded: readonly Trade[];
  /** How many there were in all. */
  readonly counts: { readonly offered: number; readonly concluded: number; readonly settled: number };
}

const PeerName = z.string().min(1).max(64);
const TradeId = z.number().int().positive();

/** What stands in the log. Who says it is its `origin`, which nobody can choose. */
export const EnergyCommand = z.discriminatedUnion('type', [
  /** "I trade here": opens an account at the first join, opens it again when the peer comes back. */
  z.strictObject({ type: z.literal('open') }),
  /** The coordinator's word that a peer is no member any more. Its credits stay; its offers end. */
  z.strictObject({ type: z.literal('depart'), peer: PeerName }),
  /** TRADE_REQUEST: the maker's consent. Any number is read, so that a wrong one is refused with its reason. */
  z.strictObject({
    type: z.literal('offer'),
    kind: z.enum(['sell', 'buy']),
    with: PeerName,
    amount: z.number(),
    expiresInMs: z.number().int().min(OFFER_MS.least).max(OFFER_MS.most).default(OFFER_MS.default),
  }),
  /** TRADE_CONFIRM: the counterparty's consent to exactly these terms; settles the trade, or refuses it. */
  z.strictObject({
    type: z.literal('confirm'),
    id: TradeId,
    seller: PeerName,
    buyer: PeerName,
    amount: z.number(),
  }),
  /** TRADE_RESPONSE "no". */
  z.strictObject({
    type: z.literal('refuse'),
    id: TradeId,
    reason: z.string().max(REASON_CHARACTERS_MAX).default('the counterparty refuses'),
  }),
]);
export type EnergyCommand = z.infer<typeof EnergyCommand>;
export type CommandOf<Type extends EnergyCommand['type']> = Extract<EnergyCommand, { type: Type }>;

export type RefusalCode =
  | 'no-account'
  | 'not-a-peer'
  | 'registry-full'
  | 'own-id'
  | 'unknown-peer'
  | 'departed-peer'
  | 'bad-amount'
  | 'insufficient-balance'
  | 'too-many-offers'
  | 'unknown-trade'
  | 'not-yours'
  | 'concluded-already'
  | 'terms-differ';

export interface Refusal {
  readonly ok: false;
  readonly code: RefusalCode;
  /** In words, for people. */
  readonly reason: string;
}

/** What came of a command. `trade` is that of an offer or an answer. */
export type Outcome = { readonly ok: true; readonly trade: Trade | null } | Refusal;

/** Σ of all balances. */
export const sumOf = ({ accounts }: Market): number =>
  accounts.reduce((sum, { balance }) => sum + balance, 0);

export const accountOf = ({ accounts }: Market, peer: string): Account | undefined =>
  accounts.find(({ id }) => id === peer);

/** A trade that waits, or one that is remembered. */
export const tradeOf = ({ pending, concluded }: Market, id: number): Trade | undefined =>
  pending.find((trade) => trade.id === id) ?? concluded.find((trade) => trade.id === id);

export const isAmount = (amount: number): boolean => Number.isSafeInteger(amount) && amount > 0;
