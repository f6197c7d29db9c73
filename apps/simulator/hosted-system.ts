/**
 * A system hosted by every peer of a simulation: its commands as a load beside the plain messages, and its invariants at
 * every step of every peer (I18).
 */
import type { Delivery, PeerHandle, ReplicaChange, SubmitOptions } from '../../actors/anywhere.js';
import { RunningHash } from '../../machines/index.js';
import type { PeerId } from '../../transport/anywhere.js';
import type { Hosting, SystemSurroundings } from './hosting.js';
import { must } from './invariants.js';
import type { SimulatedProcess } from './process.js';
import { type Random, streamOf } from './random.js';
import type { Audit, SimulatedSystem } from './systems.js';

export class HostedSystem implements Hosting {
  readonly #system: SimulatedSystem;
  readonly #topic: string;
  readonly #surroundings: SystemSurroundings;
  readonly #streams = new Map<PeerId, Random>();
  /** Of the state after each place of the log, as whoever came there first has it. */
  readonly #states = new Map<number, string>();
  /** Where each thing took effect. */
  readonly #effects = new Map<string, number>();
  readonly #audit: Audit | null;
  /** Entries of the log that the audit has not seen yet, and the newest that anybody has delivered. */
  readonly #entries: Delivery[] = [];
  #entered = 0;

  constructor(system: SimulatedSystem, surroundings: SystemSurroundings) {
    this.#system = system;
    this.#topic = `replica:${this.#system.replica.name}`;
    this.#surroundings = surroundings;
    this.#audit = system.audit?.() ?? null;
  }

  get effects(): number {
    return this.#effects.size;
  }

  host({ id }: SimulatedProcess, peer: PeerHandle): void {
    peer
      .replica(this.#system.replica)
      .watch((change) => this.#surroundings.note(() => this.#changed(id, change)));
    if (this.#audit !== null) peer.onDeliveries((deliveries) => this.#enter(deliveries));
  }

  submit({ id, peer }: SimulatedProcess, options: SubmitOptions): void {
    if (peer === undefined) return;
    const { deliveries, peers, later } = this.#surroundings;
    const situation = { peer: id, peers: peers(), state: peer.replica(this.#system.replica).state() };
    const command = this.#system.commandOf(this.#streamOf(id), situation);
    const acknowledged = deliveries.command(id, command);
    peer.offer(this.#topic, command, options, {
      resolve: (receipt) => later(() => acknowledged(receipt)),
      reject: () => {},
    });
  }

  compare(processes: readonly SimulatedProcess[]): void {
    const states = processes.flatMap(({ id, peer }) =>
      peer === undefined ? [] : [{ id, state: textOf(peer.replica(this.#system.replica).state()) }],
    );
    const [first] = states;
    for (const { id, state } of states)
      must(state === first?.state, 'I18', () => `the states of ${id} and ${first?.id} differ in the end`);
  }

  #streamOf(id: PeerId): Random {
    const stream = this.#streams.get(id) ?? streamOf(this.#surroundings.seed, `commands of ${id}`);
    this.#streams.set(id, stream);
    return stream;
  }

  #changed(id: PeerId, change: ReplicaChange<unknown, unknown>): void {
    const { faultOf, stepFaultOf, effectsOf } = this.#system;
    const { state, sequence, cause } = change;
    const fault = faultOf(state) ?? stepFaultOf?.(change) ?? null;
    must(fault === null, 'I18', () => `at ${sequence} on ${id}: ${fault}`);
    if (cause === 'snapshot') return;
    const hash = digestOf(state);
    if (!this.#states.has(sequence)) this.#surroundings.later(() => this.#check(id, change));
    const known = this.#states.get(sequence) ?? hash;
    this.#states.set(sequence, known);
    must(known === hash, 'I18', () => `the state of ${id} at ${sequence} is not that of others there`);
    for (const effect of effectsOf(change)) {
      const place = this.#effects.get(effect) ?? sequence;
      this.#effects.set(effect, place);
      must(place === sequence, 'I18', () => `${effect} at ${place} and, on ${id}, at ${sequence}`);
    }
  }

  /** What nobody had delivered yet. */
  #enter(deliveries: readonly Delivery[]): void {
    for (const delivery of deliveries) {
      if (delivery.sequence <= this.#entered) continue;
      this.#entered = delivery.sequence;
      if (delivery.topic === this.#topic) this.#entries.push(delivery);
    }
  }

  /** Whoever came there first: is it what the log says? */
  #check(id: PeerId, change: ReplicaChange<unknown, unknown>): void {
    if (this.#audit === null) return;
    const { sequence } = change;
    const due = this.#entries.filter((entry) => entry.sequence <= sequence);
    for (const entry of this.#entries.splice(0, due.length)) this.#audit.enter(entry);
    const fault = this.#audit.faultOf(change);
    must(fault === null, 'I18', () => `at ${sequence} on ${id}, counted once more from the log: ${fault}`);
  }
}

const textOf = (state: unknown): string => JSON.stringify(state);

/** To the letter, for so snapshots carry it. */
function digestOf(state: unknown): string {
  const hash = new RunningHash();
  hash.add(textOf(state));
  return hash.digest;
}
