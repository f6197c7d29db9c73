/** A worker of the bench, seen from the process that started it. */
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { EXIT, ProgramFailure } from '../node/exit.js';
import { packageRoot } from '../node/package-root.js';
import type { Answers, Order, Request, Response } from './worker-orders.js';

const ANSWERED_WITHIN_MS = 60_000;
const ENDED_WITHIN_MS = 10_000;

export interface WorkerProcess {
  /** @throws ProgramFailure when it ends first, takes too long, or cannot do it. */
  tell<Name extends Order['do']>(order: Extract<Order, { do: Name }>): Promise<Answers[Name]>;
  /** `kill -9`: resolves with the moment of the kill once the process is gone. */
  kill(now: () => number): Promise<number>;
  /** SIGSTOP: resolves with the moment of it. It answers nothing until `wake`. */
  hold(now: () => number): number;
  wake(): void;
  /** Asks it to end, and insists when it takes too long. */
  end(): Promise<void>;
}

/**
 * @param name - how it is called when something goes wrong.
 * @param profile - the folder its CPU profile goes to, if one is wanted.
 */
export function startWorker(name: string, profile: string | undefined): WorkerProcess {
  const execArgv = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`];
  const child = fork(join(packageRoot(), 'dist/bench-worker.js'), [], { execArgv });
  const waiting = new Map<number, (response: Response) => void>();
  let asked = 0;
  child.on('message', (response: Response) => waiting.get(response.number)?.(response));
  const reap = () => child.kill('SIGKILL');
  process.once('exit', reap);
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => {
      process.off('exit', reap);
      for (const [number, settle] of waiting) settle({ number, ok: false, detail: 'it has ended' });
      resolve();
    });
  });

  const ask = (order: Order): Promise<Response> =>
    new Promise((resolve) => {
      const request: Request = { number: ++asked, order };
      const settle = (response: Response) => {
        clearTimeout(late);
        waiting.delete(request.number);
        resolve(response);
      };
      const late = setTimeout(() => {
        settle({ number: request.number, ok: false, detail: `no answer in ${ANSWERED_WITHIN_MS / 1000} s` });
      }, ANSWERED_WITHIN_MS);
      waiting.set(request.number, settle);
      if (isGone(child)) settle({ number: request.number, ok: false, detail: 'it has ended' });
      else child.send(request);
    });
  const tell: WorkerProcess['tell'] = async (order) => {
    const response = await ask(order);
    if (!response.ok)
      throw new ProgramFailure(EXIT.failed, `${name}, told to ${order.do}: ${response.detail}`);
    return response.answer as never;
  };
  const kill = async (now: () => number) => {
    const at = now();
    child.kill('SIGKILL');
    await gone;
    return at;
  };
  const end = async () => {
    if (isGone(child)) return;
    const insist = setTimeout(reap, ENDED_WITHIN_MS);
    child.disconnect();
    await gone;
    clearTimeout(insist);
  };
  const hold = (now: () => number) => {
    const at = now();
    child.kill('SIGSTOP');
    return at;
  };
  const wake = () => void child.kill('SIGCONT');
  return { tell, kill, hold, wake, end };
}

const isGone = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;
