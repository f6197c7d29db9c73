/** Lines from anywhere: what is no record is counted and told, and what arrives is matched with what was sent. */
import fc from 'fast-check';
import { PRESETS, type PresetName } from '../../actors/anywhere.js';
import { createHistory, PRESET_TIMINGS, tell } from '../../apps/classroom/history/index.js';
import { linesOf, statusOf } from './traces.js';

const read = (lines: readonly string[]) => {
  const history = createHistory();
  history.append(lines);
  return history;
};
const send = (t: number, p: string, to: string, ev: string, more = {}) => ({
  t,
  p,
  k: 'send' as const,
  to,
  ev,
  ...more,
});
const receive = (t: number, p: string, fr: string, ev: string, more = {}) => ({
  t,
  p,
  k: 'receive' as const,
  fr,
  ev,
  ...more,
});

describe('hostile lines', () => {
  it('are refused with the first reason, and the others are read', () => {
    const history = read([
      'no JSON',
      '{"s":1}',
      '[]',
      'null',
      '{"s":1,"t":"0","p":"1","k":"send"}',
      '{"s":1,"t":1e300,"p":"1","k":"send","ev":"x","to":"2"}',
      '{"s":1,"t":0,"p":"1","k":"explosion"}',
      '{"v":2,"kind":"header"}',
      '{"s":1,"t":0,"p":"1","k":"timer-set","a":"election","ev":"x"}',
      `{"s":1,"t":0,"p":"1","k":"fault","ev":"${'x'.repeat(300_000)}"}`,
      '',
      ...linesOf([send(5, '1', '2', 'election.start')]),
    ]);

    expect(history.refusals).toEqual({ count: 10, first: { line: 1, why: 'not JSON' } });
    expect(history.length).toBe(1);
    expect(history.worldAt(history.placeAt(5)).aloft).toHaveLength(1);
  });

  it('never throw, whatever they hold', () => {
    const kinds = [
      'transition',
      'send',
      'receive',
      'lost',
      'timer',
      'timer-set',
      'delivery',
      'status',
      'fault',
      'actor',
      'gap',
      'violation',
    ];
    const value = fc.oneof(fc.string(), fc.integer(), fc.constant(null), fc.jsonValue());
    const record = fc.record(
      {
        s: fc.integer(),
        t: fc.oneof(fc.integer(), value),
        p: fc.oneof(fc.constantFrom('', '1', '2', '__proto__', 'constructor'), value),
        k: fc.constantFrom(...kinds),
        a: fc.oneof(fc.constantFrom('election', 'failure-detector:1', 'peer', '__proto__'), value),
        ev: value,
        st: value,
        was: value,
        to: value,
        fr: value,
        m: value,
        c: value,
        due: value,
        act: fc.oneof(
          fc.record({
            kind: fc.constantFrom('crash', 'partition', 'cut', 'drop'),
            sides: value,
            which: value,
            peer: value,
            from: value,
            to: value,
          }),
          value,
        ),
        phase: value,
        role: value,
        members: value,
        sequence: value,
      },
      { requiredKeys: ['k'] },
    );
    fc.assert(
      fc.property(fc.array(record, { maxLength: 12 }), (records) => {
        const history = read(records.map((one) => JSON.stringify(one)));
        const place = history.placeAt(Number.MAX_SAFE_INTEGER);
        JSON.stringify(history.worldAt(place));
        history.lampsAt(place);
        for (let index = 0; index < history.length; index++) tell(history, index);
        return history.length + history.refusals.count === records.length;
      }),
      { numRuns: 400 },
    );
  });

  it('keep their order when a clock runs backwards', () => {
    const history = read(
      linesOf([send(10, '1', '2', 'election.start'), receive(4, '2', '1', 'election.start')]),
    );

    expect(history.at(1)?.t).toBe(10);
    expect(history.flights[0]).toMatchObject({ sentAt: 10, endAt: 10, fate: 'delivered' });
  });
});

describe('a header', () => {
  it.each(Object.entries(PRESET_TIMINGS))(
    'of preset %s tells the timings that the peers have',
    (preset, timings) => {
      const config = { options: { preset } };
      const history = read([
        JSON.stringify({ v: 1, kind: 'header', source: 'simulator', members: ['1'], config }),
      ]);

      expect(PRESETS[preset as PresetName]).toMatchObject(timings);
      expect(history.timing('suspectTimeoutMs')).toBe(timings.suspectTimeoutMs);
    },
  );

  it('goes by single timings before the preset', () => {
    const config = { options: { preset: 'fast', timings: { suspectTimeoutMs: 400 } } };
    const history = read([
      JSON.stringify({ v: 1, kind: 'header', source: 'simulator', members: ['1'], config }),
    ]);

    expect(history.timing('suspectTimeoutMs')).toBe(400);
    expect(history.timing('heartbeatIntervalMs')).toBe(50);
  });
});

describe('flights', () => {
  it('are matched by name where there is one, even when a later one arrives first', () => {
    const history = read(
      linesOf([
        send(0, '1', '2', 'election.start', { m: '1>2#1', due: 30 }),
        send(1, '1', '2', 'election.start', { m: '1>2#2', due: 21 }),
        receive(21, '2', '1', 'election.start', { m: '1>2#2' }),
        receive(30, '2', '1', 'election.start', { m: '1>2#1' }),
        receive(33, '2', '1', 'election.start', { m: '1>2#1' }),
      ]),
    );

    expect(history.flight('1>2#1')).toMatchObject({
      sentAt: 0,
      endAt: 30,
      fate: 'delivered',
      due: 30,
      isCopy: false,
    });
    expect(history.flight('1>2#2')).toMatchObject({ sentAt: 1, endAt: 21 });
    expect(history.flightOf(4)).toMatchObject({ endAt: 33, isCopy: true });
  });

  it('are matched in order per pair and type where nobody names them', () => {
    const history = read(
      linesOf([
        send(0, '1', '2', 'election.start'),
        send(1, '1', '2', 'election.answer'),
        send(2, '1', '2', 'election.start'),
        receive(9, '2', '1', 'election.answer'),
        receive(10, '2', '1', 'election.start'),
        receive(12, '2', '1', 'election.start'),
      ]),
    );

    expect(history.flights.map(({ sentAt, endAt }) => [sentAt, endAt])).toEqual([
      [0, 10],
      [1, 9],
      [2, 12],
    ]);
  });

  it('that nobody receives any more are silent, so that later ones are matched right', () => {
    const history = read(
      linesOf([
        send(0, '1', '2', 'election.start'),
        send(3000, '1', '2', 'election.start'),
        receive(3010, '2', '1', 'election.start'),
      ]),
    );

    expect(history.flights.map(({ fate, endAt }) => [fate, endAt])).toEqual([
      ['silent', null],
      ['delivered', 3010],
    ]);
  });

  it('are lost with the reason the trace gives', () => {
    const history = read(
      linesOf([
        send(0, '1', '2', 'election.start', { m: 'a', due: 20 }),
        { t: 20, p: '', k: 'lost', m: 'a', why: 'cut', fr: '1', to: '2' },
      ]),
    );

    expect(history.flight('a')).toMatchObject({ fate: 'lost', why: 'cut', endAt: 20 });
    expect(tell(history, 1).text).toBe('ELECTION from 1 to 2 is lost: the way is cut.');
    expect(history.worldAt(history.placeAt(20)).lost).toBe(1);
  });
});

describe('lamps', () => {
  const lampOf = (lines: readonly string[], name: string) => {
    const history = read(lines);
    return history.lampsAt(history.placeAt(history.endMs)).find((lamp) => lamp.name === name);
  };
  const delivery = (t: number, p: string, sequence: number, text: string) => ({
    t,
    p,
    k: 'delivery' as const,
    sequence,
    origin: '1',
    term: 1,
    text,
  });

  it('go red when two peers deliver different messages at one number', () => {
    const lines = linesOf([
      delivery(1, '1', 7, 'hello'),
      delivery(2, '2', 7, 'hello'),
      delivery(3, '3', 7, 'adieu'),
    ]);

    expect(lampOf(lines, 'same-order')).toMatchObject({ state: 'broken', index: 2 });
    expect(lampOf(lines.slice(0, 2), 'same-order')).toMatchObject({ state: 'holds', index: null });
  });

  it('go red when a number is left out', () => {
    expect(lampOf(linesOf([delivery(1, '1', 1, 'a'), delivery(2, '1', 3, 'c')]), 'no-gap')).toMatchObject({
      state: 'broken',
      index: 1,
    });
    expect(lampOf(linesOf([delivery(1, '1', 1, 'a'), delivery(2, '1', 2, 'b')]), 'no-gap')).toMatchObject({
      state: 'holds',
    });
  });

  it('go red when somebody leads in a term of another', () => {
    const lines = linesOf([{ ...statusOf(1, '2', 'coordinator', '2', 4), owner: '3' }]);

    expect(lampOf(lines, 'one-leader-per-term')).toMatchObject({ state: 'broken', index: 0 });
  });

  it('go red when the simulator finds its own invariant broken', () => {
    const lines = linesOf([
      { t: 1, p: '2', k: 'violation', invariant: 'I11', words: '2 is told an answer before its question' },
    ]);

    expect(lampOf(lines, 'causal-order')).toMatchObject({
      state: 'broken',
      detail: '2 is told an answer before its question',
    });
  });

  it('wait for the highest, and never call that broken', () => {
    const lines = linesOf([statusOf(0, '3', 'follower', null, 1), statusOf(1, '2', 'coordinator', '2', 2)]);

    expect(lampOf(lines, 'highest-leads')).toMatchObject({ state: 'not yet', detail: '2 leads, and 3 runs' });
  });

  it('say so when a trace does not tell enough', () => {
    expect(
      lampOf(linesOf([{ t: 1, p: '1', k: 'delivery', first: 1, count: 2 }]), 'same-order'),
    ).toMatchObject({
      state: 'unknown',
      detail: 'this trace does not tell what was delivered',
    });
  });
});
