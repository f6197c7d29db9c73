/** Stories of who is believed to be there: processes that die, channels that break, links that are bad one by one. */
import { type Cluster, startCluster } from '../support/cluster.js';
import { expectNothingLost } from '../support/stories.js';

const three = ['1', '2', '3'];

/** Every suspicion of anybody, from now on. */
function suspicionsIn(cluster: Cluster): string[] {
  const suspicions: string[] = [];
  for (const [id, peer] of cluster.peers)
    peer.on('suspected', ({ member }) => suspicions.push(`${id} suspects ${member}`));
  return suspicions;
}

const beliefOf = (cluster: Cluster, id: string, member: string) =>
  cluster
    .peer(id)
    .beliefs()
    .find((belief) => belief.id === member)?.state;

describe('a process that dies', () => {
  it('is missed as soon as its kernel refuses the next channel: no time-out is waited for', () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const cluster = startCluster(three, { seed, options: { preset: 'lan', takeover: 'never' } });
      cluster.advance(137 * seed);

      cluster.crash('1');
      cluster.say('2', 'next');
      const took = cluster.until('2 is answered', () => cluster.acknowledged.length === 1);

      expect(took).toBeLessThanOrEqual(50);
      expect(cluster.coordinator()).toBe('3');
      expectNothingLost(cluster);
    }
  });

  it('is suspected by the clock when its machine dies with it, and nobody refuses anything', () => {
    const cluster = startCluster(three, { options: { preset: 'lan' } });

    cluster.network.silence('3');
    cluster.peer('3').crash();
    cluster.peers.delete('3');
    const took = cluster.until('2 leads', () => cluster.coordinator() === '2');

    expect(took).toBeGreaterThan(800);
    expect(took).toBeLessThanOrEqual(1300);
  });
});

describe('a channel that breaks', () => {
  it('raises no suspicion when the other side is there and dials again', () => {
    const cluster = startCluster(three);
    const suspicions = suspicionsIn(cluster);
    const { n } = cluster.status('1').term;

    for (const [a, b] of [
      ['1', '3'],
      ['2', '3'],
      ['1', '2'],
    ] as const) {
      cluster.network.reset(a, b);
      cluster.advance(100);
    }
    cluster.advance(1000);

    expect(suspicions).toEqual([]);
    expect([cluster.coordinator(), cluster.status('1').term.n]).toEqual(['3', n]);
  });
});

describe('a link that is bad', () => {
  it('is told from a member that is gone: the others are asked, and hear it', () => {
    const cluster = startCluster(three);
    const suspicions = suspicionsIn(cluster);

    cluster.network.cut('1', '2');
    cluster.until('1 knows', () => beliefOf(cluster, '1', '2') === 'unreachable', 400);
    cluster.until('2 knows', () => beliefOf(cluster, '2', '1') === 'unreachable', 400);
    cluster.advance(2000);
    expect(beliefOf(cluster, '1', '2')).toBe('unreachable');
    expect(suspicions).toEqual([]);
    expect(cluster.status('3').view.members.every(({ state }) => state === 'alive')).toBe(true);

    cluster.network.heal();
    cluster.until('they hear each other', () => beliefOf(cluster, '1', '2') === 'trusted');
  });

  it('is mistaken for no death of the coordinator: whoever cannot hear it is relayed, and nobody votes', () => {
    const cluster = startCluster(three);
    const suspicions = suspicionsIn(cluster);
    const { n } = cluster.status('1').term;

    cluster.network.cut('1', '3');
    cluster.until('1 is relayed', () => cluster.status('1').machines.election === 'following.relayed', 500);
    cluster.advance(3000);

    expect(suspicions).toEqual([]);
    expect([cluster.status('2').coordinator, cluster.status('2').term.n]).toEqual(['3', n]);
  });

  it('and the member dies as well: asked again, nobody hears it any more', () => {
    const cluster = startCluster(three);
    cluster.network.cut('1', '3');
    cluster.until('1 knows', () => beliefOf(cluster, '1', '3') === 'unreachable');

    cluster.crash('3');
    cluster.until('2 leads', () => cluster.coordinator() === '2', 1500);

    cluster.until('1 knows', () => beliefOf(cluster, '1', '3') === 'suspected', 500);
  });
});

describe('a peer that stands still itself', () => {
  const healthOf = (cluster: Cluster, id: string) => cluster.status(id).machines.peer ?? '';

  it('suspects nobody for it, says that it is not well, and recovers', () => {
    const cluster = startCluster(three);
    const suspicions = suspicionsIn(cluster);

    cluster.pause('1');
    cluster.advance(150);
    cluster.resume('1');
    cluster.advance(20);
    expect(healthOf(cluster, '1')).toContain('health.stalled');
    cluster.until(
      'the others know',
      () =>
        cluster
          .peer('3')
          .beliefs()
          .find(({ id }) => id === '1')?.healthy === false,
      60,
    );

    cluster.advance(1000);
    expect(healthOf(cluster, '1')).toContain('health.healthy');
    expect(suspicions).toEqual([]);
  });

  it('still notices within two suspect time-outs that somebody has died meanwhile', () => {
    const cluster = startCluster(three);

    cluster.pause('1');
    cluster.network.silence('3');
    cluster.peer('3').crash();
    cluster.peers.delete('3');
    cluster.advance(150);
    cluster.resume('1');
    const took = cluster.until('1 suspects 3', () => beliefOf(cluster, '1', '3') === 'suspected');

    expect(took).toBeLessThanOrEqual(500);
  });

  it('excuses others once, however often it stands still', () => {
    const cluster = startCluster(three);
    const suspicions = suspicionsIn(cluster);
    cluster.network.cut('1', '2');
    cluster.network.cut('2', '3');

    for (let i = 0; i < 12; i++) {
      cluster.pause('1');
      cluster.advance(110);
      cluster.resume('1');
      cluster.advance(30);
    }

    expect(suspicions).toContain('1 suspects 2');
  });
});
