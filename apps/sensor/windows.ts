/** Windows: least, mean and greatest of each quantity over spans of time that follow one another, counted from 1970. */
import type { Measurement } from './measurement.js';
import { QUANTITY_KEYS, type Quantity } from './quantities.js';

interface Spread {
  readonly min: number;
  readonly max: number;
  /** The mean is made of it when it is shown: sums stay the same over a snapshot, to the last bit. */
  readonly sum: number;
}

export interface Window extends Readonly<Record<Quantity, Spread>> {
  /** Its first moment, ms since 1970; it ends before that of the next. */
  readonly start: number;
  /** By the log's time, when the newest of its readings was delivered. */
  readonly at: number;
  readonly count: number;
}

/**
 * Windows with one more reading: late ones go into the window they belong to.
 *
 * @param windows - in the order of time.
 * @param at - when it was delivered, by the time of the log.
 * @param windowMs - how long a window is; all of `windows` are of this length.
 */
export function withReading(
  windows: readonly Window[],
  measured: Measurement,
  at: number,
  windowMs: number,
): readonly Window[] {
  const moment = Date.parse(measured.timestamp);
  const start = Math.floor(moment / windowMs) * windowMs;
  const place = windows.findLastIndex((window) => window.start <= start);
  const found = windows[place];
  if (found?.start !== start) return windows.toSpliced(place + 1, 0, opened(start, at, measured));
  return windows.with(place, widened(found, at, measured));
}

const opened = (start: number, at: number, measured: Measurement): Window => ({
  start,
  at,
  count: 1,
  ...spreads((key) => ({ min: measured[key], max: measured[key], sum: measured[key] })),
});

const widened = (window: Window, at: number, measured: Measurement): Window => ({
  ...window,
  at,
  count: window.count + 1,
  ...spreads((key) => {
    const { min, max, sum } = window[key];
    const value = measured[key];
    return { min: Math.min(min, value), max: Math.max(max, value), sum: sum + value };
  }),
});

const spreads = (spread: (key: Quantity) => Spread): Record<Quantity, Spread> => ({
  temperature_c: spread('temperature_c'),
  humidity_pct: spread('humidity_pct'),
  pressure_hpa: spread('pressure_hpa'),
});

export interface ShownWindow
  extends Readonly<Record<Quantity, { readonly min: number; readonly mean: number; readonly max: number }>> {
  /** ISO 8601. */
  readonly start: string;
  readonly count: number;
}

/** A window as people and programs see it: with means, to three places. */
export function shownWindow(window: Window): ShownWindow {
  const parts = QUANTITY_KEYS.map((key) => {
    const { min, max, sum } = window[key];
    return [key, { min, mean: Math.round((sum / window.count) * 1000) / 1000, max }];
  });
  return {
    start: new Date(window.start).toISOString(),
    count: window.count,
    ...(Object.fromEntries(parts) as Record<Quantity, { min: number; mean: number; max: number }>),
  };
}
