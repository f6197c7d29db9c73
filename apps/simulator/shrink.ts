/** Shrinks a failing scenario: which of its faults are enough to break the same invariant? */
import { run } from './run.js';
import type { Scenario } from './scenario.js';

export interface Shrunk {
  /** The places, in the scenario, of the faults that are left. */
  readonly keep: readonly number[];
  readonly runs: number;
}

/** The scenario with the faults at these places alone. */
export const keeping = (scenario: Scenario, keep: readonly number[]): Scenario => ({
  ...scenario,
  faults: scenario.faults.filter((_, place) => keep.includes(place)),
});

/**
 * Leaves out halves, quarters, … and single faults, as long as `invariant` still breaks (Zeller & Hildebrandt 2002).
 *
 * Every run is a function of its scenario, and draws are made by name: leaving one fault out does not shuffle the rest.
 *
 * @param runsMax - gives up then, with what has been reached.
 */
export function shrink(scenario: Scenario, invariant: string, runsMax = 300): Shrunk {
  let keep = scenario.faults.map((_, place) => place);
  let runs = 0;
  const stillFails = (places: readonly number[]) => {
    runs += 1;
    return run(keeping(scenario, places)).violation?.invariant === invariant;
  };
  for (let size = Math.ceil(keep.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = keep.length - size; from > -size && runs < runsMax; from -= size) {
      const left = [...keep.slice(0, Math.max(0, from)), ...keep.slice(from + size)];
      if (left.length < keep.length && stillFails(left)) keep = left;
    }
  }
  return { keep, runs };
}
