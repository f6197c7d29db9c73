/** A series as text: one row per reading, the same to the letter on every peer (RFC 4180, with line feeds). */
import { Measurement } from './measurement.js';
import { QUANTITY_KEYS } from './quantities.js';
import type { Reading } from './state.js';

export const COLUMNS = ['sequence', 'timestamp', 'sensor_id', ...QUANTITY_KEYS] as const;
export const HEADER = COLUMNS.join(',');

/** The row of a reading, without its line feed. */
export const rowOf = (sensor: string, reading: Reading): string =>
  [
    reading.sequence,
    reading.timestamp,
    sensor,
    reading.temperature_c,
    reading.humidity_pct,
    reading.pressure_hpa,
  ]
    .map(cell)
    .join(',');

/** A value in its place: in quotes where it would be taken for more than one, or for a formula by who opens it. */
function cell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const isPlain = !/[",\r\n]/.test(value) && !/^[=+@-]/.test(value);
  return isPlain ? value : `"${value.replaceAll('"', '""')}"`;
}

/** The values of a line; undefined when its quotes do not end. */
export function cellsOf(line: string): readonly string[] | undefined {
  const cells: string[] = [];
  const pattern = /(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/y;
  for (;;) {
    const found = pattern.exec(line);
    if (found === null) return undefined;
    cells.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? '');
    if (found[3] === '') return cells;
  }
}

/** The sequence of a row that this program may have written; undefined when it cannot be one. */
export function sequenceOf(row: string): number | undefined {
  const [sequence = '', timestamp, sensor = '', ...amounts] = cellsOf(row) ?? [];
  if (!/^[1-9]\d{0,15}$/.test(sequence) || sensor === '') return undefined;
  if (amounts.length !== QUANTITY_KEYS.length || amounts.includes('')) return undefined;
  const measured = Object.fromEntries(QUANTITY_KEYS.map((key, i) => [key, Number(amounts[i])]));
  return Measurement.safeParse({ timestamp, ...measured }).success ? Number(sequence) : undefined;
}
