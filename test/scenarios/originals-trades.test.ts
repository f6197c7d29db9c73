/**
 * Stories of trades, in which energy credits were created, destroyed or forgotten in the system this project comes from.
 *
 * A small market stands for it: a replica that moves credits from the account of whoever asks. Which row of which table
 * each story answers: originals.md.
 */
import * as z from 'zod';
import { defineReplica } from '../../actors/index.js';
import { type Cluster, startCluster } from '../support/cluster.js';
import { runs } from '../support/stories.js';

const three = ['1', '2', '3'];

interface Market {
  readonly credits: Readonly<Record<string, number>>;
  readonly trades: number;
}
type Sale = { readonly from: string; readonly to: string; readonly amount: number };

/** Every account begins with 100 credits. A sale moves credits its seller has, and nobody sells for another. */
const market = defineReplica<Market, Sale, 'sold' | 'too little' | 'not yours'>({
  name: 'market',
  command: z.strictObject({ from: z.string(), to: z.string(), amount: z.number().int().positive() }),
  initial: () => ({ credits: Object.fromEntries(three.map((id) => [id, 100])), trades: 0 }),
  apply: (state, { from, to, amount }, { origin }) => {
    const { credits, trades } = state;
    if (origin !== from) return { state, result: 'not yours' };
    if ((credits[from] ?? 0) < amount) return { state, result: 'too little' };
    const less = { ...credits, [from]: (credits[from] ?? 0) - amount };
    return {
      state: { credits: { ...less, [to]: (less[to] ?? 0) + amount }, trades: trades + 1 },
      result: 'sold',
    };
  },
});

const marketAt = (cluster: Cluster, id: string) => cluster.peer(id).replica(market);
const sumAt = (cluster: Cluster, id: string) =>
  Object.values(marketAt(cluster, id).state().credits).reduce((sum, credits) => sum + credits, 0);

/** Sells, and answers what became of it; without waiting, for time stands still meanwhile. */
function sell(cluster: Cluster, from: string, to: string, amount: number, by = from): string[] {
  const outcome: string[] = [];
  marketAt(cluster, by)
    .execute({ from, to, amount })
    .then(
      ({ result }) => outcome.push(result),
      ({ code }: { code: string }) => outcome.push(code),
    );
  return outcome;
}
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

/** So many ms of trades, at random; every market is counted after each. */
function trade(cluster: Cluster, ms: number): number[] {
  const sums: number[] = [];
  const any = () => three[Math.floor(cluster.random() * three.length)] ?? '';
  for (let passed = 0; passed < ms; passed += 25) {
    const from = any();
    if (cluster.peers.has(from)) sell(cluster, from, any(), 1 + Math.floor(cluster.random() * 80));
    cluster.advance(25);
    for (const id of cluster.peers.keys()) sums.push(sumAt(cluster, id));
  }
  return sums;
}

/** Fails unless all markets are one, and hold what there was in the beginning. */
function expectOneMarket(cluster: Cluster): Market {
  const [first = '', ...others] = cluster.peers.keys();
  const state = marketAt(cluster, first).state();
  for (const id of others) expect(marketAt(cluster, id).state()).toEqual(state);
  expect(sumAt(cluster, first)).toBe(300);
  expect(cluster.conflicts()).toEqual([]);
  expect(Math.min(...Object.values(state.credits))).toBeGreaterThanOrEqual(0);
  return state;
}

describe('credits', () => {
  it('of 100, when 60 are sold to each of two buyers at once, are sold once', async () => {
    const cluster = startCluster(three);

    const outcomes = [sell(cluster, '1', '2', 60), sell(cluster, '1', '3', 60)];
    cluster.advance(500);
    await settled();

    expect(outcomes.flat()).toEqual(['sold', 'too little']);
    expect(expectOneMarket(cluster).credits).toEqual({ 1: 40, 2: 160, 3: 100 });
  });

  it('are not moved by a sale of -150, nor by whoever does not own them', async () => {
    const cluster = startCluster(three);

    const outcomes = [sell(cluster, '1', '2', -150), sell(cluster, '1', '2', 50, '2')];
    // Past the market's own door.
    cluster.peer('2').submit('replica:market', { from: '2', to: '1', amount: -150 });
    cluster.peer('2').submit('replica:market', { from: '1', to: '2', amount: 50 });
    cluster.advance(500);
    await settled();

    expect(outcomes.flat().sort()).toEqual(['bad-command', 'not yours']);
    expect(expectOneMarket(cluster)).toEqual({ credits: { 1: 100, 2: 100, 3: 100 }, trades: 0 });
  });

  it('stay 300 through fifteen seconds of trades in which coordinators are killed and come back', () => {
    const cluster = startCluster(three, { seed: 5 });

    const sums = [3, 2, 3].flatMap((id) => {
      const before = trade(cluster, 2500);
      const victim = cluster.coordinator() ?? String(id);
      cluster.crash(victim);
      const without = trade(cluster, 1500);
      cluster.start(victim);
      return [...before, ...without, ...trade(cluster, 1000)];
    });
    cluster.until('all are ready', () => cluster.coordinator() !== null);
    cluster.advance(1000);

    expect(new Set(sums)).toEqual(new Set([300]));
    expect(expectOneMarket(cluster).trades).toBeGreaterThan(100);
  });

  it('stay 300 on lines that lose 5 frames of 100, which are sent again 200 ms later', () => {
    const cluster = startCluster(three, {
      network: (random) => ({ latencyMs: () => (random() < 0.05 ? 200 : 0) + 0.5 + random() }),
      options: { preset: 'lan' },
    });

    const sums = trade(cluster, 10_000);
    cluster.advance(5000);

    expect(new Set(sums)).toEqual(new Set([300]));
    expect(expectOneMarket(cluster).trades).toBeGreaterThan(100);
  });
});

describe('a trader that comes back', () => {
  it('after it was killed, finds the market as it is', () => {
    const cluster = startCluster(three);
    trade(cluster, 1000);

    cluster.crash('1');
    trade(cluster, 1000);
    cluster.start('1');
    cluster.until('1 is ready', () => cluster.coordinator() !== null);
    cluster.advance(1000);

    expectOneMarket(cluster);
  });

  it('after it led and left, finds its balance and the whole history', () => {
    const cluster = startCluster(three);
    for (const n of runs(10)) sell(cluster, '3', n % 2 === 0 ? '1' : '2', 5);
    cluster.advance(500);

    void cluster.peer('3').leave();
    cluster.until('3 has stopped', () => cluster.status('3').role === 'stopped');
    cluster.peers.delete('3');
    sell(cluster, '1', '2', 1);
    cluster.advance(500);
    cluster.start('3');
    cluster.until('3 leads again', () => cluster.coordinator() === '3');
    cluster.advance(500);

    expect(expectOneMarket(cluster)).toEqual({ credits: { 1: 124, 2: 126, 3: 50 }, trades: 11 });
    expect(cluster.log('3')).toHaveLength(11);
  });

  it('after 2,000 trades it knew nothing of, has them all', () => {
    const cluster = startCluster(three);
    cluster.crash('1');
    for (const n of runs(2000)) {
      sell(cluster, n % 2 === 0 ? '2' : '3', n % 2 === 0 ? '3' : '2', 1);
      if (n % 50 === 0) cluster.advance(10);
    }
    cluster.until('all are delivered', () => cluster.status('2').sequence === 2000);

    cluster.start('1');
    cluster.until('1 has them', () => cluster.status('1').sequence === 2000);

    expect(expectOneMarket(cluster).trades).toBe(2000);
  });
});
