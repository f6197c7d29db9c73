/** The clock of one simulated process: it may run fast or slow, stand still while the process is stopped, and end with it. */
import type { Clock } from '../../transport/anywhere.js';

type Task = () => void;

export class ProcessClock implements Clock {
  readonly #base: Clock;
  readonly #rate: number;
  #isAlive = true;
  /** What came due while the process was stopped; undefined while it runs. */
  #backlog: Task[] | undefined;

  /** @param rate - 1.05 for a clock that gains 5 %. */
  constructor(base: Clock, rate: number) {
    this.#base = base;
    this.#rate = rate;
  }

  now = (): number => this.#base.now() * this.#rate;

  setTimeout = (task: Task, delayMs: number): unknown => {
    const timer: { handle: unknown; isCleared: boolean } = { handle: null, isCleared: false };
    const run = () => {
      if (timer.isCleared || !this.#isAlive) return;
      if (this.#backlog !== undefined) {
        this.#backlog.push(run);
        return;
      }
      task();
    };
    timer.handle = this.#base.setTimeout(run, delayMs / this.#rate);
    return timer;
  };

  clearTimeout = (timer: unknown): void => {
    if (timer === null || typeof timer !== 'object') return;
    (timer as { isCleared: boolean }).isCleared = true;
    this.#base.clearTimeout((timer as { handle: unknown }).handle);
  };

  /** SIGSTOP: timers come due and nobody is there. */
  stop(): void {
    this.#backlog ??= [];
  }

  /** SIGCONT: what came due meanwhile comes at once, in order. */
  resume(): void {
    const backlog = this.#backlog ?? [];
    this.#backlog = undefined;
    for (const run of backlog) run();
  }

  /** The process is dead. */
  end(): void {
    this.#isAlive = false;
  }
}
