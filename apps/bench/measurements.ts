/** What is measured on a running cluster: throughput, latency, failover. */
import { until } from '../node/until.js';
import type { BenchCluster, BenchPeer } from './cluster.js';
import type { BenchSettings } from './settings.js';
import { ratesOf } from './statistics.js';
import { type Load, type Recording, sharedNow } from './worker-orders.js';

const SLICE_MS = 1000;
const SERVES_AGAIN_WITHIN_MS = 60_000;

export const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Puts `load` on `submitters`, lets it run for `during`, and takes it off again. */
export async function underLoad<Result>(
  submitters: readonly BenchPeer[],
  load: Load,
  { payloadBytes }: BenchSettings,
  during: () => Promise<Result>,
): Promise<Result> {
  for (const { worker } of submitters) await worker.tell({ do: 'load', load, payloadBytes });
  const result = await during();
  await Promise.all(submitters.map(({ worker }) => worker.tell({ do: 'rest' })));
  return result;
}

export const recordings = (peers: readonly BenchPeer[]): Promise<readonly Recording[]> =>
  Promise.all(peers.map(({ worker }) => worker.tell({ do: 'record' })));

export const failuresIn = (recorded: readonly Recording[]): number =>
  recorded.reduce((sum, { failures }) => sum + failures, 0);

/** What went on among the peers although none of them had failed. */
export interface Unrest {
  readonly suspicions: number;
  /** How often a peer told of another coordinator, or of none. */
  readonly coordinatorChanges: number;
  /** Terms begun: elections that came so far. */
  readonly terms: number;
}

/** Begins to count. The recordings since then say the rest. */
export async function watchUnrest(
  peers: readonly BenchPeer[],
): Promise<(recorded: readonly Recording[]) => Promise<Unrest>> {
  const termNow = async () => {
    const statuses = await Promise.all(peers.map(({ worker }) => worker.tell({ do: 'status' })));
    return Math.max(...statuses.map(({ promised }) => promised.n));
  };
  const before = await termNow();
  return async (recorded) => ({
    suspicions: recorded.reduce((sum, { suspicions }) => sum + suspicions, 0),
    coordinatorChanges: recorded.reduce((sum, { coordinatorChanges }) => sum + coordinatorChanges, 0),
    terms: (await termNow()) - before,
  });
}

/** @returns messages per second delivered on all three, for each second; and whether the load cost anybody his trust. */
export async function measureThroughput(
  cluster: BenchCluster,
  submitters: readonly BenchPeer[],
  settings: BenchSettings,
): Promise<{ readonly rates: readonly number[]; readonly failures: number; readonly unrest: Unrest }> {
  const { seconds, warmUpSeconds, inFlight } = settings;
  await recordings(cluster.peers);
  const unrestIn = await watchUnrest(cluster.peers);
  const load = { kind: 'saturating', inFlight: Math.ceil(inFlight / submitters.length) } as const;
  const from = await underLoad(submitters, load, settings, async () => {
    await pause(warmUpSeconds * 1000);
    const start = sharedNow();
    await pause(seconds * 1000);
    return start;
  });
  const recorded = await recordings(cluster.peers);
  const marks = recorded.map((recording) => recording.marks);
  return {
    rates: ratesOf(marks, from, seconds, SLICE_MS),
    failures: failuresIn(recorded),
    unrest: await unrestIn(recorded),
  };
}

/** @returns how long each message took, from submission to delivery at its submitter, ms. */
export async function measureLatency(
  submitter: BenchPeer,
  settings: BenchSettings,
): Promise<{ readonly latencies: readonly number[]; readonly failures: number }> {
  const { seconds, warmUpSeconds, messagesPerSecond } = settings;
  const load = { kind: 'steady', perSecond: messagesPerSecond } as const;
  const { latencies, failures } = await underLoad([submitter], load, settings, async () => {
    await pause(warmUpSeconds * 1000);
    await submitter.worker.tell({ do: 'record' });
    await pause(seconds * 1000);
    return submitter.worker.tell({ do: 'record' });
  });
  return { latencies, failures };
}

/**
 * Kills the coordinator again and again, each time under load and once all three are level.
 *
 * @returns how long after each kill the first message submitted since was delivered on both survivors, ms.
 */
export async function measureFailover(
  cluster: BenchCluster,
  settings: BenchSettings,
  killed: (number: number, ms: number) => void,
): Promise<{ readonly times: readonly number[]; readonly failures: number }> {
  const times: number[] = [];
  let failures = 0;
  for (let number = 1; number <= settings.kills; number++) {
    const { coordinator, followers } = await cluster.settled();
    const [submitter] = followers;
    if (submitter === undefined) throw new Error('a cluster of three has two followers');
    const load = { kind: 'steady', perSecond: settings.messagesPerSecond } as const;
    await recordings(followers);
    const time = await underLoad([submitter], load, settings, async () => {
      // At no fixed place between two heartbeats.
      await pause(500 + Math.random() * 500);
      const at = await cluster.kill(coordinator, sharedNow);
      return serviceAfter(followers, at, (count) => {
        failures += count;
      });
    });
    times.push(time);
    killed(number, time);
    await cluster.restart(coordinator.id);
  }
  return { times, failures };
}

/**
 * Waits until both survivors have delivered something that was submitted after `lostAt`. Submissions keep their order, so
 * the first one of those is the same on both.
 *
 * @returns how long after `lostAt` the later of them had it, ms.
 */
export async function serviceAfter(
  survivors: readonly BenchPeer[],
  lostAt: number,
  failed: (count: number) => void,
): Promise<number> {
  const deliveredAt = new Map<BenchPeer, number>();
  await until('the survivors to deliver a new message', SERVES_AGAIN_WITHIN_MS, async () => {
    const recorded = await recordings(survivors);
    failed(failuresIn(recorded));
    for (const [place, survivor] of survivors.entries()) {
      const first = recorded[place]?.arrivals.find(([submitted]) => submitted > lostAt);
      if (first !== undefined && !deliveredAt.has(survivor)) deliveredAt.set(survivor, first[1]);
    }
    return deliveredAt.size === survivors.length;
  });
  return Math.max(...deliveredAt.values()) - lostAt;
}

/**
 * Hands the office from one peer to the next, again and again, while a third one submits.
 *
 * @returns for each handover the longest time in which the submitter got no answer, ms; and how long each took to be made.
 */
export async function measureHandover(
  cluster: BenchCluster,
  settings: BenchSettings,
  handed: (number: number, gapMs: number) => void,
): Promise<{
  readonly gaps: readonly number[];
  readonly times: readonly number[];
  readonly failures: number;
}> {
  const gaps: number[] = [];
  const times: number[] = [];
  let failures = 0;
  const load = { kind: 'steady', perSecond: settings.handoverMessagesPerSecond } as const;
  const { coordinator: first, followers } = await cluster.settled();
  const [successor, submitter] = followers;
  if (successor === undefined || submitter === undefined)
    throw new Error('a cluster of three has two followers');
  await underLoad([submitter], load, settings, async () => {
    await pause(settings.warmUpSeconds * 1000);
    let [from, to] = [first, successor];
    for (let number = 1; number <= settings.handovers; number++) {
      await recordings(cluster.peers);
      await pause(100 + Math.random() * 100);
      const asked = sharedNow();
      await from.worker.tell({ do: 'transfer', to: to.id });
      times.push(sharedNow() - asked);
      await pause(300);
      const [recorded] = await recordings([submitter]);
      const gap = longestGap(recorded?.arrivals.map(([, answered]) => answered) ?? []);
      gaps.push(gap);
      failures += recorded?.failures ?? 0;
      handed(number, gap);
      [from, to] = [to, from];
    }
  });
  failures += failuresIn(await recordings([submitter]));
  return { gaps, times, failures };
}

const longestGap = (moments: readonly number[]): number =>
  moments.reduce((longest, moment, i) => Math.max(longest, moment - (moments[i - 1] ?? moment)), 0);
