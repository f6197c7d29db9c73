/** A worker thread of `bullpen simulate`: runs the seeds it is given, one after the other, and sends what each came to. */
import { parentPort, workerData } from 'node:worker_threads';
import { type Engine, runSeed } from './seeds.js';

/** Seeds to be run, both ends included. */
export interface Chunk {
  readonly from: number;
  readonly to: number;
}

const engine = workerData as Engine;
parentPort?.on('message', ({ from, to }: Chunk) => {
  for (let seed = from; seed <= to; seed++) parentPort?.postMessage(runSeed(engine, seed));
});
