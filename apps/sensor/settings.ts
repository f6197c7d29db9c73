/** The settings of a sensor that are its own: what its flags say, checked. */
import * as z from 'zod';
import { EXIT, ProgramFailure } from '../node/exit.js';
import { SETTING_BOUNDS, type Settings } from './state.js';

const DEFAULT_INTERVAL_S = 15;

/** A flag that is a number, as it is written. */
export const number = (bounds: z.ZodNumber) =>
  z
    .string()
    .regex(/^\d+(\.\d+)?$/, 'must be a number')
    .transform(Number)
    .pipe(bounds)
    .optional();

const Flags = z.object({
  interval: number(z.number().min(0.001).max(86_400)),
  speed: number(z.number().min(0.001).max(1_000_000)),
  source: z.string().min(1).optional(),
  sourceSeed: number(
    z
      .number()
      .int()
      .max(2 ** 31 - 1),
  ),
  readings: number(z.number().int().max(Number.MAX_SAFE_INTEGER)),
  window: number(SETTING_BOUNDS.window_s),
  retain: number(SETTING_BOUNDS.retain_h),
  retainReadings: number(SETTING_BOUNDS.retain_readings),
  logFile: z.string().min(1).optional(),
  quiet: z.boolean().optional(),
});

export interface SensorSettings {
  readonly intervalMs: number;
  readonly speed: number;
  /** `synthetic`, `-` for what is piped in, or a file. */
  readonly source: string;
  readonly seed: number;
  /** How many are made in all, those of earlier runs counted. */
  readonly readings: number;
  /** What is to hold for the whole cluster; what is not given stays as it is. */
  readonly shared: Partial<Settings>;
  /** Where the peer's log goes; undefined: beside its data. */
  readonly logFile: string | undefined;
  /** Says nothing of readings. */
  readonly isQuiet: boolean;
}

/** @throws ProgramFailure 64 with one line per flag that is wrong. */
export function checkedFlags<Schema extends z.ZodType>(
  schema: Schema,
  flags: Readonly<Record<string, unknown>>,
): z.output<Schema> {
  const checked = schema.safeParse(flags);
  if (checked.success) return checked.data;
  throw new ProgramFailure(EXIT.usage, ...checked.error.issues.map((issue) => complaintOf(issue, flags)));
}

/** `logFile` → `--log-file` */
export const flagOf = (key: string): string =>
  `--${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** @throws ProgramFailure 64 with one line per flag that is wrong. */
export function readSensorSettings(flags: Readonly<Record<string, unknown>>): SensorSettings {
  const { interval, speed, source, sourceSeed, readings, window, retain, retainReadings, logFile, quiet } =
    checkedFlags(Flags, flags);
  return {
    intervalMs: (interval ?? DEFAULT_INTERVAL_S) * 1000,
    speed: speed ?? 1,
    source: source ?? 'synthetic',
    seed: sourceSeed ?? 1,
    readings: readings ?? Number.MAX_SAFE_INTEGER,
    shared: {
      ...(window === undefined ? {} : { window_s: window }),
      ...(retain === undefined ? {} : { retain_h: retain }),
      ...(retainReadings === undefined ? {} : { retain_readings: retainReadings }),
    },
    logFile,
    isQuiet: quiet === true,
  };
}

function complaintOf(issue: z.core.$ZodIssue, flags: Readonly<Record<string, unknown>>): string {
  const key = String(issue.path[0]);
  const written = JSON.stringify(flags[key]);
  const name = flagOf(key);
  switch (issue.code) {
    case 'too_small':
      return `${name}: ${written} is too small; at least ${issue.minimum}`;
    case 'too_big':
      return `${name}: ${written} is too large; at most ${issue.maximum}`;
    case 'invalid_type':
      return `${name}: ${written} must be ${issue.expected === 'int' ? 'a whole number' : `a ${issue.expected}`}`;
    default:
      return `${name}: ${written} ${issue.message}`;
  }
}
