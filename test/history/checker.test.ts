import * as fc from 'fast-check';
import { draw } from '../../machines/values/chance.js';
import { judge } from './checker.js';
import { FLAWS, readingsOf, withOperation } from './flaws.js';
import { search, staleness } from './linearizability.js';
import type { Operation, Submission } from './operation.js';
import { correctHistory, type Shape } from './synthetic.js';

const seed = fc.integer({ min: 1, max: 2 ** 31 - 1 });
const shapes: fc.Arbitrary<Shape> = fc.record({
  seed,
  clients: fc.integer({ min: 1, max: 6 }),
  operations: fc.integer({ min: 0, max: 120 }),
  topics: fc.integer({ min: 1, max: 3 }),
  peers: fc.integer({ min: 1, max: 5 }),
  lagMs: fc.integer({ min: 0, max: 80 }),
});
/** Long enough to hold a place for every flaw, most of the time. */
const LARGE = { clients: 4, operations: 120, topics: 2, peers: 3, lagMs: 5 };

describe('the checker', () => {
  it('accepts every history of a cluster without a flaw, however far its peers are behind', () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        expect(judge(correctHistory(shape))).toEqual([]);
      }),
    );
  });

  it('accepts readings of this moment as linearizable', () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        expect(judge({ ...correctHistory({ ...shape, lagMs: 0 }), reads: 'linearizable' })).toEqual([]);
      }),
    );
  });

  it.each(FLAWS.map((flaw) => [flaw.name, flaw] as const))('notices when %s', (_, { rule, put }) => {
    let tried = 0;
    fc.assert(
      fc.property(seed, (number) => {
        const flawed = put(correctHistory({ ...LARGE, seed: number }));
        if (flawed === null) return;
        tried += 1;
        expect(judge(flawed).map((violation) => violation.rule)).toContain(rule);
      }),
      { numRuns: 50 },
    );

    expect(tried).toBeGreaterThan(25);
  });

  it('says what is wrong in a sentence with names', () => {
    const submission = ok('ann', 'a', 0, 1, 1);
    const evidence = { operations: [submission], logs: new Map([['1', []]]) };

    expect(judge(evidence)).toEqual([
      { rule: 'lost', sentence: 'a was acknowledged to ann at 1 and is nowhere' },
    ]);
  });

  it('tells of no more than five of a kind', () => {
    const operations = Array.from({ length: 20 }, (_, i) => ok('ann', `key-${i}`, i, i + 0.5, i + 1));

    expect(judge({ operations, logs: new Map([['1', []]]) })).toHaveLength(5);
  });

  it('lets an unknown outcome take effect after its client has gone on', () => {
    const late: Submission = { ...ok('ann', 'late', 0, 1, 2), outcome: 'unknown' };
    const next = ok('ann', 'next', 2, 3, 1);

    expect(judge({ operations: [late, next], logs: new Map([['1', delivered('next', 'late')]]) })).toEqual(
      [],
    );
  });

  it('does not let an unknown outcome stand before what had been acknowledged when it was offered', () => {
    const first = ok('ann', 'first', 0, 1, 2);
    const early: Submission = { ...ok('bob', 'early', 2, 3, 1), outcome: 'unknown' };

    const rules = judge({ operations: [first, early], logs: new Map([['1', delivered('early', 'first')]]) });

    expect(rules).toEqual([
      {
        rule: 'real-time',
        sentence: 'first was acknowledged before early was offered and comes after it in the order',
      },
    ]);
  });
});

describe('linearizability', () => {
  /** Short enough for the search. */
  const small = fc.record({
    seed,
    clients: fc.integer({ min: 2, max: 4 }),
    operations: fc.integer({ min: 2, max: 9 }),
    topics: fc.constant(1),
    peers: fc.integer({ min: 1, max: 2 }),
    lagMs: fc.constantFrom(0, 20),
  });

  it('by one walk is what the exhaustive search says', () => {
    const verdicts = { linearizable: 0, stale: 0 };
    fc.assert(
      fc.property(small, (shape) => {
        const { operations: correct, logs } = correctHistory(shape);
        const operations = shifted(correct, shape.seed);
        const order = logs.get('1') ?? [];
        const isLinearizable = search(
          operations,
          order.map(({ key }) => key),
        );
        verdicts[isLinearizable ? 'linearizable' : 'stale'] += 1;

        expect([...staleness(operations, order)].length === 0).toBe(isLinearizable);
      }),
      { numRuns: 2000 },
    );

    expect(Math.min(verdicts.linearizable, verdicts.stale)).toBeGreaterThan(50);
  });

  it('refuses a stale reading that is fine as a peer’s own view', () => {
    const operations = [ok('ann', 'a', 0, 1, 1), { ...emptyReading('bob', 2, 3), session: '2#1' }];
    const logs = new Map([['1', delivered('a')]]);

    expect(judge({ operations, logs })).toEqual([]);
    expect(judge({ operations, logs, reads: 'linearizable' })).toEqual([
      {
        rule: 'linearizability',
        sentence:
          'the submission of a had ended before the reading of news up to 0 by bob began, and lies after it in the order',
      },
    ]);
  });

  it('refuses two readings of which the later one shows less, at whichever peers', () => {
    const unknown: Submission = { ...ok('ann', 'a', 0, 1, 1), outcome: 'unknown' };
    const operations: Operation[] = [
      unknown,
      { ...emptyReading('bob', 2, 3), keys: ['a'] },
      { ...emptyReading('carol', 4, 5), session: '2#1' },
    ];
    const logs = new Map([['1', delivered('a')]]);

    expect(judge({ operations, logs })).toEqual([]);
    expect(judge({ operations, logs, reads: 'linearizable' })).toHaveLength(1);
  });

  it('notices one reading made older in a long history', () => {
    let tried = 0;
    fc.assert(
      fc.property(seed, (number) => {
        const evidence = correctHistory({ ...LARGE, lagMs: 0, seed: number });
        const known = evidence.operations.find(
          (operation) => operation.op === 'submit' && operation.outcome === 'ok',
        );
        const victim = readingsOf(evidence).find(
          ({ topic, start }) => known !== undefined && topic === known.topic && known.end < start,
        );
        if (victim === undefined) return;
        tried += 1;
        const flawed = withOperation(evidence, victim, { ...victim, after: 0, keys: [], session: null });

        expect(judge({ ...flawed, reads: 'linearizable' })).not.toEqual([]);
      }),
    );

    expect(tried).toBeGreaterThan(50);
  });
});

const ok = (client: string, key: string, start: number, end: number, sequence: number): Submission => ({
  ...{ op: 'submit', client, key, start, end, sequence, topicSequence: sequence },
  ...{ topic: 'news', session: '1#1', outcome: 'ok' },
});

/** Moves operations in time, a little each, so that some histories become wrong. */
function shifted(operations: readonly Operation[], from: number): readonly Operation[] {
  let number = from;
  return operations.map((operation) => {
    const { value, seed: next } = draw(number);
    number = next;
    const by = 30 * (value - 0.5);
    return { ...operation, start: operation.start + by, end: operation.end + by };
  });
}

const delivered = (...keys: string[]) =>
  keys.map((key, i) => ({ key, topic: 'news', sequence: i + 1, topicSequence: i + 1 }));

const emptyReading = (client: string, start: number, end: number): Operation & { op: 'read' } => ({
  ...{ op: 'read', client, start, end, topic: 'news' },
  ...{ session: '1#1', after: 0, keys: [], isWhole: true },
});
