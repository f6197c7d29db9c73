/**
 * The safety core under random faults: the shipped machine, three peers and then five, every message lost, repeated or late,
 * every disk slow, every peer crashing. Nothing committed is ever lost, and no term has two coordinators.
 *
 * `CORE_SEEDS=10000 npm run jest -- core-safety` looks longer; `CORE_SEED=n` begins at that seed.
 */
import { type Travelled, walk } from '../../apps/simulator/core-walk.js';

const SEEDS = Number(process.env.CORE_SEEDS ?? 100);
const first = Number(process.env.CORE_SEED ?? 1);
const seeds = Array.from({ length: SEEDS }, (_, place) => first + place);

const broken = (all: readonly Travelled[]) => all.map(({ violation }) => violation).filter((v) => v !== null);
const sum = (all: readonly Travelled[], what: 'reigns' | 'commits' | 'cuts' | 'configurations') =>
  all.reduce((total, t) => total + t[what], 0);

it('loses nothing and obeys one coordinator a term, whatever fails', () => {
  const all = seeds.map((seed) => walk({ seed, steps: 500, newcomers: [], hasTies: false }));

  expect(broken(all)).toEqual([]);
  expect(sum(all, 'reigns')).toBeGreaterThan(seeds.length);
  expect(sum(all, 'commits')).toBeGreaterThan(2 * seeds.length);
  expect(sum(all, 'cuts')).toBeGreaterThan(seeds.length / 10);
}, 120_000);

it('loses nothing while voters come, go, and lose their disks', () => {
  const all = seeds.map((seed) => walk({ seed, steps: 500, newcomers: ['4', '5'], hasTies: seed % 2 === 0 }));

  expect(broken(all)).toEqual([]);
  expect(sum(all, 'configurations')).toBeGreaterThan(seeds.length);
  expect(sum(all, 'cuts')).toBeGreaterThan(seeds.length / 20);
}, 120_000);
