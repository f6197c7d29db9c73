/** What one seed comes to, by whichever engine: the summary that workers send and reports add up. */
import { walk } from './core-walk.js';
import { planOf } from './plan.js';
import { run } from './run.js';
import type { FaultKind, Scenario } from './scenario.js';
import type { SystemName } from './systems.js';

export interface Engine {
  readonly core: boolean;
  readonly peers: number;
  readonly kinds: readonly FaultKind[];
  /** Which system the peers host; default: none. */
  readonly system?: SystemName | undefined;
}

export interface SeedResult {
  readonly seed: number;
  readonly violation: { readonly invariant: string; readonly detail: string } | null;
  readonly simulatedMs: number;
  readonly steps: number;
  readonly reigns: number;
  readonly committed: number;
  readonly cuts: number;
  readonly acknowledged: number;
  /** Of the hosted system. */
  readonly effects: number;
  /** In suspect time-outs; null when the run did not get there, or has no time. */
  readonly healedAfter: number | null;
}

/** One step of a core walk stands for about a millisecond of a cluster's life. */
const CORE_STEPS = 500;

export function runSeed({ core, peers, kinds, system }: Engine, seed: number): SeedResult {
  if (core) return runCore(seed);
  const scenario = planOf(seed, { peers, kinds, system });
  const { violation, simulatedMs, steps, reigns, committed, cuts, acknowledged, effects, healedAfterMs } =
    run(scenario);
  const healedAfter = healedAfterMs === null ? null : healedAfterMs / suspectOf(scenario);
  return { seed, violation, simulatedMs, steps, reigns, committed, cuts, acknowledged, effects, healedAfter };
}

const suspectOf = ({ options }: Scenario): number => (options.preset === 'fast' ? 250 : 1000);

/** Voters come, go and lose their disks on every other seed, and ties are broken on half of those. */
function runCore(seed: number): SeedResult {
  const newcomers = seed % 2 === 0 ? ['4', '5'] : [];
  const { violation, ...travelled } = walk({ seed, steps: CORE_STEPS, newcomers, hasTies: seed % 4 === 0 });
  const { reigns, commits, cuts, steps } = travelled;
  const rest = { simulatedMs: 0, acknowledged: 0, effects: 0, healedAfter: null };
  return { seed, violation, steps, reigns, committed: commits, cuts, ...rest };
}
