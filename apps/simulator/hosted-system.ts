/**
 * A system hosted by every peer of a simulation: its commands as a load beside the plain messages, and its invariants at
 * every step of every peer (I18).
 */
import type { PeerHandle, ReplicaChange, SubmitOptions } from '../../actors/anywhere.js';
import { RunningHash } from '../../machines/index.js';
import type { PeerId } from '../../transport/anywhere.js';
import type { DeliveryInvariants } from './delivery-invariants.js';
import { must } from './invariants.js';
import type { SimulatedProcess } from './process.js';
import { type Random, streamOf } from './random.js';
import type { SimulatedSystem } from './systems.js';

export interface SystemSurroundings {
  readonly seed: number;
  readonly deliveries: DeliveryInvariants;
  readonly peers: () => readonly PeerId[];
  /** Runs a check that may throw a violation. */
  readonly note: (check: () => void) => void;
  /** Does it at the end of the step: a receipt may be out before the delivery is told. */
  readonly later: (outcome: () => void) => void;
}

export class HostedSystem {
  readonly #system: SimulatedSystem;
  readonly #topic: string;
  readonly #surroundings: SystemSurroundings;
  readonly #streams = new Map<PeerId, Random>();
  /** Of the state after each place of the log, as whoever came there first has it. */
  readonly #states = new Map<number, string>();
  /** Where each thing took effect. */
  readonly #effects = new Map<string, number>();

  constructor(system: SimulatedSystem, surroundings: SystemSurroundings) {
    this.#system = system;
    this.#topic = `replica:${this.#system.replica.name}`;
    this.#surroundings = surroundings;
  }

  /** How many things took effect. */
  get effects(): number {
    return this.#effects.size;
  }

  /** Hosts it on a peer that has just been started. */
  host(id: PeerId, peer: PeerHandle): void {
    peer
      .replica(this.#system.replica)
      .watch((change) => this.#surroundings.note(() => this.#changed(id, change)));
  }

  /** Somebody at this peer submits a command. */
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

  /** All these peers have delivered the same: their states are one. */
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
    const known = this.#states.get(sequence) ?? hash;
    this.#states.set(sequence, known);
    must(known === hash, 'I18', () => `the state of ${id} at ${sequence} is not that of others there`);
    for (const effect of effectsOf(change)) {
      const place = this.#effects.get(effect) ?? sequence;
      this.#effects.set(effect, place);
      must(place === sequence, 'I18', () => `${effect} at ${place} and, on ${id}, at ${sequence}`);
    }
  }
}

const textOf = (state: unknown): string => JSON.stringify(state);

/** To the letter, for so snapshots carry it. */
function digestOf(state: unknown): string {
  const hash = new RunningHash();
  hash.add(textOf(state));
  return hash.digest;
}
