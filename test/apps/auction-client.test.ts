/** What a client is made of: what is typed, its strongbox, what it is told. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as pathOf } from 'node:path';
import { newsOf } from '../../apps/auction/news.js';
import { dutiesOf } from '../../apps/auction/participant.js';
import type { Opening } from '../../apps/auction/seal.js';
import { type Auctions, lifeOf, NO_AUCTIONS } from '../../apps/auction/state.js';
import { openStrongbox } from '../../apps/auction/strongbox.js';
import { readTyped } from '../../apps/auction/typed.js';
import { listLines, showLines, tellingOf } from '../../apps/auction/words.js';
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

describe('what is typed', () => {
  it.each([
    [
      'create "a red bike" 100 3 2',
      { act: 'create', offer: { item: 'a red bike', minBid: 100, rounds: 3, bidders: 2 } },
    ],
    ['create bike 100', { act: 'create', offer: { item: 'bike', minBid: 100 } }],
    ["CREATE 'Ann’s bike' 5", { act: 'create', offer: { item: 'Ann’s bike', minBid: 5 } }],
    ['  list ', { act: 'list' }],
    ['show 12', { act: 'show', auction: '12' }],
    ['join 1', { act: 'join', auction: '1' }],
    ['start 1', { act: 'start', auction: '1' }],
    ['bid 1 250', { act: 'bid', auction: '1', amount: 250 }],
    ['q', { act: 'quit' }],
  ])('is read: %s', (line, typed) => {
    expect(readTyped(line)).toEqual(typed);
  });

  it.each([
    ['create bike', /it is: create ITEM MINBID/],
    ['create a red bike 100', /quotation marks/],
    ['create "a red bike 100', /not closed/],
    ['create "" 100', /no name/],
    ['create bike ten', /ten is no minimum bid/],
    ['create bike 1.5', /minimum bid must be a whole number/],
    ['create bike 0', /minimum bid must be at least 1/],
    ['create bike 10 11', /number of rounds may be 10 at most/],
    ['create bike 10 1 0', /minimum of bidders must be at least 1/],
    ['bid 1', /it is: bid ID AMOUNT/],
    ['bid 1 2.5', /whole number/],
    ['bid 1 -5', /at least 1/],
    ['bid 1 99999999999999', /at most/],
    ['bid one 5', /one is no auction/],
    ['show', /it is: show ID/],
    ['list all', /it is: list/],
    ['biid 1 5', /did you mean bid\?/],
  ])('is refused in a sentence: %s', (line, reason) => {
    expect(readTyped(line)).toEqual({ act: 'mistaken', reason: expect.stringMatching(reason) });
  });
});

describe('a strongbox', () => {
  const folders: string[] = [];
  const fresh = () => {
    folders.push(mkdtempSync(pathOf(tmpdir(), 'bullpen-test-')));
    return folders.at(-1) as string;
  };
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });
  const opening: Opening = { auction: '1@5', round: 1, name: 'ann', amount: 70, nonce: 'ab'.repeat(16) };

  it('has the same key and bids when it is opened again, and is for its owner alone', () => {
    const folder = fresh();
    const box = openStrongbox(pathOf(folder, 'deep'), 'bullpen', 'ann');
    box.keep(opening);
    box.keep({ ...opening, round: 2 });
    box.forget({ ...opening, round: 2 });
    box.close();

    const again = openStrongbox(pathOf(folder, 'deep'), 'bullpen', 'ann');
    expect(again.pair).toEqual(box.pair);
    expect(again.openingOf('1@5', 1)).toEqual(opening);
    expect(again.openings()).toHaveLength(1);
    expect(statSync(again.file ?? '').mode & 0o077).toBe(0);
    again.close();
    expect(readdirSync(pathOf(folder, 'deep'))).toEqual(['bullpen-ann.json']);
  });

  it('is another one for another name or another cluster', () => {
    const folder = fresh();
    const boxes = [
      openStrongbox(folder, 'bullpen', 'ann'),
      openStrongbox(folder, 'bullpen', 'bob'),
      openStrongbox(folder, 'a/b', 'ann'),
    ];
    expect(new Set(boxes.map(({ pair }) => pair.publicKey)).size).toBe(3);
    for (const box of boxes) box.close();
  });

  it('is open in one client at a time; a client that was killed does not count', () => {
    const folder = fresh();
    const box = openStrongbox(folder, 'bullpen', 'ann');
    expect(() => openStrongbox(folder, 'bullpen', 'ann')).toThrow(/in use by process \d+/);
    box.close();
    writeFileSync(`${box.file}.lock`, '999999999');
    openStrongbox(folder, 'bullpen', 'ann').close();
  });

  it('that is damaged, or cannot be written, is refused and left as it is', () => {
    const folder = fresh();
    const file = pathOf(folder, 'bullpen-ann.json');
    writeFileSync(file, '{"format":1');
    expect(() => openStrongbox(folder, 'bullpen', 'ann')).toThrow(/is damaged/);
    expect(readFileSync(file, 'utf8')).toBe('{"format":1');
    expect(readdirSync(folder)).toEqual(['bullpen-ann.json']);
    expect(() => openStrongbox(file, 'bullpen', 'ann')).toThrow(/cannot be used/);
  });
});

describe('duties', () => {
  const openings: readonly Opening[] = [
    { auction: `1@${T0}`, round: 1, name: 'ann', amount: 70, nonce: nonceOf('ann', 1) },
  ];
  const kinds = (state: Auctions, me = ann, held = openings) =>
    dutiesOf(state.running, partyOf(me), held).map(({ kind }) => kind);

  it('are to send a bid that has not arrived, and to open it once its round takes no more', () => {
    const book = new Book();
    for (const command of [create(dee), join(first, ann), join(first, bob)]) book.do(command);
    expect(kinds(book.state)).toEqual([]);
    book.do(start(first, dee));
    expect(kinds(book.state)).toEqual(['commit']);
    expect(kinds(book.state, person('ann'))).toEqual([]);
    expect(kinds(book.state, bob)).toEqual([]);
    book.do(commit(first, ann, 1, 70));
    expect(kinds(book.state)).toEqual([]);
    book.do(commit(first, bob, 1, 60));
    expect(kinds(book.state)).toEqual(['reveal']);
    expect(
      kinds(
        book.state,
        ann,
        openings.map((one) => ({ ...one, amount: 71 })),
      ),
    ).toEqual([]);
    book.do(reveal(first, ann, 1, 70));
    expect(kinds(book.state)).toEqual([]);
  });

  it('are not for an auction of the same number in another cluster', () => {
    const book = new Book();
    book.at += 1;
    const later = { id: '1', createdAt: T0 + 1 };
    for (const command of [create(dee), join(later, ann), join(later, bob), start(later, dee)])
      book.do(command);
    expect(book.state.running[0]?.context.round).toBe(1);
    expect(kinds(book.state)).toEqual([]);
  });
});

describe('news', () => {
  const told = (before: Auctions, after: Auctions, who = ann) =>
    newsOf(before, after).flatMap((news) => tellingOf(news, partyOf(who))?.event ?? []);

  const book = new Book();
  for (const command of [create(dee, { rounds: 1 }), join(first, ann), join(first, bob), start(first, dee)])
    book.do(command);
  for (const [who, amount] of [
    [ann, 70],
    [bob, 60],
  ] as const)
    book.do(commit(first, who, 1, amount));
  for (const [who, amount] of [
    [ann, 70],
    [bob, 60],
  ] as const)
    book.do(reveal(first, who, 1, amount));
  const states = [NO_AUCTIONS, ...book.states];
  const steps = (who: typeof ann) =>
    states.slice(1).map((state, step) => told(states[step] as Auctions, state, who));

  it('come step by step, to each what concerns them', () => {
    expect(steps(ann)).toEqual([
      ['auction_announced'],
      ['auction_joined'],
      ['auction_joined', 'auction_ready'],
      ['round_start'],
      ['bid_submit'],
      ['bid_sealed', 'bids_closed'],
      [],
      ['round_complete', 'auction_winner'],
    ]);
    expect(steps(bob).at(-1)).toEqual(['round_complete', 'auction_loser']);
    expect(steps(dee).at(-1)).toEqual(['round_complete', 'auction_closed']);
    expect(steps(cid).flat()).toEqual(['auction_announced']);
  });

  it('are the same when all is learnt at once, but for what has passed', () => {
    expect(told(NO_AUCTIONS, book.state)).toEqual([
      'auction_announced',
      'auction_joined',
      'auction_joined',
      'round_complete',
      'auction_winner',
    ]);
    expect(told(states[3] as Auctions, states[6] as Auctions)).toEqual([
      'round_start',
      'bid_submit',
      'bid_sealed',
      'bids_closed',
    ]);
  });

  it('tell no amount that is sealed', () => {
    const sealed = states[6] as Auctions;
    const life = lifeOf(sealed, '1');
    const lines = [...listLines(sealed, T0), ...(life === undefined ? [] : showLines(life, T0))];

    expect(lines.map(({ words }) => words)).toEqual([
      expect.stringMatching(
        /^ {3}1 {2}a red bike: revealing, round 1 of 1, 20 s left; by dee, minimum bid 10$/,
      ),
      expect.stringMatching(
        /^auction 1, a red bike: revealing, round 1 of 1, 20 s left; by dee \(key .{8}\), /,
      ),
      expect.stringMatching(/^ {2}ann \(key .{8}\): now: sealed, total 0$/),
      expect.stringMatching(/^ {2}bob \(key .{8}\): now: sealed, total 0$/),
    ]);
  });
});
