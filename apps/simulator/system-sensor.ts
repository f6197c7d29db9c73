/** The sensors under simulation: who measures what, how much is kept, and what must hold of the series. */
import type { Delivery, ReplicaChange } from '../../actors/anywhere.js';
import {
  type Reading,
  type Sensor,
  SensorCommand,
  type SensorResult,
  type SensorState,
  type Settings,
  sensorReplica,
  WINDOWS_MAX,
} from '../sensor/state.js';
import { between, pick, type Random } from './random.js';
import type { Audit, SimulatedSystem, Situation } from './systems.js';

/** Moments of measuring lie within so much of each other: late ones come after newer ones. */
const SPAN_MS = 600_000;
const FIRST_MOMENT = 1_704_067_200_000;
const HOUR_MS = 3_600_000;
const MANY_KEPT = 100;

/** What no sensor may say, now and then. */
const ABSURD: readonly object[] = [
  { humidity_pct: 101 },
  { temperature_c: -300 },
  { pressure_hpa: 'high' },
  { timestamp: 'yesterday' },
];

export const simulatedSensor: SimulatedSystem<SensorState, SensorCommand, SensorResult> = {
  replica: sensorReplica,
  commandOf,
  faultOf,
  effectsOf,
  audit: () => new SeriesAudit(),
};

function commandOf(random: Random, { state }: Situation<SensorState>): SensorCommand {
  const keepsMuch = state.settings.retain_readings > MANY_KEPT;
  if (random() < (keepsMuch ? 0.3 : 0.04)) return settings(random);
  const moment = FIRST_MOMENT + between(random, 0, SPAN_MS);
  const amount = (least: number, most: number) => between(random, least * 10, most * 10) / 10;
  const reading = {
    type: 'reading',
    timestamp: new Date(moment).toISOString(),
    temperature_c: amount(-20, 40),
    humidity_pct: amount(0, 100),
    pressure_hpa: amount(950, 1050),
  } as const;
  return random() < 0.05 ? ({ ...reading, ...pick(random, ABSURD) } as SensorCommand) : reading;
}

const settings = (random: Random): SensorCommand => ({
  type: 'settings',
  retain_readings: between(random, 1, 40),
  ...(random() < 0.4 ? { window_s: between(random, 1, 120) } : {}),
  // By the time of the log, which may go three hundred times as fast.
  ...(random() < 0.4 ? { retain_h: between(random, 1, 200) / 1000 } : {}),
});

function faultOf({ sensors, settings: { retain_readings: most, window_s } }: SensorState): string | null {
  for (const { id, readings, published, last, goneUpTo, windows } of sensors) {
    const isInOrder = readings.every(({ sequence }, i) => sequence > (readings[i - 1]?.sequence ?? goneUpTo));
    if (!isInOrder) return `the readings of ${id} are not in the order of the log`;
    if (readings.at(-1)?.sequence !== last.sequence) return `the last reading of ${id} is not kept`;
    if (readings.length > most) return `${readings.length} readings of ${id} are kept, of at most ${most}`;
    if (published < readings.length)
      return `${id} has published ${published}, and ${readings.length} are kept`;
    const isWindow = ({ start, count, temperature_c: { min, max, sum } }: Sensor['windows'][number]) =>
      start % (window_s * 1000) === 0 &&
      count > 0 &&
      min <= max &&
      sum >= min * count - 1e-6 &&
      sum <= max * count + 1e-6;
    if (windows.length > WINDOWS_MAX || !windows.every(isWindow)) return `a window of ${id} is none`;
  }
  return null;
}

function effectsOf({ result, state, cause }: ReplicaChange<SensorState, SensorResult>): readonly string[] {
  if (cause !== 'command' || result?.kind !== 'reading') return [];
  const published = state.sensors.find(({ id }) => id === result.sensor)?.published;
  return [`reading ${published} of ${result.sensor}`];
}

/** The series as the log has them: every reading in its place, and of them those that are to be kept. */
class SeriesAudit implements Audit<SensorState, SensorResult> {
  readonly #series = new Map<
    string,
    { published: number; kept: readonly Pick<Reading, 'sequence' | 'at'>[] }
  >();
  #settings: Pick<Settings, 'retain_h' | 'retain_readings'> = { retain_h: 24, retain_readings: 5760 };

  enter({ payload, sequence, at, origin }: Delivery): void {
    const command = SensorCommand.safeParse(payload);
    if (!command.success) return;
    const { data } = command;
    if (data.type === 'reading') {
      const { published, kept } = this.#series.get(origin) ?? { published: 0, kept: [] };
      this.#series.set(origin, { published: published + 1, kept: [...kept, { sequence, at }] });
    } else {
      const { retain_h = this.#settings.retain_h, retain_readings = this.#settings.retain_readings } = data;
      this.#settings = { retain_h, retain_readings };
    }
    const { retain_h, retain_readings } = this.#settings;
    for (const series of this.#series.values()) {
      const newest = series.kept.at(-1);
      series.kept = series.kept
        .filter((reading) => reading === newest || reading.at >= at - retain_h * HOUR_MS)
        .slice(-retain_readings);
    }
  }

  faultOf({ state: { sensors } }: ReplicaChange<SensorState, SensorResult>): string | null {
    if (sensors.length !== this.#series.size)
      return `there are ${this.#series.size} sensors, not ${sensors.length}`;
    for (const { id, published, readings } of sensors) {
      const series = this.#series.get(id);
      if (series?.published !== published)
        return `${id} has published ${series?.published} readings, not ${published}`;
      const [ours, theirs] = [readings, series.kept].map((all) =>
        all.map(({ sequence }) => sequence).join(' '),
      );
      if (ours !== theirs) return `of ${id} the readings ${theirs} are to be kept, not ${ours}`;
    }
    return null;
  }
}
