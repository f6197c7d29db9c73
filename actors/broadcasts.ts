/** The causal channel as people hold it: what was broadcast straight between peers, in an order that keeps cause before effect. */
import type { Broadcast } from '../machines/causal-rules.js';
import { compareIds } from '../machines/values/rank.js';
import { type Seen, seenOf, type VectorClock } from '../machines/values/vector-clock.js';
import type { PeerId } from '../transport/protocol.js';
import { ClusterError } from './errors.js';
import { checkedSubmission } from './submission-check.js';

/** One message of the causal channel. */
export interface CausalDelivery {
  readonly origin: PeerId;
  /** The origin's `count`-th message since it started, `life` ms since 1970. */
  readonly life: number;
  readonly count: number;
  readonly topic: string;
  readonly payload: unknown;
}

/** Where the channel of this peer stands. */
export interface CausalStatus {
  /** The vector clock: of each peer's latest life, how many messages have been delivered here. */
  readonly clock: readonly Seen[];
  /** Messages that have arrived and wait for one their sender had seen; at most 100. */
  readonly heldBack: readonly Omit<CausalDelivery, 'payload'>[];
}

/** What `CausalStatus` is read from. */
export interface Causality {
  readonly clock: VectorClock;
  readonly held: readonly Broadcast[];
}

/**
 * Broadcast straight between peers, without the log: no coordinator, no disk, no order but that of cause and effect. Best
 * effort: what a peer that crashed had told nobody is lost, and so is what nobody keeps any more (1,024 messages each).
 */
export interface CausalChannel {
  /** Delivered here at once, and to the others as it reaches them. @throws ClusterError `bad-payload`, `bad-topic`, `stopped`. */
  send(topic: string, payload: unknown): void;
  /** What is delivered from now on. */
  deliveries(options?: { readonly signal?: AbortSignal }): AsyncIterable<CausalDelivery>;
  /** The same within the step that delivers it. */
  on(listener: (messages: readonly CausalDelivery[]) => void): () => void;
  status(): CausalStatus;
}

/** Messages that a reader may be behind, before the oldest are lost to it. */
export const BEHIND_MAX = 10_000;

export class Broadcasts implements CausalChannel {
  readonly #want: (topic: string, payload: unknown) => void;
  readonly #read: () => Causality;
  readonly #listeners = new Set<(messages: readonly CausalDelivery[]) => void>();
  #end: ClusterError | null = null;

  constructor(want: (topic: string, payload: unknown) => void, read: () => Causality) {
    this.#want = want;
    this.#read = read;
  }

  status(): CausalStatus {
    const { clock, held } = this.#read();
    return {
      clock: [...clock].sort((a, b) => compareIds(a.peer, b.peer)),
      heldBack: held.map(placedOf),
    };
  }

  send(topic: string, payload: unknown): void {
    const checked = checkedSubmission(topic, payload, undefined);
    if (checked instanceof ClusterError) throw checked;
    if (this.#end !== null) throw this.#end;
    this.#want(checked.submission.topic, checked.submission.payload);
  }

  on(listener: (messages: readonly CausalDelivery[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async *deliveries({ signal }: { readonly signal?: AbortSignal } = {}): AsyncGenerator<CausalDelivery> {
    const behind: CausalDelivery[] = [];
    let wake = () => {};
    const stop = this.on((messages) => {
      behind.push(...messages);
      if (behind.length > BEHIND_MAX) behind.splice(0, behind.length - BEHIND_MAX);
      wake();
    });
    const abort = () => wake();
    signal?.addEventListener('abort', abort);
    try {
      while (signal?.aborted !== true && this.#end === null) {
        const next = behind.shift();
        if (next !== undefined) yield next;
        else
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
      }
    } finally {
      stop();
      signal?.removeEventListener('abort', abort);
    }
  }

  /** The peer's side: these have been delivered. */
  tell(messages: readonly Broadcast[]): void {
    const delivered = messages.map((message) => ({ ...placedOf(message), payload: message.payload }));
    for (const listener of this.#listeners) listener(delivered);
  }

  end(problem: ClusterError): void {
    this.#end = problem;
    for (const listener of this.#listeners) listener([]);
  }
}

function placedOf({ origin, stamp, topic }: Broadcast): Omit<CausalDelivery, 'payload'> {
  const { life, count } = seenOf(stamp, origin);
  return { origin, life, count, topic };
}
