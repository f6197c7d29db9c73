/**
 * The readings of all sensors, as every member holds them: what is kept of each series, and its windows.
 *
 * How much is kept, and how long a window is, stands in the log like the readings: members with flags of their own still hold
 * the same. What is kept is bounded by the time of the log, not by what sensors say of the time: one whose clock is wrong does
 * no harm to what others have said.
 */
import * as z from 'zod';
import { defineReplica } from '../../actors/anywhere.js';
import { compareIds } from '../../machines/index.js';
import { PeerId } from '../../transport/anywhere.js';
import { Measurement } from './measurement.js';
import { type Window, withReading } from './windows.js';

/** Sensors that are known at a time; of more, the one that has been silent the longest is forgotten. */
export const SENSORS_MAX = 256;
/** Windows of one sensor. */
export const WINDOWS_MAX = 1440;
const HOUR_MS = 3_600_000;

const Settings = z.strictObject({
  /** How long a window is, seconds. */
  window_s: z.number().int().min(1).max(86_400),
  /** How long a reading is kept, hours since it was delivered. The last one of a sensor stays. */
  retain_h: z.number().min(0.001).max(8760),
  /** How many of a sensor are kept. */
  retain_readings: z.number().int().min(1).max(20_000),
});
export type Settings = z.infer<typeof Settings>;
export const SETTING_BOUNDS = Settings.shape;

/** A day, at one every 15 s. */
export const DEFAULTS: Settings = { window_s: 60, retain_h: 24, retain_readings: 5760 };

export const SensorCommand = z.discriminatedUnion('type', [
  Measurement.extend({ type: z.literal('reading') }),
  /** What is not named stays as it is. */
  Settings.partial().extend({ type: z.literal('settings') }),
]);
export type SensorCommand = z.infer<typeof SensorCommand>;

export interface Reading extends Measurement {
  /** Its place in the total order. */
  readonly sequence: number;
  /** By the log's time, when it was ordered; ms since 1970. */
  readonly at: number;
}

export interface Sensor {
  /** The id of the peer that measures. */
  readonly id: string;
  /** How many it has published, those that are not kept any more included. */
  readonly published: number;
  readonly last: Reading;
  /** Those kept, in the total order. */
  readonly readings: readonly Reading[];
  /** The sequence of the newest that is not kept any more; 0 when all are. */
  readonly goneUpTo: number;
  /** In the order of time. */
  readonly windows: readonly Window[];
}

export interface SensorState {
  readonly settings: Settings;
  /** In the order of their ids. */
  readonly sensors: readonly Sensor[];
}

export type SensorResult =
  | { readonly kind: 'reading'; readonly sensor: string; readonly reading: Reading }
  | { readonly kind: 'settings'; readonly settings: Settings }
  | { readonly kind: 'refused'; readonly reason: string };

/** Where a command stands. */
interface Place {
  readonly sequence: number;
  readonly at: number;
  readonly origin: string;
}

export const sensorReplica = defineReplica<SensorState, SensorCommand, SensorResult>({
  name: 'sensor',
  command: SensorCommand,
  initial: () => ({ settings: DEFAULTS, sensors: [] }),
  apply: (state, command, place) =>
    command.type === 'settings' ? configure(state, command, place) : publish(state, command, place),
});

/** The reading that a delivery of the replica's topic is; undefined when it is none. It does not depend on the state. */
export function readingOf(payload: unknown, { sequence, at, origin }: Place): Reading | undefined {
  const command = SensorCommand.safeParse(payload);
  if (!command.success || command.data.type !== 'reading' || !isSensor(origin)) return undefined;
  const { type: _, ...measured } = command.data;
  return { sequence, at, ...measured };
}

/** Peers measure; a client is nowhere in particular, and has another id each time. */
const isSensor = (origin: string): boolean => PeerId.safeParse(origin).success;

export const sensorOf = (state: SensorState, id: string): Sensor | undefined =>
  state.sensors.find((sensor) => sensor.id === id);

type Applied = { readonly state: SensorState; readonly result: SensorResult };

function publish(state: SensorState, command: SensorCommand, place: Place): Applied {
  const reading = readingOf(command, place);
  if (reading === undefined)
    return { state, result: { kind: 'refused', reason: 'only a peer measures: publish through one' } };
  const { settings } = state;
  const before = sensorOf(state, place.origin);
  const sensor: Sensor = {
    id: place.origin,
    published: (before?.published ?? 0) + 1,
    last: reading,
    readings: [...(before?.readings ?? []), reading],
    goneUpTo: before?.goneUpTo ?? 0,
    windows: withReading(before?.windows ?? [], reading, place.at, settings.window_s * 1000),
  };
  const others = state.sensors.filter(({ id }) => id !== sensor.id);
  const sensors = [...bounded(others), sensor].sort((a, b) => compareIds(a.id, b.id));
  return {
    state: { settings, sensors: retained(sensors, settings, place.at) },
    result: { kind: 'reading', sensor: sensor.id, reading },
  };
}

/** Room for one more. */
function bounded(sensors: readonly Sensor[]): readonly Sensor[] {
  if (sensors.length < SENSORS_MAX) return sensors;
  const silent = Math.min(...sensors.map(({ last }) => last.sequence));
  return sensors.filter(({ last }) => last.sequence !== silent);
}

function configure(
  state: SensorState,
  { type: _, ...named }: Extract<SensorCommand, { type: 'settings' }>,
  { at }: Place,
): Applied {
  const given = Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined));
  const settings: Settings = { ...state.settings, ...given };
  const isSame = settings.window_s === state.settings.window_s;
  const sensors = isSame ? state.sensors : state.sensors.map((sensor) => rewindowed(sensor, settings));
  return {
    state: { settings, sensors: retained(sensors, settings, at) },
    result: { kind: 'settings', settings },
  };
}

/** Windows of another length are made of the readings that are still there. */
function rewindowed(sensor: Sensor, { window_s }: Settings): Sensor {
  const windows = sensor.readings.reduce<readonly Window[]>(
    (made, reading) => withReading(made, reading, reading.at, window_s * 1000),
    [],
  );
  return { ...sensor, windows: windows.slice(-WINDOWS_MAX) };
}

/** What is too old, or too much, goes. @param now - by the time of the log. */
function retained(sensors: readonly Sensor[], settings: Settings, now: number): readonly Sensor[] {
  const oldest = now - settings.retain_h * HOUR_MS;
  return sensors.map((sensor) => {
    const { readings, windows } = sensor;
    const fresh = readings.findIndex(({ at }) => at >= oldest);
    const last = readings.length - 1;
    const from = Math.max(fresh === -1 ? last : fresh, readings.length - settings.retain_readings);
    const isStale = windows.length > WINDOWS_MAX || windows.some(({ at }) => at < oldest);
    if (from <= 0 && !isStale) return sensor;
    return {
      ...sensor,
      readings: from <= 0 ? readings : readings.slice(from),
      goneUpTo: readings[from - 1]?.sequence ?? sensor.goneUpTo,
      windows: isStale ? windows.filter(({ at }) => at >= oldest).slice(-WINDOWS_MAX) : windows,
    };
  });
}
