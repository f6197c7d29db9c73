/** What `bullpen simulate` is asked for: one schema for its flags. */
import { availableParallelism } from 'node:os';
import * as z from 'zod';
import { EXIT, ProgramFailure } from '../node/exit.js';
import { FAULT_KINDS, type FaultKind } from './scenario.js';
import { SYSTEM_NAMES } from './systems.js';

const whole = (least: number, most: number) => {
  const words = `must be a whole number from ${least} to ${most}`;
  return z.coerce.number(words).int(words).min(least, words).max(most, words);
};

const known: readonly string[] = FAULT_KINDS;
const Kinds = z
  .string()
  .transform((text) => {
    if (text === 'all') return [...FAULT_KINDS];
    return text === 'none' ? [] : text.split(',').map((word) => word.trim());
  })
  .refine(
    (words) => words.every((word) => known.includes(word)),
    `must be all, none, or some of ${known.join(',')}`,
  )
  .transform((words) => words as FaultKind[]);

const Places = z
  .string()
  .regex(/^(\d+(,\d+)*)?$/, 'must be places of faults, such as 0,3,4')
  .transform((text) => (text === '' ? [] : text.split(',').map(Number)));

const SEED_MAX = 2_000_000_000;

const SimulateSettings = z.strictObject({
  seeds: whole(1, 100_000_000).default(1000),
  from: whole(0, SEED_MAX).default(1),
  peers: whole(1, 9).default(3),
  faults: Kinds.default([...FAULT_KINDS]),
  /** Only the sequencer's core, far faster, with messages lost, doubled and reordered. */
  core: z.boolean().default(false),
  /** Hosted by every peer, under load, with its own invariants. */
  system: z.enum(SYSTEM_NAMES, `must be ${SYSTEM_NAMES.join(' or ')}`).optional(),
  /** This seed alone. */
  seed: whole(0, SEED_MAX).optional(),
  /** Of that seed's faults, those at these places alone. */
  keep: Places.optional(),
  trace: z.string().min(1).optional(),
  jobs: whole(1, 64).default(availableParallelism()),
  json: z.boolean().default(false),
  ledger: z.string().min(1).optional(),
});
export type SimulateSettings = z.output<typeof SimulateSettings>;

/**
 * Reads the flags of `bullpen simulate`.
 *
 * @throws ProgramFailure with one line per mistake.
 */
export function readSimulateSettings(flags: Readonly<Record<string, unknown>>): SimulateSettings {
  const read = SimulateSettings.safeParse(flags);
  if (!read.success)
    throw new ProgramFailure(
      EXIT.usage,
      ...read.error.issues.map(({ path, message }) => `--${String(path[0])}: ${message}`),
    );
  const { seed, keep, trace, core, system } = read.data;
  if ((keep !== undefined || trace !== undefined) && seed === undefined)
    throw new ProgramFailure(EXIT.usage, '--keep and --trace are about one run: name it with --seed');
  if (core && (keep !== undefined || trace !== undefined))
    throw new ProgramFailure(EXIT.usage, '--core has no faults to keep and no actors to trace');
  if (core && system !== undefined) throw new ProgramFailure(EXIT.usage, '--core hosts no system');
  return read.data;
}
