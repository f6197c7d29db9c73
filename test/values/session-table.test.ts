import fc from 'fast-check';
import {
  KEY_TTL_MS,
  KEYS_MAX,
  RECEIPTS_MAX,
  SESSION_TTL_MS,
  SESSIONS_MAX,
  SessionTable,
  SWEEP_MS,
} from '../../machines/values/session-table.js';

const CLIENT = '~abcdefgh01234567';
const receipt = (sequence: number) => ({ sequence, topicSequence: sequence, term: 1, id: `5.${sequence}` });
/** What expires while `count` entries follow one another every `everyMs`, from `from` on. */
const passed = (table: SessionTable, from: number, count: number, everyMs: number) =>
  Array.from({ length: count }, (_, i) => table.pass(from + i * everyMs)).flat();

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

    expect([1, 1, 3, 2, 3, 2].map((number) => table.judge(5, number))).toEqual([
      'effective',
      'repeated',
      'gap',
      'effective',
      'effective',
      'repeated',
    ]);
    expect(table.judge(6, 1)).toBe('unknown-session');
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
          ({ session, number }) => table.judge(session, number) === 'effective',
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
        for (const number of [...disorder, ...inOrder]) table.judge(5, number);

        expect(table.at(5)?.next).toBe(7);
      }),
    );
  });

  it('expires a session that has not been used for its time, by what the entries say', () => {
    const table = new SessionTable();
    table.pass(1000);
    table.open(5, '2', 'today');
    table.open(6, '3', 'today');

    expect(passed(table, 2000, SESSION_TTL_MS / 2000, 1000)).toEqual([]);
    table.judge(6, 1);
    expect(passed(table, 1000 + SESSION_TTL_MS / 2, (SESSION_TTL_MS / 2 + SWEEP_MS) / 1000, 1000)).toEqual([
      5,
    ]);
    expect(table.judge(5, 1)).toBe('unknown-session');
    expect(table.judge(6, 2)).toBe('effective');
    expect(table.open(90, '2', 'today')).toBe(90);
  });

  it('keeps a session that is opened again and again', () => {
    const table = new SessionTable();
    table.pass(1);
    table.open(5, '2', 'today');
    for (let minute = 1; minute < 60; minute++) {
      expect(table.pass(1 + minute * SWEEP_MS)).toEqual([]);
      if (minute % 5 === 0) table.open(5 + minute, '2', 'today');
    }

    expect(table.at(5)).toMatchObject({ peer: '2' });
  });

  it('expires nobody over a pause of the log, however long, nor when clocks stand still', () => {
    const table = new SessionTable();
    table.pass(1);
    table.open(5, '2', 'today');

    expect(table.pass(7 * SESSION_TTL_MS)).toEqual([]);
    expect(table.pass(7 * SESSION_TTL_MS)).toEqual([]);
    expect(table.judge(5, 1)).toBe('effective');
  });

  it('holds so many sessions at most: the one unused longest goes', () => {
    const table = new SessionTable();
    table.pass(1);
    for (let index = 1; index <= SESSIONS_MAX; index++) table.open(index, '2', `life ${index}`);
    table.pass(1000);
    for (let index = 1; index <= SESSIONS_MAX; index++) if (index !== 77) table.judge(index, 1);
    table.open(SESSIONS_MAX + 1, '2', 'one more');

    expect(table.at(77)).toBeUndefined();
    expect(table.at(78)).toBeDefined();
    expect(table.state().sessions).toHaveLength(SESSIONS_MAX);
  });

  it('holds one session of a client, and any number of a peer', () => {
    const table = new SessionTable();
    table.open(5, CLIENT, 'today');
    table.open(6, '2', 'today');
    table.open(7, CLIENT, 'tomorrow');
    table.open(8, '2', 'tomorrow');

    expect(table.state().sessions.map(([, { peer, nonce }]) => `${peer} ${nonce}`)).toEqual([
      '2 today',
      `${CLIENT} tomorrow`,
      '2 tomorrow',
    ]);
  });

  it('remembers where the latest submissions of a client stand, and of a peer none', () => {
    const table = new SessionTable();
    table.open(5, CLIENT, 'today');
    table.open(6, '2', 'today');
    for (let number = 1; number <= 3 * RECEIPTS_MAX; number++) {
      for (const session of [5, 6]) {
        table.judge(session, number);
        table.settle(session, receipt(number));
      }
    }

    expect(table.receipt(5, 3 * RECEIPTS_MAX)).toEqual(receipt(3 * RECEIPTS_MAX));
    expect(table.receipt(5, 2 * RECEIPTS_MAX + 1)).toEqual(receipt(2 * RECEIPTS_MAX + 1));
    expect(table.receipt(5, 1)).toBeUndefined();
    expect(table.receipt(6, 3 * RECEIPTS_MAX)).toBeUndefined();
    expect(table.receipt(7, 1)).toBeUndefined();
  });

  it('remembers what a key stands for for a day, and the latest so many of them', () => {
    const table = new SessionTable();
    table.pass(1);
    for (let sequence = 1; sequence <= KEYS_MAX; sequence++)
      table.remember(`key ${sequence}`, receipt(sequence));

    expect(table.keyed('key 1')).toEqual(receipt(1));
    table.remember('one more', receipt(KEYS_MAX + 1));
    expect(table.keyed('key 1')).toBeUndefined();
    expect(table.keyed('key 2')).toEqual(receipt(2));
    table.pass(KEY_TTL_MS);
    expect(table.keyed('one more')).toEqual(receipt(KEYS_MAX + 1));
    table.pass(KEY_TTL_MS + 1);
    expect(table.keyed('one more')).toBeUndefined();
    table.remember('tomorrow', receipt(9));
    expect(table.state().keys.map(([key]) => key)).toEqual(['tomorrow']);
  });

  it('goes on from its state, which is plain JSON, as it would have', () => {
    const step = fc.record({
      session: fc.constantFrom(1, 2),
      number: fc.integer({ min: 1, max: 5 }),
      byMs: fc.constantFrom(0, 1, SWEEP_MS, 3 * SWEEP_MS),
      key: fc.constantFrom('a', 'b'),
    });
    const steps = fc.array(step, { maxLength: 60 });
    fc.assert(
      fc.property(steps, fc.nat(60), (all, cut) => {
        const play = (table: SessionTable, some: typeof all, from: number) =>
          some.reduce((at, { session, number, byMs, key }, i) => {
            table.pass(at + byMs);
            table.open(from + i, session === 1 ? CLIENT : '2', 'today');
            if (table.judge(session, number) === 'effective') table.settle(session, receipt(from + i));
            table.remember(key, receipt(from + i));
            return at + byMs;
          }, table.state().at);
        const whole = new SessionTable();
        play(whole, all, 1);
        const before = new SessionTable();
        play(before, all.slice(0, cut), 1);
        const after = new SessionTable(JSON.parse(JSON.stringify(before.state())));
        play(after, all.slice(cut), 1 + Math.min(cut, all.length));

        expect(after.state()).toEqual(whole.state());
      }),
    );
  });
});
