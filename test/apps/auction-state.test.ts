import type { AuctionCommand } from '../../apps/auction/commands.js';
import { phaseOf } from '../../apps/auction/life.js';
import { lifeOf, type Result, STATE_LIMITS } from '../../apps/auction/state.js';
import { Book, T0 } from './auction-book.js';
import {
  ann,
  bob,
  cid,
  commit,
  create,
  dee,
  join,
  nonceOf,
  partyOf,
  person,
  reveal,
  start,
} from './auction-people.js';

const first = { id: '1', createdAt: T0 };

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
