/**
 * Stories that seeds have told: each once broke an invariant, was made small by the simulator, and is mended since.
 *
 * A story stays as it was found, so that the same mistake cannot come back unnoticed.
 */
import type * as z from 'zod';
import { Scenario, simulate } from '../../apps/simulator/index.js';

interface Story {
  readonly title: string;
  readonly scenario: Omit<z.input<typeof Scenario>, 'peers'>;
}

const LAN = { preset: 'lan', takeover: 'never', pendingMax: 10_000 } as const;

const STORIES: readonly Story[] = [
  {
    title: 'a coordinator that was stopped, deposed and continued gets its own submissions answered',
    scenario: {
      seed: 144,
      options: LAN,
      horizonMs: 30_000,
      clockRates: { 1: 1.0088904128875582, 2: 0.9824080472346395, 3: 1.0031548638595267 },
      faults: [
        { kind: 'pause', at: 3675, forMs: 2126, peer: '1' },
        { kind: 'wipe', at: 9297, forMs: 192, peer: '3' },
        { kind: 'reset', at: 11_419, from: '1', to: '3', heardBy: 'both' },
        { kind: 'load', at: 12_990, peer: '1', count: 12, everyMs: 3, bytes: 20_000, isRetried: false },
        { kind: 'pause', at: 19_578, forMs: 5240, peer: '1' },
        { kind: 'pause', at: 23_741, forMs: 6259, peer: '2' },
      ],
    },
  },
  {
    title: 'a coordinator that dies while it leaves is missed, though it is no member any more',
    scenario: {
      seed: 3072,
      options: { ...LAN, takeover: 'afterSync' },
      horizonMs: 30_000,
      faults: [
        { kind: 'crash', at: 9870, forMs: 10_594, peer: '3', isPowerCut: false },
        { kind: 'load', at: 10_599, peer: '3', count: 14, everyMs: 40, bytes: 0, isRetried: true },
        { kind: 'load', at: 24_580, peer: '2', count: 4, everyMs: 40, bytes: 0, isRetried: false },
        { kind: 'leave', at: 24_792, peer: '2' },
        { kind: 'crash', at: 25_663, forMs: 4337, peer: '3', isPowerCut: false },
        { kind: 'join', at: 28_224, peer: '5' },
      ],
    },
  },
  {
    title: 'a session that was asked for twice, and expired in between, is one session',
    scenario: {
      seed: 15,
      options: { ...LAN, takeover: 'afterSync', pendingMax: 20 },
      horizonMs: 30_000,
      wallClockRate: 300,
      faults: [
        { kind: 'load', at: 89, peer: '1', count: 119, everyMs: 250, bytes: 0, isRetried: true },
        { kind: 'transfer', at: 3707, peer: '1', to: '2' },
        { kind: 'disk-failure', at: 5748, forMs: 177, peer: '3', detail: 'EIO on fsync' },
        { kind: 'full-disk', at: 12_515, forMs: 1231, peer: '2' },
        { kind: 'slow-disk', at: 14_220, forMs: 6648, peer: '3', byMs: 2788 },
        { kind: 'slow-disk', at: 15_046, forMs: 11_447, peer: '1', byMs: 2351 },
      ],
    },
  },
  {
    title: 'a peer that lost its disk is not taken for the coordinator it was, however much it says',
    scenario: {
      seed: 294,
      options: {
        preset: 'fast',
        takeover: 'afterSync',
        detector: 'phi',
        pendingMax: 20,
        snapshotEvery: 20,
        trailing: 0,
      },
      clockRates: { '1': 1.0330834520980716, '2': 0.9632477334002032, '3': 1.0200052402215078 },
      wallClockRate: 1,
      faults: [
        { kind: 'read', at: 3490, peer: '3', count: 12, everyMs: 50 },
        { kind: 'pause', at: 3549, forMs: 1155, peer: '2' },
        { kind: 'wipe', at: 3832, forMs: 201, peer: '3' },
      ],
      horizonMs: 7500,
    },
  },
  {
    title: 'a peer that lost its disk is not sent away for the life it had a moment ago',
    scenario: {
      seed: 20036,
      options: { preset: 'fast', takeover: 'afterSync', pendingMax: 10000, snapshotEvery: 0, trailing: 10 },
      clockRates: {},
      wallClockRate: 1,
      faults: [
        { kind: 'slow-path', at: 3752, forMs: 547, from: '1', to: '3', byMs: 238 },
        { kind: 'wipe', at: 4051, forMs: 57, peer: '1' },
      ],
      horizonMs: 7500,
    },
  },
  {
    title: 'a peer that leaves with a full disk is told that it has left, also by a later coordinator',
    scenario: {
      seed: 20043,
      options: { preset: 'lan', takeover: 'afterSync', pendingMax: 10000, snapshotEvery: 0, trailing: 10 },
      clockRates: {},
      wallClockRate: 1,
      faults: [
        {
          kind: 'load',
          at: 18,
          peer: '3',
          count: 119,
          everyMs: 250,
          bytes: 0,
          isRetried: false,
          timeoutMs: null,
        },
        { kind: 'full-disk', at: 16670, forMs: 11898, peer: '1' },
        { kind: 'leave', at: 18567, peer: '1' },
        { kind: 'disk-failure', at: 19682, forMs: 5820, peer: '2', detail: 'EIO on write' },
      ],
      horizonMs: 30000,
    },
  },
  {
    title: 'a peer whose clock was set back while it was away broadcasts on, and is delivered nothing twice',
    scenario: {
      seed: 294,
      options: { preset: 'fast', takeover: 'afterSync', detector: 'phi', pendingMax: 20 },
      horizonMs: 7500,
      clockRates: { 1: 1.0330834520980716, 2: 0.9632477334002032, 3: 1.0200052402215078 },
      faults: [
        { kind: 'load', at: 100, peer: '1', count: 5, everyMs: 250, bytes: 0, isRetried: true },
        { kind: 'drain', at: 220, forMs: 3101, peer: '2' },
        { kind: 'broadcast', at: 1005, peer: '2', count: 7, everyMs: 0 },
        { kind: 'wall-clock', at: 2770, peer: '2', byMs: -2595947 },
        { kind: 'broadcast', at: 6744, peer: '2', count: 3, everyMs: 0 },
      ],
    },
  },
  {
    title: 'a wiped peer waits until the dead channel of its last life has been missed',
    scenario: {
      seed: 633,
      options: { preset: 'fast', takeover: 'afterSync', detector: 'fixed', pendingMax: 20 },
      horizonMs: 7500,
      faults: [
        { kind: 'load', at: 100, peer: '1', count: 5, everyMs: 250, bytes: 0, isRetried: true },
        { kind: 'reset', at: 980, from: '2', to: '3', heardBy: 'nobody' },
        { kind: 'wipe', at: 1094, forMs: 71, peer: '2' },
      ],
    },
  },
  {
    title:
      'a voter that lost its vote while it stood still hears so from the coordinator it follows, and asks to be let in again',
    scenario: {
      seed: 45,
      options: {
        preset: 'lan',
        takeover: 'afterSync',
        detector: 'phi',
        pendingMax: 10000,
        snapshotEvery: 20,
        trailing: 10,
        tieBreaker: false,
        lastManStanding: true,
        lastManStandingMs: 3000,
        minVoters: 1,
      },
      clockRates: {},
      wallClockRate: 1,
      faults: [
        { kind: 'pause', at: 1867, forMs: 12569, peer: '1' },
        { kind: 'cut', at: 1951, forMs: 175, from: '2', to: '1' },
        { kind: 'transfer', at: 4645, peer: '3', to: '1' },
        { kind: 'cut', at: 4936, forMs: 161, from: '1', to: '2' },
        { kind: 'transfer', at: 8232, peer: '2', to: '3' },
        { kind: 'cut', at: 8395, forMs: 1171, from: '3', to: '2' },
        { kind: 'transfer', at: 9693, peer: '3', to: '1' },
        {
          kind: 'client',
          at: 10102,
          seeds: ['2', '1'],
          count: 89,
          everyMs: 40,
          bytes: 0,
          restlessMs: 50,
          timeoutMs: null,
        },
        {
          kind: 'client',
          at: 11966,
          seeds: ['2', '1'],
          count: 26,
          everyMs: 3,
          bytes: 100,
          restlessMs: null,
          timeoutMs: null,
        },
        { kind: 'cut', at: 13417, forMs: 172, from: '3', to: '1' },
        {
          kind: 'load',
          at: 14417,
          peer: '3',
          count: 16,
          everyMs: 0,
          bytes: 20000,
          isRetried: false,
          timeoutMs: 2123,
        },
        { kind: 'transfer', at: 15576, peer: '3', to: '2' },
        { kind: 'pause', at: 15603, forMs: 8133, peer: '3' },
        { kind: 'cut', at: 15944, forMs: 103, from: '3', to: '1' },
        { kind: 'pause', at: 16675, forMs: 2988, peer: '1' },
        { kind: 'cut', at: 21742, forMs: 108, from: '2', to: '1' },
        {
          kind: 'load',
          at: 25394,
          peer: '2',
          count: 23,
          everyMs: 40,
          bytes: 20000,
          isRetried: true,
          timeoutMs: null,
        },
      ],
      horizonMs: 30000,
    },
  },
  {
    title: 'a voter that slept through a change of voters is counted on by those whom it does not know',
    scenario: {
      seed: 411,
      options: {
        preset: 'fast',
        takeover: 'afterSync',
        detector: 'fixed',
        pendingMax: 20,
        snapshotEvery: 20,
        trailing: 60,
      },
      clockRates: {},
      wallClockRate: 1,
      faults: [
        { kind: 'pause', at: 4532, forMs: 2968, peer: '3' },
        { kind: 'leave', at: 5277, peer: '2' },
        { kind: 'join', at: 5494, peer: '4' },
        { kind: 'crash', at: 6690, forMs: 86400000, peer: '1', isPowerCut: true },
      ],
      horizonMs: 7500,
    },
  },
  {
    title: 'a joiner whose contact lost its power joins once that is back',
    scenario: {
      seed: 3148,
      options: { preset: 'fast', takeover: 'afterSync', pendingMax: 10_000 },
      horizonMs: 7500,
      clockRates: { 1: 0.9718553392915055, 2: 0.9698555894428864, 3: 0.9813247001497074 },
      faults: [
        { kind: 'cut', at: 265, forMs: 412, from: '1', to: '2' },
        { kind: 'wipe', at: 533, forMs: 3394, peer: '1' },
        { kind: 'crash', at: 3131, forMs: 1138, peer: '2', isPowerCut: true },
        { kind: 'slow-path', at: 4660, forMs: 2840, from: '3', to: '1', byMs: 238 },
        { kind: 'cut', at: 6399, forMs: 240, from: '2', to: '1' },
      ],
    },
  },
  {
    title:
      'a reading waits for all it must show, though a snapshot is cut in the middle of what it waits for',
    scenario: {
      seed: 127,
      options: { preset: 'fast', takeover: 'afterSync', snapshotEvery: 20, trailing: 60, minVoters: 3 },
      horizonMs: 7500,
      faults: [
        { kind: 'load', at: 739, peer: '1', count: 27, everyMs: 250, bytes: 0, isRetried: false },
        { kind: 'load', at: 889, peer: '2', count: 330, everyMs: 20, bytes: 0, isRetried: false },
        { kind: 'slow-disk', at: 1098, forMs: 1173, peer: '1', byMs: 410 },
        { kind: 'slow-disk', at: 1351, forMs: 1121, peer: '1', byMs: 232 },
        { kind: 'transfer', at: 2755, peer: '2', to: '3' },
        { kind: 'slow-disk', at: 5287, forMs: 2213, peer: '2', byMs: 315 },
        {
          kind: 'client',
          at: 5900,
          seeds: ['2', '3'],
          count: 3,
          everyMs: 0,
          bytes: 5000,
          restlessMs: null,
          timeoutMs: null,
        },
      ],
    },
  },
  {
    title: 'a coordinator whose disk is no longer slow is not talked out of its office for having been so',
    scenario: {
      seed: 233,
      options: {
        ...LAN,
        takeover: 'afterSync',
        snapshotEvery: 100,
        trailing: 10,
        lastManStanding: true,
        lastManStandingMs: 3000,
      },
      horizonMs: 30_000,
      faults: [
        { kind: 'wipe', at: 12_128, forMs: 5226, peer: '1' },
        { kind: 'slow-disk', at: 12_710, forMs: 14_746, peer: '3', byMs: 2459 },
      ],
    },
  },
  {
    title:
      'who was taken out over a channel that broke unheard gets in again: nobody watched that channel any more',
    scenario: {
      seed: 1376,
      options: {
        preset: 'fast',
        takeover: 'afterSync',
        trailing: 10,
        tieBreaker: true,
        lastManStanding: true,
        lastManStandingMs: 250,
      },
      horizonMs: 7500,
      faults: [
        { kind: 'load', at: 900, peer: '2', count: 3, everyMs: 50, bytes: 0, isRetried: true },
        { kind: 'leave', at: 4751, peer: '1' },
        { kind: 'reset', at: 4865, from: '3', to: '2', heardBy: 'nobody' },
      ],
    },
  },
];

it.each(STORIES.map(({ title, scenario }) => [title, scenario] as const))('%s', (_, scenario) => {
  const outcome = simulate(Scenario.parse({ peers: ['1', '2', '3'], ...scenario }));

  expect(outcome.violation).toBeNull();
  expect(outcome.acknowledged).toBeGreaterThan(0);
});
