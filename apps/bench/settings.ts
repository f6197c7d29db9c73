/** What `bullpen bench` measures, and how: one schema for its flags. */
import * as z from 'zod';
import { PRESETS, type PresetName } from '../../actors/index.js';
import { EXIT, ProgramFailure } from '../node/exit.js';

/** What is measured unless something else is asked for. */
const USUAL = ['floor', 'throughput', 'latency', 'failover', 'silent', 'handover'] as const;
/** What can be measured, in the order in which it is. */
export const MEASUREMENTS = [...USUAL, 'learner', 'soak'] as const;
export type Measurement = (typeof MEASUREMENTS)[number];

const presetNames = Object.keys(PRESETS) as [PresetName, ...PresetName[]];
const known = new Set<string>(MEASUREMENTS);

const Only = z
  .string()
  .transform((text) => text.split(',').map((word) => word.trim()))
  .refine((words) => words.every((word) => known.has(word)), `must be some of ${MEASUREMENTS.join(',')}`)
  .transform((words) => MEASUREMENTS.filter((measurement) => words.includes(measurement)));

const whole = (least: number, most: number) => {
  const words = `must be a whole number from ${least} to ${most}`;
  return z.coerce.number(words).int(words).min(least, words).max(most, words);
};

export const BenchSettings = z.strictObject({
  /** What is measured. */
  only: Only.default([...USUAL]),
  /** How long each load is measured after its warm-up. */
  seconds: whole(1, 3600).default(10),
  /** How long each load runs before it is measured: code is compiled, connections and logs are warm. */
  warmUpSeconds: whole(0, 600).default(4),
  /** Submissions that wait for their delivery at once, over all that submit. */
  inFlight: whole(1, 10_000).default(4000),
  /** The fixed rate at which latency, failover and a learner's catching up are measured. */
  messagesPerSecond: whole(1, 100_000).default(1000),
  /** One payload, encoded. */
  payloadBytes: whole(40, 60_000).default(100),
  /** Coordinators that are killed. */
  kills: whole(1, 1000).default(10),
  /** Coordinators that are held by SIGSTOP. */
  stops: whole(1, 1000).default(10),
  /** Messages in the log when the learner joins. */
  entries: whole(1000, 10_000_000).default(1_000_000),
  /** How long the soak lasts, and its rate. */
  minutes: whole(1, 100_000).default(10),
  rate: whole(1, 100_000).default(1000),
  /** Entries from one snapshot to the next, for learner and soak; default: none for the learner, which gets the whole log, and the peers' own in the soak. */
  snapshotEvery: whole(0, 10_000_000).optional(),
  /** Planned handovers, and the rate under which they are made. */
  handovers: whole(1, 10_000).default(20),
  handoverMessagesPerSecond: whole(1, 100_000).default(2000),
  preset: z.enum(presetNames).default('lan'),
  json: z.boolean().default(false),
  /** A folder for a CPU profile of every peer. */
  profile: z.string().min(1).optional(),
});
export type BenchSettings = z.output<typeof BenchSettings>;

/**
 * Reads the flags of `bullpen bench`.
 *
 * @param flags - as commander read them; what is left out has its default.
 * @throws ProgramFailure with one line per mistake.
 */
export function readBenchSettings(flags: Readonly<Record<string, unknown>>): BenchSettings {
  const read = BenchSettings.safeParse(flags);
  if (read.success) return read.data;
  const lines = read.error.issues.map(({ path, message }) => `${flagOf(path[0])}: ${message}`);
  throw new ProgramFailure(EXIT.usage, ...lines);
}

/** `warmUpSeconds` is written `--warm-up-seconds`. */
const flagOf = (key: PropertyKey | undefined): string =>
  `--${String(key).replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
