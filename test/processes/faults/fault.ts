/** What a fault is, and what it may use. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Chance } from './chance.js';
import type { Cluster } from './cluster.js';
import type { Network } from './network.js';
import type { SmallDisk } from './small-disk.js';
import type { Trail } from './trail.js';

/** The kinds, as they are asked for on the command line. */
export const FAULT_KINDS = ['kill', 'term', 'stop', 'disk', 'proxy', 'netns'] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export interface Stage {
  readonly cluster: Cluster;
  readonly network: Network;
  readonly trail: Trail;
  /** Of those peers whose journal is on a small disk. */
  readonly disks: ReadonlyMap<string, SmallDisk>;
  /** No fault lasts longer, ms. */
  readonly longestMs: number;
  /** How long the cluster may take to be well again, ms. */
  readonly patienceMs: number;
  /** Something that must not be was seen. */
  readonly complain: (sentence: string) => void;
}

export interface Fault {
  readonly kind: FaultKind;
  readonly name: string;
  /** How often it is chosen, beside the others. */
  readonly weight: number;
  /**
   * Does its harm, waits, and undoes it; the peers it took are free and running again.
   *
   * @returns whether there was anything to be harmed.
   */
  readonly apply: (stage: Stage, chance: Chance) => Promise<boolean>;
}

/** Passes a time drawn from `least` to `most` ms, at most the longest that the stage allows. */
export async function last({ longestMs }: Stage, chance: Chance, least: number, most: number): Promise<void> {
  await pause(Math.min(longestMs, chance.between(least, most)));
}
