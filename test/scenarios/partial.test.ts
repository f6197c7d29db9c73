/**
 * Stories of partial partitions (Omni-Paxos, Ng, Haridi & Carbone 2023, §2): a coordinator within four suspect time-outs, and
 * it stays. And of coordinators that cannot speak, or cannot hear.
 */
import { type Cluster, startCluster } from '../support/cluster.js';
import { expectNothingLost } from '../support/stories.js';

const five = ['1', '2', '3', '4', '5'];
const SUSPECT_MS = 250;
const SOON_MS = 4 * SUSPECT_MS;

/** Only these pairs reach each other. */
function leaveOnly(cluster: Cluster, pairs: readonly (readonly [string, string])[]): void {
  for (const [place, a] of five.entries())
    for (const b of five.slice(place + 1))
      if (!pairs.some((pair) => pair.includes(a) && pair.includes(b))) cluster.network.cut(a, b);
}

/** Who serves: it coordinates and commits what it is given. */
function servingFor(cluster: Cluster, id: string, text: string): () => boolean {
  cluster.say(id, text);
  return () => cluster.acknowledged.some((line) => line.text === text);
}

const reignsIn = (cluster: Cluster) => cluster.reigns.size;

function expectStable(cluster: Cluster): void {
  const reigns = reignsIn(cluster);
  cluster.advance(20 * SUSPECT_MS);
  expect(reignsIn(cluster)).toBe(reigns);
}

describe('a partial partition', () => {
  it('that costs the coordinator its quorum is answered by the one peer that reaches one', () => {
    const cluster = startCluster(five);
    // Everybody reaches 2, and nobody else: also not the coordinator, 5.
    leaveOnly(cluster, [
      ['1', '2'],
      ['2', '3'],
      ['2', '4'],
      ['2', '5'],
    ]);

    const took = cluster.until('2 leads', () => cluster.status('2').role === 'coordinator', SOON_MS);
    cluster.until('it serves', servingFor(cluster, '2', 'here'), 500);

    expect(took).toBeLessThanOrEqual(SOON_MS);
    expectStable(cluster);
    cluster.network.heal();
    cluster.until('5 leads again', () => cluster.coordinator() === '5', 8000);
    expectNothingLost(cluster);
  });

  it('that leaves the only peer with a quorum without the coordinator is survived by it', () => {
    const cluster = startCluster(five);
    // 1 reaches 2, 3 and 4; those three do not reach each other; 5, the coordinator, reaches nobody.
    leaveOnly(cluster, [
      ['1', '2'],
      ['1', '3'],
      ['1', '4'],
    ]);

    cluster.until('1 leads', () => cluster.status('1').role === 'coordinator', SOON_MS);
    cluster.until('it serves', servingFor(cluster, '4', 'here'), 1000);

    expectStable(cluster);
    expect(cluster.status('5').role).not.toBe('coordinator');
    cluster.network.heal();
    cluster.until('5 leads again', () => cluster.coordinator() === '5', 8000);
    expectNothingLost(cluster);
  });

  it('in the shape of a chain is no reason for a change: the coordinator keeps its quorum', () => {
    const cluster = startCluster(five);
    const { n } = cluster.status('1').term;
    cluster.network.cut('1', '5');
    cluster.network.cut('2', '5');
    cluster.advance(SOON_MS);

    expectStable(cluster);
    expect(cluster.status('5').role).toBe('coordinator');
    expect(cluster.status('5').term.n).toBe(n);
    for (const id of ['3', '4']) cluster.until('it serves', servingFor(cluster, id, `at ${id}`), 500);
  });

  it('in the shape of a chain of five ends with a coordinator in its middle, and it stays', () => {
    const cluster = startCluster(five);
    leaveOnly(cluster, [
      ['1', '2'],
      ['2', '3'],
      ['3', '4'],
      ['4', '5'],
    ]);

    const leads = () =>
      five.filter((id) => cluster.status(id).role === 'coordinator' && cluster.status(id).ready);
    // Nobody waits for 5, which still hears the others for a moment when it has already lost its office.
    const took = cluster.until('4 leads', () => leads().includes('4'), SOON_MS);
    expect(took).toBeLessThanOrEqual(2 * SUSPECT_MS);

    cluster.advance(SOON_MS);
    expectStable(cluster);
    expect(leads()).toHaveLength(1);
    cluster.network.heal();
    cluster.until('5 leads again', () => cluster.coordinator() === '5', 8000);
    expectNothingLost(cluster);
  });
});

describe('a coordinator that has lost one direction', () => {
  const three = ['1', '2', '3'];

  it('and is mute is replaced', () => {
    const cluster = startCluster(three);
    for (const id of ['1', '2']) cluster.network.cutOneWay('3', id);

    const took = cluster.until('2 leads', () => cluster.status('2').role === 'coordinator', SOON_MS);
    cluster.until('it serves', servingFor(cluster, '1', 'here'), 1000);
    cluster.until('3 has stepped down', () => cluster.status('3').role !== 'coordinator', SOON_MS);

    expect(took).toBeLessThanOrEqual(SOON_MS);
  });

  it('and is deaf steps down by itself within one and a half suspect time-outs, and is replaced', () => {
    const cluster = startCluster(three);
    for (const id of ['1', '2']) cluster.network.cutOneWay(id, '3');

    const took = cluster.until(
      '3 has stepped down',
      () => cluster.status('3').role !== 'coordinator',
      SOON_MS,
    );
    cluster.until('2 leads', () => cluster.status('2').role === 'coordinator', SOON_MS);
    cluster.until('it serves', servingFor(cluster, '1', 'here'), 1000);

    expect(took).toBeLessThanOrEqual(1.5 * SUSPECT_MS + 10);
  });
});
