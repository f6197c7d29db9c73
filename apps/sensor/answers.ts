/** What the console answers: one event per thing, as facts for programs and in words for people. */
import type { Belief, Peer } from '../../actors/index.js';
import type { Say } from '../node/console.js';
import { lagOf } from '../node/lag.js';
import type { Facts } from '../node/report.js';
import { inWords, QUANTITIES, QUANTITY_KEYS } from './quantities.js';
import { type Reading, type Sensor, type SensorState, sensorOf, sensorReplica } from './state.js';
import { shownWindow } from './windows.js';

export const READINGS_SHOWN = 10;
const WINDOWS_SHOWN = 10;

export const factsOf = (sensor: string, { sequence, timestamp, ...reading }: Reading): Facts => ({
  sequence,
  sensor,
  timestamp,
  ...Object.fromEntries(QUANTITY_KEYS.map((key) => [key, reading[key]])),
});

export const readingInWords = (sensor: string, reading: Reading): string =>
  `[seq=${reading.sequence}] ${sensor}  ${reading.timestamp}  ${inWords(reading)}`;

export interface Standing {
  /** What is measured here, in words. */
  readonly source: string;
  readonly waiting: number;
  readonly skipped: number;
  /** Where the CSV files are; null without. */
  readonly folder: string | null;
}

export function sayStatus(peer: Peer, { source, waiting, skipped, folder }: Standing, say: Say): void {
  const status = peer.status();
  const { id, role, term, coordinator, view, mode, commit, applied, sequence } = status;
  const suspected = view.members.filter(({ state }) => state === 'suspected').map((member) => member.id);
  const { settings, sensors } = peer.replica(sensorReplica).state();
  const published = sensors.find((sensor) => sensor.id === id)?.published ?? 0;
  const lag = lagOf(peer);
  const members = view.members.map((member) => member.id);
  const facts: Facts = {
    id,
    role,
    term: term.n,
    coordinator,
    view: view.number,
    members,
    suspected,
    mode,
    commit,
    applied,
    sequence,
    lag,
    published,
    waiting,
    skipped,
    source,
    folder,
    ...settings,
  };
  const lines = [
    `peer ${id} at ${status.address}, ${role}, term ${term.n}, coordinator ${coordinator ?? 'none'}`,
    `view ${view.number}: ${view.members.map((member) => (member.state === 'suspected' ? `${member.id} (does not answer)` : member.id)).join(', ')}`,
    `mode ${mode}, log ${status.durable ? 'on disk' : 'in memory'}, committed ${commit}, applied ${applied}, lag ${lag ?? 'unknown'}`,
    `measures ${source}; published ${published}, waiting ${waiting}, skipped ${skipped}`,
    `files: ${folder === null ? 'none without --data' : folder}; ${sequence} deliveries`,
    `windows of ${settings.window_s} s; kept ${settings.retain_h} h, at most ${settings.retain_readings} readings of a sensor`,
  ];
  say('status', facts, lines);
}

const FEELING: Readonly<Record<Belief['state'], string>> = {
  self: 'this peer',
  trusted: 'answers',
  suspected: 'does not answer',
  unreachable: 'out of reach from here',
  failed: 'failed',
  unknown: 'not heard of yet',
};

/** Members, and sensors that are none any more. */
export function sayNodes(peer: Peer, state: SensorState, say: Say): void {
  const { coordinator, view } = peer.status();
  const beliefs = peer.beliefs();
  for (const { id, address, role } of view.members) {
    const belief = beliefs.find((one) => one.id === id)?.state ?? 'unknown';
    const sensor = sensorOf(state, id);
    const office = id === coordinator ? ', coordinator' : role === 'learner' ? ', learner' : '';
    say(
      'node',
      { id, address, state: belief, role: id === coordinator ? 'coordinator' : role, ...soFar(sensor) },
      `${id} at ${address}: ${FEELING[belief]}${office}; ${soFarInWords(sensor)}`,
    );
  }
  for (const sensor of state.sensors.filter(({ id }) => view.members.every((member) => member.id !== id)))
    say(
      'node',
      { id: sensor.id, address: null, state: 'gone', role: null, ...soFar(sensor) },
      `${sensor.id}: no member any more; ${soFarInWords(sensor)}`,
    );
}

const soFar = (sensor: Sensor | undefined): Facts => ({
  published: sensor?.published ?? 0,
  last: sensor?.last.timestamp ?? null,
});

const soFarInWords = (sensor: Sensor | undefined): string =>
  sensor === undefined
    ? 'has measured nothing yet'
    : `${sensor.published} readings, the last at ${sensor.last.timestamp}: ${inWords(sensor.last)}`;

/** The last `count` of all sensors, in the total order. */
export function sayReadings({ sensors }: SensorState, count: number, say: Say): void {
  const last = sensors
    .flatMap(({ id, readings }) => readings.slice(-count).map((reading) => ({ id, reading })))
    .sort((a, b) => a.reading.sequence - b.reading.sequence)
    .slice(-count);
  for (const { id, reading } of last) say('kept', factsOf(id, reading), readingInWords(id, reading));
  if (last.length === 0) say('none', { of: 'readings' }, 'there are no readings yet');
}

/** The last windows of each of `sensors`. */
export function sayWindows(state: SensorState, sensors: readonly Sensor[], say: Say): void {
  for (const { id, windows } of sensors)
    for (const window of windows.slice(-WINDOWS_SHOWN).map(shownWindow)) {
      const spreads = QUANTITY_KEYS.flatMap((key) => {
        const { min, mean, max } = window[key];
        return [
          [`${key}_min`, min],
          [`${key}_mean`, mean],
          [`${key}_max`, max],
        ];
      });
      const words = QUANTITY_KEYS.map((key) => {
        const { min, mean, max } = window[key];
        return `${min} … ${mean} … ${max} ${QUANTITIES[key].unit}`;
      });
      const { start, count } = window;
      const span_s = state.settings.window_s;
      say(
        'window',
        { sensor: id, start, span_s, count, ...Object.fromEntries(spreads) },
        `${id}  ${start} + ${span_s} s, ${count} readings: ${words.join(', ')}`,
      );
    }
  if (sensors.every(({ windows }) => windows.length === 0))
    say('none', { of: 'windows' }, 'there are no windows yet');
}
