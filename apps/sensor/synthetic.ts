/**
 * Weather that nobody measured: a daily curve, slow fronts and a little noise.
 *
 * A value is a function of the seed, the sensor and the moment alone, so any part of a series can be made again. The day is
 * UTC's: warmest at three in the afternoon, most humid before dawn; the pressure drifts over days, alike for all sensors.
 */
import { draw } from '../../machines/index.js';
import type { Measurement } from './measurement.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** What sensor `id` measures at `moment`, ms since 1970. */
export function syntheticMeasurement(seed: number, id: string, moment: number): Measurement {
  const place = (what: string) => chance(seed, `${id} ${what}`);
  const mean = 12 + 8 * place('mean');
  const swing = 3 + 3 * place('swing');
  const day = Math.cos((2 * Math.PI * ((moment - 15 * HOUR_MS) % DAY_MS)) / DAY_MS);
  const front = drift(seed, 'front', moment, 12 * HOUR_MS);
  const local = drift(seed, `${id} local`, moment, HOUR_MS);
  const noise = (what: string) => chance(seed, `${id} ${what} ${moment}`) - 0.5;
  const warmth = swing * day + 4 * front + 1.2 * local;
  const humidity =
    62 - 3 * warmth + 8 * drift(seed, `${id} damp`, moment, 3 * HOUR_MS) + 0.6 * noise('humidity');
  const pressure = 1013 - 12 * front - 25 * place('height') + 0.3 * noise('pressure');
  return {
    timestamp: new Date(moment).toISOString(),
    temperature_c: rounded(mean + warmth + 0.3 * noise('temperature'), 2),
    humidity_pct: rounded(Math.min(100, Math.max(5, humidity)), 1),
    pressure_hpa: rounded(pressure, 1),
  };
}

/** A smooth walk between -1 and 1 that turns about every `spanMs`. */
function drift(seed: number, what: string, moment: number, spanMs: number): number {
  const step = Math.floor(moment / spanMs);
  const part = moment / spanMs - step;
  const ease = part * part * (3 - 2 * part);
  const at = (index: number) => 2 * chance(seed, `${what} ${index}`) - 1;
  return at(step) * (1 - ease) + at(step + 1) * ease;
}

/** In [0, 1), by its name. FNV-1a over the seed and the name (Fowler, Noll, Vo 1991). */
function chance(seed: number, name: string): number {
  let hash = 0x811c9dc5 ^ seed;
  for (let place = 0; place < name.length; place++)
    hash = Math.imul(hash ^ name.charCodeAt(place), 0x01000193);
  return draw(hash ^ (hash >>> 15)).value;
}

function rounded(value: number, places: number): number {
  const scale = 10 ** places;
  // Never -0, which is written as 0 and would not be found equal to it.
  return Math.round(value * scale) / scale + 0;
}
