import fc from 'fast-check';
import {
  covers,
  isNext,
  merged,
  missing,
  seenOf,
  ticked,
  type VectorClock,
} from '../../machines/values/vector-clock.js';

const seen = (peer: string, count: number, life = 1) => ({ peer, life, count });
const clocks: fc.Arbitrary<VectorClock> = fc.uniqueArray(
  fc.record({ peer: fc.constantFrom('1', '2', '3'), life: fc.nat(2), count: fc.integer({ min: 1, max: 4 }) }),
  { selector: ({ peer }) => peer },
);
const isWithin = (a: VectorClock, b: VectorClock) => a.every((one) => covers(seenOf(b, one.peer), one));

describe('a vector clock', () => {
  it('ticks for one peer, and from one again in another life', () => {
    expect(ticked([seen('1', 2), seen('2', 5)], '1', 1)).toEqual([seen('2', 5), seen('1', 3)]);
    expect(ticked([seen('1', 2)], '1', 7)).toEqual([seen('1', 1, 7)]);
    expect(ticked([], '1', 7)).toEqual([seen('1', 1, 7)]);
  });

  it('says what is missing, and nothing of a life that is over', () => {
    expect(missing([seen('1', 2)], [seen('1', 4), seen('2', 1)])).toEqual([
      { peer: '1', life: 1, after: 2, upTo: 4 },
      { peer: '2', life: 1, after: 0, upTo: 1 },
    ]);
    expect(missing([seen('1', 1, 2)], [seen('1', 9, 1)])).toEqual([]);
    expect(missing([seen('1', 9, 1)], [seen('1', 2, 2)])).toEqual([
      { peer: '1', life: 2, after: 0, upTo: 2 },
    ]);
  });

  it('lets the next message in, and none before what its sender had seen', () => {
    expect(isNext([seen('1', 2)], '1', [seen('1', 3)])).toBe(true);
    expect(isNext([seen('1', 2)], '1', [seen('1', 4)])).toBe(false);
    expect(isNext([seen('1', 2)], '1', [seen('1', 2)])).toBe(false);
    expect(isNext([seen('1', 2)], '1', [seen('1', 3), seen('2', 1)])).toBe(false);
    expect(isNext([seen('1', 2), seen('2', 1)], '1', [seen('1', 3), seen('2', 1)])).toBe(true);
  });

  it('merges to the least that holds both, in any order, and however often', () => {
    fc.assert(
      fc.property(clocks, clocks, clocks, (a, b, c) => {
        const sorted = (clock: VectorClock) => [...clock].sort((x, y) => (x.peer < y.peer ? -1 : 1));
        const both = merged(a, b);

        expect(isWithin(a, both) && isWithin(b, both)).toBe(true);
        expect(sorted(merged(b, a))).toEqual(sorted(both));
        expect(sorted(merged(both, c))).toEqual(sorted(merged(a, merged(b, c))));
        expect(sorted(merged(both, both))).toEqual(sorted(both));
        expect(missing(both, a)).toEqual([]);
      }),
    );
  });
});
