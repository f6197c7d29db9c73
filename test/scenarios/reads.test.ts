import type { Cluster } from '../support/cluster.js';
import { startCluster } from '../support/cluster.js';

/** Reads at a peer, and notes what it shows once it may. */
function read(cluster: Cluster, id: string, timeoutMs?: number) {
  const reading: { shows: number | null; code: string | null } = { shows: null, code: null };
  const options = timeoutMs === undefined ? {} : { timeoutMs };
  cluster.peer(id).readings.ask(options, (problem) => {
    if (problem === null) reading.shows = cluster.status(id).sequence;
    else reading.code = problem.code;
  });
  return reading;
}

describe('a linearizable reading', () => {
  it.each(['1', '2', '3'])('at peer %s shows what was acknowledged anywhere before it began', (id) => {
    const cluster = startCluster(['1', '2', '3']);
    for (let line = 1; line <= 20; line++) {
      cluster.say('2', `line ${line}`);
      cluster.until('it is acknowledged', () => cluster.acknowledged.length === line);
      const reading = read(cluster, id);
      cluster.until('it is read', () => reading.shows !== null);
      expect(reading.shows).toBeGreaterThanOrEqual(line);
    }
  });

  it('at a coordinator that was deposed without knowing waits until it knows better', () => {
    const cluster = startCluster(['1', '2', '3']);
    cluster.say('3', 'before');
    cluster.until('it is acknowledged', () => cluster.acknowledged.length === 1);

    for (const other of ['1', '2']) cluster.network.cut('3', other);
    const cutOff = read(cluster, '3');
    cluster.pause('3');
    cluster.until('another leads', () => cluster.status('2').role === 'coordinator');
    cluster.say('2', 'after');
    cluster.until('it is acknowledged', () => cluster.acknowledged.length === 2);
    cluster.resume('3');
    const awoken = read(cluster, '3');
    cluster.advance(200);
    expect([cutOff.shows, awoken.shows]).toEqual([null, null]);
    cluster.network.heal();
    cluster.until('both are read', () => cutOff.shows !== null && awoken.shows !== null);

    expect(awoken.shows).toBe(2);
  });

  it('ends with no-coordinator where there is none, and a local one does not ask', () => {
    const cluster = startCluster(['1', '2', '3']);
    cluster.crash('2');
    cluster.crash('3');
    cluster.advance(3000);

    const reading = read(cluster, '1', 1000);
    cluster.advance(1100);
    const outcomes: (string | null)[] = [];
    cluster.peer('1').readings.ask({ level: 'local' }, (problem) => outcomes.push(problem?.code ?? null));

    expect(reading).toEqual({ shows: null, code: 'no-coordinator' });
    expect(outcomes).toEqual([null]);
  });

  it('of a session shows what its receipt has named, at any peer', () => {
    const cluster = startCluster(['1', '2', '3']);
    const shows: number[] = [];
    cluster.network.cut('1', '3');
    cluster.say('2', 'hello');
    cluster.until('it is acknowledged', () => cluster.acknowledged.length === 1);
    const atLeast = cluster.acknowledged[0]?.sequence ?? 0;

    cluster.peer('1').readings.ask({ level: 'session', atLeast }, () => {
      shows.push(cluster.status('1').sequence);
    });
    cluster.peer('1').readings.ask({ level: 'session', atLeast: 99, timeoutMs: 100 }, (problem) => {
      expect(problem?.code).toBe('no-coordinator');
    });
    cluster.advance(150);
    cluster.network.heal();
    cluster.until('it is read', () => shows.length === 1);

    expect(shows[0]).toBeGreaterThanOrEqual(atLeast);
    expect.assertions(2);
  });

  it('goes on over a change of coordinator', () => {
    const cluster = startCluster(['1', '2', '3']);
    cluster.crash('3');
    const reading = read(cluster, '1');

    cluster.until('it is read', () => reading.shows !== null);

    expect(cluster.coordinator()).toBe('2');
  });
});
