/** What the charts draw: per sensor columns in the order of time, and all of them side by side over one axis of time. */
import { QUANTITY_KEYS, type Quantity } from './quantities.js';

/** A reading as HTTP answers it. */
export interface ShownReading extends Readonly<Record<Quantity, number>> {
  readonly sequence: number;
  readonly timestamp: string;
}

/** The series of one sensor, oldest first. */
export interface Track {
  readonly id: string;
  readonly readings: readonly ShownReading[];
}

export interface ShownSpread {
  readonly min: number;
  readonly mean: number;
  readonly max: number;
}

export interface ShownWindow extends Readonly<Record<Quantity, ShownSpread>> {
  readonly start: string;
  readonly count: number;
}

/** Points of one sensor: more than a screen has. */
const POINTS_MAX = 6000;

/** A track with what has come since; a sensor whose clock went back is drawn where it says it was. */
export function extended(track: Track, more: readonly ShownReading[]): Track {
  if (more.length === 0) return track;
  const readings = [...track.readings, ...more];
  const isOrdered = readings.every(
    (one, i) => i === 0 || one.timestamp >= (readings[i - 1]?.timestamp ?? ''),
  );
  if (!isOrdered) readings.sort((a, b) => (a.timestamp < b.timestamp ? -1 : 1));
  return { id: track.id, readings: readings.slice(-POINTS_MAX) };
}

/** The sequence up to which a track has everything; 0 when it has nothing. */
export const reachOf = ({ readings }: Track): number =>
  readings.reduce((most, { sequence }) => Math.max(most, sequence), 0);

/** Times in seconds, then a column per line; null where a line has nothing at that time. */
export type Columns = readonly [readonly number[], ...(readonly (number | null)[])[]];

type Point = readonly [second: number, value: number];

/** Lines over one axis: the times of all of them, each once. */
export function aligned(lines: readonly (readonly Point[])[]): Columns {
  const times = [...new Set(lines.flatMap((line) => line.map(([second]) => second)))].sort((a, b) => a - b);
  const place = new Map(times.map((second, i) => [second, i]));
  const columns = lines.map((line) => {
    const column: (number | null)[] = times.map(() => null);
    for (const [second, value] of line) column[place.get(second) ?? 0] = value;
    return column;
  });
  return [times, ...columns];
}

const secondOf = (timestamp: string): number => Date.parse(timestamp) / 1000;

/** One line per sensor and quantity, of what was measured in the last `spanS` seconds before the newest. */
export function readingColumns(tracks: readonly Track[], spanS: number): Record<Quantity, Columns> {
  const since = newestOf(tracks) - spanS;
  const recent = tracks.map(({ readings }) => {
    const points = readings.map((reading) => ({ second: secondOf(reading.timestamp), reading }));
    return points.filter(({ second }) => second >= since);
  });
  return perQuantity((quantity) =>
    aligned(recent.map((points) => points.map(({ second, reading }): Point => [second, reading[quantity]]))),
  );
}

const newestOf = (tracks: readonly Track[]): number =>
  Math.max(0, ...tracks.map(({ readings }) => secondOf(readings.at(-1)?.timestamp ?? '1970-01-01')));

/** Three lines per sensor and quantity: mean, greatest, least. */
export function windowColumns(
  windows: readonly (readonly ShownWindow[])[],
  spanS: number,
): Record<Quantity, Columns> {
  const newest = Math.max(0, ...windows.map((list) => secondOf(list.at(-1)?.start ?? '1970-01-01')));
  const recent = windows.map((list) => list.filter(({ start }) => secondOf(start) >= newest - spanS));
  return perQuantity((quantity) =>
    aligned(
      recent.flatMap((list) =>
        (['mean', 'max', 'min'] as const).map((part) =>
          list.map((window): Point => [secondOf(window.start), window[quantity][part]]),
        ),
      ),
    ),
  );
}

function perQuantity(columns: (quantity: Quantity) => Columns): Record<Quantity, Columns> {
  return Object.fromEntries(QUANTITY_KEYS.map((key) => [key, columns(key)])) as Record<Quantity, Columns>;
}
