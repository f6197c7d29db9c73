/** Mode `classic` loses messages; it may not lose them in silence (I22). */
import type { Delivery } from '../../actors/index.js';
import { Cluster } from '../support/cluster.js';
import { seeds } from '../support/stories.js';

const peers = ['1', '2', '3', '4'];
const SEEDS = seeds(5);

interface Fate {
  readonly acknowledged: readonly string[];
  readonly kept: readonly string[];
  readonly reported: readonly string[];
  readonly histories: readonly (readonly string[])[];
}

const textsOf = (deliveries: readonly Delivery[]) => deliveries.map(({ payload }) => String(payload));

/** Everybody talks while peers are killed, stopped and cut off from each other; then all is mended. */
function livedThrough(seed: number): Fate {
  const cluster = new Cluster({ peers, seed, options: { mode: 'classic' } });
  const reported: string[] = [];
  const start = (id: string) =>
    void cluster.start(id).on('lost', ({ lost }) => reported.push(...textsOf(lost)));
  const among = <Item>(items: readonly Item[]) => items[Math.floor(cluster.random() * items.length)] as Item;
  for (const id of peers) start(id);
  cluster.until('all belong', () => peers.every((id) => cluster.status(id).ready), 20_000);

  for (let turn = 0; turn < 30; turn++) {
    const [a, b] = [among(peers), among(peers)];
    const isRunning = cluster.peers.has(a);
    const deed = among(['say', 'say', 'say', 'cut', 'heal', 'crash', 'start'] as const);
    if (deed === 'say' && isRunning) cluster.say(a, `${turn} by ${a}`);
    if (deed === 'cut' && a !== b) cluster.network.cut(a, b);
    if (deed === 'heal') cluster.network.heal();
    if (deed === 'crash' && isRunning && cluster.peers.size > 1) cluster.crash(a);
    if (deed === 'start' && !isRunning) start(a);
    cluster.advance(Math.floor(cluster.random() * 600));
  }

  cluster.network.heal();
  for (const id of peers) if (!cluster.peers.has(id)) start(id);
  cluster.until('the highest leads all', () => cluster.coordinator() === '4', 60_000);
  cluster.advance(5000);
  const histories = peers.map((id) => textsOf(cluster.peer(id).history({ limit: 1000 })));
  const acknowledged = cluster.acknowledged.map(({ text }) => text);
  return { acknowledged, kept: histories[0] ?? [], reported, histories };
}

const fates = new Map<number, Fate>();
function fateOf(seed: number): Fate {
  const fate = fates.get(seed) ?? livedThrough(seed);
  fates.set(seed, fate);
  return fate;
}

describe('a classic cluster in which everything goes wrong', () => {
  it.each(SEEDS)(
    'ends with one history, and reports whatever it has acknowledged and lost (seed %i)',
    (seed) => {
      const { acknowledged, kept, reported, histories } = fateOf(seed);

      const lostInSilence = acknowledged.filter((text) => !kept.includes(text) && !reported.includes(text));
      for (const history of histories) expect(history).toEqual(kept);
      expect(lostInSilence).toEqual([]);
      expect(new Set(kept).size).toBe(kept.length);
    },
  );

  it('does lose some: the textbook is no ordered log', () => {
    const lost = SEEDS.flatMap((seed) => {
      const { acknowledged, kept } = fateOf(seed);
      return acknowledged.filter((text) => !kept.includes(text));
    });

    expect(lost).not.toEqual([]);
  });
});
