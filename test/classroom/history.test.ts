/** A history: whatever it says of a place is a function of the lines before it, in whatever order one looks. */
import fc from 'fast-check';
import type { Act } from '../../apps/classroom/contract.js';
import {
  createHistory,
  type History,
  isRoutine,
  lookOf,
  timesAt,
} from '../../apps/classroom/history/index.js';
import { HEADER, linesOf, runOf, statusOf } from './traces.js';

const read = (lines: readonly string[]): History => {
  const history = createHistory();
  history.append(lines);
  return history;
};

/** A world as plain data, everything that is looked up included. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

const crash: Act = { kind: 'crash', at: 150, forMs: 300, peer: '3', isPowerCut: true };
const pause: Act = { kind: 'pause', at: 200, forMs: 200, peer: '1' };
const split: Act = { kind: 'partition', at: 100, forMs: 300, sides: [['1'], ['2', '3']] };
const load: Act = {
  kind: 'load',
  at: 50,
  peer: '2',
  count: 5,
  everyMs: 60,
  bytes: 3,
  isRetried: false,
  timeoutMs: null,
};

describe('the world at a place', () => {
  it.each([
    ['a crash', [crash, load]],
    ['a pause under load', [pause, load]],
    ['a partition', [split, load]],
  ] as const)('is what a fresh reading up to there gives, after any scrubbing: %s', (_, acts) => {
    const lines = runOf(3, acts, { loss: 0.02 });
    const [header = '', ...records] = lines;
    const whole = read(lines);

    expect(whole.refusals.count).toBe(0);
    expect(whole.length).toBe(records.length);
    fc.assert(
      fc.property(
        fc.array(fc.nat({ max: records.length - 1 }), { minLength: 1, maxLength: 4 }),
        (indices) => {
          for (const index of indices) {
            const ms = whole.at(index)?.t ?? 0;
            const fresh = read([header, ...records.slice(0, index + 1)]);
            expect(plain(whole.worldAt({ index, ms }))).toEqual(plain(fresh.worldAt({ index, ms })));
            expect(whole.lampsAt({ index, ms })).toEqual(fresh.lampsAt({ index, ms }));
          }
        },
      ),
      { numRuns: 12 },
    );
  });

  it('knows who crashed and who leads instead, and for how long nobody did', () => {
    const history = read(runOf(1, [crash]));
    const before = history.worldAt(history.placeAt(149));
    const dead = history.worldAt(history.placeAt(449));
    const end = history.worldAt(history.placeAt(449));

    expect(before.leaders).toEqual(['3']);
    expect(before.peers['3']?.condition).toBe('up');
    expect(dead.peers['3']?.condition).toBe('crashed');
    expect(history.reigns.map(({ leader }) => leader)[0]).toBe('3');
    expect(timesAt(end, 449).leaderlessMs).toBeGreaterThan(0);
    expect(history.marks.map(({ kind }) => kind)).toContain('fault');
  });

  it('says that a peer is paused while it is, and hatches its row for so long', () => {
    const history = read(runOf(1, [pause]));

    expect(history.worldAt(history.placeAt(300)).peers['1']?.condition).toBe('paused');
    expect(history.worldAt(history.placeAt(450)).peers['1']?.condition).toBe('up');
    expect(history.bars('1').find(({ look }) => look === 'paused')).toMatchObject({ from: 200, to: 400 });
  });

  it('has the cuts of a partition while it lasts', () => {
    const history = read(runOf(1, [split]));

    expect(history.worldAt(history.placeAt(99)).cuts).toEqual([]);
    expect(history.worldAt(history.placeAt(200)).partitions).toEqual([[['1'], ['2', '3']]]);
    expect(history.worldAt(history.placeAt(200)).cuts).toHaveLength(4);
    expect(history.worldAt(history.placeAt(401)).cuts).toEqual([]);
    expect(history.worldAt(history.placeAt(401)).troubles).toEqual([]);
  });

  it('shows every message from the moment it is sent to the moment it ends', () => {
    const history = read(runOf(2, [crash]));
    for (const flight of history.flights.slice(0, 400)) {
      const { id, sentIndex, sentAt, endIndex, endAt } = flight;
      const isAloft = (index: number, ms: number) =>
        history.worldAt({ index, ms }).aloft.some((one) => one.id === id);

      expect(isAloft(sentIndex, sentAt)).toBe(true);
      if (endIndex !== null && endAt !== null) {
        expect(isAloft(endIndex, endAt)).toBe(false);
        expect(isAloft(endIndex - 1, history.at(endIndex - 1)?.t ?? 0)).toBe(true);
      }
    }
    expect(history.flights.some(({ fate, why }) => fate === 'lost' && why !== null)).toBe(true);
  });

  it('steps from event to event without missing one, and back the same way', () => {
    const history = read(runOf(1, [crash]));
    const forth: number[] = [];
    for (let at: number | null = history.next('event', -1, 1); at !== null; at = history.next('event', at, 1))
      forth.push(at);
    const back: number[] = [];
    for (let at = history.next('event', history.length, -1); at !== null; at = history.next('event', at, -1))
      back.push(at);

    expect(forth.length).toBeGreaterThan(10);
    expect(back.toReversed()).toEqual(forth);
    expect(forth).toEqual(history.stops('event'));
  });

  it('calls it quiet while only heartbeats fly, and never while anything else does', () => {
    const history = read(runOf(1, [crash]));
    for (let ms = 0; ms < history.endMs; ms += 7) {
      const until = history.quietUntil(ms);
      const weighty = history.worldAt(history.placeAt(ms)).aloft.filter(({ id, type }) => {
        return !isRoutine(type, history.flight(id)?.load ?? 0);
      });
      expect(until).toBeGreaterThanOrEqual(ms);
      if (weighty.length > 0) expect(until).toBe(ms);
    }
  });
});

describe('without status, a role', () => {
  it('is read off the charts, and the coordinator off who speaks as one', () => {
    const history = read(
      linesOf([
        { t: 0, p: '4', k: 'actor', a: 'peer', machine: 'peer', st: 'running' },
        {
          t: 0,
          p: '4',
          k: 'actor',
          a: 'membership',
          machine: 'membership',
          st: '{seat.voter,register.resting}',
        },
        { t: 1, p: '4', k: 'transition', a: 'election', ev: 'x', st: 'following.direct', was: 'waiting' },
        { t: 2, p: '4', k: 'receive', ev: 'sequencer.append', fr: '5', term: 3, n: 0 },
        { t: 9, p: '4', k: 'transition', a: 'election', ev: 'y', st: 'challenging', was: 'following.direct' },
      ]),
    );
    const following = history.worldAt(history.placeAt(2)).peers['4'];
    const running = history.worldAt(history.placeAt(9)).peers['4'];

    expect(following).toMatchObject({ role: 'follower', follows: '5', term: 3 });
    expect(running).toMatchObject({ role: 'candidate', follows: null });
    expect(running && lookOf(running)).toEqual({ look: 'candidate', word: 'challenging' });
    expect(history.worldAt(history.placeAt(9)).elections).toBe(1);
  });
});

describe('who leads, counted', () => {
  it('adds up the time without a leader and with two, as of any moment', () => {
    const history = read([
      HEADER('1', '2', '3'),
      ...linesOf([
        statusOf(0, '3', 'coordinator', '3', 1),
        statusOf(0, '2', 'follower', '3', 1),
        statusOf(100, '3', 'down', null, 1),
        statusOf(150, '2', 'coordinator', '2', 2),
        statusOf(170, '3', 'coordinator', '3', 3),
        statusOf(190, '2', 'follower', '3', 3),
      ]),
    ]);
    const at = (ms: number) => timesAt(history.worldAt(history.placeAt(ms)), ms);

    expect(at(120)).toMatchObject({ leaderlessMs: 20, rivalryMs: 0 });
    expect(at(180)).toMatchObject({ leaderlessMs: 50, rivalryMs: 10 });
    expect(at(900)).toMatchObject({ leaderlessMs: 50, rivalryMs: 20 });
    expect(history.reigns.map(({ leader, from, to }) => [leader, from, to])).toEqual([
      ['3', 0, 100],
      ['2', 150, 190],
      ['3', 170, null],
    ]);
  });

  it('gives nobody the term of the one before, where a peer tells its own a moment after its office', () => {
    const history = read([
      HEADER('1', '2', '3'),
      ...linesOf([
        statusOf(0, '3', 'coordinator', '3', 1),
        statusOf(100, '3', 'down', null, 1),
        statusOf(150, '2', 'coordinator', '2', 1),
        statusOf(151, '2', 'coordinator', '2', 2),
        statusOf(900, '2', 'coordinator', '2', 4),
      ]),
    ]);

    expect(history.reigns.map(({ leader, term, from, to }) => [leader, term, from, to])).toEqual([
      ['3', 1, 0, 100],
      ['2', 2, 150, 900],
      ['2', 4, 900, null],
    ]);
  });
});
