import type { TraceRecord } from '../../actors/index.js';
import { activePaths, changedLeaf, stateInWords } from '../../apps/classroom/charts/active-states.js';
import { readChart, transitionsOf } from '../../apps/classroom/charts/chart-model.js';
import { edgesOf, rowsOf } from '../../apps/page/chart-layout.js';
import { placeMembers } from '../../apps/page/geometry.js';
import { tell } from '../../apps/page/sentences.js';
import { electionMachine } from '../../machines/election.js';
import { vocabulary } from '../../transport/index.js';

// What Vite puts into the page when it builds it.
Object.assign(globalThis, { __VOCABULARY__: Object.fromEntries(vocabulary) });

const definition = JSON.parse(JSON.stringify(electionMachine.config));

describe('a chart of the page', () => {
  it('has every state of the machine, and resolves every target to one of them', () => {
    const chart = readChart(definition);

    const paths = new Set<string>();
    const collect = (state: typeof chart) => {
      paths.add(state.path);
      state.children.forEach(collect);
    };
    collect(chart);
    const targets = transitionsOf(chart).flatMap(({ target }) => (target === null ? [] : [target]));

    expect([...paths]).toEqual(expect.arrayContaining(['following.direct', 'challenging', 'coordinating']));
    expect(targets.length).toBeGreaterThan(10);
    expect(targets.filter((target) => !paths.has(target))).toEqual([]);
  });

  it('tells events, delays and guards apart', () => {
    const found = transitionsOf(readChart(definition));

    expect(found).toContainEqual(
      expect.objectContaining({
        source: 'challenging',
        when: 'after',
        trigger: 'answerTimeout',
        target: 'winning',
      }),
    );
    expect(found).toContainEqual(
      expect.objectContaining({
        source: 'challenging',
        when: 'always',
        guard: 'nobodyHigher',
        target: 'winning',
      }),
    );
    expect(found).toContainEqual(
      expect.objectContaining({
        source: '',
        when: 'event',
        trigger: 'term.established',
        target: 'coordinating',
      }),
    );
  });

  it('puts a state below those that lead to it, and draws one edge per pair', () => {
    const chart = readChart({
      id: 'walk',
      initial: 'one',
      states: {
        three: {},
        one: { on: { go: 'two', run: [{ guard: 'isFit', target: 'two' }, { target: '#walk.three' }] } },
        two: { after: { 50: 'three' } },
        never: {},
      },
    });

    expect(rowsOf(chart).map((row) => row.map(({ key }) => key))).toEqual([
      ['one'],
      ['three', 'two'],
      ['never'],
    ]);
    expect(edgesOf(chart).map(({ source, target }) => `${source} ${target}`)).toEqual([
      'one two',
      'one three',
      'two three',
    ]);
  });

  it('lights every region of a parallel state, and its parents', () => {
    const active = activePaths('coordinating.{office.serving,pulse.{a.b,c}}');

    expect([...active].sort()).toEqual(
      ['', 'coordinating', 'office', 'office.serving', 'pulse', 'pulse.a', 'pulse.a.b', 'pulse.c']
        .map((path) => (path === '' || path === 'coordinating' ? path : `coordinating.${path}`))
        .sort(),
    );
    expect(stateInWords('{seat.voter,register.resting}')).toBe('seat.voter, register.resting');
    expect(changedLeaf('{seat.voter,register.stable}', '{seat.voter,register.resting}')).toBe(
      'register.stable',
    );
  });
});

describe('a sentence of the page', () => {
  const record = (s: number, k: TraceRecord['k'], more: Partial<TraceRecord>): TraceRecord => ({
    s,
    t: s,
    p: '2',
    k,
    ...more,
  });
  const tellLast = (...records: TraceRecord[]) => {
    const last = records.at(-1) ?? record(0, 'gap', {});
    return tell(last, (number) => records.find(({ s }) => s === number));
  };

  it('names the message that led to a change, through what only passed it on', () => {
    const { text, because, weight } = tellLast(
      record(1, 'receive', { ev: 'election.answer', fr: '3' }),
      record(2, 'transition', { c: 1, a: 'peer', ev: 'election.answer', st: 'running' }),
      record(3, 'transition', {
        c: 2,
        a: 'election',
        ev: 'election.answer',
        was: 'challenging',
        st: 'awaitingCoordinator',
      }),
    );

    expect(text).toBe('election went from challenging to awaitingCoordinator, on OK');
    expect(because).toBe('OK from 3');
    expect(weight).toBe('weighty');
  });

  it('leaves out heartbeats, appends that carry nothing, and what changes nothing', () => {
    expect(tellLast(record(1, 'send', { ev: 'failure.heartbeat', to: '3' })).weight).toBe('routine');
    expect(tellLast(record(1, 'receive', { ev: 'sequencer.append', fr: '3', n: 0 })).weight).toBe('routine');
    expect(tellLast(record(1, 'receive', { ev: 'sequencer.append', fr: '3', n: 2 })).weight).toBe('plain');
    expect(tellLast(record(1, 'transition', { a: 'election', ev: 'tick', st: 'resting' })).weight).toBe(
      'routine',
    );
  });
});

describe('the ring of the page', () => {
  it.each([1, 2, 3, 5, 7, 40])(
    'has the highest id of %i at twelve o’clock and nobody on top of another',
    (count) => {
      const ids = Array.from({ length: count }, (_, i) => String(i + 1));
      const { spots, centreX } = placeMembers(ids, { width: 460, height: 320 });

      const places = [...spots.values()];
      const top = spots.get(String(count));
      expect(top?.x).toBeCloseTo(centreX);
      expect(top?.y).toBe(Math.min(...places.map(({ y }) => y)));
      for (const one of places)
        for (const other of places)
          if (one !== other) expect(Math.hypot(one.x - other.x, one.y - other.y)).toBeGreaterThan(one.radius);
    },
  );
});
