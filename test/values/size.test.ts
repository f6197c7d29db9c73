import fc from 'fast-check';
import { headWithin, sizeOf } from '../../machines/values/size.js';

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

describe('the size of a value', () => {
  it('is never estimated at less than a third of the truth', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        expect(3 * sizeOf(value)).toBeGreaterThanOrEqual(bytesOf(value));
      }),
    );
  });

  it('grows with what it holds', () => {
    expect(sizeOf(['a'.repeat(1000)])).toBeGreaterThan(sizeOf('a'.repeat(1000)));
    expect(sizeOf('a'.repeat(1000))).toBeGreaterThanOrEqual(1000);
  });
});

describe('the head of a list', () => {
  const lists = fc.array(fc.string({ maxLength: 20 }), { maxLength: 30 });

  it('is its beginning, within the count and the bytes, and as long as that allows', () => {
    fc.assert(
      fc.property(lists, fc.integer({ min: 1, max: 12 }), fc.nat(200), (items, countMax, bytesMax) => {
        const head = headWithin(items, countMax, bytesMax);
        const bytes = (count: number) => items.slice(0, count).reduce((sum, item) => sum + sizeOf(item), 0);

        expect(head).toEqual(items.slice(0, head.length));
        expect(head.length).toBeLessThanOrEqual(countMax);
        expect(head.length <= 1 || bytes(head.length) <= bytesMax).toBe(true);
        const isWhole = head.length === items.length || head.length === countMax;
        expect(isWhole || bytes(head.length + 1) > bytesMax).toBe(true);
      }),
    );
  });

  it('is never empty when there is something, however large: it must go at some time', () => {
    expect(headWithin(['x'.repeat(1000), 'y'], 5, 10)).toEqual(['x'.repeat(1000)]);
    expect(headWithin([], 5, 10)).toEqual([]);
  });
});
