/**
 * Stories of one link that is cut for good: the peer that alone cannot hear the coordinator works through another one, and
 * nobody else is disturbed (PROTOCOL §5, E1).
 */
import { type Cluster, startCluster } from '../support/cluster.js';
import { expectNothingLost, runs } from '../support/stories.js';

const three = ['1', '2', '3'];
const SUSPECT_MS = 250;
const HEARTBEAT_MS = 50;

const CUTS: Readonly<Record<string, (cluster: Cluster) => void>> = {
  'in both directions': (cluster) => cluster.network.cut('1', '3'),
  'so that 1 hears nothing of the coordinator': (cluster) => cluster.network.cutOneWay('3', '1'),
  'so that the coordinator hears nothing of 1': (cluster) => cluster.network.cutOneWay('1', '3'),
};

const worksThrough = (cluster: Cluster, id: string) => () =>
  cluster.status(id).ready && cluster.status(id).machines.election === 'following.relayed';
const isAcknowledged = (cluster: Cluster, text: string) => () =>
  cluster.acknowledged.some((line) => line.text === text);

describe.each(Object.entries(CUTS))('a link to the coordinator that is cut %s', (_, cut) => {
  it('costs no message: 1 submits and delivers through 2, and nobody else notices', () => {
    const cluster = startCluster(three);
    const { term } = cluster.status('3');

    cut(cluster);
    for (const n of runs(20)) {
      for (const id of three) cluster.say(id, `${n} of ${id}`);
      cluster.advance(100);
    }
    cluster.until('1 works through 2', worksThrough(cluster, '1'), 10 * SUSPECT_MS);
    cluster.until('all is acknowledged', () => cluster.acknowledged.length === 60, 2000);

    expect(['2', '3'].map((id) => cluster.status(id).term)).toEqual([term, term]);
    expect(['2', '3'].map((id) => cluster.status(id).ready)).toEqual([true, true]);
    expect(expectNothingLost(cluster)).toHaveLength(60);
  });

  it('and when the coordinator dies, 2 leads 1 as ever', () => {
    const cluster = startCluster(three);
    cut(cluster);
    cluster.until('1 works through 2', worksThrough(cluster, '1'), 10 * SUSPECT_MS);

    cluster.crash('3');
    cluster.say('1', 'to whoever leads');
    cluster.until('2 leads', () => cluster.coordinator() === '2', 8 * SUSPECT_MS);
    cluster.until('it is acknowledged', isAcknowledged(cluster, 'to whoever leads'), 1000);

    cluster.start('3');
    cluster.until('3 leads again', () => cluster.status('3').role === 'coordinator', 10_000);
    cluster.say('1', 'to 3, through 2');
    cluster.until('it is acknowledged', isAcknowledged(cluster, 'to 3, through 2'), 2000);
    expectNothingLost(cluster);
  });
});
