/** Readings: what callers of `read` wait for, until this peer has applied as much of the log as their answer must show. */
import type { Clock } from '../transport/transport.js';
import type { ReadOptions } from './api.js';
import type { Deliveries } from './deliveries.js';
import { ClusterError } from './errors.js';

interface Waiting {
  readonly number: number;
  /** The log has to be applied up to there; null until a coordinator has said how far. */
  index: number | null;
  /** So many deliveries must have been made. */
  readonly atLeast: number;
  readonly timer: unknown;
  readonly done: (problem: ClusterError | null) => void;
}

/** Where readings get their answers. */
export interface ReadingSources {
  /** Asks the coordinator on behalf of the reading of that number, and all before it. */
  want(number: number): void;
  /** How far the log is applied here. */
  applied(): number;
}

export class Readings {
  readonly #clock: Clock;
  readonly #deliveries: Deliveries;
  readonly #sources: ReadingSources;
  #waiting: Waiting[] = [];
  #count = 0;
  #end: ClusterError | null = null;

  constructor(clock: Clock, deliveries: Deliveries, sources: ReadingSources) {
    this.#clock = clock;
    this.#deliveries = deliveries;
    this.#sources = sources;
    deliveries.listen(() => this.check());
  }

  read(options: ReadOptions = {}): Promise<{ readonly sequence: number }> {
    return new Promise((resolve, reject) =>
      this.ask(options, (problem) =>
        problem === null ? resolve({ sequence: this.#deliveries.sequence }) : reject(problem),
      ),
    );
  }

  /** As `read`, but calls back within the step that allows it: a simulator cannot wait for promises. */
  ask({ level = 'linearizable', atLeast = 0, timeoutMs }: ReadOptions, done: Waiting['done']): void {
    if (this.#end !== null || level === 'local') {
      done(this.#end);
      return;
    }
    this.#count += 1;
    const number = this.#count;
    const late = () =>
      this.#finish(
        (one) => one.number === number,
        new ClusterError('no-coordinator', lateness(level, timeoutMs)),
      );
    const timer = timeoutMs === undefined ? undefined : this.#clock.setTimeout(late, timeoutMs);
    const isLinearizable = level === 'linearizable';
    this.#waiting.push({ number, index: isLinearizable ? null : 0, atLeast, timer, done });
    if (isLinearizable) this.#sources.want(number);
    else this.check();
  }

  /** Readings up to that number need the log up to `index`. */
  granted(upTo: number, index: number): void {
    for (const one of this.#waiting) if (one.number <= upTo) one.index ??= index;
    this.check();
  }

  /** More may be applied by now. */
  check(): void {
    if (this.#waiting.length === 0) return;
    const applied = this.#sources.applied();
    this.#finish(
      ({ index, atLeast }) => index !== null && index <= applied && atLeast <= this.#deliveries.sequence,
      null,
    );
  }

  end(problem: ClusterError): void {
    this.#end = problem;
    this.#finish(() => true, problem);
  }

  #finish(isOver: (one: Waiting) => boolean, problem: ClusterError | null): void {
    const over = this.#waiting.filter(isOver);
    this.#waiting = this.#waiting.filter((one) => !over.includes(one));
    for (const { timer, done } of over) {
      this.#clock.clearTimeout(timer);
      done(problem);
    }
  }
}

const lateness = (level: string, timeoutMs: number | undefined): string =>
  level === 'session'
    ? `nothing was read: this peer has not delivered so much within ${timeoutMs} ms`
    : `nothing was read: no coordinator has answered within ${timeoutMs} ms`;
