import fc from 'fast-check';
import { compareIds, compareRank, defaultPriority } from '../../machines/values/rank.js';

/** Short ids of few characters, so that they often differ in little. */
const id = fc.stringMatching(/^[0-2a][0-2a._-]{0,4}$/);
const ranked = fc.record({ id, priority: fc.integer({ min: 0, max: 2 }) });
const signOf = (order: number) => Math.sign(order) + 0;

describe.each([['ids', id, compareIds] as const, ['ranks', ranked, compareRank] as const])(
  'the order of %s',
  (_, things, compareThings) => {
    const compare = compareThings as (a: unknown, b: unknown) => number;

    it('is total: of two different ones, one is higher, seen from either side', () => {
      fc.assert(
        fc.property(things, things, (a: unknown, b: unknown) => {
          expect(signOf(compare(a, b))).toBe(signOf(-compare(b, a)));
          expect(compare(a, b) === 0).toBe(JSON.stringify(a) === JSON.stringify(b));
        }),
      );
    });

    it('goes on: who is above one that is above a third is above the third', () => {
      fc.assert(
        fc.property(things, things, things, (...three: unknown[]) => {
          const [a, b, c] = three.sort(compare);

          expect(compare(a, b)).toBeLessThanOrEqual(0);
          expect(compare(b, c)).toBeLessThanOrEqual(0);
          expect(compare(a, c)).toBeLessThanOrEqual(0);
        }),
      );
    });
  },
);

describe('rank', () => {
  it.each([
    ['2', '10'],
    ['peer2', 'peer10'],
    ['peer-2b', 'peer-10a'],
    ['1', 'a'],
    ['peer', 'peer1'],
    ['9007199254740993', '9007199254740994'],
    // Different peers, equal as numbers: the longer, then the later spelling.
    ['1', '01'],
    ['a01b2', 'a1b02'],
  ])('puts %s below %s', (lower, higher) => {
    expect(compareIds(lower, higher)).toBeLessThan(0);
  });

  it('prefers priority to id', () => {
    expect(compareRank({ id: '1', priority: 5 }, { id: '9', priority: 4 })).toBeGreaterThan(0);
    expect(compareRank({ id: '1', priority: 4 }, { id: '9', priority: 4 })).toBeLessThan(0);
  });

  it('takes a number for its own priority, and a name for none', () => {
    expect(['7', '007', 'alice', '9'.repeat(30)].map(defaultPriority)).toEqual([
      7,
      7,
      0,
      Number.MAX_SAFE_INTEGER,
    ]);
  });
});
