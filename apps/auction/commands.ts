/** Everything that is ever asked of the auctions, as it stands in the log. */
import * as z from 'zod';
import { AUCTION_LIMITS, WAITS } from './auction-rules.js';

export const Name = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
    'a name has 1 to 64 letters, digits, dots, _ and -, a letter or digit first',
  );
export const AuctionId = z.string().regex(/^[1-9]\d{0,15}$/, 'an auction is named by its number');
export const PublicKey = z
  .string()
  .regex(/^[A-Za-z0-9_-]{43}$/, 'a key is 32 bytes as base64url: 43 characters');
export const Signature = z
  .string()
  .regex(/^[A-Za-z0-9_-]{86}$/, 'a signature is 64 bytes as base64url: 86 characters');
export const Seal = z.string().regex(/^[0-9a-f]{64}$/, 'a seal is a SHA-256 as 64 hex digits');
export const Nonce = z.string().regex(/^[0-9a-f]{32,128}$/, 'a nonce has 32 to 128 hex digits');
export const Round = z.number().int().min(1).max(AUCTION_LIMITS.roundsMax);

const { amountMax, roundsMax, biddersMax, itemCharactersMax, waitMsMax } = AUCTION_LIMITS;
const whole = (what: string, min: number, max: number) =>
  z
    .number(`${what} must be a whole number`)
    .int(`${what} must be a whole number`)
    .min(min, `${what} must be at least ${min}`)
    .max(max, `${what} may be ${max} at most`);

export const Amount = whole('an amount', 1, amountMax);
const Wait = z.number().int().min(100).max(waitMsMax);

/** One line, without signs that would change how the lines around it look. */
export const Item = z
  .string()
  .min(1, 'the item has no name')
  .max(itemCharactersMax, `the item's name may have ${itemCharactersMax} characters at most`)
  .regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u, 'the item’s name may hold no control characters')
  .regex(/\S/, 'the item has no name');

export const Party = z.strictObject({ name: Name, key: PublicKey });

/** What an auctioneer lays down. */
export const Offer = z.strictObject({
  item: Item,
  minBid: whole('the minimum bid', 1, amountMax),
  rounds: whole('the number of rounds', 1, roundsMax).default(1),
  bidders: whole('the minimum of bidders', 1, biddersMax).default(1),
  waits: z
    .strictObject({
      joinMs: Wait.default(WAITS.joinMs),
      confirmMs: Wait.default(WAITS.confirmMs),
      bidMs: Wait.default(WAITS.bidMs),
      revealMs: Wait.default(WAITS.revealMs),
    })
    .prefault({}),
});
export type Offer = z.input<typeof Offer>;

export const AuctionCommand = z.discriminatedUnion('act', [
  z.strictObject({ act: z.literal('create'), auctioneer: Party, offer: Offer }),
  z.strictObject({ act: z.literal('join'), auction: AuctionId, bidder: Party, signature: Signature }),
  z.strictObject({ act: z.literal('start'), auction: AuctionId, signature: Signature }),
  z.strictObject({
    act: z.literal('commit'),
    auction: AuctionId,
    name: Name,
    round: Round,
    seal: Seal,
    signature: Signature,
  }),
  /** Needs no signature: nobody else knows the nonce. */
  z.strictObject({
    act: z.literal('reveal'),
    auction: AuctionId,
    name: Name,
    round: Round,
    amount: Amount,
    nonce: Nonce,
  }),
  /** Changes nothing: a thin client has no state, and asks for it page by page; `after` is the last auction it has. */
  z.strictObject({ act: z.literal('look'), after: z.number().int().nonnegative() }),
]);
export type AuctionCommand = z.infer<typeof AuctionCommand>;
export type AuctionAct = Exclude<AuctionCommand, { act: 'look' }>;
