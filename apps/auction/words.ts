/** News, lists and single auctions in words, and as facts for programs. The capitals are the words of the original. */
import type { Facts } from '../node/report.js';
import { type Auction, type Bidder, type Party, type Tally, totalOf } from './auction-rules.js';
import { type Life, phaseOf } from './life.js';
import type { News } from './news.js';
import type { Outcome } from './outcome.js';
import type { Auctions } from './state.js';

export interface Telling {
  /** Its name for programs. */
  readonly event: string;
  readonly facts: Facts;
  readonly words: string;
}

const secondsOf = (ms: number): string => `${Math.round(ms / 1000)} s`;

/**
 * How somebody is told.
 *
 * @param me - who hears it; null for a server, which hears everything.
 * @returns null when it does not concern them: others hear of what is announced, and of what they take part in.
 */
export function tellingOf({ life, happening }: News, me: Party | null): Telling | null {
  const { context } = life;
  const { id, item, rounds, waits } = context;
  const name = `auction ${id}, ${item}`;
  if (me !== null && happening.type !== 'announced' && !concerns(context, me)) return null;
  const telling = (event: string, facts: Facts, words: string): Telling => ({
    event,
    facts: { auction: id, ...facts },
    words: `${event.toUpperCase()} ${name}: ${words}`,
  });
  switch (happening.type) {
    case 'announced':
      return telling(
        'auction_announced',
        {
          item,
          auctioneer: context.auctioneer.name,
          minBid: context.minBid,
          rounds,
          biddersMin: context.biddersMin,
        },
        `offered by ${context.auctioneer.name}; minimum bid ${context.minBid}, ${counted(rounds, 'round')}, needs ${counted(context.biddersMin, 'bidder')}`,
      );
    case 'joined':
      return telling(
        'auction_joined',
        { name: happening.name, bidders: context.bidders.map((bidder) => bidder.name) },
        `${happening.name} takes part`,
      );
    case 'confirming':
      return telling(
        'auction_ready',
        { withinMs: waits.confirmMs },
        isAuctioneer(context, me)
          ? `enough bidders; begin with "start ${id}" within ${secondsOf(waits.confirmMs)}, or it is cancelled`
          : `enough bidders; its auctioneer has ${secondsOf(waits.confirmMs)} to start it`,
      );
    case 'round-started':
      return telling(
        'round_start',
        { round: happening.round, rounds, withinMs: waits.bidMs },
        `round ${happening.round} of ${rounds}; bids are taken for ${secondsOf(waits.bidMs)}${isBidder(context, me) ? `: bid ${id} AMOUNT` : ''}`,
      );
    case 'bid-sealed':
      return happening.name === me?.name && isBidder(context, me)
        ? telling(
            'bid_submit',
            { round: happening.round },
            `your bid of round ${happening.round} is sealed; it is revealed by itself when the round takes no more`,
          )
        : telling(
            'bid_sealed',
            { round: happening.round, name: happening.name },
            `${happening.name} has bid in round ${happening.round}`,
          );
    case 'bids-closed':
      return telling(
        'bids_closed',
        { round: happening.round },
        `round ${happening.round} takes no more bids; the envelopes are opened`,
      );
    case 'round-completed': {
      const results = happening.tallies.map((one) => `${one.name} ${wordsOf(one.tally)}`);
      return telling(
        'round_complete',
        { round: happening.round, bids: happening.tallies.map((one) => `${one.name}:${one.tally}`) },
        `round ${happening.round} of ${rounds}: ${results.join(', ')}`,
      );
    }
    case 'closed':
      return closing(context, me, telling);
    case 'cancelled':
      return telling('auction_cancelled', { cause: context.cause }, causeOf(context.cause));
    default:
      return happening satisfies never;
  }
}

function closing(
  { winner, bidders }: Auction,
  me: Party | null,
  telling: (event: string, facts: Facts, words: string) => Telling,
): Telling {
  if (winner === null) return telling('auction_unsold', {}, 'over; no bid counts, so nobody has won');
  const facts = { winner: winner.name, total: winner.total };
  const mine = bidders.find(({ name, key }) => name === me?.name && key === me.key);
  if (mine === undefined)
    return telling('auction_closed', facts, `won by ${winner.name} with ${winner.total}`);
  if (mine.name === winner.name)
    return telling('auction_winner', facts, `you have won, with ${winner.total}`);
  return telling(
    'auction_loser',
    { ...facts, yours: totalOf(mine) },
    `won by ${winner.name} with ${winner.total}; you had ${totalOf(mine)}`,
  );
}

const isAuctioneer = ({ auctioneer }: Auction, me: Party | null): boolean => auctioneer.key === me?.key;
const isBidder = ({ bidders }: Auction, me: Party | null): boolean =>
  bidders.some(({ key }) => key === me?.key);
export const concerns = (auction: Auction, me: Party): boolean =>
  isAuctioneer(auction, me) || isBidder(auction, me);

export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

export function wordsOf(tally: Tally): string {
  switch (tally) {
    case 'none':
      return '0 (no bid)';
    case 'unrevealed':
      return '0 (not revealed)';
    case 'below-minimum':
      return '0 (below the minimum)';
    default:
      return String(tally);
  }
}

const causeOf = (cause: Auction['cause'] | Outcome['end']): string =>
  cause === 'not-confirmed'
    ? 'cancelled: its auctioneer did not start it in time'
    : 'cancelled: too few bidders came in time';

/** Where it stands, in a few words. @param now - ms since 1970. */
export function standing(life: Life, now: number): string {
  const { round, rounds, bidders, biddersMin, winner, cause } = life.context;
  const left = life.due === null ? '' : `, ${secondsOf(Math.max(0, life.due.at - now))} left`;
  const phase = phaseOf(life);
  switch (phase) {
    case 'announced':
    case 'open':
      return `${phase}, ${bidders.length} of ${biddersMin} bidders${left}`;
    case 'confirming':
      return `confirming, waits for its auctioneer${left}`;
    case 'bidding':
    case 'revealing':
      return `${phase}, round ${round} of ${rounds}${left}`;
    case 'closed':
      return winner === null ? 'closed, unsold' : `closed, won by ${winner.name} with ${winner.total}`;
    case 'cancelled':
      return causeOf(cause);
    default:
      return phase satisfies never;
  }
}

const endOf = ({ end, winner }: Outcome): string => {
  if (end === 'sold') return `closed, won by ${winner?.name} with ${winner?.total}`;
  return end === 'unsold' ? 'closed, unsold' : causeOf(end);
};

/** One line for each auction that is known, in the order of their numbers. */
export function listLines({ outcomes, closed, running }: Auctions, now: number): readonly Telling[] {
  const lives = [...closed, ...running].sort((a, b) => Number(a.context.id) - Number(b.context.id));
  const line = (id: string, item: string, where: string): Telling => ({
    event: 'auction',
    facts: { auction: id, item, standing: where },
    words: `${id.padStart(4)}  ${item}: ${where}`,
  });
  return [
    ...outcomes.map((outcome) => line(outcome.id, outcome.item, endOf(outcome))),
    ...lives.map((life) => {
      const { facts, words, event } = line(life.context.id, life.context.item, standing(life, now));
      const { auctioneer, minBid, bidders } = life.context;
      const more = { phase: phaseOf(life), auctioneer: auctioneer.name, minBid };
      return {
        event,
        facts: { ...facts, ...more, bidders: bidders.map(({ name }) => name) },
        words: `${words}; by ${auctioneer.name}, minimum bid ${minBid}`,
      };
    }),
  ];
}

/** A key, short enough to compare by eye. */
export const fingerprint = (key: string): string => key.slice(0, 8);

export function showLines(life: Life, now: number): readonly Telling[] {
  const { id, item, auctioneer, minBid, rounds, bidders, envelopes } = life.context;
  const stateOf = ({ name, tallies }: Bidder): string => {
    const bids = tallies.map((tally, round) => `round ${round + 1}: ${wordsOf(tally)}`);
    const envelope = envelopes.find((one) => one.name === name);
    const present = envelope === undefined ? [] : [`now: ${envelope.amount ?? 'sealed'}`];
    return [...bids, ...present, `total ${totalOf({ tallies })}`].join(', ');
  };
  return [
    {
      event: 'auction',
      facts: {
        auction: id,
        item,
        phase: phaseOf(life),
        standing: standing(life, now),
        auctioneer: auctioneer.name,
        minBid,
        rounds,
      },
      words: `auction ${id}, ${item}: ${standing(life, now)}; by ${auctioneer.name} (key ${fingerprint(auctioneer.key)}), minimum bid ${minBid}, ${counted(rounds, 'round')}`,
    },
    ...bidders.map((bidder) => ({
      event: 'bidder',
      facts: {
        auction: id,
        name: bidder.name,
        key: fingerprint(bidder.key),
        bids: bidder.tallies.map(String),
        total: totalOf(bidder),
      },
      words: `  ${bidder.name} (key ${fingerprint(bidder.key)}): ${stateOf(bidder)}`,
    })),
  ];
}
