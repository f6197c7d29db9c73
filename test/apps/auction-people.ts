/** People of auctions, for tests: each with a key and a way to seal; and what they ask, as it goes into the log. */
import { referenceOf, type Terms, WAITS } from '../../apps/auction/auction-rules.js';
import type { AuctionCommand } from '../../apps/auction/commands.js';
import { sealOf } from '../../apps/auction/seal.js';
import { createKeyPair, type KeyPair, signed } from '../../apps/auction/signature.js';

type Reference = Pick<Terms, 'id' | 'createdAt'>;

export interface Person {
  readonly name: string;
  readonly pair: KeyPair;
}

export const person = (name: string): Person => ({ name, pair: createKeyPair() });

export const [ann, bob, cid, dee] = ['ann', 'bob', 'cid', 'dee'].map(person) as [
  Person,
  Person,
  Person,
  Person,
];

export const partyOf = ({ name, pair }: Person) => ({ name, key: pair.publicKey });

/** What chance would give, and a test can tell. */
export const nonceOf = (name: string, round: number): string =>
  Buffer.from(`${name} ${round} and some chance`).toString('hex').slice(0, 40).padEnd(40, '0');

export const create = (
  auctioneer: Person,
  offer: { item?: string; minBid?: number; rounds?: number; bidders?: number; waits?: object } = {},
): Extract<AuctionCommand, { act: 'create' }> => ({
  act: 'create',
  auctioneer: partyOf(auctioneer),
  offer: {
    ...{ item: 'a red bike', minBid: 10, rounds: 2, bidders: 2 },
    ...offer,
    waits: { ...WAITS, ...offer.waits },
  },
});

export const join = (auction: Reference, who: Person): AuctionCommand => ({
  act: 'join',
  auction: auction.id,
  bidder: partyOf(who),
  signature: signed({ act: 'join', auction: referenceOf(auction), name: who.name }, who.pair),
});

export const start = (auction: Reference, who: Person): AuctionCommand => ({
  act: 'start',
  auction: auction.id,
  signature: signed({ act: 'start', auction: referenceOf(auction) }, who.pair),
});

const bidOf = (auction: Reference, { name }: Person, round: number, amount: number) => ({
  ...{ name, round, amount },
  auction: referenceOf(auction),
  nonce: nonceOf(name, round),
});

export function commit(auction: Reference, who: Person, round: number, amount: number): AuctionCommand {
  const seal = sealOf(bidOf(auction, who, round, amount));
  const statement = { act: 'commit', auction: referenceOf(auction), name: who.name, round, seal } as const;
  const signature = signed(statement, who.pair);
  return { act: 'commit', auction: auction.id, name: who.name, round, seal, signature };
}

export const reveal = (auction: Reference, who: Person, round: number, amount: number): AuctionCommand => ({
  act: 'reveal',
  ...bidOf(auction, who, round, amount),
  auction: auction.id,
});
