/** The classroom's engine in a page: what a script's trace hashes to, played in a worker, and on the thread. */
import type { Script } from '../../apps/classroom/contract.js';
import { createEngine } from '../../apps/classroom/engine/index.js';
import { hashOf } from './traces.js';

async function hashIn(script: Script, untilMs: number, startWorker: (() => Worker) | null): Promise<string> {
  const engine = createEngine({ startWorker });
  const lines: string[] = [];
  await engine.play(script, untilMs, (part) => lines.push(...part.lines));
  engine.close();
  return hashOf(lines);
}

/** @param workerSource - the bundled worker, as text; null plays on the thread. */
async function replay(script: Script, untilMs: number, workerSource: string | null): Promise<string> {
  if (workerSource === null) return hashIn(script, untilMs, null);
  const url = URL.createObjectURL(new Blob([workerSource], { type: 'text/javascript' }));
  return hashIn(script, untilMs, () => new Worker(url, { type: 'module' }));
}

Object.assign(globalThis, { classroomReplay: replay });
