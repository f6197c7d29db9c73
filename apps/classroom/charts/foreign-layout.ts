/**
 * Lays out charts that are not ours. ELK does it in a worker that is loaded for the first of them: one large file,
 * unmodified, with its licence beside it. Where there is no worker (a page in one file), states stand in a column.
 */
import ElkApi, { type ElkNode } from 'elkjs/lib/elk-api.js';
import elkWorkerUrl from 'elkjs/lib/elk-worker.min.js?url';
import { layoutOf } from './arrangement.js';
import type { Layout } from './chart-source.js';
import { columnLayout } from './column-layout.js';
import type { Drawing } from './drawing.js';

/** ELK is given up for one chart after so long. */
const PATIENCE_MS = 20_000;

type Elk = { layout(graph: ElkNode): Promise<ElkNode>; terminateWorker(): void };

let elk: Elk | 'none' | null = null;

/** @returns positions, in any case. */
export async function layForeign(drawing: Drawing): Promise<Layout> {
  if (elk === null) elk = startElk();
  if (elk === 'none') return columnLayout(drawing);
  const running = elk;
  try {
    return await withPatience(layoutOf(drawing, (graph) => running.layout(graph)));
  } catch {
    running.terminateWorker();
    elk = null;
    return columnLayout(drawing);
  }
}

function startElk(): Elk | 'none' {
  try {
    const worker = new Worker(new URL(elkWorkerUrl, document.baseURI));
    worker.addEventListener('error', () => {
      elk = 'none';
      failed();
    });
    return new (ElkApi as unknown as new (options: object) => Elk)({ workerFactory: () => worker });
  } catch {
    return 'none';
  }
}

let failed: () => void = () => {};

/** A worker that cannot be loaded says so once, and answers nothing. */
function withPatience<Result>(task: Promise<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('no layout in time')), PATIENCE_MS);
    failed = () => reject(new Error('no layout worker'));
    task.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
