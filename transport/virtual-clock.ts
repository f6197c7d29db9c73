/**
 * Time as a value: it stands still until told to go on, and then every timer fires at its own moment.
 *
 * XState's `SimulatedClock` jumps to the end before it fires, so timers set by timers are lost; here they are not.
 * Timers of one moment fire in the order they were set.
 */
import type { Clock } from './transport.js';

interface Timer {
  readonly due: number;
  readonly sequence: number;
  /** Null once cleared: it stays in the heap until its time comes. */
  task: (() => void) | null;
}

export class VirtualClock implements Clock {
  #now = 0;
  #sequence = 0;
  /** A binary heap: no timer is due before the one at `(index - 1) >> 1`. */
  readonly #heap: Timer[] = [];

  now = (): number => this.#now;

  /** @param delayMs - whatever is not above 0 is 0: due now, but never before this call returns. */
  setTimeout = (task: () => void, delayMs: number): Timer => {
    // As timers do everywhere: not a number is 0 too.
    const due = this.#now + Math.max(0, delayMs || 0);
    const timer = { due, sequence: this.#sequence++, task };
    this.#heap.push(timer);
    this.#rise(this.#heap.length - 1);
    return timer;
  };

  clearTimeout = (timer: unknown): void => {
    if (timer !== null && typeof timer === 'object') (timer as Timer).task = null;
  };

  /** When the next timer is due; null when none is set. */
  get nextDue(): number | null {
    while (this.#heap[0]?.task === null) this.#take();
    return this.#heap[0]?.due ?? null;
  }

  /** Goes to the next timer and fires it, alone. Answers false when none is set. */
  runNext(): boolean {
    const due = this.nextDue;
    const timer = due === null ? undefined : this.#take();
    if (timer === undefined) return false;
    this.#now = timer.due;
    const { task } = timer;
    timer.task = null;
    task?.();
    return true;
  }

  /** Fires all that is due up to `time`, included, and what those set in turn; then it is `time`. */
  runUntil(time: number): void {
    for (let due = this.nextDue; due !== null && due <= time; due = this.nextDue) this.runNext();
    this.#now = Math.max(this.#now, time);
  }

  /** Lets time pass up to `time`, but not past a timer, and fires none: for whoever acts before all that is due then. */
  pass(time: number): void {
    this.#now = Math.max(this.#now, Math.min(time, this.nextDue ?? time));
  }

  advance(ms: number): void {
    this.runUntil(this.#now + ms);
  }

  #take(): Timer | undefined {
    const first = this.#heap[0];
    const last = this.#heap.pop();
    if (last !== undefined && this.#heap.length > 0) {
      this.#heap[0] = last;
      this.#sink(0);
    }
    return first;
  }

  #rise(index: number): void {
    for (
      let at = index, above = (at - 1) >> 1;
      at > 0 && this.#isBefore(at, above);
      at = above, above = (at - 1) >> 1
    )
      this.#swap(at, above);
  }

  #sink(index: number): void {
    for (let at = index; ; ) {
      const left = 2 * at + 1;
      const least = this.#isBefore(left + 1, left) ? left + 1 : left;
      if (!this.#isBefore(least, at)) return;
      this.#swap(at, least);
      at = least;
    }
  }

  #isBefore(a: number, b: number): boolean {
    const [first, second] = [this.#heap[a], this.#heap[b]];
    if (first === undefined || second === undefined) return false;
    return first.due < second.due || (first.due === second.due && first.sequence < second.sequence);
  }

  #swap(a: number, b: number): void {
    const [first, second] = [this.#heap[a], this.#heap[b]];
    if (first === undefined || second === undefined) return;
    this.#heap[a] = second;
    this.#heap[b] = first;
  }
}
