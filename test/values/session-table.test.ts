import fc from 'fast-check';
import { KEYS_MAX, SessionTable } from '../../machines/values/session-table.js';

const line = (number: number) => ({ number, topic: 'general', payload: `line ${number}` });

describe('a session table', () => {
  it('opens one session for a peer’s nonce, however often it asks', () => {
    const table = new SessionTable();

    expect(table.open(5, '2', 'today')).toBe(5);
    expect(table.open(8, '2', 'today')).toBe(5);
    expect(table.open(9, '2', 'tomorrow')).toBe(9);
    expect(table.open(10, '3', 'today')).toBe(10);
    expect(table.at(8)).toBeUndefined();
    expect(table.at(9)).toMatchObject({ peer: '2', nonce: 'tomorrow' });
  });

  it('takes the next number, once; a lower one it has taken, and a higher one shows a gap', () => {
    const table = new SessionTable();
    table.open(5, '2', 'today');

    expect([1, 1, 3, 2, 3, 2].map((number) => table.judge(5, line(number)))).toEqual([
      'effective',
      'repeated',
      'gap',
      'effective',
      'effective',
      'repeated',
    ]);
    expect(table.judge(6, line(1))).toBe('unknown-session');
  });

  // Whatever coordinators order again after their predecessors: PROTOCOL §10, S2.
  it('lets every number take effect exactly once, and in order, whatever is sent again', () => {
    const log = fc.array(
      fc.record({ session: fc.constantFrom(5, 6), number: fc.integer({ min: 1, max: 8 }) }),
      {
        maxLength: 80,
      },
    );
    fc.assert(
      fc.property(log, (entries) => {
        const table = new SessionTable();
        for (const session of [5, 6]) table.open(session, `${session}`, 'today');
        const effective = entries.filter(
          ({ session, number }) => table.judge(session, line(number)) === 'effective',
        );

        for (const session of [5, 6]) {
          const numbers = effective.filter((e) => e.session === session).map((e) => e.number);
          expect(numbers).toEqual(numbers.map((_, i) => i + 1));
        }
      }),
    );
  });

  it('misses nothing of what is sent until it is taken', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 40 }), (disorder) => {
        const table = new SessionTable();
        table.open(5, '2', 'today');
        const inOrder = Array.from({ length: 6 }, (_, i) => i + 1);
        for (const number of [...disorder, ...inOrder]) table.judge(5, line(number));

        expect(table.at(5)?.next).toBe(7);
      }),
    );
  });

  it('remembers what a key stands for, the latest so many of them', () => {
    const table = new SessionTable();
    for (let sequence = 1; sequence <= KEYS_MAX; sequence++) table.remember(`key ${sequence}`, sequence);

    expect(table.keyed('key 1')).toBe(1);
    table.remember('one more', KEYS_MAX + 1);
    expect(table.keyed('key 1')).toBeUndefined();
    expect(table.keyed('key 2')).toBe(2);
    expect(table.keyed('one more')).toBe(KEYS_MAX + 1);
  });
});
