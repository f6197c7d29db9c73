/** What the panel shows, made of what `GET /v1/auctions` answers: pure, and the same elements keep the same ids. */
import type * as z from 'zod';
import type { AuctionAnswer, OutcomeAnswer } from './operations.js';

export type ShownAuction = z.output<typeof AuctionAnswer>;
export type ShownOutcome = z.output<typeof OutcomeAnswer>;

export interface AuctionsAnswer {
  readonly running: readonly ShownAuction[];
  readonly over: readonly ShownAuction[];
  readonly outcomes: readonly ShownOutcome[];
  /** The server's clock, ms since 1970. */
  readonly now: number;
}

/** How an envelope looks: not there yet, awaited, sealed, open; or what it turned out to be. */
export type Look = 'future' | 'awaited' | 'sealed' | 'open' | 'none' | 'unrevealed' | 'below-minimum';

export interface Envelope {
  /** The round, for what is shown and for what stays the same. */
  readonly id: number;
  readonly look: Look;
  /** Only of one that is open. */
  readonly amount: number | null;
}

export interface Row {
  readonly id: string;
  readonly total: number;
  readonly isWinner: boolean;
  readonly envelopes: readonly Envelope[];
}

export interface Card {
  readonly id: string;
  readonly item: string;
  readonly auctioneer: string;
  readonly minBid: number;
  readonly phase: ShownAuction['phase'];
  /** Where it stands, in words. */
  readonly words: string;
  readonly rounds: number;
  readonly rows: readonly Row[];
  /** When it goes on by itself, and how long the wait was, ms; null when it does not. */
  readonly due: { readonly at: number; readonly ofMs: number } | null;
}

export const cardOf = (auction: ShownAuction): Card => ({
  id: auction.id,
  item: auction.item,
  auctioneer: auction.auctioneer.name,
  minBid: auction.minBid,
  phase: auction.phase,
  words: wordsOf(auction),
  rounds: auction.rounds,
  rows: auction.bidders.map((bidder) => ({
    id: bidder.name,
    total: bidder.total,
    isWinner: auction.winner?.name === bidder.name,
    envelopes: Array.from({ length: auction.rounds }, (_, round) => envelopeOf(auction, bidder, round + 1)),
  })),
  due: auction.dueAt === null ? null : { at: auction.dueAt, ofMs: waitOf(auction) },
});

function envelopeOf(
  { round, envelopes, phase }: ShownAuction,
  { name, tallies }: ShownAuction['bidders'][number],
  id: number,
): Envelope {
  const tally = tallies[id - 1];
  if (typeof tally === 'number') return { id, look: 'open', amount: tally };
  if (tally !== undefined) return { id, look: tally, amount: null };
  const envelope = id === round ? envelopes.find((one) => one.name === name) : undefined;
  if (envelope !== undefined)
    return { id, look: envelope.amount === null ? 'sealed' : 'open', amount: envelope.amount };
  if (id === round && phase === 'revealing') return { id, look: 'none', amount: null };
  return { id, look: id === round && phase === 'bidding' ? 'awaited' : 'future', amount: null };
}

function waitOf({ phase, waits }: ShownAuction): number {
  switch (phase) {
    case 'announced':
    case 'open':
      return waits.joinMs;
    case 'confirming':
      return waits.confirmMs;
    case 'bidding':
      return waits.bidMs;
    case 'revealing':
      return waits.revealMs;
    case 'closed':
    case 'cancelled':
      return 0;
    default:
      return phase satisfies never;
  }
}

function wordsOf({ phase, bidders, biddersMin, round, rounds, winner, cause }: ShownAuction): string {
  switch (phase) {
    case 'announced':
    case 'open':
      return `waits for bidders: ${bidders.length} of ${biddersMin}`;
    case 'confirming':
      return 'enough bidders: its auctioneer is to start it';
    case 'bidding':
      return `round ${round} of ${rounds}: bids are taken, sealed`;
    case 'revealing':
      return `round ${round} of ${rounds}: the envelopes are opened`;
    case 'closed':
      return winner === null ? 'nobody has won: no bid counts' : `won by ${winner.name} with ${winner.total}`;
    case 'cancelled':
      return cause === 'not-confirmed'
        ? 'cancelled: it was not started in time'
        : 'cancelled: too few bidders';
    default:
      return phase satisfies never;
  }
}

/** What is said of an envelope, also to those who cannot see it. */
export function describe({ look, amount }: Envelope): string {
  switch (look) {
    case 'open':
      return String(amount);
    case 'future':
      return '';
    case 'awaited':
      return 'awaited';
    case 'sealed':
      return 'sealed';
    case 'none':
      return 'no bid';
    case 'unrevealed':
      return 'not revealed';
    case 'below-minimum':
      return 'too low';
    default:
      return look satisfies never;
  }
}

export function outcomeWords({ end, winner }: ShownOutcome): string {
  if (end === 'sold') return `won by ${winner?.name} with ${winner?.total}`;
  if (end === 'unsold') return 'nobody has won: no bid counts';
  return end === 'not-confirmed' ? 'cancelled: it was not started in time' : 'cancelled: too few bidders';
}
