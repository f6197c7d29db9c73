/** What `bullpen verify` is asked for: one schema for its flags. */
import * as z from 'zod';
import { EXIT, ProgramFailure } from '../node/exit.js';

const whole = (least: number, most: number) => {
  const words = `must be a whole number from ${least} to ${most}`;
  return z.coerce.number(words).int(words).min(least, words).max(most, words);
};

const positive = (most: number) => {
  const words = `must be a number above 0, at most ${most}`;
  return z.coerce.number(words).gt(0, words).max(most, words);
};

const Fields = z.strictObject({
  /** Voters at the start. */
  peers: whole(1, 5).default(3),
  /** Terms that may be opened. */
  terms: whole(1, 9).default(3),
  /** Entries behind the founding one at which a coordinator stops to order more. */
  entries: whole(1, 9).default(3),
  changes: z.boolean().default(false),
  /** Of an even number of voters one breaks the tie; with `changes`, which one changes too. */
  tie: z.boolean().default(false),
  /** How often, in all, a peer may lose its disk. */
  losses: whole(0, 3).default(0),
  slowDisks: z.boolean().default(false),
  owners: z.enum(['any', 'turns'], 'must be any or turns').default('any'),
  /** Seconds. */
  timeLimit: positive(1_000_000).default(600),
  /** GB of resident memory. */
  memoryLimit: positive(1000).default(8),
  json: z.boolean().default(false),
  ledger: z.string().min(1).optional(),
});

const VerifySettings = Fields.refine(({ tie, peers, changes }) => !tie || changes || peers % 2 === 0, {
  path: ['tie'],
  message: 'takes an even number of peers, or changes',
});
export type VerifySettings = z.output<typeof VerifySettings>;

/**
 * Reads the flags of `bullpen verify`.
 *
 * @param flags - as commander read them; what is left out has its default.
 * @throws ProgramFailure with one line per mistake.
 */
export function readVerifySettings(flags: Readonly<Record<string, unknown>>): VerifySettings {
  const read = VerifySettings.safeParse(flags);
  if (read.success) return read.data;
  const lines = read.error.issues.map(({ path, message }) => `${flagOf(path[0])}: ${message}`);
  throw new ProgramFailure(EXIT.usage, ...lines);
}

/** `timeLimit` is written `--time-limit`. */
const flagOf = (key: PropertyKey | undefined): string =>
  `--${String(key).replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** The flags that ask for the same search again. */
export function wordsOf(settings: VerifySettings): string {
  const { peers, terms, entries, changes, tie, losses, slowDisks, owners } = settings;
  const words = [`--peers ${peers} --terms ${terms} --entries ${entries}`];
  if (changes) words.push('--changes');
  if (tie) words.push('--tie');
  if (losses > 0) words.push(`--losses ${losses}`);
  if (slowDisks) words.push('--slow-disks');
  if (owners !== 'any') words.push(`--owners ${owners}`);
  return words.join(' ');
}
