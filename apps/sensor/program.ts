/** `bullpen sensor`: a peer that measures and publishes, and writes down what all of them publish. */
import { join } from 'node:path';
import type { Peer } from '../../actors/index.js';
import {
  type ConsoleProgram,
  type Record,
  runConsole,
  type Say,
  type Streams,
  sayRefusal,
} from '../node/console.js';
import { EXIT, type ExitCode } from '../node/exit.js';
import { onShutdown } from '../node/shutdown.js';
import {
  factsOf,
  READINGS_SHOWN,
  readingInWords,
  sayNodes,
  sayReadings,
  sayStatus,
  sayWindows,
} from './answers.js';
import { tellChanges, type Views } from './changes.js';
import { type Command, HELP, parseCommand } from './commands.js';
import { measurementOf } from './measurement.js';
import { Publisher } from './publisher.js';
import { Recorder } from './recorder.js';
import { seriesOf } from './series.js';
import type { SensorSettings } from './settings.js';
import { fileSource, pipeSource, type Source, syntheticSource } from './source.js';
import { type SensorState, sensorOf, sensorReplica } from './state.js';

export interface SensorProgram extends SensorSettings {
  readonly plain: boolean;
  readonly json: boolean;
  /** Where the CSV files go; null writes none. */
  readonly folder: string | null;
  /** It has followed the peer from its start. */
  readonly views: Views;
  /** Keeps what is said, in the peer's log file. */
  readonly record?: Record | undefined;
}

const LATEST_WITHIN_MS = 10_000;
const PUBLISHED_WITHIN_MS = 15_000;

/**
 * Runs until the user or a signal ends it, or a pipe of readings has come to its end.
 *
 * @param peer - ready.
 * @returns the exit code: 0; 64 when lines of a pipe were no readings.
 * @throws ProgramFailure 78 when a file cannot be gone on with; ClusterError when the peer could not go on.
 */
export async function runSensor(peer: Peer, settings: SensorProgram, io: Streams): Promise<ExitCode> {
  const unheard = onShutdown(() => void peer.stop());
  await latest(peer);
  const ending = new AbortController();
  const source = sourceOf(peer, settings, io, ending.signal);
  const { plain, json, record } = settings;
  const isPiped = settings.source === '-';
  const console = {
    ...{ plain, json, prompt: `sensor ${peer.id}> `, takesCommands: !isPiped },
    ...(record === undefined ? {} : { record: withoutReadings(record) }),
  };
  const running = runConsole(peer, console, (say) => openSensor(peer, settings, source, ending, say), io);
  // Only now does the console listen itself: in between a signal would end the process as it stands.
  unheard();
  return running;
}

/** Readings stand in files of their own. */
const withoutReadings =
  (record: Record): Record =>
  (event, facts) => {
    if (event !== 'reading') record(event, facts);
  };

/** Resolves when all that this peer wrote down before it stopped is in its log again, as far as anybody knows. */
async function latest(peer: Peer): Promise<void> {
  try {
    await peer.read({ timeoutMs: LATEST_WITHIN_MS });
  } catch {
    // Without a coordinator nobody knows; it may have been stopped, too.
  }
}

function openSensor(
  peer: Peer,
  settings: SensorProgram,
  source: Source,
  ending: AbortController,
  say: Say,
): ConsoleProgram {
  const { folder, isQuiet } = settings;
  const isClassic = peer.status().mode === 'classic';
  const recorder = folder === null ? null : new Recorder(folder, seriesOf(peer), say, isClassic);
  const detach = [
    tellChanges(peer, settings.views, say),
    watchReadings(peer, recorder, isClassic, isQuiet, say),
  ];
  sayHow(peer, settings, say);
  share(peer, settings, say);
  const publisher = new Publisher(peer, source, say);
  const ended = publisher.ended.then(({ delivered, skipped }): ExitCode => {
    if (!ending.signal.aborted)
      say(
        'source_ended',
        { published: delivered, skipped },
        `the source has ended: ${delivered} published, ${skipped} skipped`,
      );
    return skipped === 0 ? EXIT.clean : EXIT.usage;
  });
  const standing = () => ({ source: sourceInWords(settings), folder, ...publisher.progress() });
  return {
    obey: (line) => obey(peer, parseCommand(line), standing, say),
    ...(settings.source === '-' ? { done: ended } : {}),
    finish: async () => {
      ending.abort();
      await ended;
    },
    close: () => {
      ending.abort();
      for (const end of detach) end();
      recorder?.close();
    },
  };
}

/** Every reading is written down within the step that delivers it, and said. */
function watchReadings(
  peer: Peer,
  recorder: Recorder | null,
  isClassic: boolean,
  isQuiet: boolean,
  say: Say,
): () => void {
  return peer.replica(sensorReplica).watch(({ cause, result }) => {
    if (cause === 'snapshot' && isClassic) recorder?.rewrite();
    else if (cause === 'snapshot') recorder?.catchUp();
    else if (result?.kind === 'reading') {
      const { sensor, reading } = result;
      recorder?.record(sensor, reading);
      if (!isQuiet) say('reading', factsOf(sensor, reading), readingInWords(sensor, reading));
    } else if (result?.kind === 'settings') {
      const { window_s, retain_h, retain_readings } = result.settings;
      const words = `from now on windows of ${window_s} s; kept ${retain_h} h, at most ${retain_readings} readings of a sensor`;
      say('settings', { ...result.settings }, words);
    }
  });
}

function sayHow(peer: Peer, settings: SensorProgram, say: Say): void {
  const { folder, speed, intervalMs } = settings;
  const kept = sensorOf(peer.replica(sensorReplica).state(), peer.id)?.published ?? 0;
  say(
    'measuring',
    { source: settings.source, interval_s: intervalMs / 1000, speed, folder, published: kept },
    `measures ${sourceInWords(settings)}; ${folder === null ? 'writes no files without --data' : `writes ${join(folder, 'SENSOR.csv')}`}`,
  );
}

function sourceInWords({ source, intervalMs, speed, seed }: SensorSettings): string {
  if (source === '-') return 'what is piped in';
  const pace = `every ${intervalMs / 1000} s${speed === 1 ? '' : `, ${speed} times as fast`}`;
  return source === 'synthetic' ? `synthetic weather ${seed} ${pace}` : `what ${source} has, ${pace}`;
}

/** Flags that are for the whole cluster go through its log, when they say something new. */
function share(peer: Peer, { shared }: SensorSettings, say: Say): void {
  const { settings } = peer.replica(sensorReplica).state();
  const news = Object.entries(shared).filter(
    ([key, value]) => settings[key as keyof typeof settings] !== value,
  );
  if (news.length === 0) return;
  peer
    .replica(sensorReplica)
    .execute({ type: 'settings', ...shared })
    .catch((problem: unknown) => sayRefusal(say, problem));
}

function sourceOf(peer: Peer, settings: SensorProgram, { stdin }: Streams, signal: AbortSignal): Source {
  const { source, intervalMs, speed, seed, readings } = settings;
  if (source === '-') return pipeSource(stdin, signal);
  if (source !== 'synthetic') return fileSource(source, { intervalMs, speed }, signal);
  const before = sensorOf(peer.replica(sensorReplica).state(), peer.id);
  const from = firstMoment(before?.last.timestamp, intervalMs, speed, Date.now());
  const count = readings - (before?.published ?? 0);
  return syntheticSource({ seed, id: peer.id, from, count, intervalMs, speed }, signal);
}

/**
 * Whole intervals from 1970 on, so that all sensors measure at the same moments: now, or where an earlier run stood. One that
 * goes faster than time always goes on where it stood.
 */
function firstMoment(last: string | undefined, intervalMs: number, speed: number, now: number): number {
  const current = Math.floor(now / intervalMs) * intervalMs;
  if (last === undefined) return current;
  const next = Date.parse(last) + intervalMs;
  return speed > 1 ? next : Math.max(current, next);
}

async function obey(
  peer: Peer,
  command: Command,
  standing: () => Parameters<typeof sayStatus>[1],
  say: Say,
): Promise<'leave' | ExitCode | undefined> {
  const state: SensorState = peer.replica(sensorReplica).state();
  switch (command.type) {
    case 'quit':
      return 'leave';
    case 'help':
      say('help', { commands: HELP }, HELP);
      return undefined;
    case 'status':
      sayStatus(peer, standing(), say);
      return undefined;
    case 'nodes':
      sayNodes(peer, state, say);
      return undefined;
    case 'readings':
      sayReadings(state, command.count ?? READINGS_SHOWN, say);
      return undefined;
    case 'windows':
      return obeyWindows(state, command.sensor, say);
    case 'publish':
      return publish(peer, command, say);
    case 'mistake':
      return refuse(say, command.reason);
    default:
      return command satisfies never;
  }
}

function obeyWindows(state: SensorState, id: string | undefined, say: Say): ExitCode | undefined {
  const sensor = id === undefined ? undefined : sensorOf(state, id);
  if (id !== undefined && sensor === undefined)
    return refuse(say, `there is no sensor ${id}; nodes lists those there are`);
  sayWindows(state, sensor === undefined ? state.sensors : [sensor], say);
  return undefined;
}

async function publish(
  peer: Peer,
  { offered }: Extract<Command, { type: 'publish' }>,
  say: Say,
): Promise<ExitCode | undefined> {
  try {
    const measurement = measurementOf(offered, Date.now());
    const { sequence } = await peer
      .replica(sensorReplica)
      .execute({ type: 'reading', ...measurement }, { timeoutMs: PUBLISHED_WITHIN_MS });
    say('published', { sequence }, `published as number ${sequence}`);
    return undefined;
  } catch (problem) {
    return sayRefusal(say, problem);
  }
}

function refuse(say: Say, reason: string): ExitCode {
  say('refused', { code: 'bad-command', reason }, reason);
  return EXIT.usage;
}
