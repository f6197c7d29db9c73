import { type AuctionEvent, auctionMachine } from '../../apps/auction/auction-machine.js';
import { type Auction, type Terms, totalOf, WAITS } from '../../apps/auction/auction-rules.js';
import { sealOf } from '../../apps/auction/seal.js';
import { expectFullCoverage } from '../support/coverage.js';
import { elapsed, having as havingIn } from '../support/event-table.js';

const terms: Terms = {
  id: '7',
  item: 'a red bike',
  minBid: 10,
  rounds: 2,
  biddersMin: 2,
  auctioneer: { name: 'dee', key: 'key of dee' },
  createdAt: 1000,
  waits: WAITS,
};
const join = (name: string, key = `key of ${name}`): AuctionEvent => ({ type: 'bidder.join', name, key });
const begin: AuctionEvent = { type: 'auctioneer.start' };
const opening = (name: string, round: number, amount: number) => ({
  ...{ name, round, amount },
  auction: '7@1000',
  nonce: '0'.repeat(32),
});
const commit = (name: string, round: number, amount: number, place = 1): AuctionEvent => {
  return { type: 'bid.commit', name, round, seal: sealOf(opening(name, round, amount)), place };
};
const reveal = (name: string, round: number, amount: number): AuctionEvent => ({
  type: 'bid.reveal',
  ...opening(name, round, amount),
});
const late = {
  announced: elapsed('joinWait', 'auction.announced'),
  open: elapsed('joinWait', 'auction.open'),
  confirming: elapsed('confirmWait', 'auction.confirming'),
  bidding: elapsed('bidWait', 'auction.round.bidding'),
  revealing: elapsed('revealWait', 'auction.round.revealing'),
} as const;

const having = (...events: readonly (AuctionEvent | { type: string })[]) => {
  const [{ value, context }, effects] = havingIn(auctionMachine, terms, events as readonly AuctionEvent[]);
  return { value, context, effects };
};
const withTwo = [join('ann'), join('bob')];
const begun = [...withTwo, begin];
const round = (n: number, ann: number, bob: number) => [
  commit('ann', n, ann, 10 * n),
  commit('bob', n, bob, 10 * n + 1),
  reveal('bob', n, bob),
  reveal('ann', n, ann),
];
const tallies = ({ context }: { context: Auction }) => context.bidders.map((bidder) => bidder.tallies);

describe('an auction', () => {
  it('is announced, opens with the first bidder, and waits for its auctioneer once there are enough', () => {
    expect(having().value).toBe('announced');
    expect(having(join('ann')).value).toBe('open');
    expect(having(...withTwo).value).toBe('confirming');
    expect(having(...withTwo, join('cid')).value).toBe('confirming');
    expect(having(...withTwo, join('cid')).context.bidders.map(({ name }) => name)).toEqual([
      'ann',
      'bob',
      'cid',
    ]);
  });

  it('takes a name once, no key under two names, and not its auctioneer', () => {
    for (const refused of [
      join('ann', 'another'),
      join('ann'),
      join('al', 'key of ann'),
      join('dee'),
      join('d', 'key of dee'),
    ])
      expect(having(join('ann'), refused)).toEqual(having(join('ann')));
    expect(having(...withTwo, join('ann', 'another')).context.bidders).toHaveLength(2);
    expect(having(join('dee')).value).toBe('announced');
  });

  it('is cancelled when too few come, or its auctioneer says nothing', () => {
    expect(having(late.announced)).toMatchObject({
      value: 'cancelled',
      context: { cause: 'too-few-bidders' },
    });
    expect(having(join('ann'), late.open)).toMatchObject({
      value: 'cancelled',
      context: { cause: 'too-few-bidders' },
    });
    expect(having(...withTwo, late.confirming)).toMatchObject({
      value: 'cancelled',
      context: { cause: 'not-confirmed' },
    });
    expect(having(late.announced, join('ann'), begin).context.bidders).toEqual([]);
  });

  it('does not begin before there are enough', () => {
    expect(having(begin).value).toBe('announced');
    expect(having(join('ann'), begin).value).toBe('open');
  });

  it('takes sealed bids until all have bid, one of each bidder and round', () => {
    const one = having(
      ...begun,
      commit('ann', 1, 50),
      commit('ann', 1, 60, 2),
      commit('cid', 1, 70),
      commit('bob', 2, 20),
    );

    expect(one.value).toEqual({ round: 'bidding' });
    expect(one.context.envelopes).toMatchObject([{ name: 'ann', place: 1, amount: null }]);
    expect(JSON.stringify(one.context)).not.toContain('50');
    expect(having(...begun, commit('ann', 1, 50), commit('bob', 1, 60)).value).toEqual({
      round: 'revealing',
    });
  });

  it('takes no bid once they are opened, and opens none before', () => {
    expect(
      having(...begun, commit('ann', 1, 50), reveal('ann', 1, 50)).context.envelopes[0]?.amount,
    ).toBeNull();
    const closed = [...begun, commit('ann', 1, 50), late.bidding];
    expect(having(...closed, commit('bob', 1, 60))).toEqual(having(...closed));
  });

  it('opens an envelope for what it holds, and for nothing else', () => {
    const closed = [...begun, commit('ann', 1, 50), late.bidding];
    for (const wrong of [
      reveal('ann', 1, 51),
      reveal('ann', 2, 50),
      reveal('bob', 1, 50),
      { ...reveal('ann', 1, 50), nonce: '1'.repeat(32) },
    ])
      expect(having(...closed, wrong)).toEqual(having(...closed));
    expect(having(...closed, reveal('ann', 1, 50))).toMatchObject({
      value: { round: 'bidding' },
      context: { round: 2 },
    });
  });

  it('goes on without those who vanish: no bid, one not revealed and one too low count 0', () => {
    const three = [...withTwo, join('cid'), begin];
    const first = having(
      ...three,
      commit('ann', 1, 50),
      commit('bob', 1, 9),
      late.bidding,
      reveal('bob', 1, 9),
      late.revealing,
    );

    expect(first).toMatchObject({ value: { round: 'bidding' }, context: { round: 2, envelopes: [] } });
    expect(tallies(first)).toEqual([['unrevealed'], ['below-minimum'], ['none']]);
    expect(first.context.bidders.map(totalOf)).toEqual([0, 0, 0]);
    expect(having(...three, late.bidding)).toMatchObject({ context: { round: 2 } });
  });

  it('is won by the highest sum over all rounds', () => {
    const after = having(...begun, ...round(1, 50, 60), ...round(2, 30, 15));

    expect(after).toMatchObject({ value: 'closed', context: { winner: { name: 'ann', total: 80 } } });
    expect(tallies(after)).toEqual([
      [50, 30],
      [60, 15],
    ]);
  });

  it('is won, of equal sums, by the one that was complete first', () => {
    expect(having(...begun, ...round(1, 50, 60), ...round(2, 30, 20)).context.winner?.name).toBe('ann');
    const bobFirst = [
      commit('bob', 2, 20, 20),
      commit('ann', 2, 30, 21),
      reveal('ann', 2, 30),
      reveal('bob', 2, 20),
    ];
    expect(having(...begun, ...round(1, 50, 60), ...bobFirst).context.winner?.name).toBe('bob');
    const bobOnlyBefore = [commit('ann', 2, 10, 20), late.bidding, reveal('ann', 2, 10)];
    expect(having(...begun, ...round(1, 50, 60), ...bobOnlyBefore).context.winner?.name).toBe('bob');
  });

  it('is won by nobody when no bid counts', () => {
    expect(having(...begun, late.bidding, late.bidding)).toMatchObject({
      value: 'closed',
      context: { winner: null, cause: null },
    });
  });

  it('has been everywhere', () => {
    expectFullCoverage(auctionMachine);
  });
});
