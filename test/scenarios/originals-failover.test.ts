/**
 * Stories of a coordinator that dies, which ended badly in the systems this project comes from.
 *
 * Which row of which table each one answers: originals.md.
 */
import { type Cluster, startCluster } from '../support/cluster.js';
import { expectNothingLost, runs, seeds, stepUntil } from '../support/stories.js';

const three = ['1', '2', '3'];
const five = ['1', '2', '3', '4', '5'];

/** From a crash to the next coordinator that serves, with the timings of preset `fast`. */
const FAILOVER_MS = 1000;

const electionOf = (cluster: Cluster, id: string) => cluster.status(id).machines.election;
const lead = (cluster: Cluster, id: string) => () => cluster.coordinator() === id;

/** Whose reigns there were since `before`. */
const reignsSince = (cluster: Cluster, before: ReadonlySet<string>) =>
  [...cluster.reigns.keys()].filter((term) => !before.has(term)).map((term) => term.split('/')[1]);

describe('a coordinator that is killed', () => {
  it.each(seeds(2))(
    'is replaced by the next in rank, when it is the highest id that dies (run %i)',
    (seed) => {
      const cluster = startCluster(five, { seed });

      cluster.crash('5');
      const tookMs = cluster.until('4 leads', lead(cluster, '4'));

      expect(tookMs).toBeLessThanOrEqual(FAILOVER_MS);
    },
  );

  it.each(seeds(2))(
    'costs none of the twenty lines a second that a follower types meanwhile (run %i)',
    (seed) => {
      const cluster = startCluster(three, { seed, options: { preset: 'lan' } });

      for (const line of runs(100)) {
        cluster.say('1', `line ${line}`);
        cluster.advance(50);
        if (line === 20) cluster.crash('3');
      }
      cluster.advance(1000);

      expect(expectNothingLost(cluster)).toEqual(runs(100).map((n) => `${n} 1: line ${n}`));
      expect(cluster.acknowledged).toHaveLength(100);
    },
  );

  it.each(seeds(2))(
    'costs nothing under 4,000 messages a second, and leaves nobody deaf (run %i)',
    (seed) => {
      const cluster = startCluster(three, { seed });

      for (let ms = 0; ms < 600; ms += 2) {
        for (const n of runs(8)) {
          const id = three[n % three.length] ?? '';
          if (cluster.peers.has(id)) cluster.say(id, `message ${n} of ${ms} ms`);
        }
        cluster.advance(2);
        if (ms === 100 + 10 * seed) cluster.crash('3');
      }
      cluster.until('2 leads', lead(cluster, '2'));
      for (const id of ['1', '2']) cluster.say(id, `${id} still hears`);
      cluster.advance(500);

      const log = expectNothingLost(cluster);
      expect(
        log
          .slice(-2)
          .map((line) => line.replace(/^\d+ /, ''))
          .sort(),
      ).toEqual(['1: 1 still hears', '2: 2 still hears']);
      expect(cluster.failed).toEqual([]);
    },
  );

  it.each(seeds(4))(
    'keeps what was acknowledged, though its power fails with the acknowledgement (run %i)',
    (seed) => {
      const cluster = startCluster(three, { seed });
      const bidder = seed % 2 === 0 ? '3' : '1';

      cluster.say(bidder, 'my bid is 60');
      stepUntil(cluster, 'the bid is acknowledged', () => cluster.acknowledged.length > 0);
      cluster.crash('3', { isPowerLost: true });
      cluster.until('2 leads', lead(cluster, '2'));
      cluster.advance(200);

      expect(expectNothingLost(cluster)).toEqual([`1 ${bidder}: my bid is 60`]);
    },
  );

  it.each(seeds(2))(
    'keeps what was acknowledged, though the power of all fails with the acknowledgement (run %i)',
    (seed) => {
      const cluster = startCluster(three, { seed, diskMs: 20 });

      cluster.say(seed % 2 === 0 ? '3' : '1', 'my bid is 60');
      stepUntil(cluster, 'the bid is acknowledged', () => cluster.acknowledged.length > 0);
      for (const id of three) cluster.crash(id, { isPowerLost: true });
      for (const id of three) cluster.start(id);
      cluster.until('3 leads again', lead(cluster, '3'));
      cluster.advance(200);

      expect(expectNothingLost(cluster)).toHaveLength(1);
    },
  );

  it.each(seeds(2))('lets the highest survivor win, though all survivors run at once (run %i)', (seed) => {
    const cluster = startCluster(five, { seed });
    const before = new Set(cluster.reigns.keys());

    cluster.crash('5');
    cluster.until('4 leads', lead(cluster, '4'));
    cluster.advance(1000);

    expect(new Set(reignsSince(cluster, before))).toEqual(new Set(['4']));
    expect(cluster.coordinator()).toBe('4');
  });

  it.each(seeds(2))(
    'is not waited for by those whom a higher one, now dead too, has told OK (run %i)',
    (seed) => {
      const cluster = startCluster(five, { seed });

      cluster.crash('5');
      stepUntil(cluster, 'an OK of 4', () =>
        ['1', '2', '3'].some((id) => electionOf(cluster, id) === 'awaitingCoordinator'),
      );
      cluster.crash('4');
      const tookMs = cluster.until('3 leads', lead(cluster, '3'));

      expect(tookMs).toBeLessThanOrEqual(2 * FAILOVER_MS);
    },
  );

  it.each(seeds(2))(
    'is replaced though the top one is out of reach and nobody suspects it yet (run %i)',
    (seed) => {
      const cluster = startCluster(five, { seed, options: { takeover: 'never' } });
      const suspected: string[] = [];
      cluster.peer('4').on('suspected', ({ member }) => suspected.push(member));

      cluster.crash('1');
      stepUntil(cluster, '4 asks 5', () => electionOf(cluster, '4') === 'challenging');
      for (const other of ['2', '3', '4']) cluster.network.cut('5', other);
      stepUntil(cluster, '4 has waited for an OK', () => electionOf(cluster, '4') !== 'challenging');

      expect([electionOf(cluster, '4'), suspected]).toEqual(['winning', ['1']]);
      const followed = () => ['2', '3', '4'].map((id) => cluster.status(id).coordinator);
      cluster.until('4 leads whom it reaches', () => followed().join('') === '444', FAILOVER_MS);
    },
  );
});
