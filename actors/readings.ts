/**
 * Readings: what callers of `read` wait for, until this peer has applied as much of the log as their answer must show. A client
 * waits until its peer has.
 */
import type { Clock } from '../transport/transport.js';
import type { ReadOptions } from './api.js';
import type { Report } from './environment.js';
import { ClusterError } from './errors.js';
import type { PeerCommand } from './peer-events.js';

/** How long a reading for a client waits for a coordinator, ms. */
const CLIENT_READING_MS = 5000;

interface Waiting {
  readonly number: number;
  /** The log has to be applied up to there; null until a coordinator has said how far. */
  index: number | null;
  /** So many deliveries must have been made. */
  readonly atLeast: number;
  readonly timer: unknown;
  /** With how many deliveries had been made by then. */
  readonly done: (problem: ClusterError | null, sequence: number) => void;
}

/** Where readings get their answers. */
export interface ReadingSources {
  /** Asks the coordinator on behalf of the reading of that number, and all before it. */
  want(number: number): void;
  /** How far the log is applied here. */
  applied(): number;
  /** How many deliveries have been made. */
  sequence(): number;
}

export class Readings {
  readonly #clock: Clock;
  readonly #sources: ReadingSources;
  #waiting: Waiting[] = [];
  #count = 0;
  #end: ClusterError | null = null;

  constructor(clock: Clock, sources: ReadingSources) {
    this.#clock = clock;
    this.#sources = sources;
  }

  read(options: ReadOptions = {}): Promise<{ readonly sequence: number }> {
    return new Promise((resolve, reject) =>
      this.ask(options, (problem, sequence) => (problem === null ? resolve({ sequence }) : reject(problem))),
    );
  }

  /** As `read`, but calls back within the step that allows it: a simulator cannot wait for promises. */
  ask({ level = 'linearizable', atLeast = 0, timeoutMs }: ReadOptions, done: Waiting['done']): void {
    if (this.#end !== null || level === 'local') {
      done(this.#end, this.#sources.sequence());
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

  /** Reads for a client, and answers by an event for its desk. Not for ever: a client that still wants to know asks again. */
  serve({ client, id }: Extract<Report, { type: 'reading' }>, answer: (event: PeerCommand) => void): void {
    this.ask({ timeoutMs: CLIENT_READING_MS }, (problem, sequence) => {
      if (problem === null) answer({ type: 'client.read', client, id, sequence });
      else if (this.#end === null) answer({ type: 'client.unread', client, id });
    });
  }

  /** Readings up to that number need the log up to `index`. */
  granted(upTo: number, index: number): void {
    for (const one of this.#waiting) if (one.number <= upTo) one.index ??= index;
    this.check();
  }

  /** More may be applied by now. */
  check(): void {
    if (this.#waiting.length === 0) return;
    const [applied, sequence] = [this.#sources.applied(), this.#sources.sequence()];
    this.#finish(({ index, atLeast }) => index !== null && index <= applied && atLeast <= sequence, null);
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
      done(problem, this.#sources.sequence());
    }
  }
}

const lateness = (level: string, timeoutMs: number | undefined): string =>
  level === 'session'
    ? `nothing was read: this peer has not delivered so much within ${timeoutMs} ms`
    : `nothing was read: no coordinator has answered within ${timeoutMs} ms`;
