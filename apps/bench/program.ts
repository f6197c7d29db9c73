/** `bullpen bench`: how fast three real peers are, how soon they serve again without their coordinator, and what they take. */
import { cpus } from 'node:os';
import { EXIT } from '../node/exit.js';
import { onShutdown } from '../node/shutdown.js';
import { type BenchCluster, startCluster } from './cluster.js';
import { measureFloor } from './floor.js';
import { type CatchUp, measureCatchUp } from './learner.js';
import { measureFailover, measureHandover, measureLatency, measureThroughput } from './measurements.js';
import {
  type BenchReport,
  type Failover,
  failoverOf,
  type Handover,
  handoverOf,
  type Latency,
  latencyOf,
  type Throughput,
  tableOf,
  throughputOf,
} from './report.js';
import type { BenchSettings, Measurement } from './settings.js';
import { measureSilence } from './silence.js';
import { measureSoak, type Soak, snapshotsOf } from './soak.js';

export interface BenchOutput {
  /** A line of the result. */
  readonly out: (line: string) => void;
  /** A line about how the run goes on. */
  readonly progress: (line: string) => void;
}

/**
 * Runs what `settings` ask for, one measurement after the other, and prints the result: a table, or one JSON object.
 *
 * @returns the exit code.
 * @throws ProgramFailure when a process ends by itself, or what is waited for does not come.
 */
export async function runBench(settings: BenchSettings, io: BenchOutput): Promise<number> {
  const interrupted = new Promise<undefined>((resolve) => onShutdown(() => resolve(undefined)));
  const report = await Promise.race([measureAll(settings, io.progress), interrupted]);
  // The processes end with this one.
  if (report === undefined) return EXIT.failed;
  if (settings.json) io.out(JSON.stringify(report));
  else for (const line of tableOf(report)) io.out(line);
  return EXIT.clean;
}

async function measureAll(settings: BenchSettings, progress: BenchOutput['progress']): Promise<BenchReport> {
  const { json: _, profile: __, ...shown } = settings;
  const isWanted = (measurement: Measurement) => settings.only.includes(measurement);
  let floor: BenchReport['floor'] = null;
  if (isWanted('floor')) {
    progress('floor: the same work without a protocol …');
    floor = { perSecond: await measureFloor(settings) };
  }
  const needsCluster = settings.only.some((measurement) => !HAVE_THEIR_OWN.has(measurement));
  const measured = needsCluster
    ? await onCluster(settings, {}, progress, (cluster) =>
        measure(cluster, settings, floor?.perSecond, progress),
      )
    : NOTHING;
  let { failures } = measured;
  let learner: CatchUp | null = null;
  if (isWanted('learner')) {
    const { snapshotEvery = 0 } = settings;
    const found = await onCluster(settings, { snapshotEvery }, progress, (cluster) =>
      measureCatchUp(cluster, settings, progress),
    );
    learner = found.catchUp;
    failures += found.failures;
  }
  let soak: Soak | null = null;
  if (isWanted('soak')) {
    const found = await onCluster(settings, snapshotsOf(settings), progress, (cluster) =>
      measureSoak(cluster, settings, progress),
    );
    soak = found.soak;
    failures += found.failures;
  }
  return { machine: machine(), settings: shown, floor, ...measured, learner, soak, failures };
}

/** What is not measured on the cluster that the others share. */
const HAVE_THEIR_OWN: ReadonlySet<Measurement> = new Set(['floor', 'learner', 'soak']);

async function onCluster<Result>(
  settings: BenchSettings,
  snapshots: Parameters<typeof startCluster>[1],
  progress: BenchOutput['progress'],
  task: (cluster: BenchCluster) => Promise<Result>,
): Promise<Result> {
  progress('starting three peers …');
  const cluster = await startCluster(settings, snapshots);
  try {
    return await task(cluster);
  } finally {
    await cluster.end();
  }
}

interface Measured {
  readonly throughput: readonly Throughput[];
  readonly latency: readonly Latency[];
  readonly failover: Failover | null;
  readonly silent: Failover | null;
  readonly handover: Handover | null;
  readonly failures: number;
}

const NOTHING: Measured = {
  ...{ throughput: [], latency: [], failover: null, silent: null, handover: null, failures: 0 },
};

async function measure(
  cluster: BenchCluster,
  settings: BenchSettings,
  floorPerSecond: number | undefined,
  progress: BenchOutput['progress'],
): Promise<Measured> {
  const throughput: Throughput[] = [];
  const latency: Latency[] = [];
  let failover: Failover | null = null;
  let silent: Failover | null = null;
  let handover: Handover | null = null;
  let failures = 0;
  const isWanted = (measurement: Measurement) => settings.only.includes(measurement);

  for (const from of isWanted('latency') ? (['a follower', 'the coordinator'] as const) : []) {
    progress(`latency, from ${from} …`);
    const { coordinator, followers } = await cluster.settled();
    const submitter = from === 'a follower' ? followers[0] : coordinator;
    const found = await measureLatency(submitter ?? coordinator, settings);
    latency.push(latencyOf(from, found.latencies));
    failures += found.failures;
  }
  for (const from of isWanted('throughput') ? (['a follower', 'all three'] as const) : []) {
    progress(`throughput, from ${from} …`);
    const { followers } = await cluster.settled();
    const submitters = from === 'a follower' ? followers.slice(0, 1) : cluster.peers;
    const found = await measureThroughput(cluster, submitters, settings);
    throughput.push(throughputOf(from, found.rates, floorPerSecond, found.unrest));
    failures += found.failures;
  }
  if (isWanted('failover')) {
    const found = await measureFailover(cluster, settings, (number, ms) =>
      progress(`failover, kill ${number} of ${settings.kills}: ${Math.round(ms)} ms`),
    );
    failover = failoverOf(found.times);
    failures += found.failures;
  }
  if (isWanted('silent')) {
    const found = await measureSilence(cluster, settings, (number, ms) =>
      progress(`silence, stop ${number} of ${settings.stops}: ${Math.round(ms)} ms`),
    );
    silent = failoverOf(found.times);
    failures += found.failures;
  }
  if (isWanted('handover')) {
    const found = await measureHandover(cluster, settings, (number, gapMs) =>
      progress(`handover ${number} of ${settings.handovers}: ${Math.round(gapMs)} ms without an answer`),
    );
    handover = handoverOf(found.gaps, found.times, found.failures);
    failures += found.failures;
  }
  return { throughput, latency, failover, silent, handover, failures };
}

function machine(): BenchReport['machine'] {
  const cores = cpus();
  return { node: process.versions.node, cpu: cores[0]?.model ?? 'unknown processor', cores: cores.length };
}
