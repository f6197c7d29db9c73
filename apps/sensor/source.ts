/** Where measurements come from: made ones, a file, or a pipe, at the pace at which a sensor would measure. */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setInterval } from 'node:timers/promises';
import { EXIT, ProgramFailure } from '../node/exit.js';
import { type Measurement, measurementOf } from './measurement.js';
import { ReadingsText } from './readings-text.js';
import { syntheticMeasurement } from './synthetic.js';

export type Sample =
  | {
      readonly kind: 'measured';
      readonly measurement: Measurement;
      /** Names it for good, where it has a name: measured again after a crash, it is still the same. */
      readonly key?: string;
    }
  | { readonly kind: 'malformed'; readonly line: number; readonly reason: string };

export type Source = AsyncIterable<Sample>;

export interface Pace {
  /** Between two measurements, as their times have it, ms. */
  readonly intervalMs: number;
  /** How many times faster than that they are made. */
  readonly speed: number;
}

/** Time enough between two for a process to do anything else. */
const TICK_LEAST_MS = 1;

/** At their pace, until the signal. */
async function* ticks({ intervalMs, speed }: Pace, signal: AbortSignal): AsyncGenerator<undefined> {
  try {
    yield* setInterval(Math.max(TICK_LEAST_MS, intervalMs / speed), undefined, { signal });
  } catch (problem) {
    if (!signal.aborted) throw problem;
  }
}

export interface SyntheticSettings extends Pace {
  readonly seed: number;
  readonly id: string;
  /** The first moment, ms since 1970. */
  readonly from: number;
  /** How many are made. */
  readonly count: number;
}

/** Made measurements; the first one at once. */
export async function* syntheticSource(
  settings: SyntheticSettings,
  signal: AbortSignal,
): AsyncGenerator<Sample> {
  const { seed, id, from, count, intervalMs } = settings;
  if (count <= 0) return;
  let made = 0;
  const next = (): Sample => {
    const measurement = syntheticMeasurement(seed, id, from + made * intervalMs);
    made++;
    return { kind: 'measured', measurement, key: `sensor:${id}:${measurement.timestamp}` };
  };
  yield next();
  if (count === 1) return;
  for await (const _ of ticks(settings, signal)) {
    yield next();
    if (made >= count) return;
  }
}

/** What `--source` names is a file. */
export const isFile = (source: string): boolean => source !== 'synthetic' && source !== '-';

/** @throws ProgramFailure 78 when the file cannot be read. */
export async function checkSource(path: string): Promise<void> {
  try {
    const file = await open(path);
    const isFolder = (await file.stat()).isDirectory();
    await file.close();
    if (isFolder) throw new Error('it is a folder');
  } catch (problem) {
    const reason = problem instanceof Error ? problem.message : String(problem);
    throw new ProgramFailure(EXIT.configuration, `--source: ${path} cannot be read: ${reason}`);
  }
}

/** The readings of a file, at their pace. */
export const fileSource = (path: string, pace: Pace, signal: AbortSignal): Source =>
  paced(linesOf(createReadStream(path), signal), pace, signal);

/** The readings of a pipe, as they come. */
export const pipeSource = (input: Readable, signal: AbortSignal): Source => linesOf(input, signal);

async function* linesOf(input: Readable, signal: AbortSignal): AsyncGenerator<Sample> {
  const text = new ReadingsText();
  let number = 0;
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY, signal });
  for await (const written of lines) {
    if (signal.aborted) return;
    number++;
    const line = text.read(written);
    if (line.kind === 'malformed') yield { kind: 'malformed', line: number, reason: line.reason };
    if (line.kind === 'reading')
      yield { kind: 'measured', measurement: measurementOf(line.offered, Date.now()) };
  }
}

/** One measurement per tick; what is malformed takes none. */
async function* paced(samples: Source, pace: Pace, signal: AbortSignal): AsyncGenerator<Sample> {
  const tick = ticks(pace, signal);
  let isFirst = true;
  for await (const sample of samples) {
    if (sample.kind === 'measured' && !isFirst && (await tick.next()).done) return;
    if (sample.kind === 'measured') isFirst = false;
    yield sample;
  }
  await tick.return(undefined);
}
