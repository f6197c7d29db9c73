import fc from 'fast-check';
import { totalOf } from '../../apps/auction/auction-rules.js';
import { AuctionCommand } from '../../apps/auction/commands.js';
import { isOver } from '../../apps/auction/life.js';
import { auctionsOf, endOf, type Page, pageAfter } from '../../apps/auction/page.js';
import { recount } from '../../apps/auction/recount.js';
import { applied } from '../../apps/auction/replica.js';
import { type Auctions, expired, lifeOf, STATE_LIMITS } from '../../apps/auction/state.js';
import { Book } from './auction-book.js';
import { ann, bob, cid, commit, create, dee, join, type Person, reveal, start } from './auction-people.js';

/** What somebody may do next, sensible or not. */
type Move =
  | { readonly do: 'create'; readonly minBid: number; readonly rounds: number; readonly bidders: number }
  | {
      readonly do: 'join' | 'start' | 'commit' | 'reveal';
      readonly auction: number;
      readonly who: number;
      readonly amount: number;
    }
  | { readonly do: 'pass'; readonly ms: number };

const people: readonly Person[] = [ann, bob, cid];
const move: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('create' as const),
      minBid: fc.integer({ min: 1, max: 20 }),
      rounds: fc.integer({ min: 1, max: 3 }),
      bidders: fc.integer({ min: 1, max: 3 }),
    }),
  },
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'join' as const,
        'join' as const,
        'start' as const,
        'commit' as const,
        'commit' as const,
        'reveal' as const,
        'reveal' as const,
      ),
      auction: fc.constantFrom(1, 1, 1, 2),
      who: fc.nat(2),
      amount: fc.integer({ min: 1, max: 30 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(100, 20_000, 60_000) }),
  },
);

/** Bids are what they are for a name and a round, so that most reveals fit. */
const amountOf = (who: number, round: number): number => ((who + 1) * 7 + round * 5) % 24;

function play(moves: readonly Move[]): Book {
  const book = new Book();
  book.do(create(dee, { rounds: 2, bidders: 2 }));
  for (const one of moves) {
    if (one.do === 'pass') book.pass(one.ms);
    else if (one.do === 'create') {
      const { do: _, ...offer } = one;
      book.do(create(dee, offer));
    } else {
      const life = lifeOf(book.state, String(one.auction));
      if (life === undefined) continue;
      const { context } = life;
      const who = people[one.who] as Person;
      const round = Math.max(1, context.round);
      const amount = one.amount > 27 ? one.amount : Math.max(1, amountOf(one.who, round));
      if (one.do === 'join') book.do(join(context, who));
      else if (one.do === 'start') book.do(start(context, dee));
      else if (one.do === 'commit') book.do(commit(context, who, round, amount));
      else book.do(reveal(context, who, round, amount));
    }
  }
  return book;
}

const lookedAt = (state: Auctions, next: (turn: number) => Auctions = () => state) => {
  const pages: Page[] = [];
  for (let turn = 0; ; turn++) {
    const page = pageAfter(
      turn === 0 ? state : next(turn),
      endOf(pages.at(-1) ?? { next: 0, lives: [], outcomes: [], more: true }),
    );
    pages.push(page);
    if (!page.more) return pages;
  }
};

const byNumber = ({ running, closed, ...rest }: Auctions) => ({
  ...rest,
  lives: [...running, ...closed].sort((a, b) => Number(a.context.id) - Number(b.context.id)),
});

describe('whatever is asked of auctions', () => {
  const any = fc.array(move, { minLength: 20, maxLength: 100 });
  /** Half of them have begun. */
  const begin = (['join', 'join', 'start'] as const).map((act, who) => ({
    do: act,
    auction: 1,
    who,
    amount: 1,
  }));
  const scripts = fc.oneof(
    any,
    any.map((moves) => [...begin, ...moves]),
  );

  it('ends as the log, counted once more, says; plain JSON all the way', () => {
    let sold = 0;
    fc.assert(
      fc.property(scripts, (moves) => {
        const book = play(moves);
        book.pass(3_600_000);

        const counted = recount(book.log);
        expect(book.state.running).toEqual([]);
        for (const { value, context } of book.state.closed) {
          expect(counted.get(context.id)).toEqual({ item: context.item, end: value, winner: context.winner });
          expect(
            context.bidders.every(
              ({ tallies }) => tallies.length === (value === 'closed' ? context.rounds : 0),
            ),
          ).toBe(true);
          if (context.winner !== null) sold += 1;
          expect(Math.max(0, ...context.bidders.map(totalOf))).toBe(context.winner?.total ?? 0);
        }
        expect(JSON.parse(JSON.stringify(book.state))).toEqual(book.state);
      }),
      { numRuns: 60 },
    );
    expect(sold).toBeGreaterThan(0);
  });

  it('is followed from any place of the log, by auctions that are further on already too', () => {
    fc.assert(
      fc.property(scripts, fc.nat(), fc.nat(), (moves, early, late) => {
        const book = play(moves);
        const from = early % book.log.length;
        const now = from + (late % (book.log.length - from));
        // The first page is of `from`, the auctions on it as they are at `now`.
        const { next } = book.states[from] as Auctions;
        const view = auctionsOf([{ ...pageAfter(book.states[now] as Auctions, 0), next }]);
        const followed = book.log.slice(from + 1).reduce((state, { payload, sequence, at }) => {
          const timer = (payload as { $timer?: { name: string; at: number } }).$timer;
          if (timer !== undefined) return expired(state, timer, { sequence, at }).state;
          return applied(state, AuctionCommand.parse(payload), { sequence, at }).state;
        }, view);

        expect(byNumber(followed)).toEqual(byNumber(book.state));
      }),
      { numRuns: 60 },
    );
  });

  it('fits into pages', () => {
    const book = new Book();
    for (let n = 0; n < STATE_LIMITS.runningMax; n++) book.do(create(dee, { item: 'x'.repeat(120) }));
    const pages = lookedAt(book.state);

    expect(pages.length).toBeGreaterThan(1);
    for (const page of pages) expect(JSON.stringify(page).length).toBeLessThan(40_000);
    expect(auctionsOf(pages)).toEqual(book.state);
    expect(isOver(book.state.running[0] as never)).toBe(false);
  });
});
