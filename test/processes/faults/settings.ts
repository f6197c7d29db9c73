/** The words of `npm run faults -- …`. */
import { parseArgs } from 'node:util';
import { FAULT_KINDS, type FaultKind } from './fault.js';
import { RATE_MAX } from './load.js';

export interface FaultSettings {
  readonly minutes: number;
  /** A round is no longer; every round has a new cluster, and is one history. */
  readonly roundMinutes: number;
  readonly peers: number;
  readonly seed: number;
  readonly kinds: ReadonlySet<FaultKind>;
  /** Submissions and readings, a second. */
  readonly rate: number;
  readonly ledger: string | undefined;
  readonly isJson: boolean;
  readonly isTraced: boolean;
  /** The folder stays even when all is well. */
  readonly isKept: boolean;
}

/** Every peer keeps the whole log in memory, and so do the clients their history. */
const ROUND_MINUTES_MAX = 60;

export const USAGE = `usage: npm run faults -- [--minutes 10] [--round-minutes 10] [--peers 3|5] [--seed N] [--faults ${FAULT_KINDS.join(',')}]
                      [--rate 150] [--ledger FILE] [--trace] [--keep] [--json]
`;

/** @throws Error with one line to act on. */
export function readSettings(words: readonly string[]): FaultSettings {
  const { values } = parseArgs({
    args: [...words],
    options: {
      minutes: { type: 'string', default: '10' },
      'round-minutes': { type: 'string', default: '10' },
      peers: { type: 'string', default: '3' },
      seed: { type: 'string' },
      faults: { type: 'string', default: FAULT_KINDS.join(',') },
      rate: { type: 'string', default: '150' },
      ledger: { type: 'string' },
      trace: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  return {
    minutes: within('--minutes', values.minutes, 0.1, 100_000),
    roundMinutes: within('--round-minutes', values['round-minutes'], 0.1, ROUND_MINUTES_MAX),
    peers: within('--peers', values.peers, 3, 9),
    seed: within('--seed', values.seed ?? String(1 + Math.floor(Date.now() % 1_000_000)), 0, 2 ** 31),
    kinds: kindsIn(values.faults),
    rate: within('--rate', values.rate, 1, RATE_MAX),
    ledger: values.ledger,
    isJson: values.json,
    isTraced: values.trace,
    isKept: values.keep,
  };
}

/** @throws Error unless `text` is a number in these bounds. */
export function within(name: string, text: string, least: number, most: number): number {
  const number = Number(text);
  if (text !== '' && number >= least && number <= most) return number;
  throw new Error(`${name}: ${text} is not a number from ${least} to ${most}`);
}

function kindsIn(text: string): ReadonlySet<FaultKind> {
  const kinds = text.split(',').map((word) => {
    const kind = FAULT_KINDS.find((known) => known === word.trim());
    if (kind === undefined)
      throw new Error(`--faults: there is no ${word}; choose from ${FAULT_KINDS.join(', ')}`);
    return kind;
  });
  return new Set(kinds);
}
