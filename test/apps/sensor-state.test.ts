import fc from 'fast-check';
import { Measurement, Offered } from '../../apps/sensor/measurement.js';
import { QUANTITY_KEYS } from '../../apps/sensor/quantities.js';
import {
  DEFAULTS,
  SENSORS_MAX,
  SensorCommand,
  type SensorState,
  sensorOf,
  sensorReplica,
  WINDOWS_MAX,
} from '../../apps/sensor/state.js';
import { shownWindow, withReading } from '../../apps/sensor/windows.js';

const T0 = Date.parse('2026-01-31T12:00:00Z');

const measured = (offsetMs = 0, temperature_c = 20): Measurement => ({
  timestamp: new Date(T0 + offsetMs).toISOString(),
  temperature_c,
  humidity_pct: 50,
  pressure_hpa: 1013,
});

interface Step {
  readonly command: SensorCommand;
  readonly origin: string;
  readonly at: number;
}

const reading = (measurement: Measurement, origin = '1', at = T0): Step => ({
  command: { type: 'reading', ...measurement },
  origin,
  at,
});

/** Applies steps one after the other, in the total order. */
function stateAfter(steps: readonly Step[], state: SensorState = sensorReplica.initial()): SensorState {
  return steps.reduce(
    (before, { command, origin, at }, i) =>
      sensorReplica.apply(before, command, { sequence: i + 1, at, origin }).state,
    state,
  );
}

describe('the replicated series', () => {
  it('has each sensor’s readings in the total order, with their numbers', () => {
    const state = stateAfter([
      reading(measured(0), '2'),
      reading(measured(0), '10'),
      reading(measured(15_000), '2'),
    ]);

    expect(state.sensors.map(({ id, published }) => [id, published])).toEqual([
      ['2', 2],
      ['10', 1],
    ]);
    expect(sensorOf(state, '2')?.readings.map(({ sequence }) => sequence)).toEqual([1, 3]);
    expect(sensorOf(state, '2')?.last).toMatchObject({ sequence: 3, ...measured(15_000) });
  });

  it('takes readings of peers only', () => {
    const { state, result } = sensorReplica.apply(
      sensorReplica.initial(),
      { type: 'reading', ...measured() },
      { sequence: 1, at: T0, origin: '~abcdefgh12345678' },
    );

    expect(result).toEqual({ kind: 'refused', reason: 'only a peer measures: publish through one' });
    expect(state.sensors).toEqual([]);
  });

  it('keeps no more readings than it may, and says up to where they are gone', () => {
    const limit: Step = { command: { type: 'settings', retain_readings: 3 }, origin: '1', at: T0 };
    const state = stateAfter([limit, ...Array.from({ length: 5 }, (_, i) => reading(measured(i * 1000)))]);

    expect(sensorOf(state, '1')).toMatchObject({ published: 5, goneUpTo: 3 });
    expect(sensorOf(state, '1')?.readings.map(({ sequence }) => sequence)).toEqual([4, 5, 6]);
  });

  it('lets readings go by the time of the log, whatever a sensor says of the time; the last of a sensor stays', () => {
    const wrongClock = { ...measured(), timestamp: '9999-01-01T00:00:00.000Z' };
    const hour: Step = { command: { type: 'settings', retain_h: 1 }, origin: '1', at: T0 };

    const fresh = stateAfter([hour, reading(measured(), '1', T0), reading(wrongClock, '2', T0 + 1000)]);
    const later = stateAfter([reading(measured(), '2', T0 + 2 * 3_600_000)], fresh);

    expect(sensorOf(fresh, '1')?.readings).toHaveLength(1);
    expect(sensorOf(later, '1')?.readings).toHaveLength(1);
    expect(sensorOf(later, '1')?.windows).toEqual([]);
    expect(sensorOf(later, '2')?.readings.map(({ timestamp }) => timestamp)).toEqual([measured().timestamp]);
  });

  it('makes windows of another length out of the readings it still has', () => {
    const steps = Array.from({ length: 8 }, (_, i) => reading(measured(i * 15_000, i)));
    const state = stateAfter([
      ...steps,
      { command: { type: 'settings', window_s: 30 }, origin: '1', at: T0 },
    ]);

    expect(sensorOf(state, '1')?.windows.map(shownWindow)).toMatchObject([
      { start: '2026-01-31T12:00:00.000Z', count: 2, temperature_c: { min: 0, mean: 0.5, max: 1 } },
      { start: '2026-01-31T12:00:30.000Z', count: 2, temperature_c: { min: 2, mean: 2.5, max: 3 } },
      { count: 2 },
      { count: 2, temperature_c: { min: 6, mean: 6.5, max: 7 } },
    ]);
    expect(state.settings).toEqual({ ...DEFAULTS, window_s: 30 });
  });

  it('forgets the sensor that has been silent the longest when there are too many', () => {
    const many = Array.from({ length: SENSORS_MAX }, (_, i) => reading(measured(), `s${i}`));

    const state = stateAfter([...many, reading(measured(), 's0'), reading(measured(), 'new')]);

    expect(state.sensors).toHaveLength(SENSORS_MAX);
    expect(sensorOf(state, 's0')?.published).toBe(2);
    expect(sensorOf(state, 's1')).toBeUndefined();
    expect(sensorOf(state, 'new')?.published).toBe(1);
  });

  it('knows a sensor by any id a peer may have, those of JavaScript’s own objects too', () => {
    const ids = ['constructor', 'toString', 'a.b-c_d', '0'];

    const state = stateAfter(ids.map((id) => reading(measured(), id)));

    for (const id of ids) expect(sensorOf(state, id)?.published).toBe(1);
  });
});

const command: fc.Arbitrary<SensorCommand> = fc.oneof(
  {
    weight: 9,
    arbitrary: fc
      .record({
        second: fc.integer({ min: 0, max: 3000 }),
        temperature_c: fc.double({ min: -50, max: 50, noNaN: true }),
      })
      .map(({ second, temperature_c }) => ({
        type: 'reading' as const,
        ...measured(second * 1000, temperature_c),
      })),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('settings' as const),
      window_s: fc.integer({ min: 1, max: 600 }),
      retain_readings: fc.integer({ min: 1, max: 20 }),
    }),
  },
);
const steps: fc.Arbitrary<readonly Step[]> = fc
  .array(fc.record({ command, origin: fc.constantFrom('1', '2', '3') }), { maxLength: 80 })
  .map((list) => list.map((step, i) => ({ ...step, at: T0 + i * 1000 })));

describe('any history of the series', () => {
  it('is bounded, counted, in order, and the same after a snapshot in its middle', () => {
    fc.assert(
      fc.property(steps, fc.nat(80), (all, place) => {
        const state = stateAfter(all);
        const cut = Math.min(place, all.length);
        const restored = JSON.parse(JSON.stringify(stateAfter(all.slice(0, cut)))) as SensorState;
        const resumed = all
          .slice(cut)
          .reduce(
            (before, { command: one, origin, at }, i) =>
              sensorReplica.apply(before, one, { sequence: cut + i + 1, at, origin }).state,
            restored,
          );

        expect(JSON.stringify(resumed)).toBe(JSON.stringify(state));
        for (const { id, published, readings, windows, goneUpTo } of state.sensors) {
          const own = all.filter((step) => step.origin === id && step.command.type === 'reading');
          expect(published).toBe(own.length);
          expect(readings.length).toBeLessThanOrEqual(state.settings.retain_readings);
          expect(windows.length).toBeLessThanOrEqual(WINDOWS_MAX);
          const sequences = [goneUpTo, ...readings.map(({ sequence }) => sequence)];
          expect(sequences).toEqual([...new Set(sequences)].sort((a, b) => a - b));
          const starts = windows.map(({ start }) => start);
          expect(starts).toEqual([...new Set(starts)].sort((a, b) => a - b));
        }
      }),
      { numRuns: 200 },
    );
  });

  it('has windows that say of each quantity what a recount of its readings says', () => {
    const values = fc.array(
      fc.record({ second: fc.integer({ min: 0, max: 600 }), value: fc.integer({ min: -200, max: 900 }) }),
      { minLength: 1, maxLength: 100 },
    );
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 120 }), (list, seconds) => {
        const windows = list
          .reduce<Parameters<typeof withReading>[0]>(
            (made, { second, value }) =>
              withReading(made, measured(second * 1000, value), T0, seconds * 1000),
            [],
          )
          .map(shownWindow);

        expect(windows.reduce((sum, { count }) => sum + count, 0)).toBe(list.length);
        for (const { start, temperature_c } of windows) {
          const from = Date.parse(start);
          const inside = list.filter(({ second }) => {
            const moment = T0 + second * 1000;
            return moment >= from && moment < from + seconds * 1000;
          });
          const inOrder = inside.map(({ value }) => value);
          const mean = inOrder.reduce((sum, value) => sum + value, 0) / inOrder.length;
          expect(temperature_c).toEqual({
            min: Math.min(...inOrder),
            mean: expect.closeTo(mean, 3),
            max: Math.max(...inOrder),
          });
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('a measurement', () => {
  it.each([
    ['a temperature below all cold', { temperature_c: -273.16 }],
    ['a temperature above all heat', { temperature_c: 1000.1 }],
    ['less than no humidity', { humidity_pct: -0.1 }],
    ['more humidity than there is', { humidity_pct: 100.1 }],
    ['a pressure below nothing', { pressure_hpa: -1 }],
    ['a pressure nobody withstands', { pressure_hpa: 2001 }],
    ['what is no number', { temperature_c: Number.NaN }],
    ['what has no end', { pressure_hpa: Number.POSITIVE_INFINITY }],
    ['a number as text', { humidity_pct: '50' }],
    ['a day there is not', { timestamp: '2026-02-30T00:00:00.000Z' }],
    ['a time without a zone', { timestamp: '2026-02-03T00:00:00.000' }],
    ['more than was asked for', { wind: 3 }],
  ])('is refused with %s', (_, wrong) => {
    const command = { type: 'reading', ...measured(), ...wrong };

    expect(SensorCommand.safeParse(command).success).toBe(false);
    expect(Offered.safeParse({ ...measured(), ...wrong }).success).toBe(false);
  });

  it('of any moment that is taken stands in the log as that moment in UTC', () => {
    const text = fc
      .tuple(fc.date({ noInvalidDate: true }), fc.constantFrom('Z', '+02:00', '-11:30', '+23:59'))
      .map(([date, zone]) => date.toISOString().replace('Z', zone));
    fc.assert(
      fc.property(text, (timestamp) => {
        const offered = Offered.safeParse({ ...measured(), timestamp });
        if (!offered.success) return;

        expect(Date.parse(offered.data.timestamp ?? '')).toBe(Date.parse(timestamp));
        expect(Measurement.safeParse({ ...offered.data }).success).toBe(true);
      }),
    );
  });

  it('has three quantities, named as their columns', () => {
    expect(QUANTITY_KEYS).toEqual(['temperature_c', 'humidity_pct', 'pressure_hpa']);
  });
});
