/**
 * The floor: what this machine does at best with the same means and no protocol.
 *
 * Three processes again: a hub and two leaves over bare `ws`, the same JSON entries, batches and group commit, the same
 * way of a message (leaf → hub → disks of all → answers → "so much is committed"), but no log, no terms, no machines.
 */
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../node/package-root.js';
import type { FloorFact, FloorTask } from './floor-worker.js';
import type { BenchSettings } from './settings.js';
import { type Mark, median, ratesOf } from './statistics.js';
import { sharedNow } from './worker-orders.js';

/** @returns messages per second delivered on all three: the median of the measured seconds. */
export async function measureFloor(settings: BenchSettings): Promise<number> {
  const { seconds, warmUpSeconds, inFlight, payloadBytes } = settings;
  const folder = mkdtempSync(join(tmpdir(), 'bullpen-floor-'));
  const workers: FloorProcess[] = [];
  const start = (name: string, task: Omit<FloorTask, 'file'>) => {
    const worker = startFloorWorker({ ...task, file: join(folder, name) });
    workers.push(worker);
    return worker;
  };
  try {
    const hub = start('hub', { hub: null, inFlight: 0, payloadBytes });
    const port = await hub.port;
    start('leaf-1', { hub: port, inFlight, payloadBytes });
    start('leaf-2', { hub: port, inFlight: 0, payloadBytes });
    await new Promise((resolve) => setTimeout(resolve, warmUpSeconds * 1000));
    const from = sharedNow();
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    const marks = await Promise.all(workers.map((worker) => worker.marks()));
    return Math.round(median(ratesOf(marks, from, seconds, 1000)));
  } finally {
    for (const worker of workers) worker.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface FloorProcess {
  /** Where the hub listens. */
  readonly port: Promise<number>;
  marks(): Promise<readonly Mark[]>;
  end(): void;
}

function startFloorWorker(task: FloorTask): FloorProcess {
  const child = fork(join(packageRoot(), 'dist/bench-floor.js'));
  const fact = <Kind extends FloorFact['kind']>(kind: Kind) =>
    new Promise<Extract<FloorFact, { kind: Kind }>>((resolve, reject) => {
      child.on('message', (message: FloorFact) => {
        if (message.kind === kind) resolve(message as Extract<FloorFact, { kind: Kind }>);
      });
      child.once('exit', () => reject(new Error('a process of the floor has ended')));
    });
  const listening = fact('listening').then(({ port }) => port);
  const reap = () => child.kill('SIGKILL');
  process.once('exit', reap);
  // A leaf never listens, and is ended all the same.
  listening.catch(() => {});
  child.send(task);
  return {
    port: listening,
    marks: async () => {
      const told = fact('marks');
      child.send('marks');
      return (await told).marks;
    },
    end: () => {
      process.off('exit', reap);
      child.removeAllListeners('exit');
      reap();
    },
  };
}
