/**
 * What hunts one mutant: bundled with the mutant in it, run as a process of its own, it prints one JSON object.
 *
 * `node engine.mjs '{"engine":"full","seeds":2000,"peers":3}'`
 */

import { setImmediate } from 'node:timers/promises';
import { run } from '../../apps/simulator/run.js';
import { FAULT_KINDS, type FaultKind, Scenario } from '../../apps/simulator/scenario.js';
import { runSeed } from '../../apps/simulator/seeds.js';
import type { Story } from './simulated-mutant.js';

export interface Hunt {
  readonly engine: 'core' | 'full';
  readonly seeds: number;
  readonly peers: number;
  readonly kinds?: readonly FaultKind[];
  readonly story?: Story;
}

export interface Catch {
  /** Seeds that were run, the one that broke an invariant included. */
  readonly seeds: number;
  /** Null when the mutant survived them all. */
  readonly invariant: string | null;
  readonly detail: string;
}

export async function hunt({ engine, seeds, peers, kinds = FAULT_KINDS, story }: Hunt): Promise<Catch> {
  const ids = Array.from({ length: peers }, (_, place) => String(place + 1));
  for (let seed = 1; seed <= seeds; seed++) {
    const { violation } =
      story === undefined
        ? runSeed({ core: engine === 'core', peers, kinds }, seed)
        : run(Scenario.parse({ ...story, seed, peers: ids }));
    if (violation !== null)
      return { seeds: seed, invariant: violation.invariant, detail: violation.detail.split('\n')[0] ?? '' };
    // What a run has promised is settled between two turns; until then all of its cluster is kept in memory.
    await setImmediate();
  }
  return { seeds, invariant: null, detail: '' };
}

const [words] = process.argv.slice(2);
if (words !== undefined) process.stdout.write(`${JSON.stringify(await hunt(JSON.parse(words) as Hunt))}\n`);
