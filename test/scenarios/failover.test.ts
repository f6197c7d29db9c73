/** Stories of coordinators that die, come back, or are cut off. */
import { startCluster } from '../support/cluster.js';
import { expectNothingLost } from '../support/stories.js';

/** The `fast` preset's bound: suspect, challenge, collect, and some heartbeats. */
const FAILOVER_MS = 1000;

describe('failover', () => {
  it('elects the highest survivor when the coordinator crashes, and the numbers go on', () => {
    const cluster = startCluster(['1', '2', '3']);
    cluster.say('1', 'before');
    cluster.advance(100);

    cluster.crash('3');
    cluster.say('1', 'meanwhile');
    const took = cluster.until('2 leads', () => cluster.coordinator() === '2', FAILOVER_MS);
    cluster.say('1', 'after');
    cluster.advance(200);

    expect(took).toBeLessThanOrEqual(FAILOVER_MS);
    expect(cluster.log('2')).toEqual(['1 1: before', '2 1: meanwhile', '3 1: after']);
    expectNothingLost(cluster);
    expect(cluster.acknowledged).toHaveLength(3);
  });

  it('gives the killed coordinator its history back, and the office once it has caught up', () => {
    const cluster = startCluster(['1', '2', '3']);
    cluster.say('2', 'one');
    cluster.advance(100);
    cluster.crash('3');
    cluster.until('2 leads', () => cluster.coordinator() === '2');
    for (let i = 0; i < 300; i++) cluster.say('1', `missed ${i}`);
    cluster.advance(500);

    cluster.start('3');
    cluster.until('3 leads again', () => cluster.coordinator() === '3', 5000);

    expect(cluster.log('3')).toHaveLength(301);
    expectNothingLost(cluster);
  });

  it('keeps every acknowledged message when all peers are killed at once and restarted', () => {
    const cluster = startCluster(['1', '2', '3']);
    for (let i = 0; i < 50; i++) {
      cluster.say(String((i % 3) + 1), `line ${i}`);
      cluster.advance(7);
    }
    const acknowledged = cluster.acknowledged.length;

    for (const id of ['1', '2', '3']) cluster.crash(id);
    cluster.advance(1000);
    for (const id of ['1', '2', '3']) cluster.start(id);
    cluster.until('3 leads', () => cluster.coordinator() === '3');

    expect(acknowledged).toBeGreaterThan(40);
    expectNothingLost(cluster);
  });

  it('loses and doubles nothing while coordinators are killed in turn under load', () => {
    const cluster = startCluster(['1', '2', '3'], { seed: 7 });
    let said = 0;
    for (let round = 0; round < 6; round++) {
      const victim = cluster.coordinator() ?? '3';
      for (let i = 0; i < 20; i++) {
        for (const id of cluster.peers.keys()) cluster.say(id, `${id} says ${++said}`);
        cluster.advance(10);
        if (i === 10) cluster.crash(victim);
      }
      cluster.start(victim);
      cluster.until('a coordinator is back', () => cluster.coordinator() !== null);
    }
    cluster.advance(3000);

    expect(cluster.coordinator()).toBe('3');
    expectNothingLost(cluster);
  });

  it('lets a minority neither elect nor acknowledge, and says why', () => {
    const cluster = startCluster(['1', '2', '3', '4', '5']);

    cluster.crash('5');
    cluster.until('4 leads', () => cluster.coordinator() === '4', FAILOVER_MS);
    cluster.crash('4');
    cluster.until('3 leads', () => cluster.coordinator() === '3', FAILOVER_MS);
    cluster.crash('3');
    cluster.until('nobody leads', () => cluster.status('1').coordinator === null, 2000);
    cluster.say('1', 'stranded');
    cluster.advance(5000);

    expect(cluster.status('1').notReady).toBe(
      'no coordinator: 2 of 5 voters (1, 2) reach each other, 3 are needed',
    );
    expect(cluster.acknowledged).toEqual([]);

    cluster.start('4');
    cluster.until('4 leads', () => cluster.coordinator() === '4', 5000);
    cluster.advance(500);
    expect(cluster.log('1')).toEqual(['1 1: stranded']);
    expectNothingLost(cluster);
  });

  it('leaves a coordinator that is cut off without office, and heals without losing a word', () => {
    const cluster = startCluster(['1', '2', '3']);
    cluster.say('1', 'before');
    cluster.advance(100);

    for (const other of ['1', '2']) cluster.network.cut('3', other);
    cluster.say('3', 'said in the minority');
    cluster.until(
      '2 leads the majority',
      () => cluster.status('1').coordinator === '2' && cluster.status('1').ready,
      2000,
    );
    cluster.until('3 has stepped down', () => cluster.status('3').role !== 'coordinator', 2000);
    cluster.say('1', 'said in the majority');
    cluster.advance(500);
    expect(cluster.log('1')).toEqual(['1 1: before', '2 1: said in the majority']);

    cluster.network.heal();
    cluster.until('3 leads again', () => cluster.coordinator() === '3', 10_000);
    cluster.advance(1000);

    expect(cluster.log('3')).toContain('3 3: said in the minority');
    expectNothingLost(cluster);
  });

  it('does not disturb a coordinator that one peer alone cannot hear', () => {
    const cluster = startCluster(['1', '2', '3']);
    const { term } = cluster.status('2');

    cluster.network.cut('1', '3');
    cluster.advance(5000);

    expect(cluster.status('2').term).toEqual(term);
    expect(cluster.status('1').machines.election).toBe('following.relayed');
    expect(cluster.status('3').role).toBe('coordinator');
  });

  it('replaces a coordinator that speaks and does not hear', () => {
    const cluster = startCluster(['1', '2', '3']);

    for (const other of ['1', '2']) cluster.network.cutOneWay(other, '3');
    cluster.until(
      '2 leads',
      () => cluster.status('1').coordinator === '2' && cluster.status('1').ready,
      3000,
    );

    cluster.network.heal();
    cluster.until('3 leads again', () => cluster.coordinator() === '3', 10_000);
    expectNothingLost(cluster);
  });
});
