/** Peers that start together and found one cluster (`--expect N`, PROTOCOL §9, J1). */
import type { Transport } from '../../transport/transport.js';
import { Cluster } from '../support/cluster.js';
import { seeds } from '../support/stories.js';

const together = (peers: readonly string[], expect: number, seed = 1) =>
  new Cluster({ peers, seed, options: { expect, bootstrap: false } });
const votersOf = (cluster: Cluster, id: string) =>
  cluster
    .status(id)
    .view.members.filter(({ role }) => role === 'voter')
    .map((member) => member.id);

describe('three peers that expect three', () => {
  it('found one cluster, led by the highest', () => {
    const cluster = together(['1', '2', '3'], 3);

    for (const id of ['1', '2', '3']) cluster.start(id);
    cluster.until('3 leads', () => cluster.coordinator() === '3');
    cluster.say('1', 'hello');
    cluster.advance(1000);

    expect(votersOf(cluster, '1')).toEqual(['1', '2', '3']);
    expect(cluster.peer('3').history()).toHaveLength(1);
  });

  it('found nothing while one is missing, however long that takes', () => {
    const cluster = together(['1', '2', '3'], 3);

    cluster.start('1');
    cluster.start('3');
    cluster.advance(40_000);
    const alone = cluster.status('3');
    cluster.start('2');
    cluster.until('3 leads', () => cluster.coordinator() === '3');

    expect(alone).toMatchObject({ role: 'unjoined', coordinator: null });
  });

  it('do not dial one another again and again while one is missing', () => {
    const cluster = together(['1', '2', '3'], 3);
    const dialled: string[] = [];
    const heard = (id: string) => (transport: Transport) => ({
      ...transport,
      dial: (...[address, handlers]: Parameters<Transport['dial']>) => {
        dialled.push(`${id} dials ${address}`);
        return transport.dial(address, handlers);
      },
    });

    for (const id of ['1', '3']) cluster.start(id, {}, { behind: heard(id) });
    cluster.advance(10_000);
    const needless = dialled.filter((line) => line === '1 dials 3:7000' || line === '3 dials 1:7000');
    cluster.crash('3');
    cluster.advance(1000);

    // Once each, and again now and then while nobody lets them in: channels may be dead.
    expect(needless.length).toBeLessThanOrEqual(8);
    expect(dialled.slice(dialled.lastIndexOf('3 dials 2:7000'))).toContain('1 dials 3:7000');
  });

  it.each(seeds(3))('found it also when they are killed while they agree (seed %i)', (seed) => {
    const cluster = together(['1', '2', '3'], 3, seed);
    for (const id of ['1', '2', '3']) cluster.start(id);

    for (let times = 0; times < 6; times++) {
      const id = String(1 + Math.floor(cluster.random() * 3));
      cluster.advance(Math.floor(cluster.random() * 120));
      cluster.crash(id);
      cluster.start(id);
    }

    cluster.until('3 leads', () => cluster.coordinator() === '3', 20_000);
    expect(votersOf(cluster, '2')).toEqual(['1', '2', '3']);
  });
});

describe('five peers that expect three', () => {
  it.each(seeds(3))('never become two clusters, however they meet (seed %i)', (seed) => {
    const peers = ['1', '2', '3', '4', '5'];
    const cluster = together(peers, 3, seed);

    for (const id of peers) {
      cluster.start(id);
      cluster.advance(Math.floor(cluster.random() * 200));
      const [a, b] = [Math.floor(cluster.random() * 5), Math.floor(cluster.random() * 5)];
      if (a !== b) cluster.network.cut(peers[a] as string, peers[b] as string);
    }
    cluster.advance(3000);
    cluster.network.heal();
    cluster.until('all of them belong', () => peers.every((id) => cluster.status(id).ready), 60_000);
    cluster.say('1', 'hello');
    cluster.advance(1000);

    expect(new Set(peers.map((id) => cluster.status(id).coordinator)).size).toBe(1);
    expect(peers.map((id) => cluster.peer(id).history().length)).toEqual([1, 1, 1, 1, 1]);
  });
});

describe('those who expect nobody', () => {
  it('are not waited for by those who found, however high their ids are', () => {
    const peers = ['1', '2', '3', '4', '5'];
    const cluster = together(peers, 3);

    for (const id of ['4', '5']) cluster.start(id, { expect: undefined });
    cluster.advance(5000);
    for (const id of ['1', '2', '3']) cluster.start(id);

    cluster.until('all of them belong', () => peers.every((id) => cluster.status(id).ready), 20_000);
    expect(new Set(peers.map((id) => cluster.status(id).coordinator)).size).toBe(1);
  });
});
