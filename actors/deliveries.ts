/**
 * Deliveries: everything handed to the application, in order, and who listens to it.
 *
 * Fed by the delivery actor at one side, read by the public handle at the other. Synchronous; nothing here waits.
 */
import type { PeerId } from '../transport/protocol.js';
import type { Delivery, Receipt } from './api.js';

export type DeliveryListener = (deliveries: readonly Delivery[]) => void;

export class Deliveries {
  readonly #all: Delivery[] = [];
  readonly #byTopic = new Map<string, Delivery[]>();
  readonly #listeners = new Set<DeliveryListener>();

  /** Sequence of the newest delivery, 0 before the first. */
  get sequence(): number {
    return this.#all.length;
  }

  at(sequence: number): Delivery | undefined {
    return this.#all[sequence - 1];
  }

  /** Gives the next payload its numbers. Listeners hear of it at the next `tell`. */
  add(delivered: Omit<Delivery, 'sequence' | 'topicSequence'> & { readonly origin: PeerId }): Delivery {
    const topic = this.#byTopic.get(delivered.topic) ?? [];
    this.#byTopic.set(delivered.topic, topic);
    const { term, id, origin, payload, at } = delivered;
    // Field by field: a spread costs several times as much, and this is done for every payload there is.
    const delivery: Delivery = {
      sequence: this.#all.length + 1,
      topicSequence: topic.length + 1,
      term,
      id,
      origin,
      topic: delivered.topic,
      payload,
      at,
    };
    this.#all.push(delivery);
    topic.push(delivery);
    return delivery;
  }

  /** Calls every listener with what was added since. */
  tell(deliveries: readonly Delivery[]): void {
    if (deliveries.length > 0) for (const listener of this.#listeners) listener(deliveries);
  }

  listen(listener: DeliveryListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Up to `limit` deliveries after `after`: a topic sequence when `topic` is given, else a sequence. */
  after(after: number, limit: number, topic?: string): readonly Delivery[] {
    const source = topic === undefined ? this.#all : (this.#byTopic.get(topic) ?? []);
    return source.slice(Math.max(0, after), Math.max(0, after) + limit);
  }

  topics(): ReadonlyMap<string, number> {
    return new Map([...this.#byTopic].map(([topic, deliveries]) => [topic, deliveries.length]));
  }
}

export const receiptOf = ({ sequence, topicSequence, term, id }: Receipt): Receipt => ({
  sequence,
  topicSequence,
  term,
  id,
});
