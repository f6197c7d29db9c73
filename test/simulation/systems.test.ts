/** Systems under all faults: their replicas on every peer, their own invariants at every step (I18). */
import {
  FAULT_KINDS,
  planOf,
  Scenario,
  type SimulatedSystem,
  SYSTEM_NAMES,
  SYSTEMS,
  simulate,
} from '../../apps/simulator/index.js';

const SEEDS = Number(process.env.SYSTEM_SEEDS ?? 2);
const first = Number(process.env.SIMULATION_SEED ?? 1);

describe.each(SYSTEM_NAMES)('%s under faults', (system) => {
  it.each(Array.from({ length: SEEDS }, (_, place) => first + place))(
    'seed %i breaks no invariant, and much takes effect',
    (seed) => {
      const { violation, effects } = simulate(planOf(seed, { peers: 3, kinds: FAULT_KINDS, system }));

      expect(violation).toBeNull();
      expect(effects).toBeGreaterThan(10);
    },
  );
});

/** Nothing fails, and everybody submits. */
const busy = Scenario.parse({
  seed: 1,
  peers: ['1', '2', '3'],
  horizonMs: 3000,
  faults: ['1', '2', '3'].map((peer) => ({
    ...{ kind: 'load', at: 1000, peer, count: 100, everyMs: 15, bytes: 0, isRetried: false },
  })),
});

/** The energy market with something wrong in it. */
type Market = SimulatedSystem<{ readonly accounts: readonly { readonly balance: number }[] }, object, object>;
const energy = SYSTEMS.energy as unknown as Market;
const flawed = (apply: Market['replica']['apply']): SimulatedSystem =>
  ({ ...energy, replica: { ...energy.replica, apply } }) as unknown as SimulatedSystem;

describe('a system with a flaw', () => {
  const { apply } = energy.replica;
  let calls = 0;
  const FLAWS: readonly (readonly [string, RegExp, Market['replica']['apply']])[] = [
    [
      'gives credits away',
      /I18.*credits/,
      (state, command, place) => {
        const step = apply(state, command, place);
        if (place.sequence % 40 !== 0 || step.state.accounts.length === 0) return step;
        const [luckiest, ...others] = step.state.accounts;
        const richer = { ...luckiest, balance: (luckiest?.balance ?? 0) + 1 };
        return { ...step, state: { ...step.state, accounts: [richer, ...others] } };
      },
    ],
    [
      'asks something outside, so that members differ',
      /I18.*is not that of others/,
      (state, command, place) => {
        const step = apply(state, command, place);
        calls += 1;
        return { ...step, state: { ...step.state, calls } };
      },
    ],
  ];

  it.each(FLAWS)('that %s is found out', (_, words, wrong) => {
    const { violation } = simulate(busy, undefined, flawed(wrong));

    expect(`${violation?.invariant}: ${violation?.detail}`).toMatch(words);
  });

  it('that lets something take effect twice is found out', () => {
    const twice: SimulatedSystem = {
      ...SYSTEMS.energy,
      effectsOf: ({ sequence, cause }) => (cause === 'command' ? [`thing ${sequence % 100}`] : []),
    };

    const { violation } = simulate(busy, undefined, twice);

    expect(violation?.detail).toMatch(/^I18: thing \d+ at \d+ and, on \d, at \d+$/);
  });
});
