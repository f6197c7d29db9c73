/** The clock of a process that may be stopped, as by SIGSTOP: while it stands still no timer of its own fires. */
import type { Clock } from '../../transport/transport.js';

interface Timer {
  /** Null once cleared, or fired. */
  task: (() => void) | null;
  underlying: unknown;
}

export class PausableClock implements Clock {
  readonly #clock: Clock;
  /** What came due while the process stood still, in that order; null while it runs. */
  #late: (() => void)[] | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  now = (): number => this.#clock.now();

  setTimeout = (task: () => void, delayMs: number): Timer => {
    const timer: Timer = { task, underlying: null };
    const fire = () => {
      const due = timer.task;
      timer.task = null;
      due?.();
    };
    timer.underlying = this.#clock.setTimeout(() => this.run(fire), delayMs);
    return timer;
  };

  clearTimeout = (timer: unknown): void => {
    if (timer === null || typeof timer !== 'object') return;
    const cleared = timer as Timer;
    cleared.task = null;
    this.#clock.clearTimeout(cleared.underlying);
  };

  /** Does it now, or when the process goes on. */
  run(task: () => void): void {
    if (this.#late === null) task();
    else this.#late.push(task);
  }

  pause(): void {
    this.#late ??= [];
  }

  /** Real time has passed meanwhile: whatever came due fires at once, each timer only once. */
  resume(): void {
    const late = this.#late ?? [];
    this.#late = null;
    for (const task of late) task();
  }
}
