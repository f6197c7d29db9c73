/** As found.test.ts: what seeds of the four systems have told. */
import { Scenario, simulate } from '../../apps/simulator/index.js';

const load = { kind: 'load', bytes: 0, isRetried: false } as const;

it('a wiped peer joins, though the others miss its former life as often as it asks', () => {
  const scenario = Scenario.parse({
    seed: 291,
    peers: ['1', '2', '3'],
    options: { preset: 'fast', takeover: 'never', pendingMax: 20, snapshotEvery: 100, trailing: 10 },
    founding: 'together',
    system: 'auction',
    horizonMs: 7500,
    faults: [
      { ...load, at: 159, peer: '3', count: 29, everyMs: 250 },
      { ...load, at: 169, peer: '1', count: 122, everyMs: 60 },
      { kind: 'drain', at: 302, forMs: 1879, peer: '1' },
      { ...load, at: 679, peer: '2', count: 341, everyMs: 20 },
      { kind: 'cut', at: 1290, forMs: 155, from: '1', to: '2' },
      {
        ...{ kind: 'client', at: 1444, seeds: ['3', '1'], count: 124, everyMs: 40, bytes: 5000 },
        ...{ restlessMs: null, timeoutMs: null },
      },
      { kind: 'cut', at: 1693, forMs: 1242, from: '1', to: '2' },
      { kind: 'crash', at: 2296, forMs: 86_400_000, peer: '1', isPowerCut: false },
      { kind: 'slow-disk', at: 3158, forMs: 286, peer: '2', byMs: 346 },
      { kind: 'wipe', at: 3239, forMs: 2834, peer: '3' },
      { kind: 'crash', at: 4187, forMs: 86_400_000, peer: '2', isPowerCut: false },
      { kind: 'cut', at: 5074, forMs: 2426, from: '3', to: '2' },
    ],
  });

  expect(simulate(scenario).violation).toBeNull();
});
