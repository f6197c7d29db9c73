import fc from 'fast-check';
import { totalOf } from '../../apps/auction/auction-rules.js';
import { AuctionCommand } from '../../apps/auction/commands.js';
import { isOver, phaseOf } from '../../apps/auction/life.js';
import { auctionsOf, endOf, type Page, pageAfter } from '../../apps/auction/page.js';
import { type LogPage, recount } from '../../apps/auction/recount.js';
import {
  type Auctions,
  applied,
  expired,
  lifeOf,
  NO_AUCTIONS,
  type Result,
  STATE_LIMITS,
} from '../../apps/auction/state.js';
import {
  ann,
  bob,
  cid,
  commit,
  create,
  dee,
  join,
  nonceOf,
  type Person,
  partyOf,
  person,
  reveal,
  start,
} from './auction-people.js';

const T0 = 1_700_000_000_000;
const first = { id: '1', createdAt: T0 };

/** A log that is applied as it is written. */
class Book {
  state: Auctions = NO_AUCTIONS;
  readonly log: LogPage[] = [];
  readonly states: Auctions[] = [];
  at = T0;

  do(command: AuctionCommand): Result {
    const entry = { sequence: this.log.length + 1, at: this.at };
    const { state, result } = applied(this.state, AuctionCommand.parse(command), entry);
    this.#write(command, state);
    return result;
  }

  /** Lets time pass; what is due by then happens, in order. */
  pass(ms: number): void {
    const end = this.at + ms;
    for (;;) {
      const [next] = this.state.running
        .flatMap(({ context, due }) =>
          due === null || due.at > end ? [] : [{ name: context.id, at: due.at }],
        )
        .sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.at = next.at;
      this.ring(next);
    }
    this.at = end;
  }

  ring(timer: { name: string; at: number }): void {
    const entry = { sequence: this.log.length + 1, at: this.at };
    this.#write({ $timer: timer }, expired(this.state, timer, entry).state);
  }

  #write(payload: unknown, state: Auctions): void {
    const sequence = this.log.length + 1;
    this.log.push({ sequence, topic: 'replica:auction', payload, at: this.at });
    this.states.push(state);
    this.state = state;
  }
}

const codeOf = (result: Result) => (result.ok ? 'ok' : result.code);

function begun(rounds = 2): Book {
  const book = new Book();
  for (const command of [create(dee, { rounds }), join(first, ann), join(first, bob), start(first, dee)])
    expect(codeOf(book.do(command))).toBe('ok');
  return book;
}

describe('the auctions', () => {
  it('go from the offer to the winner, and are put aside', () => {
    const book = begun(1);
    for (const command of [
      commit(first, ann, 1, 70),
      commit(first, bob, 1, 71),
      reveal(first, ann, 1, 70),
      reveal(first, bob, 1, 71),
    ])
      expect(book.do(command)).toEqual({ ok: true, auction: '1' });

    expect(book.state.running).toEqual([]);
    expect(book.state.closed[0]).toMatchObject({ value: 'closed', due: null });
    expect(book.state.closed[0]?.context.winner).toEqual({ name: 'bob', total: 71 });
  });

  it('say why not', () => {
    const book = new Book();
    const refused = (command: AuctionCommand, code: string) => {
      const before = book.state;
      const result = book.do(command);
      expect(codeOf(result)).toBe(code);
      expect(result).toMatchObject({ reason: expect.stringMatching(/^[^\n]{10,120}$/) });
      expect(book.state).toBe(before);
    };
    const stranger = person('ann');

    refused(join(first, ann), 'unknown-auction');
    book.do(create(dee));
    refused(start(first, dee), 'wrong-phase');
    refused(commit(first, ann, 1, 70), 'wrong-phase');
    refused(join(first, dee), 'own-auction');
    refused({ ...join(first, ann), bidder: partyOf(stranger) } as AuctionCommand, 'bad-signature');
    refused(join({ ...first, createdAt: T0 + 1 }, ann), 'bad-signature');
    book.do(join(first, ann));
    refused(join(first, ann), 'already-joined');
    refused(join(first, stranger), 'name-taken');
    book.do(join(first, bob));
    refused(commit(first, ann, 1, 70), 'wrong-phase');
    refused(start(first, ann), 'not-the-auctioneer');
    book.do(start(first, dee));
    refused(start(first, dee), 'wrong-phase');
    refused(join(first, cid), 'wrong-phase');
    refused(commit(first, cid, 1, 70), 'not-a-bidder');
    refused(commit(first, ann, 2, 70), 'wrong-round');
    refused(commit(first, stranger, 1, 70), 'bad-signature');
    book.do(commit(first, ann, 1, 70));
    refused(commit(first, ann, 1, 71), 'already-bid');
    refused(reveal(first, ann, 1, 70), 'wrong-phase');
    book.do(commit(first, bob, 1, 80));
    refused(reveal(first, ann, 1, 71), 'bad-reveal');
    refused(reveal(first, cid, 1, 71), 'not-sealed');
    refused(commit(first, cid, 1, 71), 'wrong-phase');
    book.pass(1_000_000);
    refused(reveal(first, ann, 2, 70), 'wrong-phase');
  });

  it('count a bid that is sent again once, and take the same reveal twice', () => {
    const book = begun();
    book.do(commit(first, ann, 1, 70));
    const after = book.state;

    expect(codeOf(book.do(commit(first, ann, 1, 70)))).toBe('ok');
    expect(book.state).toBe(after);
    book.pass(60_000);
    const opened = () => codeOf(book.do(reveal(first, ann, 1, 70)));
    book.do(commit(first, bob, 1, 10));
    expect(opened()).toBe('ok');
    expect(lifeOf(book.state, '1')?.context.bidders[0]?.tallies).toEqual([70]);
  });

  it('do not hold an amount, nor its nonce, before it is revealed', () => {
    const book = begun();
    book.do(commit(first, ann, 1, 7351946283));

    expect(JSON.stringify([book.log, book.states])).not.toContain('7351946283');
    expect(JSON.stringify([book.log, book.states])).not.toContain(nonceOf('ann', 1));
  });

  it('move by deadlines, each of which counts once and not early', () => {
    const book = begun();
    const due = lifeOf(book.state, '1')?.due ?? { at: 0 };
    const before = book.state;

    book.ring({ name: '1', at: due.at });
    book.ring({ name: '1', at: due.at - 1 });
    book.ring({ name: '9', at: due.at });
    expect(book.state).toBe(before);
    book.do(commit(first, ann, 1, 70));
    book.pass(60_000);
    expect(book.state.running.map(phaseOf)).toEqual(['revealing']);
    const revealing = book.state;
    book.ring({ name: '1', at: due.at });
    expect(book.state).toBe(revealing);
  });

  it('run side by side', () => {
    const book = begun(1);
    const other = { id: '2', createdAt: T0 };
    for (const command of [create(ann, { rounds: 1 }), join(other, bob), join(other, cid), start(other, ann)])
      book.do(command);
    book.do(commit(other, bob, 1, 500));
    book.do(commit(first, ann, 1, 70));
    book.do(commit(first, bob, 1, 60));
    book.do(commit(other, cid, 1, 400));
    for (const who of [ann, bob]) book.do(reveal(first, who, 1, who === ann ? 70 : 60));
    for (const who of [bob, cid]) book.do(reveal(other, who, 1, who === bob ? 500 : 400));

    expect(book.state.closed.map(({ context }) => context.winner)).toEqual([
      { name: 'ann', total: 70 },
      { name: 'bob', total: 500 },
    ]);
  });

  it('are so many at most; of those long over only what came of them is kept', () => {
    const book = new Book();
    for (let n = 0; n < STATE_LIMITS.runningMax; n++) book.do(create(dee, { item: `lot ${n + 1}` }));
    expect(codeOf(book.do(create(dee)))).toBe('too-many');
    for (let lot = 0; lot < 3; lot++) {
      book.pass(600_000);
      for (let n = 0; n < STATE_LIMITS.runningMax; n++) book.do(create(dee));
    }

    expect(book.state.closed).toHaveLength(STATE_LIMITS.closedMax);
    expect(book.state.outcomes).toHaveLength(STATE_LIMITS.outcomesMax);
    expect(book.state.outcomes.at(-1)).toMatchObject({ id: '270', end: 'too-few-bidders', winner: null });
    expect(codeOf(book.do(join({ id: '100', createdAt: T0 }, ann)))).toBe('gone');
  });
});

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
