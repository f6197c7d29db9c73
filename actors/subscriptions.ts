/**
 * Subscriptions: what a client follows, wherever it is attached.
 *
 * Each asks for what comes after the last it has; the answer to that question, and no other, is taken. So a new peer goes
 * on exactly where the old one ended, and whoever reads slowly asks seldom.
 */
import type { DeskMessage } from '../transport/protocol.js';
import type { Delivery } from './api.js';

/** Deliveries read ahead of the application, before no more are asked for. */
const AHEAD_MAX = 512;

export interface Subscription {
  readonly number: number;
  readonly topic: string | null;
  /** The last that has come: a sequence, or a topic sequence where there is a topic. */
  after: number;
  /** Come, and not taken by the application yet. */
  readonly ahead: Delivery[];
  isAsking: boolean;
  /** How many of the first are gone, once that is why nothing comes. */
  gone: number | null;
  wake: () => void;
}

export class Subscriptions {
  readonly #client: string;
  readonly #ask: (message: DeskMessage) => void;
  readonly #all = new Map<number, Subscription>();
  #count = 0;
  #isAttached = false;

  constructor(client: string, ask: (message: DeskMessage) => void) {
    this.#client = client;
    this.#ask = ask;
  }

  get size(): number {
    return this.#all.size;
  }

  add(topic: string | null, after: number): Subscription {
    this.#count += 1;
    const state = { ahead: [], isAsking: false, gone: null, wake: () => {} };
    const subscription: Subscription = { number: this.#count, topic, after, ...state };
    this.#all.set(this.#count, subscription);
    this.more(subscription);
    return subscription;
  }

  remove({ number }: Subscription): void {
    if (this.#all.delete(number) && this.#isAttached)
      this.#ask({ type: 'desk.unfollow', from: this.#client, subscription: number });
  }

  /** With a new peer every question is asked anew. */
  setAttached(isAttached: boolean): void {
    this.#isAttached = isAttached;
    for (const subscription of this.#all.values()) {
      subscription.isAsking = false;
      this.more(subscription);
    }
  }

  /** Asks for more, if there is room and somebody to ask. */
  more(subscription: Subscription): void {
    if (!this.#isAttached || subscription.isAsking || subscription.ahead.length >= AHEAD_MAX) return;
    subscription.isAsking = true;
    const { number, topic, after } = subscription;
    this.#ask({ type: 'desk.follow', from: this.#client, subscription: number, topic, after });
  }

  /** An answer. One to an older question, or with a gap, is none. */
  delivered(number: number, after: number, deliveries: readonly Delivery[]): void {
    const subscription = this.#all.get(number);
    if (subscription === undefined || !subscription.isAsking || after !== subscription.after) return;
    subscription.isAsking = false;
    const placeOf = (delivery: Delivery) =>
      subscription.topic === null ? delivery.sequence : delivery.topicSequence;
    for (const delivery of deliveries) {
      if (placeOf(delivery) !== subscription.after + 1) break;
      subscription.after += 1;
      subscription.ahead.push(delivery);
    }
    this.more(subscription);
    subscription.wake();
  }

  /** What comes next is not to be had any more. */
  gone(number: number, after: number, dropped: number): void {
    const subscription = this.#all.get(number);
    if (subscription === undefined || !subscription.isAsking || after !== subscription.after) return;
    subscription.gone = dropped;
    subscription.wake();
  }

  /** Goes on behind what is gone. */
  skip(subscription: Subscription): void {
    subscription.after = subscription.gone ?? subscription.after;
    subscription.gone = null;
    subscription.isAsking = false;
    this.more(subscription);
  }

  /** Nothing comes any more. */
  end(): void {
    this.#isAttached = false;
    for (const subscription of this.#all.values()) subscription.wake();
    this.#all.clear();
  }
}
