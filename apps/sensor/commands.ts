/** What may be typed at the console of a sensor. */
import { closest, distance } from 'fastest-levenshtein';
import { Offered } from './measurement.js';

export type Command =
  | { readonly type: 'status' | 'nodes' | 'help' | 'quit' }
  | { readonly type: 'readings'; readonly count: number | undefined }
  | { readonly type: 'windows'; readonly sensor: string | undefined }
  | { readonly type: 'publish'; readonly offered: Offered }
  /** What is wrong with it, as one line. */
  | { readonly type: 'mistake'; readonly reason: string };

export const HELP: readonly string[] = [
  'status              this peer, its view, its log, what it measures',
  'nodes               who belongs, and what each has measured',
  'readings [N]        the last N readings of all (default: 10)',
  'windows [SENSOR]    least, mean and greatest of each quantity, window by window',
  'publish T H P       a reading by hand: °C, %, hPa',
  'help, quit          this; leave the cluster and end',
];

const WORDS = ['status', 'nodes', 'readings', 'windows', 'publish', 'help', 'quit'];
const READINGS_MAX = 1000;

const mistake = (reason: string): Command => ({ type: 'mistake', reason });

/** @param line - trimmed, not empty. */
export function parseCommand(line: string): Command {
  const [word = '', ...rest] = line.split(/\s+/);
  const name = { q: 'quit', exit: 'quit', '?': 'help' }[word] ?? word;
  switch (name) {
    case 'status':
    case 'nodes':
    case 'help':
    case 'quit':
      return rest.length === 0 ? { type: name } : mistake(`${name} takes nothing more`);
    case 'readings':
      return readings(rest);
    case 'windows':
      return rest.length > 1
        ? mistake('windows takes one sensor, or none for all')
        : { type: 'windows', sensor: rest[0] };
    case 'publish':
      return publish(rest);
    default:
      return mistake(`there is no ${word}${nearest(word)} help lists what there is`);
  }
}

function readings(rest: readonly string[]): Command {
  const [count, ...more] = rest;
  const isCount = count === undefined || (/^\d{1,5}$/.test(count) && Number(count) >= 1);
  if (!isCount || more.length > 0 || Number(count ?? 1) > READINGS_MAX)
    return mistake(`readings takes a number from 1 to ${READINGS_MAX}`);
  return { type: 'readings', count: count === undefined ? undefined : Number(count) };
}

function publish(rest: readonly string[]): Command {
  const isNumber = (word: string) => /^[-+]?(\d+\.?\d*|\.\d+)$/.test(word);
  if (rest.length !== 3 || !rest.every(isNumber))
    return mistake('publish takes three numbers: temperature in °C, humidity in %, pressure in hPa');
  const [temperature_c, humidity_pct, pressure_hpa] = rest.map(Number);
  const checked = Offered.safeParse({ temperature_c, humidity_pct, pressure_hpa });
  if (checked.success) return { type: 'publish', offered: checked.data };
  const [issue] = checked.error.issues;
  return mistake(`${String(issue?.path[0])} ${issue?.message}`);
}

function nearest(word: string): string {
  const near = closest(word, WORDS);
  return distance(word, near) <= 2 ? `: did you mean ${near}?` : ';';
}
