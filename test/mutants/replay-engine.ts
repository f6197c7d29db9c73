/**
 * Plays failing runs and says what their traces were: in Node it prints one JSON object, in a browser it is
 * `bullpenReplay()`. Bundled with a mutant in it.
 */
import { FAULT_KINDS, planOf, simulate } from '../../apps/simulator/index.js';

/** Which runs: the first `count` that fail, from seed `from` on; or just these seeds. */
export type Order = { readonly from: number; readonly count: number } | { readonly seeds: readonly number[] };

export interface Played {
  readonly seed: number;
  readonly invariant: string | null;
  readonly traceHash: string | null;
}

function play(seed: number): Played {
  const scenario = planOf(seed, { peers: 3, kinds: FAULT_KINDS });
  const { violation, traceHash } = simulate(scenario, () => {});
  return { seed, invariant: violation?.invariant ?? null, traceHash };
}

export function bullpenReplay(order: Order): readonly Played[] {
  if ('seeds' in order) return order.seeds.map(play);
  const failing: Played[] = [];
  for (let seed = order.from; failing.length < order.count; seed++) {
    const played = play(seed);
    if (played.invariant !== null) failing.push(played);
  }
  return failing;
}

Object.assign(globalThis, { bullpenReplay });
if (typeof process !== 'undefined' && process.argv[2] !== undefined)
  process.stdout.write(`${JSON.stringify(bullpenReplay(JSON.parse(process.argv[2])))}\n`);
