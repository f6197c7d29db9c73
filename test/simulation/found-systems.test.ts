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

  expectCalm(scenario);
});

/** The last line of a load is typed in the very moment in which all is compared. */
it('a line that is typed in the last moment is awaited before conversations are compared', () => {
  const scenario = Scenario.parse({
    seed: 293,
    peers: ['1', '2', '3'],
    system: 'chat',
    options: { preset: 'fast', takeover: 'afterSync', pendingMax: 10_000, tieBreaker: true },
    horizonMs: 7500,
    faults: [
      { kind: 'join', at: 329, peer: '4' },
      { ...load, at: 566, peer: '2', count: 27, everyMs: 250 },
      { ...load, at: 631, peer: '3', count: 114, everyMs: 60, isRetried: true },
      { kind: 'read', at: 685, peer: '2', count: 4, everyMs: 50 },
      { ...load, at: 956, peer: '1', count: 109, everyMs: 60, isRetried: true },
      { ...load, at: 1207, peer: '3', count: 6, everyMs: 0, bytes: 100, isRetried: true },
      { kind: 'read', at: 1668, peer: '1', count: 53, everyMs: 0 },
      { kind: 'full-disk', at: 2758, forMs: 73, peer: '1' },
      { kind: 'slow-disk', at: 2865, forMs: 1341, peer: '2', byMs: 494 },
      { kind: 'read', at: 5316, peer: '2', count: 11, everyMs: 50 },
      { kind: 'join', at: 6316, peer: '5' },
      { ...load, at: 6910, peer: '3', count: 21, everyMs: 40 },
      { kind: 'broadcast', at: 7104, peer: '2', count: 9, everyMs: 50 },
      { kind: 'drain', at: 7279, forMs: 221, peer: '2' },
    ],
  });

  expectCalm(scenario);
});

function expectCalm(scenario: Scenario): void {
  const { violation, effects } = simulate(scenario);

  expect(violation).toBeNull();
  expect(effects).toBeGreaterThan(10);
}
