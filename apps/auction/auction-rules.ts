/**
 * What an auction holds, and its rules: who may join, which bids count, who wins. Pure functions over plain values.
 *
 * Amounts are whole credits. Until a bid is revealed nothing here can tell its amount: there is only its seal.
 */
import { sealOf } from './seal.js';

export const AUCTION_LIMITS = {
  roundsMax: 10,
  biddersMax: 32,
  amountMax: 1_000_000_000_000,
  itemCharactersMax: 120,
  /** The longest time a state of an auction may wait, ms. */
  waitMsMax: 24 * 60 * 60 * 1000,
} as const;

/** Who takes part: a name, and the public key that proves who speaks in it (Ed25519, base64url). */
export interface Party {
  readonly name: string;
  readonly key: string;
}

/** How long each state waits, ms. */
export interface Waits {
  /** For enough bidders, from each change on. */
  readonly joinMs: number;
  /** For the auctioneer, once there are enough. */
  readonly confirmMs: number;
  readonly bidMs: number;
  readonly revealMs: number;
}

/** SYSTEMS: the auctioneer has 60 s. The others are ours. */
export const WAITS: Waits = { joinMs: 600_000, confirmMs: 60_000, bidMs: 60_000, revealMs: 20_000 };

/** What the auctioneer has laid down. */
export interface Terms {
  readonly id: string;
  readonly item: string;
  readonly minBid: number;
  readonly rounds: number;
  readonly biddersMin: number;
  readonly auctioneer: Party;
  /** Ms since 1970, by the time of the log. */
  readonly createdAt: number;
  readonly waits: Waits;
}

/** What one bid of a round came to: its amount, or why it counts 0. */
export type Tally = number | 'none' | 'unrevealed' | 'below-minimum';

export interface Bidder extends Party {
  /** Of the rounds that are complete, in order. */
  readonly tallies: readonly Tally[];
  /** Where in the log the last bid of theirs stands that counted; null before there is one. */
  readonly countedAt: number | null;
}

/** A bid of the present round, as others see it: closed until its amount is told. */
export interface Envelope {
  readonly name: string;
  /** SHA-256, hex: see seal.ts. */
  readonly seal: string;
  /** Its sequence in the log. */
  readonly place: number;
  /** Null while it is sealed. */
  readonly amount: number | null;
}

export interface Auction extends Terms {
  /** In the order in which they joined. */
  readonly bidders: readonly Bidder[];
  /** From 1; 0 before the first. */
  readonly round: number;
  /** Of this round, in the order of the log. */
  readonly envelopes: readonly Envelope[];
  readonly winner: { readonly name: string; readonly total: number } | null;
  /** Why it was cancelled. */
  readonly cause: 'too-few-bidders' | 'not-confirmed' | null;
}

/** Why something is not done: a code for programs, a sentence for people. */
export interface Refusal {
  readonly code: string;
  readonly reason: string;
}

const no = (code: string, reason: string): Refusal => ({ code, reason });

export const opened = (terms: Terms): Auction => ({
  ...terms,
  bidders: [],
  round: 0,
  envelopes: [],
  winner: null,
  cause: null,
});

/** What seals and signatures name an auction by: ids begin again at 1 in a new cluster, this does not. */
export const referenceOf = ({ id, createdAt }: Pick<Terms, 'id' | 'createdAt'>): string =>
  `${id}@${createdAt}`;

export const bidderOf = ({ bidders }: Auction, name: string): Bidder | undefined =>
  bidders.find((bidder) => bidder.name === name);

export const envelopeOf = ({ envelopes }: Auction, name: string): Envelope | undefined =>
  envelopes.find((envelope) => envelope.name === name);

export const hasEnough = ({ bidders, biddersMin }: Auction): boolean => bidders.length >= biddersMin;
export const isAllSealed = ({ bidders, envelopes }: Auction): boolean => envelopes.length === bidders.length;
export const isAllRevealed = ({ envelopes }: Auction): boolean =>
  envelopes.every(({ amount }) => amount !== null);

/** What counts of a bidder's bids so far. */
export const totalOf = ({ tallies }: Pick<Bidder, 'tallies'>): number =>
  tallies.reduce<number>((sum, tally) => sum + (typeof tally === 'number' ? tally : 0), 0);

export function joinRefusal(auction: Auction, { name, key }: Party): Refusal | null {
  const { id, auctioneer, bidders } = auction;
  const known = bidderOf(auction, name);
  if (known?.key === key) return no('already-joined', `${name} takes part in auction ${id} already`);
  if (known !== undefined || name === auctioneer.name)
    return key === auctioneer.key
      ? no('own-auction', `auction ${id} is your own: its auctioneer may not bid`)
      : no('name-taken', `somebody else is ${name} in auction ${id}: take another name`);
  if (key === auctioneer.key || bidders.some((bidder) => bidder.key === key))
    return no('name-taken', `you take part in auction ${id} under another name already`);
  return bidders.length >= AUCTION_LIMITS.biddersMax
    ? no('full', `auction ${id} has ${AUCTION_LIMITS.biddersMax} bidders, and takes no more`)
    : null;
}

export interface SealedBid {
  readonly name: string;
  readonly round: number;
  readonly seal: string;
}

export function commitRefusal(auction: Auction, { name, round }: SealedBid): Refusal | null {
  const { id } = auction;
  if (bidderOf(auction, name) === undefined)
    return no('not-a-bidder', `${name} takes no part in auction ${id}: only who has joined may bid`);
  if (round !== auction.round) return no('wrong-round', `auction ${id} is in round ${auction.round}`);
  return envelopeOf(auction, name) === undefined
    ? null
    : no(
        'already-bid',
        `${name} has bid in round ${round} of auction ${id} already: the first bid of a round stands`,
      );
}

export interface OpenedBid {
  readonly name: string;
  readonly round: number;
  readonly amount: number;
  readonly nonce: string;
}

export function revealRefusal(auction: Auction, bid: OpenedBid): Refusal | null {
  const { id } = auction;
  if (bid.round !== auction.round) return no('wrong-round', `auction ${id} is in round ${auction.round}`);
  const envelope = envelopeOf(auction, bid.name);
  if (envelope === undefined)
    return no('not-sealed', `${bid.name} has sealed no bid in round ${bid.round} of auction ${id}`);
  if (sealOf({ ...bid, auction: referenceOf(auction) }) !== envelope.seal)
    return no('bad-reveal', `that is not what ${bid.name} has sealed in round ${bid.round} of auction ${id}`);
  return envelope.amount === null
    ? null
    : no('already-revealed', `${bid.name} has revealed the bid of round ${bid.round} already`);
}

/** A round is over: each bidder's bid counts what it was, or 0 and why. */
export function tallied({ minBid, bidders, envelopes }: Auction): readonly Bidder[] {
  return bidders.map((bidder) => {
    const envelope = envelopes.find(({ name }) => name === bidder.name);
    const tally = tallyOf(envelope, minBid);
    const countedAt = typeof tally === 'number' && envelope ? envelope.place : bidder.countedAt;
    return { ...bidder, tallies: [...bidder.tallies, tally], countedAt };
  });
}

function tallyOf(envelope: Envelope | undefined, minBid: number): Tally {
  if (envelope === undefined) return 'none';
  if (envelope.amount === null) return 'unrevealed';
  return envelope.amount < minBid ? 'below-minimum' : envelope.amount;
}

/**
 * The highest total wins. Of equal ones it is the one that was complete first: whose last counted bid was sealed earlier,
 * by the order of the log. Nobody wins without a bid that counts.
 */
export function winnerOf({ bidders }: Auction): Auction['winner'] {
  const [first] = bidders
    .filter(({ countedAt }) => countedAt !== null)
    .sort((a, b) => totalOf(b) - totalOf(a) || (a.countedAt ?? 0) - (b.countedAt ?? 0));
  return first === undefined ? null : { name: first.name, total: totalOf(first) };
}
