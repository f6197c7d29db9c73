/**
 * Stories of one link that is cut for good: the peer that alone cannot hear the coordinator works through another one, and
 * nobody else is disturbed (PROTOCOL §5, E1).
 */

import type { Channel } from '../../transport/transport.js';
import { clientOf, nothingSaid, say } from '../support/clients.js';
import { Cluster, startCluster } from '../support/cluster.js';
import { withChannels } from '../support/narrow-line.js';
import { expectNothingLost, runs } from '../support/stories.js';

const three = ['1', '2', '3'];
const SUSPECT_MS = 250;

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

describe('a peer that works through another one', () => {
  /** Three peers, of which 1 and the coordinator do not reach each other any more. */
  function cutOff(options: Parameters<typeof startCluster>[1] = {}): Cluster {
    const cluster = startCluster(three, options);
    cluster.network.cut('1', '3');
    cluster.until('1 works through 2', worksThrough(cluster, '1'), 10 * SUSPECT_MS);
    return cluster;
  }

  it('submits and delivers as fast as it is asked to, and none of it twice', () => {
    const cluster = cutOff();

    for (const n of runs(2000)) cluster.say('1', `line ${n}`);
    cluster.until('all is acknowledged', () => cluster.acknowledged.length === 2000, 3000);

    expect(expectNothingLost(cluster)).toHaveLength(2000);
  });

  it('reads what was acknowledged anywhere before', () => {
    const cluster = cutOff();
    cluster.say('3', 'said elsewhere');
    cluster.until('it is acknowledged', isAcknowledged(cluster, 'said elsewhere'));

    let shown: number | null = null;
    cluster.peer('1').readings.ask({}, () => {
      shown = cluster.status('1').sequence;
    });
    cluster.until('it is read', () => shown !== null, 500);

    expect(shown).toBe(1);
  });

  it('serves clients', () => {
    const cluster = cutOff();
    const client = clientOf(cluster, { seeds: ['1:7000'] });
    const said = nothingSaid();

    say(client, said, ['one', 'two', 'three']);
    cluster.until('all is answered', () => said.acknowledged.length === 3, 2000);

    expect(client.status().peer).toBe('1');
    expect(said.acknowledged.map(({ text }) => text)).toEqual(['one', 'two', 'three']);
  });

  it('catches up through it after a restart, from the snapshot where the log has gone', () => {
    const cluster = cutOff({ options: { snapshotEvery: 50, trailing: 10 } });
    cluster.crash('1');
    for (const n of runs(300)) {
      cluster.say('2', `line ${n}`);
      cluster.advance(5);
    }

    cluster.start('1');
    cluster.until('1 works through 2', worksThrough(cluster, '1'), 5000);
    cluster.say('1', 'back');
    cluster.until('it is acknowledged', isAcknowledged(cluster, 'back'), 1000);

    expect(cluster.status('1')).toMatchObject({ applied: cluster.status('2').applied, coordinator: '3' });
    expect(cluster.conflicts()).toEqual([]);
  });

  it('leaves the cluster through it', () => {
    const cluster = cutOff();

    void cluster.peer('1').leave();
    cluster.until('1 has stopped', () => cluster.status('1').role === 'stopped', 3000);

    expect(cluster.status('3').view.members.map(({ id }) => id)).not.toContain('1');
  });

  // Found by real processes: answers to its question came too late, and from then on it learnt nothing more.
  it('goes on when it hears for a moment of nobody who hears the coordinator', () => {
    const cluster = new Cluster({ peers: three });
    let isDenied = false;
    const denying = (channel: Channel): Channel => ({
      remoteAddress: channel.remoteAddress,
      close: () => channel.close(),
      send: (frame) => channel.send(isDenied ? frame.replaceAll('"alive":true', '"alive":false') : frame),
    });
    cluster.start('1');
    cluster.start('2', {}, { behind: (transport) => withChannels(transport, denying) });
    cluster.start('3');
    cluster.until('3 leads', () => cluster.coordinator() === '3' && cluster.isAtRest(), 15_000);
    cluster.network.cut('1', '3');
    cluster.until('1 works through 2', worksThrough(cluster, '1'), 10 * SUSPECT_MS);

    isDenied = true;
    cluster.until('1 takes 3 for dead', () => believes(cluster, '1', '3') === 'suspected', 2000);
    isDenied = false;
    cluster.say('1', 'still here');
    cluster.until('it is acknowledged', isAcknowledged(cluster, 'still here'), 1000);

    expect(cluster.status('3').role).toBe('coordinator');
  });

  it('goes over to the next one when the first does not hear the coordinator any more either', () => {
    const cluster = startCluster(['1', '2', '3', '4', '5']);
    cluster.network.cut('1', '5');
    cluster.until('1 works through another', worksThrough(cluster, '1'), 10 * SUSPECT_MS);

    cluster.network.cut('2', '5');
    for (const id of ['1', '2']) cluster.say(id, `of ${id}`);
    cluster.until('both are acknowledged', () => cluster.acknowledged.length === 2, 3000);
    cluster.until('2 works through another', worksThrough(cluster, '2'), 10 * SUSPECT_MS);

    expect(cluster.status('5').role).toBe('coordinator');
    cluster.network.heal();
    cluster.until('all hear 5', () => ['1', '2'].every((id) => isDirect(cluster, id)), 5000);
    expectNothingLost(cluster);
  });
});

const believes = (cluster: Cluster, id: string, of: string) =>
  cluster
    .peer(id)
    .beliefs()
    .find((belief) => belief.id === of)?.state;
const isDirect = (cluster: Cluster, id: string): boolean =>
  cluster.status(id).machines.election === 'following.direct';
