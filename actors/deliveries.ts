/**
 * Deliveries: what was handed to the application, in order, and who listens to it.
 *
 * Fed by the delivery actor at one side, read by the public handle at the other. Synchronous; nothing here waits. The
 * oldest go when the log does; replicas carry their state across.
 */
import type { PeerId } from '../transport/protocol.js';
import type { Delivery, Receipt } from './api.js';
import type { Carried, ReplicatedState } from './replicated-state.js';
import { Results } from './results.js';

export type DeliveryListener = (deliveries: readonly Delivery[]) => void;

/** A replica that runs here: gives its state, and takes another one; undefined when there is none that reaches far enough. */
export interface Hosted {
  carried(): Carried;
  restore(carried: Carried | undefined): void;
}

/** Deliveries without a gap, of which the first `dropped` are gone. */
class Shelf {
  dropped = 0;
  readonly kept: Delivery[] = [];

  get length(): number {
    return this.dropped + this.kept.length;
  }

  after(after: number, limit: number): readonly Delivery[] {
    const from = Math.max(0, after - this.dropped);
    return this.kept.slice(from, from + limit);
  }

  drop(count: number): void {
    this.kept.splice(0, count);
    this.dropped += count;
  }
}

export class Deliveries {
  #all = new Shelf();
  readonly #byTopic = new Map<string, Shelf>();
  /** What replicas that run here have answered lately. */
  readonly results = new Results();
  readonly #listeners = new Set<DeliveryListener>();
  /** How much was left each time something was taken back, by topic, and in all. */
  readonly #cuts: ReadonlyMap<string | undefined, number>[] = [];
  readonly #hosted = new Map<string, Hosted>();
  /** Everything up to this entry of the log has been judged here; what it delivered is told, or about to be. */
  applied = 0;
  /** States of replicas that nobody hosts here, as a snapshot brought them. */
  #carried = new Map<string, Carried>();

  /** Sequence of the newest delivery, 0 before the first. */
  get sequence(): number {
    return this.#all.length;
  }

  /** Gives the next payload its numbers. Listeners hear of it at the next `tell`. */
  add(delivered: Omit<Delivery, 'sequence' | 'topicSequence'> & { readonly origin: PeerId }): Delivery {
    const topic = this.#topic(delivered.topic);
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
    this.#all.kept.push(delivery);
    topic.kept.push(delivery);
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

  /** Up to `limit` of those kept, after `after`: a topic sequence when `topic` is given, else a sequence. */
  after(after: number, limit: number, topic?: string): readonly Delivery[] {
    return this.#shelf(topic)?.after(Math.max(0, after), limit) ?? [];
  }

  /** How many of the first are gone, in all or of a topic. */
  dropped(topic?: string): number {
    return this.#shelf(topic)?.dropped ?? 0;
  }

  topics(): ReadonlyMap<string, number> {
    return new Map([...this.#byTopic].map(([topic, { length }]) => [topic, length]));
  }

  /** Runs a replica over the topic: it is asked for its state at every snapshot. Answers what is known of it already. */
  host(topic: string, hosted: Hosted): Carried | undefined {
    this.#hosted.set(topic, hosted);
    return this.#carried.get(topic);
  }

  /** Counts and states as a snapshot takes them. Listeners must have heard of all there is. */
  state(): Pick<ReplicatedState, 'sequence' | 'topics' | 'replicas'> {
    const carried = new Map(this.#carried);
    for (const [topic, hosted] of this.#hosted) carried.set(topic, hosted.carried());
    return {
      sequence: this.sequence,
      topics: [...this.topics()],
      replicas: [...carried].sort(([a], [b]) => (a < b ? -1 : 1)),
    };
  }

  /** Everything begins behind a snapshot, whatever was here. */
  restore({ sequence, topics, replicas }: Pick<ReplicatedState, 'sequence' | 'topics' | 'replicas'>): void {
    this.#all = new Shelf();
    this.#all.dropped = sequence;
    this.#byTopic.clear();
    for (const [topic, count] of topics) this.#topic(topic).dropped = count;
    this.#carried = new Map(replicas);
    for (const [topic, hosted] of this.#hosted) hosted.restore(this.#carried.get(topic));
  }

  /** Everything begins anew, with nothing. */
  begin(): void {
    this.restore({ sequence: 0, topics: [], replicas: [] });
  }

  /** Classic mode: what stood behind the last delivery there is now has been taken back. */
  cut(): void {
    this.#cuts.push(new Map([...this.topics(), [undefined, this.sequence]]));
  }

  /** How often that was done. */
  get cuts(): number {
    return this.#cuts.length;
  }

  /** Up to where a reader that has come to `after` has read what still stands, if there were `cuts` when it looked last. */
  standing(after: number, cuts: number, topic?: string): number {
    return Math.min(after, ...this.#cuts.slice(cuts).map((lengths) => lengths.get(topic) ?? 0));
  }

  /** Lets everything up to `sequence` go. */
  drop(sequence: number): void {
    const gone = sequence - this.#all.dropped;
    if (gone <= 0) return;
    const counts = new Map<string, number>();
    for (const { topic } of this.#all.after(0, gone)) counts.set(topic, (counts.get(topic) ?? 0) + 1);
    for (const [topic, count] of counts) this.#topic(topic).drop(count);
    this.#all.drop(gone);
  }

  #shelf(topic: string | undefined): Shelf | undefined {
    return topic === undefined ? this.#all : this.#byTopic.get(topic);
  }

  #topic(name: string): Shelf {
    const known = this.#byTopic.get(name) ?? new Shelf();
    this.#byTopic.set(name, known);
    return known;
  }
}

export const receiptOf = ({ sequence, topicSequence, term, id }: Receipt): Receipt => ({
  sequence,
  topicSequence,
  term,
  id,
});
