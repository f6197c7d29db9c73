/** Looks at every peer again and again, and keeps what it saw: who claimed to coordinate when, and in which term. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Status } from '../../../actors/index.js';
import type { Cluster } from '../faults/cluster.js';
import type { Trail } from '../faults/trail.js';

const LOOK_EVERY_MS = 100;

export interface Look {
  /** When the answers were there, ms of the trail. */
  readonly at: number;
  /** Of those that answered, by id. */
  readonly statuses: ReadonlyMap<string, Status>;
}

export class Watch {
  readonly #cluster: Cluster;
  readonly #trail: Trail;
  readonly #looks: Look[] = [];
  #isOver = false;
  #looking: Promise<void> | undefined;

  constructor(cluster: Cluster, trail: Trail) {
    this.#cluster = cluster;
    this.#trail = trail;
  }

  start(): void {
    this.#looking = this.#look();
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#looking;
  }

  async #look(): Promise<void> {
    while (!this.#isOver) {
      const answers = await Promise.all(this.#cluster.peers.map((peer) => peer.status()));
      const known = answers.filter((status) => status !== undefined);
      this.#looks.push({ at: this.#trail.now(), statuses: new Map(known.map((one) => [one.id, one])) });
      await pause(LOOK_EVERY_MS);
    }
  }

  get latest(): Look {
    return this.#looks.at(-1) ?? { at: 0, statuses: new Map() };
  }

  /** When `id` was first seen to be so, after `since`; undefined when it was not yet. */
  first(id: string, since: number, isSo: (status: Status) => boolean): number | undefined {
    return this.#looks.find(({ at, statuses }) => {
      const status = statuses.get(id);
      return at > since && status !== undefined && isSo(status);
    })?.at;
  }

  /** The highest number of a term that anybody has promised, as far as it was seen. */
  get highestPromise(): number {
    const numbers = this.#looks.flatMap(({ statuses }) => [...statuses.values()].map((s) => s.promised.n));
    return Math.max(0, ...numbers);
  }
}
