/**
 * Real readings as text, line by line: NDJSON where a line begins with `{`, else CSV.
 *
 * CSV may begin with a line that names its columns, in any order; columns that are no part of a reading (as `sequence` and
 * `sensor_id` of the files that peers write) are passed over. Without one there are three columns, temperature, humidity,
 * pressure, or four, with the time before them.
 */
import { cellsOf } from './csv.js';
import { Offered } from './measurement.js';
import { QUANTITY_KEYS } from './quantities.js';

const KEYS = ['timestamp', ...QUANTITY_KEYS] as const;
type Key = (typeof KEYS)[number];

export const LINE_CHARACTERS_MAX = 10_000;

export type Line =
  | { readonly kind: 'reading'; readonly offered: Offered }
  | { readonly kind: 'malformed'; readonly reason: string }
  /** Nothing to measure, and nothing wrong: an empty line, or the names of the columns. */
  | { readonly kind: 'passed' };

const malformed = (reason: string): Line => ({ kind: 'malformed', reason });

/** Reads lines one after the other; the names of the columns hold for what follows them. */
export class ReadingsText {
  #columns: readonly string[] | undefined;

  /** @param text - without its line end. */
  read(text: string): Line {
    const line = text.replace(/^\uFEFF/, '').trim();
    if (line === '') return { kind: 'passed' };
    if (line.length > LINE_CHARACTERS_MAX)
      return malformed(`is longer than ${LINE_CHARACTERS_MAX} characters`);
    return line.startsWith('{') ? fromJson(line) : this.#fromCsv(line);
  }

  #fromCsv(line: string): Line {
    const cells = cellsOf(line)?.map((cell) => cell.trim());
    if (cells === undefined) return malformed('has a quote that does not end');
    if (cells.includes('temperature_c')) return this.#named(cells);
    const columns = this.#columns ?? KEYS.slice(KEYS.length - cells.length);
    if (columns.length !== cells.length || cells.length < QUANTITY_KEYS.length)
      return malformed(
        `has ${cells.length} values, not ${this.#columns?.length ?? 'temperature, humidity, pressure, with the time before them or without'}`,
      );
    const entries = columns.flatMap((column, i): [Key, string | number | undefined][] => {
      const key = KEYS.find((known) => known === column);
      const cell = cells[i] ?? '';
      return key === undefined || (key === 'timestamp' && cell === '') ? [] : [[key, contentOf(key, cell)]];
    });
    return checkedReading(Object.fromEntries(entries));
  }

  #named(columns: readonly string[]): Line {
    const missing = QUANTITY_KEYS.filter((key) => !columns.includes(key));
    if (missing.length > 0) return malformed(`names no column ${missing.join(', ')}`);
    this.#columns = columns;
    return { kind: 'passed' };
  }
}

/** A cell that is empty, or no number, is no number; `Number` would make 0 of nothing. */
const contentOf = (key: Key, cell: string): string | number =>
  key === 'timestamp' || !/^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(cell) ? cell : Number(cell);

function fromJson(line: string): Line {
  try {
    return checkedReading(JSON.parse(line));
  } catch {
    return malformed('is not JSON');
  }
}

function checkedReading(value: object): Line {
  const known = Object.fromEntries(Object.entries(value).filter(([key]) => KEYS.some((one) => one === key)));
  const checked = Offered.safeParse(known);
  if (checked.success) return { kind: 'reading', offered: checked.data };
  const [issue] = checked.error.issues;
  const key = String(issue?.path[0]);
  return malformed(key in known ? `${key} ${issue?.message}` : `${key} is missing`);
}
