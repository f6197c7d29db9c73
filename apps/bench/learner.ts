/** An empty learner joins a cluster with a long log while work goes on: how long it takes, and what it costs the others. */
import { until } from '../node/until.js';
import type { BenchCluster, BenchPeer } from './cluster.js';
import { failuresIn, pause, recordings, underLoad } from './measurements.js';
import type { BenchSettings } from './settings.js';
import { percentile } from './statistics.js';
import { hundredths, ms, row, thousands } from './table.js';
import { sharedNow } from './worker-orders.js';

export interface CatchUp {
  /** Messages in the log when the learner was started, and how many of them it was given: a snapshot stands for the others. */
  readonly entries: number;
  readonly delivered: number;
  /** From the start of its process until it had all that the coordinator had then. */
  readonly seconds: number;
  /** And until it was ready: what was submitted meanwhile has to be caught up with as well. */
  readonly readySeconds: number;
  readonly coordinatorRssMiB: number;
  readonly learnerRssMiB: number;
  /** Of messages submitted at the coordinator, to their delivery there. */
  readonly before: Answered;
  readonly during: Answered;
}

interface Answered {
  readonly messages: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

const FILLED_WITHIN_MS = 3_600_000;
const CAUGHT_UP_WITHIN_MS = 1_800_000;
const TOLD_EVERY_MS = 5000;
const LEARNER = '4';

/** @throws ProgramFailure when it has not caught up within half an hour. */
export async function measureCatchUp(
  cluster: BenchCluster,
  settings: BenchSettings,
  progress: (line: string) => void,
): Promise<{ readonly catchUp: CatchUp; readonly failures: number }> {
  const { seconds, warmUpSeconds, messagesPerSecond } = settings;
  let failures = await fill(cluster, settings, progress);
  const { coordinator } = await cluster.settled();
  const load = { kind: 'steady', perSecond: messagesPerSecond } as const;
  const catchUp = await underLoad([coordinator], load, settings, async () => {
    await pause(warmUpSeconds * 1000);
    failures += failuresIn(await recordings(cluster.peers));
    await pause(seconds * 1000);
    const before = await coordinator.worker.tell({ do: 'record' });
    const { sequence: entries } = await coordinator.worker.tell({ do: 'status' });
    progress(`learner: joins at ${thousands(entries)} messages …`);
    const begun = sharedNow();
    const learner = await cluster.join(LEARNER);
    const hasThem = (await caughtUp(learner, entries, progress)) - begun;
    const ready = (await isReady(learner)) - begun;
    const during = await coordinator.worker.tell({ do: 'record' });
    const { kept, rssMiB } = await learner.worker.tell({ do: 'weigh' });
    const { rssMiB: coordinatorRssMiB } = await coordinator.worker.tell({ do: 'weigh' });
    failures += before.failures + during.failures;
    return {
      entries,
      delivered: Math.min(entries, kept),
      seconds: hundredths(hasThem / 1000),
      readySeconds: hundredths(ready / 1000),
      coordinatorRssMiB: Math.round(coordinatorRssMiB),
      learnerRssMiB: Math.round(rssMiB),
      before: answered(before.latencies),
      during: answered(during.latencies),
    };
  });
  return { catchUp, failures };
}

/** Puts so many messages into the log, as fast as it goes. */
async function fill(
  { peers, settled }: BenchCluster,
  settings: BenchSettings,
  progress: (line: string) => void,
): Promise<number> {
  const { followers } = await settled();
  const load = { kind: 'saturating', inFlight: settings.inFlight } as const;
  let failures = 0;
  let toldAt = sharedNow();
  await underLoad(followers.slice(0, 1), load, settings, () =>
    until(`${settings.entries} messages`, FILLED_WITHIN_MS, async () => {
      // What they record is not wanted, and would only grow.
      failures += failuresIn(await recordings(peers));
      const statuses = await Promise.all(peers.map(({ worker }) => worker.tell({ do: 'status' })));
      const sequence = Math.min(...statuses.map((status) => status.sequence));
      if (sharedNow() - toldAt > TOLD_EVERY_MS) {
        toldAt = sharedNow();
        progress(`learner: ${thousands(sequence)} of ${thousands(settings.entries)} messages in the log …`);
      }
      return sequence >= settings.entries;
    }),
  );
  return failures;
}

/** @returns when. */
async function caughtUp(
  { worker }: BenchPeer,
  entries: number,
  progress: (line: string) => void,
): Promise<number> {
  let toldAt = sharedNow();
  return until(`the learner to have ${entries} messages`, CAUGHT_UP_WITHIN_MS, async () => {
    const { sequence } = await worker.tell({ do: 'status' });
    if (sharedNow() - toldAt > TOLD_EVERY_MS) {
      toldAt = sharedNow();
      progress(`learner: has ${thousands(sequence)}`);
    }
    return sequence >= entries && sharedNow();
  });
}

const isReady = ({ worker }: BenchPeer): Promise<number> =>
  until('the learner to be ready', CAUGHT_UP_WITHIN_MS, async () => {
    const { ready } = await worker.tell({ do: 'status' });
    return ready && sharedNow();
  });

const answered = (latencies: readonly number[]): Answered => ({
  messages: latencies.length,
  p50Ms: hundredths(percentile(latencies, 0.5)),
  p99Ms: hundredths(percentile(latencies, 0.99)),
  maxMs: hundredths(percentile(latencies, 1)),
});

export const catchUpRows = (catchUp: CatchUp | null, perSecond: number): readonly string[] =>
  catchUp === null
    ? []
    : [
        '',
        `an empty learner joins at ${thousands(catchUp.entries)} messages while ${perSecond} messages/s go on`,
        row('has them', [
          `after ${catchUp.seconds.toFixed(1)} s`,
          `ready after ${catchUp.readySeconds.toFixed(1)} s`,
          `${thousands(catchUp.delivered)} delivered`,
          `RSS ${thousands(catchUp.learnerRssMiB)} MiB, coordinator ${thousands(catchUp.coordinatorRssMiB)} MiB`,
        ]),
        row('coordinator, before', latencyCells(catchUp.before)),
        row('coordinator, during', latencyCells(catchUp.during)),
      ];

const latencyCells = ({ p50Ms, p99Ms, maxMs, messages }: Answered): readonly string[] => [
  `p50 ${ms(p50Ms)}`,
  `p99 ${ms(p99Ms)}`,
  `max ${ms(maxMs)}`,
  `${thousands(messages)} messages`,
];
