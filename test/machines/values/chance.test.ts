import fc from 'fast-check';
import { draw } from '../../../machines/values/chance.js';

const drawn = (seed: number, times: number): number[] => {
  const values: number[] = [];
  for (let last = { value: 0, seed }; values.length < times; ) {
    last = draw(last.seed);
    values.push(last.value);
  }
  return values;
};

describe('chance', () => {
  it('draws the same numbers from the same seed, and others from another', () => {
    expect(drawn(7, 20)).toEqual(drawn(7, 20));
    expect(drawn(7, 20)).not.toEqual(drawn(8, 20));
  });

  it('draws from 0 up to, but not including, 1, whatever the seed', () => {
    fc.assert(
      fc.property(fc.oneof(fc.integer(), fc.double()), (seed) => {
        for (const value of drawn(seed, 10)) expect(value >= 0 && value < 1).toBe(true);
      }),
    );
  });

  it('spreads evenly', () => {
    const tenths = Array(10).fill(0);
    for (const value of drawn(1, 10_000)) tenths[Math.floor(value * 10)] += 1;

    for (const tenth of tenths) expect(Math.abs(tenth - 1000)).toBeLessThan(150);
  });
});
