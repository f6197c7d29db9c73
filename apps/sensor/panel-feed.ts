/** What the panel asks its peer for, once a second: only what has come since. */
import { read } from '../page/requests.js';
import { extended, reachOf, type ShownReading, type ShownWindow, type Track } from './chart-data.js';

export interface SensorNow {
  readonly id: string;
  readonly published: number;
  readonly isMember: boolean;
  readonly last: ShownReading;
}

export interface Seen {
  readonly sensors: readonly SensorNow[];
  readonly windowSeconds: number;
  readonly tracks: readonly Track[];
  /** By the order of `tracks`; asked for only when they are shown. */
  readonly windows: readonly (readonly ShownWindow[])[];
}

export const NOTHING: Seen = { sensors: [], windowSeconds: 60, tracks: [], windows: [] };

const PAGE = 1000;
const PAGES_MAX = 20;
const WINDOWS = 1000;

interface SensorsAnswer {
  readonly settings: { readonly window_s: number };
  readonly sensors: readonly SensorNow[];
}

/** @returns what is seen now; `before` when the peer does not answer. */
export async function look(before: Seen, withWindows: boolean): Promise<Seen> {
  const answer = await read<SensorsAnswer>('v1/sensors');
  if (answer === null) return before;
  const tracks = await Promise.all(
    answer.sensors.map((sensor) =>
      follow(
        before.tracks.find(({ id }) => id === sensor.id),
        sensor,
      ),
    ),
  );
  const windows = withWindows ? await Promise.all(answer.sensors.map(({ id }) => windowsOf(id))) : [];
  return { sensors: answer.sensors, windowSeconds: answer.settings.window_s, tracks, windows };
}

async function follow(known: Track | undefined, { id, last }: SensorNow): Promise<Track> {
  let track = known ?? { id, readings: [] };
  // Another cluster's peer may have taken this one's place at its address.
  if (reachOf(track) > last.sequence) track = { id, readings: [] };
  for (let page = 0; page < PAGES_MAX && reachOf(track) < last.sequence; page++) {
    const path = `v1/sensors/${encodeURIComponent(id)}/readings?after=${reachOf(track)}&limit=${PAGE}`;
    const answer = await read<{ readonly readings: readonly ShownReading[] }>(path);
    // What comes next is gone when this page has slept for long: it begins anew with what is kept.
    if (answer === null) return { id, readings: [] };
    track = extended(track, answer.readings);
  }
  return track;
}

async function windowsOf(id: string): Promise<readonly ShownWindow[]> {
  const path = `v1/sensors/${encodeURIComponent(id)}/windows?limit=${WINDOWS}`;
  return (await read<{ readonly windows: readonly ShownWindow[] }>(path))?.windows ?? [];
}
