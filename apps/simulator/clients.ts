/** Clients of a simulated cluster: no members, with a channel to one peer at a time. */
import { type ClientHandle, startClient } from '../../actors/anywhere.js';
import { must } from './invariants.js';
import { streamOf } from './random.js';
import type { Fault } from './scenario.js';
import type { Simulation } from './simulation.js';

export type ClientFault = Extract<Fault, { kind: 'client' }>;

export interface ClientWatcher {
  /** Does it at the end of the step: a receipt may be out before the delivery is told. */
  later(outcome: () => void): void;
  /** Runs a check that may throw a violation. */
  note(check: () => void): void;
}

const PORT = 7000;
/** Of its submissions, how many go out between two readings. */
const READ_EVERY = 5;
const TOPIC = 'general';

export class SimulatedClient {
  readonly name: string;
  readonly #handle: ClientHandle;
  readonly #fault: ClientFault;
  readonly #simulation: Simulation;
  readonly #watcher: ClientWatcher;
  /** The last delivery it has heard of. */
  last = 0;

  constructor(name: string, fault: ClientFault, simulation: Simulation, watcher: ClientWatcher) {
    this.name = name;
    this.#fault = fault;
    this.#simulation = simulation;
    this.#watcher = watcher;
    const { clock, paths, scenario } = simulation;
    const seeds = fault.seeds.map((id) => `${id}:${PORT}`);
    const timings = { pingIntervalMs: 200, unservedMs: 500, backOffMinMs: 10, backOffMaxMs: 500 };
    this.#handle = startClient(
      { seeds, ...timings },
      { clock, random: streamOf(scenario.seed, `client ${name}`), transport: paths.network.transport(name) },
    );
    this.#handle.follow(
      (deliveries) => watcher.note(() => this.#heard(deliveries)),
      (dropped) => {
        this.last = dropped;
      },
    );
    this.#submitNext(0);
    if (fault.restlessMs !== null) this.#breakAgain(fault.restlessMs);
  }

  get pending(): number {
    return this.#handle.status().pending;
  }

  /** There is somebody for it: the peer that serves it, or one that it was told to ask. Those may all have left. */
  get isServable(): boolean {
    const isSeedThere = this.#fault.seeds.some((id) => this.#simulation.processes.get(id)?.isRunning);
    return isSeedThere || this.#handle.status().peer !== null;
  }

  #heard(deliveries: Parameters<Parameters<ClientHandle['follow']>[0]>[0]): void {
    for (const delivery of deliveries) {
      const { sequence } = delivery;
      must(
        sequence === this.last + 1,
        'I9',
        () => `client ${this.name} hears of ${sequence} after ${this.last}`,
      );
      this.last = sequence;
      this.#simulation.deliveries.delivered(this.name, delivery);
    }
  }

  #submitNext(place: number): void {
    const { count, everyMs, bytes, timeoutMs } = this.#fault;
    if (place >= count) return;
    const { deliveries, clock } = this.#simulation;
    const number = deliveries.submit(this.name, undefined);
    const payload = { number, filling: 'x'.repeat(bytes) };
    this.#handle.offer(TOPIC, payload, timeoutMs === null ? {} : { timeoutMs }, {
      resolve: (receipt) => this.#watcher.later(() => deliveries.acknowledged(number, receipt)),
      reject: (error) => this.#watcher.later(() => deliveries.refused(number, error)),
    });
    if (place % READ_EVERY === 0) this.#read();
    clock.setTimeout(() => this.#submitNext(place + 1), everyMs);
  }

  #read(): void {
    const check = this.#simulation.deliveries.reading(this.name);
    this.#handle.readings.ask({}, (problem, sequence) => {
      if (problem === null) this.#watcher.later(() => check(sequence));
    });
  }

  /** What is under way is lost, and both ends hear of it; until the faults are over. */
  #breakAgain(everyMs: number): void {
    const { clock, paths, scenario } = this.#simulation;
    clock.setTimeout(() => {
      const { peer } = this.#handle.status();
      if (peer !== null) paths.network.reset(this.name, peer, { heardBy: 'both' });
      if (clock.now() + everyMs < scenario.horizonMs) this.#breakAgain(everyMs);
    }, everyMs);
  }
}
