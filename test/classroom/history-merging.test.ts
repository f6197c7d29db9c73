/** Traces of several peers, each by its own clock: made one, with no receive before its send. */
import fc from 'fast-check';
import type { TraceEvent } from '../../apps/classroom/contract.js';
import { historyOf, mergeTraces } from '../../apps/classroom/history/index.js';
import { runOf } from './traces.js';

const RUN = runOf(5, [{ kind: 'crash', at: 300, forMs: 5000, peer: '3', isPowerCut: true }], { untilMs: 600 })
  .slice(1)
  .map((line) => JSON.parse(line) as TraceEvent);

/** What each peer would have written by itself: without names, by its own clock. */
function ownTraces(ahead: Readonly<Record<string, number>>): readonly (readonly string[])[] {
  return ['1', '2', '3'].map((peer) => {
    const numbers = new Map<number, number>();
    return RUN.filter(({ p, k }) => p === peer && k !== 'status').map((event, place) => {
      numbers.set(event.s, place + 1);
      const { m: _, due: __, c, ...rest } = event;
      const cause = c === undefined ? undefined : numbers.get(c);
      const own = {
        ...rest,
        s: place + 1,
        t: event.t + (ahead[peer] ?? 0),
        ...(cause !== undefined && { c: cause }),
      };
      return JSON.stringify(own);
    });
  });
}

describe('merged traces', () => {
  it('find how far the clocks are apart, whatever they say', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1e7, max: 1e7 }),
        fc.integer({ min: -1e7, max: 1e7 }),
        (second, third) => {
          const { offsets, adjustedMs } = mergeTraces(ownTraces({ 2: second, 3: third }));

          expect(offsets.get('1')).toBe(0);
          expect(Math.abs((offsets.get('2') ?? 0) - second)).toBeLessThan(1);
          expect(Math.abs((offsets.get('3') ?? 0) - third)).toBeLessThan(1);
          expect(adjustedMs).toBeLessThan(1);
        },
      ),
      { numRuns: 5 },
    );
  });

  it('never have a receive before its send, and match what was matched', () => {
    const history = historyOf(ownTraces({ 2: 3_000_000.5, 3: -777 }));
    const truth = new Map<string, number>();
    for (const { k, m = '' } of RUN) if (k === 'receive') truth.set(m, (truth.get(m) ?? 0) + 1);
    const delivered = history.flights.filter(({ fate }) => fate === 'delivered');

    for (const { sentAt, endAt, sentIndex, endIndex } of delivered) {
      expect(endAt).toBeGreaterThanOrEqual(sentAt);
      expect(endIndex).toBeGreaterThan(sentIndex);
      expect((endAt ?? 0) - sentAt).toBeLessThan(60);
    }
    expect(delivered.length).toBeGreaterThan([...truth.keys()].filter((name) => name !== '').length * 0.95);
    expect(history.adjustedMs).not.toBeNull();
    expect(history.refusals.count).toBe(0);
  });

  it('enforce the order of cause where a clock drifts, and tell by how much', () => {
    const drifting = ownTraces({}).map((lines, place) =>
      place !== 1
        ? lines
        : lines.map((line) => {
            const event = JSON.parse(line) as TraceEvent;
            return JSON.stringify({ ...event, t: event.t * 1.2 });
          }),
    );
    const history = historyOf(drifting);

    for (const { sentIndex, endIndex } of history.flights)
      if (endIndex !== null) expect(endIndex).toBeGreaterThan(sentIndex);
    expect(history.adjustedMs).toBeGreaterThan(0);
  });

  it('take a peer whose trace ends long before the others for one that crashed', () => {
    const ends = { t: 2500, p: '1', k: 'transition', a: 'peer', ev: 'x', st: 'running' };
    const [first = [], ...others] = ownTraces({});
    const history = historyOf([[...first, JSON.stringify({ s: 99_999, ...ends })], ...others]);
    const world = history.worldAt(history.placeAt(history.endMs));

    expect(world.peers['3']?.condition).toBe('crashed');
    expect(world.peers['1']?.condition).toBe('up');
    expect(history.marks.map(({ words }) => words)).toContain('The trace of 3 ends here, without a goodbye');
  });

  it.each([
    ['crash', 'crashed'],
    ['pause', 'paused'],
  ])('believe a peer that tells why its own trace ends: by a %s', (kind, condition) => {
    const ends = { t: 2500, p: '1', k: 'transition', a: 'peer', ev: 'x', st: 'running' };
    const [first = [], second = [], third = []] = ownTraces({});
    const { t } = JSON.parse(third.at(-1) ?? '') as TraceEvent;
    const act = { kind, at: 0, forMs: 3000, peer: '3' };
    const fault = { s: 99_999, t, p: '3', k: 'fault', act, phase: 'begin', words: 'told' };
    const history = historyOf([
      [...first, JSON.stringify({ s: 99_999, ...ends })],
      second,
      [...third, JSON.stringify(fault)],
    ]);

    expect(history.worldAt(history.placeAt(history.endMs)).peers['3']?.condition).toBe(condition);
    const words = history.marks.map((mark) => mark.words);
    expect(words).toContain('told');
    expect(words).not.toContain('The trace of 3 ends here, without a goodbye');
  });

  it('name peers that nothing relates to the others', () => {
    const stranger = [
      JSON.stringify({ s: 1, t: 5, p: '9', k: 'actor', a: 'peer', machine: 'peer', st: 'running' }),
    ];
    const { unrelated, lines } = mergeTraces([...ownTraces({}), stranger]);

    expect(unrelated).toEqual(['9']);
    expect(lines.length).toBeGreaterThan(100);
  });
});
