/**
 * The engine as a page holds it: it plays in a worker where there is one, and in short slices on the thread otherwise.
 *
 * This file brings no simulator with it: that comes with the worker, or when the thread needs it.
 */
import type { Engine, Script } from '../contract.js';
import type { Hear, Player } from './player.js';
import type { Answer, Order } from './worker.js';

/** No slice is longer: a page that plays and draws in one thread stays smooth. */
const SLICE_MS = 8;

export interface EngineOptions {
  /** Starts the worker; default: worker.ts beside this file. Null plays on the thread. */
  readonly startWorker?: (() => Worker) | null;
}

/** Only the last that was asked for is played: an earlier one ends where it is. */
export function createEngine({ startWorker = usualWorker }: EngineOptions = {}): Engine {
  if (startWorker === null || typeof Worker === 'undefined') return new ThreadEngine();
  try {
    return new WorkerEngine(startWorker());
  } catch {
    // As from a file, where browsers start none.
    return new ThreadEngine();
  }
}

const usualWorker = (): Worker => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });

class ThreadEngine implements Engine {
  #player: Promise<Player> | undefined;
  #turn = 0;

  async play(script: Script, untilMs: number, hear: Hear): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    this.#player ??= import('./player.js').then((module) => new module.Player());
    const player = await this.#player;
    if (turn !== this.#turn) return;
    player.take(script);
    const goOn = () => {
      const end = performance.now() + SLICE_MS;
      return player.goOn(untilMs, () => performance.now() >= end, hear);
    };
    while (turn === this.#turn && !goOn()) await pause();
  }

  close(): void {
    this.#turn += 1;
    this.#player = undefined;
  }
}

/** Lets the page draw, and hear its user. */
const pause = (): Promise<void> =>
  new Promise((resume) => {
    setTimeout(resume, 0);
  });

interface Waiting {
  readonly number: number;
  readonly order: Order;
  readonly hear: Hear;
  readonly done: () => void;
  readonly failed: (problem: Error) => void;
}

class WorkerEngine implements Engine {
  readonly #worker: Worker;
  /** In its place, once it has turned out not to run. */
  #substitute: ThreadEngine | undefined;
  #waiting: Waiting | undefined;
  #number = 0;
  #hasAnswered = false;

  constructor(worker: Worker) {
    this.#worker = worker;
    worker.onmessage = ({ data }: MessageEvent<Answer>) => this.#answered(data);
    worker.onerror = (event) => this.#broken(event);
  }

  play(script: Script, untilMs: number, hear: Hear): Promise<void> {
    if (this.#substitute !== undefined) return this.#substitute.play(script, untilMs, hear);
    this.#waiting?.done();
    this.#number += 1;
    const order: Order = { number: this.#number, script, untilMs };
    const played = new Promise<void>((done, failed) => {
      this.#waiting = { number: this.#number, order, hear, done, failed };
    });
    this.#worker.postMessage(order);
    return played;
  }

  close(): void {
    this.#worker.terminate();
    this.#substitute?.close();
    this.#waiting?.done();
    this.#waiting = undefined;
  }

  #answered(answer: Answer): void {
    this.#hasAnswered = true;
    const waiting = this.#waiting;
    if (waiting === undefined || answer.number !== waiting.number) return;
    if (answer.part !== undefined) waiting.hear(answer.part);
    if (answer.problem === undefined && answer.isDone !== true) return;
    this.#waiting = undefined;
    if (answer.problem === undefined) waiting.done();
    else waiting.failed(new Error(answer.problem));
  }

  /** A worker that has never said anything was never there: its file was not to be had. */
  #broken(event: ErrorEvent): void {
    event.preventDefault();
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (this.#hasAnswered) {
      waiting?.failed(new Error(`the engine has failed: ${event.message}`));
      return;
    }
    this.#substitute ??= new ThreadEngine();
    if (waiting === undefined) return;
    const { script, untilMs } = waiting.order;
    this.#substitute.play(script, untilMs, waiting.hear).then(waiting.done, waiting.failed);
  }
}
