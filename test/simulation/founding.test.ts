/** Peers that found their cluster together (`--expect`), disturbed while they do: what a seed brings in its first moments. */
import { FAULT_KINDS, type Fault, planOf, Scenario, simulate } from '../../apps/simulator/index.js';
import { runs } from '../support/stories.js';

const PEERS = 3;
const HORIZON_MS = 400;
const FIRST_SEEDS = 40;

/** The same load, for as long as this run lasts. */
const shortened = (fault: Fault): Fault =>
  fault.kind === 'load'
    ? {
        ...fault,
        count: Math.min(fault.count, 1 + Math.floor((HORIZON_MS - fault.at) / (fault.everyMs || 1))),
      }
    : fault;

const disturbed = runs(FIRST_SEEDS)
  .map((seed) => planOf(seed, { peers: PEERS, kinds: FAULT_KINDS }))
  .filter(({ founding, options }) => founding === 'together' && options.preset === 'fast')
  .map((plan) => ({
    ...plan,
    horizonMs: HORIZON_MS,
    faults: plan.faults.filter(({ at, kind }) => at < HORIZON_MS && kind !== 'client').map(shortened),
  }));

describe('peers that found together', () => {
  it('are among those that seeds draw, and something fails meanwhile', () => {
    const early = disturbed.flatMap(({ faults }) => faults.filter(({ kind }) => kind !== 'load'));

    expect(disturbed.length).toBeGreaterThan(8);
    expect(new Set(early.map(({ kind }) => kind)).size).toBeGreaterThan(4);
  });

  it.each(disturbed.map((plan) => [plan.seed, plan] as const))(
    'are one cluster whatever fails meanwhile: seed %d',
    (_, plan) => expect(simulate(plan).violation).toBeNull(),
  );

  // Found when lesson 7 was played with other clocks: those that had founded answered each other's answers, for good.
  it.each(runs(3))('fall silent about it, also where a disk is slow: seed %d', (seed) => {
    const { violation } = simulate(
      Scenario.parse({
        seed,
        peers: ['1', '2', '3'],
        founding: 'together',
        horizonMs: HORIZON_MS,
        faults: [{ kind: 'slow-disk', at: 0, forMs: 300, peer: '1', byMs: 101 }],
      }),
    );

    expect(violation).toBeNull();
  });
});
