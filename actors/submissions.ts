/**
 * Submissions: what callers of `submit` wait for. Numbered when offered to the session, in the order in which they came.
 *
 * Without a coordinator nothing is offered: it waits here, where it can still be taken back.
 */
import type { Submission } from '../transport/protocol.js';
import type { Receipt } from './api.js';
import type { ClientEnvironment } from './environment.js';
import { ClusterError } from './errors.js';
import type { Checked } from './submission-check.js';

/** What `outcome-unknown` says of a session that the cluster has forgotten. */
export const SESSION_EXPIRED = 'its session has expired; it may have been delivered, once';

/** Whom to tell what became of a submission. */
export interface Settle {
  readonly resolve: (receipt: Receipt) => void;
  readonly reject: (error: ClusterError) => void;
}

/** What may wait: so many submissions, and so many bytes of their payloads. */
interface Bounds {
  readonly pendingMax: number;
  readonly pendingBytesMax: number;
}

interface Waiting extends Checked {
  readonly timer: unknown;
  /** Null once it was told that the outcome is unknown: it gets no second one. */
  settle: Settle | null;
}

export class Submissions {
  readonly #bounds: Bounds;
  readonly #environment: ClientEnvironment;
  readonly #offerNow: (submissions: readonly Submission[]) => void;
  readonly #whyNot: () => string;
  readonly #offered = new Map<number, Waiting>();
  #unoffered: Waiting[] = [];
  #isOfferDue = false;
  #isOpen = false;
  #count = 0;
  #bytes = 0;

  /**
   * @param offer - takes everything one turn brought, as one batch.
   * @param whyNot - why there is no coordinator, in words.
   */
  constructor(
    bounds: Bounds,
    environment: ClientEnvironment,
    offer: (submissions: readonly Submission[]) => void,
    whyNot: () => string,
  ) {
    this.#bounds = bounds;
    this.#environment = environment;
    this.#offerNow = offer;
    this.#whyNot = whyNot;
  }

  /** Offered and unoffered together. */
  get size(): number {
    return this.#offered.size + this.#unoffered.length;
  }

  /** A coordinator is known, or not any more. What was offered before stays offered. */
  setOpen(isOpen: boolean): void {
    this.#isOpen = isOpen;
    if (isOpen) this.#offerSoon();
  }

  /** Waits for the submission's place in the order; at most `timeoutMs`, and only if there is room for it. */
  add({ submission, bytes }: Checked, timeoutMs: number | undefined, settle: Settle): void {
    const obstacle = this.#obstacle(bytes);
    if (obstacle !== null) {
      settle.reject(obstacle);
      return;
    }
    const expire = () => this.#expire(waiting);
    const { clock } = this.#environment;
    const timer = timeoutMs === undefined ? undefined : clock.setTimeout(expire, timeoutMs);
    const waiting: Waiting = { submission, bytes, settle, timer };
    this.#unoffered.push(waiting);
    this.#bytes += bytes;
    this.#offerSoon();
  }

  #obstacle(bytes: number): ClusterError | null {
    const { pendingMax, pendingBytesMax } = this.#bounds;
    if (this.size >= pendingMax)
      return new ClusterError('overloaded', `${pendingMax} submissions wait already: try again later`);
    if (this.#bytes + bytes > pendingBytesMax)
      return new ClusterError(
        'overloaded',
        `${this.#bytes} of at most ${pendingBytesMax} bytes wait already: try again later`,
      );
    return null;
  }

  settle(number: number, receipt: Receipt): void {
    const waiting = this.#offered.get(number);
    if (waiting === undefined) return;
    this.#remove(number, waiting);
    waiting.settle?.resolve(receipt);
  }

  /** They have taken effect; where, nobody here has heard. */
  skip(upTo: number): void {
    for (const [number, waiting] of this.#offered) {
      if (number > upTo) continue;
      this.#remove(number, waiting);
      const detail = 'it was delivered while this peer was too far behind to see where';
      waiting.settle?.reject(new ClusterError('outcome-unknown', detail));
    }
  }

  /** The session is gone, and with it the memory of what has taken effect: numbers begin anew. */
  expire(): void {
    for (const [number, waiting] of this.#offered) {
      this.#remove(number, waiting);
      waiting.settle?.reject(new ClusterError('outcome-unknown', SESSION_EXPIRED));
    }
    this.#count = 0;
  }

  /** Nothing will be answered any more. */
  end(reason: string): void {
    for (const waiting of [...this.#offered.values(), ...this.#unoffered]) {
      this.#environment.clock.clearTimeout(waiting.timer);
      const problem = new ClusterError('stopped', `${reason}; the outcome of this submission is unknown`);
      waiting.settle?.reject(problem);
    }
    this.#offered.clear();
    this.#unoffered = [];
    this.#bytes = 0;
  }

  #remove(number: number, { bytes, timer }: Waiting): void {
    this.#offered.delete(number);
    this.#bytes -= bytes;
    this.#environment.clock.clearTimeout(timer);
  }

  #offerSoon(): void {
    if (this.#isOfferDue) return;
    this.#isOfferDue = true;
    this.#environment.transport.defer(() => {
      this.#isOfferDue = false;
      if (this.#isOpen && this.#unoffered.length > 0) this.#offer();
    });
  }

  #offer(): void {
    const submissions = this.#unoffered.map((waiting) => {
      this.#count++;
      this.#offered.set(this.#count, waiting);
      return { number: this.#count, ...waiting.submission };
    });
    this.#unoffered = [];
    this.#offerNow(submissions);
  }

  #expire(waiting: Waiting): void {
    const isUnsent = this.#unoffered.includes(waiting);
    if (isUnsent) this.#bytes -= waiting.bytes;
    this.#unoffered = this.#unoffered.filter((other) => other !== waiting);
    waiting.settle?.reject(
      isUnsent
        ? new ClusterError('no-coordinator', `nothing was sent: ${this.#whyNot()}`)
        : new ClusterError('outcome-unknown', 'no answer in time; it may still be delivered, once'),
    );
    waiting.settle = null;
  }
}
