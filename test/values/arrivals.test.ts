import fc from 'fast-check';
import { GAPS_MAX, toleranceOf, withGap } from '../../machines/values/arrivals.js';

const gaps = (...values: number[]) => values;
const often = (gap: number, times = 20) => Array.from({ length: times }, () => gap);

describe('the tolerance of silence', () => {
  it('is the floor while little is known, and for a member that is heard regularly', () => {
    expect(toleranceOf([], 1000)).toBe(1000);
    expect(toleranceOf(gaps(900, 100, 900), 1000)).toBe(1000);
    expect(toleranceOf(often(200), 1000)).toBe(1000);
  });

  it('grows with the irregularity: mean and 5.6 standard deviations, where φ is 8', () => {
    const irregular = [...often(100, 10), ...often(500, 10)];

    expect(toleranceOf(irregular, 1000)).toBeCloseTo(300 + 5.612 * 200, 5);
  });

  it('is never below the floor, nor above eight times it, whatever was heard when', () => {
    const some = fc.array(fc.integer({ min: 0, max: 100_000 }), { maxLength: 150 });
    fc.assert(
      fc.property(some, fc.integer({ min: 1, max: 10_000 }), (heard, floor) => {
        const tolerance = toleranceOf(heard, floor);
        expect(tolerance).toBeGreaterThanOrEqual(floor);
        expect(tolerance).toBeLessThanOrEqual(8 * floor);
      }),
    );
  });
});

it('the last hundred gaps are remembered', () => {
  const all = Array.from({ length: 250 }, (_, i) => i).reduce<readonly number[]>(withGap, []);

  expect(all).toHaveLength(GAPS_MAX);
  expect([all[0], all.at(-1)]).toEqual([150, 249]);
});
