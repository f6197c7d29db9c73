/** Stories of offices handed over: on request, on the way down, and not at all. Nothing is lost, nobody waits for long. */
import type { Fence } from '../../actors/index.js';
import { type Cluster, startCluster } from '../support/cluster.js';
import { expectNothingLost } from '../support/stories.js';

const three = ['1', '2', '3'];
const lan = { preset: 'lan', takeover: 'never' } as const;

/** What becomes of a promise, once the story has gone on. */
function fateOf(promise: Promise<unknown>): { outcome: unknown } {
  const fate: { outcome: unknown } = { outcome: 'pending' };
  promise.then(
    (value) => Object.assign(fate, { outcome: value ?? 'done' }),
    (problem: { code: string }) => Object.assign(fate, { outcome: problem.code }),
  );
  return fate;
}

/** Promises that have been kept are heard of. */
const told = () => new Promise((resolve) => setImmediate(resolve));

const settled = async (cluster: Cluster, fate: { outcome: unknown }, limitMs = 5000) => {
  for (let waited = 0; fate.outcome === 'pending' && waited < limitMs; waited += 5) {
    cluster.advance(5);
    await told();
  }
  return fate.outcome;
};

/** Somebody submits all the time; answers the longest time without an answer, ms, and how many there were. */
function listen(cluster: Cluster) {
  let said = 0;
  let last = cluster.clock.now();
  let longest = 0;
  let answered = cluster.acknowledged.length;
  const tick = () => {
    cluster.say(
      String((said % 3) + 1) in Object.fromEntries(cluster.peers) ? String((said % 3) + 1) : '1',
      `n ${said++}`,
    );
  };
  return {
    run: (ms: number) => {
      for (let i = 0; i < ms; i++) {
        tick();
        cluster.advance(1);
        if (cluster.acknowledged.length > answered) {
          longest = Math.max(longest, cluster.clock.now() - last);
          last = cluster.clock.now();
          answered = cluster.acknowledged.length;
        }
      }
    },
    get said() {
      return said;
    },
    get longestMs() {
      return longest;
    },
  };
}

describe('a transfer', () => {
  it('gives the office to whom it is asked for, from whichever member it is asked', async () => {
    for (const asked of three) {
      const cluster = startCluster(three, { options: lan });
      const from = cluster.coordinator();

      const outcome = await settled(cluster, fateOf(cluster.peer(asked).transfer('2')));

      expect(outcome).toMatchObject({ coordinator: '2' });
      cluster.until('all follow 2', () => cluster.coordinator() === '2', 500);
      expect(from).toBe('1');
      expectNothingLost(cluster);
    }
  });

  it('loses nothing under load, and nobody waits long', async () => {
    const cluster = startCluster(three, { options: lan, diskMs: 3 });
    const load = listen(cluster);
    load.run(200);

    for (const to of ['2', '3', '1']) {
      const fate = fateOf(cluster.peer('1').transfer(to));
      load.run(300);
      await told();
      expect(fate.outcome).toMatchObject({ coordinator: to });
    }
    cluster.advance(200);

    expect(cluster.failed).toEqual([]);
    expect(cluster.acknowledged).toHaveLength(load.said);
    expect(load.longestMs).toBeLessThanOrEqual(50);
    expectNothingLost(cluster);
  });

  it('is refused in one clear word', async () => {
    const cluster = startCluster(three, { options: lan });
    const asking = (id: string, to: string) => settled(cluster, fateOf(cluster.peer(id).transfer(to)));

    expect(await asking('2', '9')).toBe('unknown-member');
    expect(await asking('2', '1')).toMatchObject({ coordinator: '1' });
    cluster.network.cut('1', '3');
    cluster.until(
      '1 misses 3',
      () =>
        cluster
          .peer('1')
          .beliefs()
          .find(({ id }) => id === '3')?.state !== 'trusted',
    );
    expect(await asking('2', '3')).toBe('handover-refused');
    expect(cluster.status('1').role).toBe('coordinator');
  });

  it('is given up when the successor does not take over, and the coordinator goes on', async () => {
    const cluster = startCluster(three, { options: lan });

    const fate = fateOf(cluster.peer('1').transfer('3'));
    cluster.network.cut('1', '3');
    cluster.say('2', 'meanwhile');
    const outcome = await settled(cluster, fate);
    cluster.until('it is answered', () => cluster.acknowledged.length === 1, 2000);

    expect(outcome).toBe('handover-failed');
    expect(cluster.status('1').role).toBe('coordinator');
    cluster.network.heal();
    cluster.until('3 is level', () => cluster.log('3').length === 1, 2000);
    expectNothingLost(cluster);
  });

  it('to a lower member lasts for the hold-down: then the highest takes over as ever', async () => {
    const cluster = startCluster(three);
    await settled(cluster, fateOf(cluster.peer('3').transfer('1')));

    cluster.advance(1500);
    expect(cluster.coordinator()).toBe('1');
    cluster.until('3 is back', () => cluster.coordinator() === '3', 3000);
  });
});

describe('a peer that is told to end', () => {
  it('hands over first: nobody notices but by the name of the coordinator', async () => {
    const cluster = startCluster(three, { options: { preset: 'lan' }, diskMs: 3 });
    const load = listen(cluster);
    load.run(100);

    const leaving = cluster.peer('3');
    const fate = fateOf(leaving.drain());
    cluster.peers.delete('3');
    load.run(300);
    await told();

    expect(await settled(cluster, fate, 200)).toBe('done');
    cluster.advance(100);
    expect(cluster.coordinator()).toBe('2');
    expect(cluster.failed).toEqual([]);
    expect(cluster.acknowledged).toHaveLength(load.said);
    expect(load.longestMs).toBeLessThanOrEqual(60);
  });

  it('stops at once when it leads nobody, and after a while when nobody can take over', async () => {
    const cluster = startCluster(three, { options: lan });
    expect(await settled(cluster, fateOf(cluster.peer('3').drain()), 100)).toBe('done');
    cluster.peers.delete('3');
    cluster.crash('2');

    const drained = fateOf(cluster.peer('1').drain());

    expect(await settled(cluster, drained, 10_000)).toBe('done');
  });

  it('tries the next one when the first does not take over', async () => {
    const cluster = startCluster(three, { options: { preset: 'lan' } });

    const fate = fateOf(cluster.peer('3').drain());
    cluster.network.cut('3', '2');
    await settled(cluster, fate, 10_000);
    cluster.peers.delete('3');
    cluster.until('somebody leads', () => cluster.coordinator() !== null);

    expect(fate.outcome).toBe('done');
    expectNothingLost(cluster);
  });

  it('is not taken out of the configuration while those left could not go on', () => {
    const cluster = startCluster(three);
    cluster.crash('1');
    cluster.advance(500);

    void cluster.peer('2').leave();
    cluster.advance(3000);
    expect(cluster.status('3').view.members.map(({ id }) => id)).toEqual(three);

    cluster.start('1');
    cluster.until('2 has left', () => cluster.status('3').view.members.length === 2, 10_000);
  });
});

describe('what only the coordinator does', () => {
  it('begins with its reign, ends with it, and carries a fence that grows with every reign', async () => {
    const cluster = startCluster(three, { options: lan });
    const fences: Fence[] = [];
    const events: string[] = [];
    for (const [id, peer] of cluster.peers)
      peer.onCoordination(({ signal, fence }) => {
        fences.push(fence);
        events.push(`${id} begins`);
        signal.addEventListener('abort', () => events.push(`${id} ends`));
      });

    await settled(cluster, fateOf(cluster.peer('1').transfer('3')));
    cluster.advance(100);
    cluster.crash('3');
    cluster.until('2 leads', () => cluster.coordinator() === '2');

    expect(events).toEqual(['1 begins', '1 ends', '3 begins', '2 begins']);
    const sorted = [...fences].sort((a, b) => a.term - b.term || a.sequence - b.sequence);
    expect(fences).toEqual(sorted);
    expect(new Set(fences.map(({ term, sequence }) => `${term}/${sequence}`)).size).toBe(3);
  });

  it('is warned of when it throws, and runs again with the next reign; once ended, never', async () => {
    const cluster = startCluster(three, { options: lan });
    let runs = 0;
    const end = cluster.peer('1').onCoordination(() => {
      runs += 1;
      throw new Error('no disk');
    });
    expect(cluster.warnings.at(-1)).toBe('1: coordination-task-failed: no disk');

    await settled(cluster, fateOf(cluster.peer('1').transfer('2')));
    await settled(cluster, fateOf(cluster.peer('1').transfer('1')));
    cluster.until('1 serves', () => runs === 2, 1000);
    end();
    await settled(cluster, fateOf(cluster.peer('1').transfer('2')));
    await settled(cluster, fateOf(cluster.peer('1').transfer('1')));
    cluster.advance(500);

    expect(runs).toBe(2);
  });
});
