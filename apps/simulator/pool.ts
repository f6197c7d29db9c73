/** Runs seeds on every core: worker threads that each take the next few seeds when they have done theirs. */
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { packageRoot } from '../node/package-root.js';
import type { Engine, SeedResult } from './seeds.js';
import type { Chunk } from './worker.js';

export interface PoolSettings {
  readonly engine: Engine;
  readonly from: number;
  readonly seeds: number;
  readonly jobs: number;
}

/** Small enough that the last worker is not waited for long, large enough that nobody waits for orders. */
const chunkSizeOf = ({ engine, seeds, jobs }: PoolSettings): number =>
  Math.max(1, Math.min(engine.core ? 200 : 4, Math.ceil(seeds / jobs / 4)));

/**
 * Runs all seeds; `onResult` hears of each, in no order, and answers whether to go on.
 *
 * @throws Error when a worker dies: a defect of the simulator, never of what it simulates.
 */
export async function runSeeds(
  settings: PoolSettings,
  onResult: (result: SeedResult) => 'go-on' | 'stop',
): Promise<void> {
  const last = settings.from + settings.seeds - 1;
  const size = chunkSizeOf(settings);
  let next = settings.from;
  const take = (): Chunk | undefined => {
    if (next > last) return undefined;
    const from = next;
    next = Math.min(last, from + size - 1) + 1;
    return { from, to: next - 1 };
  };
  const workers = Array.from(
    { length: settings.jobs },
    () => new Worker(join(packageRoot(), 'dist/simulator-worker.js'), { workerData: settings.engine }),
  );
  const { promise: stopped, resolve: stop } = deferred();
  const work = (worker: Worker) =>
    new Promise<void>((resolve, reject) => {
      let chunk = take();
      const ask = () => (chunk === undefined ? resolve() : worker.postMessage(chunk));
      worker.on('error', reject);
      worker.on('message', (result: SeedResult) => {
        if (onResult(result) === 'stop') stop();
        if (result.seed !== chunk?.to) return;
        chunk = take();
        ask();
      });
      ask();
    });
  try {
    await Promise.race([Promise.all(workers.map(work)), stopped]);
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
