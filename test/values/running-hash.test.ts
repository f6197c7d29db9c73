import fc from 'fast-check';
import { RunningHash } from '../../machines/values/running-hash.js';

const digestOf = (...values: readonly unknown[]): string => {
  const hash = new RunningHash();
  for (const value of values) hash.add(value);
  return hash.digest;
};

describe('a running hash', () => {
  it('is the same for the same values, and 16 hexadecimal digits', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), (values) => {
        expect(digestOf(...values)).toBe(digestOf(...(JSON.parse(JSON.stringify(values)) as unknown[])));
        expect(digestOf(...values)).toMatch(/^[0-9a-f]{16}$/);
      }),
    );
  });

  it('tells apart what differs in a letter, in order, in nesting, or in where one value ends', () => {
    const different = [
      digestOf('ab'),
      digestOf('ba'),
      digestOf('a', 'b'),
      digestOf(['a', 'b']),
      digestOf([['a'], 'b']),
      digestOf({ a: 'b' }),
      digestOf({ b: 'a' }),
      digestOf('aB'),
      digestOf(1),
      digestOf('x'.repeat(1000)),
      digestOf(`${'x'.repeat(999)}y`),
    ];

    expect(new Set(different).size).toBe(different.length);
  });

  it('goes on from its state as it would have itself', () => {
    const whole = new RunningHash();
    whole.add('one');
    const rest = new RunningHash(whole.state);
    const later = new RunningHash();
    later.reset(whole.state);
    for (const hash of [whole, rest, later]) hash.addNumber(2 ** 40 + 2);

    expect([rest.digest, later.digest]).toEqual([whole.digest, whole.digest]);
    expect(digestOf('one')).not.toBe(whole.digest);
  });

  it('counts about how much it has seen', () => {
    const hash = new RunningHash();
    hash.add({ text: 'x'.repeat(100) });

    expect(hash.characters).toBeGreaterThan(100);
    expect(hash.characters).toBeLessThan(120);
  });
});
