/**
 * Stories of peers that come, wake up, or come back, which ended badly in the systems this project comes from.
 *
 * Which row of which table each one answers: originals.md.
 */
import { PRESETS } from '../../actors/index.js';
import { Cluster, startCluster } from '../support/cluster.js';
import { expectNothingLost, runs, seeds, stepUntil } from '../support/stories.js';

const three = ['1', '2', '3'];
const five = ['1', '2', '3', '4', '5'];

const lead = (cluster: Cluster, id: string) => () => cluster.coordinator() === id;
const areFollowing = (cluster: Cluster, ids: readonly string[], coordinator: string) => () =>
  ids.every((id) => cluster.status(id).ready && cluster.status(id).coordinator === coordinator);

describe('a coordinator that was stopped for ten seconds', () => {
  it.each(seeds(2))('wakes without office, and what it had taken in has one place (run %i)', (seed) => {
    const cluster = startCluster(three, { seed, options: { preset: 'lan' } });

    for (const n of runs(20)) cluster.say('3', `queued ${n}`);
    cluster.advance(seed);
    cluster.pause('3');
    cluster.until('2 leads', areFollowing(cluster, ['1', '2'], '2'));
    for (const n of runs(20)) {
      cluster.say('1', `meanwhile ${n}`);
      cluster.advance(450);
    }
    cluster.resume('3');
    cluster.advance(10);
    const roleAwake = cluster.status('3').role;
    cluster.until('3 leads again', lead(cluster, '3'));
    cluster.advance(1000);

    expect(roleAwake).toBe('follower');
    expect(expectNothingLost(cluster)).toHaveLength(40);
    expect(cluster.acknowledged).toHaveLength(40);
  });
});

describe('two sides that cannot hear each other for fifteen seconds', () => {
  it.each(seeds(2))('never both go on, and have one log when they meet again (run %i)', (seed) => {
    const cluster = startCluster(five, { seed, options: { preset: 'lan' } });
    const few = seed % 2 === 0 ? ['4', '5'] : ['1', '5'];
    const many = five.filter((id) => !few.includes(id));

    for (const one of few) for (const other of many) cluster.network.cut(one, other);
    for (const n of runs(30)) {
      for (const id of five) cluster.say(id, `${id} says ${n}`);
      cluster.advance(500);
    }
    const lonely = few.map((id) => [cluster.status(id).coordinator, cluster.log(id).length]);
    cluster.network.heal();
    cluster.until('5 leads again', lead(cluster, '5'));
    cluster.advance(1000);

    expect(lonely).toEqual([
      [null, 0],
      [null, 0],
    ]);
    expect(expectNothingLost(cluster)).toHaveLength(150);
    expect(cluster.acknowledged).toHaveLength(150);
  });
});

describe('a peer that comes back', () => {
  it.each([260, 1200])('catches up on %i messages it has missed, and hears what follows', (missed) => {
    const cluster = startCluster(three);
    cluster.crash('1');
    for (const n of runs(missed)) cluster.say('3', `missed ${n}`);
    cluster.until('all are ordered', () => cluster.log('2').length === missed);

    cluster.start('1');
    cluster.until('1 is ready', () => cluster.status('1').ready && cluster.log('1').length === missed);
    cluster.say('2', 'and on');
    cluster.advance(200);

    expect(expectNothingLost(cluster).at(-1)).toBe(`${missed + 1} 2: and on`);
  });

  it('may win though it has missed much, for it adopts the best log before it leads', () => {
    const cluster = startCluster(three);
    cluster.crash('3');
    cluster.until('2 leads', lead(cluster, '2'));
    for (const n of runs(100)) cluster.say('1', `missed ${n}`);
    cluster.until('all are ordered', () => cluster.log('1').length === 100);

    cluster.crash('2');
    cluster.start('3');
    cluster.until('3 leads', lead(cluster, '3'));
    for (const n of runs(50)) cluster.say('3', `later ${n}`);
    cluster.advance(500);

    expect(expectNothingLost(cluster)).toHaveLength(150);
    expect(cluster.log('1').at(-1)).toBe('150 3: later 50');
  });
});

describe('a coordinator', () => {
  it.each(seeds(2))(
    'is killed twice in the middle of writing, and has lost and doubled nothing (run %i)',
    (seed) => {
      const cluster = startCluster(three, { seed });

      for (const life of runs(2)) {
        for (const n of runs(30)) cluster.say('3', `line ${n} of life ${life}`);
        const { last } = cluster.status('3');
        stepUntil(cluster, 'a write is under way', () => cluster.status('3').last > last);
        cluster.advance((seed - 1) / 2);
        cluster.crash('3');
        cluster.start('3');
        cluster.until('3 leads again', lead(cluster, '3'));
      }
      cluster.advance(500);

      expect(expectNothingLost(cluster).length).toBeLessThanOrEqual(60);
    },
  );
});

describe('a peer that joins', () => {
  it.each(seeds(2))('0.3 s after the coordinator died, agrees with all others who leads (run %i)', (seed) => {
    const cluster = startCluster(three, { seed, options: { preset: 'lan' } });

    cluster.crash('3');
    cluster.advance(300);
    cluster.start('4');
    cluster.until('all agree', () => cluster.coordinator() !== null);
    cluster.until('the newcomer leads', lead(cluster, '4'));
    for (const id of ['1', '2', '4']) cluster.say(id, `hello from ${id}`);
    cluster.advance(1000);

    expect(expectNothingLost(cluster)).toHaveLength(3);
  });

  it('finds nobody, founds nothing, and is one of the cluster as soon as there is one', () => {
    const cluster = new Cluster({ peers: three, options: { preset: 'lan' } });

    cluster.start('2');
    cluster.start('3');
    cluster.advance(20_000);
    const alone = ['2', '3'].map((id) => cluster.status(id).coordinator);
    cluster.start('1');
    cluster.until('3 leads all', lead(cluster, '3'), 20_000);

    expect(alone).toEqual([null, null]);
    expect(
      cluster
        .status('1')
        .view.members.map(({ id }) => id)
        .sort(),
    ).toEqual(three);
  });

  it('is told, when it has founded a cluster of its own, that the other one is another, and the two never mix', () => {
    const cluster = new Cluster({ peers: three, options: { preset: 'lan' } });

    cluster.start('1');
    cluster.start('2', { bootstrap: true });
    const lead = () => ['1', '2'].every((id) => cluster.status(id).coordinator === id);
    cluster.until('each leads a cluster of one', lead);
    for (const id of ['1', '2']) cluster.say(id, `said at ${id}`);
    cluster.advance(5000);

    expect(cluster.log('1')).toEqual(['1 1: said at 1']);
    expect(cluster.log('2')).toEqual(['1 2: said at 2']);
    expect(cluster.warnings.join()).toContain(
      '2: cluster-mismatch: 1:7000 belongs to another cluster named "bullpen" than the data of peer 2',
    );
  });
});

describe('an election that is cancelled', () => {
  it.each(seeds(2))(
    'by an OK or a promise, leaves no timer behind that decides it after all (run %i)',
    (seed) => {
      const cluster = startCluster(five, { seed });
      const ends: { readonly of: string; readonly by: string; readonly afterMs: number }[] = [];
      let since = 0;
      cluster.peer('3').trace(({ a, t, ev = '', was }) => {
        if (a !== 'election' || was === undefined) return;
        ends.push({ of: was, by: ev.replace(/^xstate\.after\.(\w+)\..*$/, '$1'), afterMs: t - since });
        since = t;
      });

      cluster.crash('5');
      stepUntil(cluster, 'an OK of 4', () => ends.at(-1)?.of === 'challenging');
      cluster.crash('4');
      cluster.until('3 leads', lead(cluster, '3'));

      const [challenge, patience] = ends.slice(ends.findIndex(({ of }) => of === 'challenging'));
      expect(challenge?.of).toBe('challenging');
      expect(['election.answer', 'term.promised']).toContain(challenge?.by);
      expect(patience).toMatchObject({ of: 'awaitingCoordinator', by: 'coordinatorTimeout' });
      expect(patience?.afterMs).toBeGreaterThanOrEqual(PRESETS.fast.coordinatorTimeoutMs);
    },
  );
});

describe('peers that start at once', () => {
  it.each([
    ['three', three],
    ['three, the highest first,', ['3', '2', '1']],
    ['five', five],
    ['five, the highest first,', ['5', '4', '3', '2', '1']],
    ['seven, as many as may vote,', [...five, '6', '7']],
    ['nine, more than may vote,', [...five, '6', '7', '8', '9']],
  ])('%s are led by the highest, and stay so', (_, peers) => {
    const highest = String(peers.length);
    const cluster = new Cluster({ peers: [...peers].sort() });

    for (const id of peers) cluster.start(id);
    cluster.until('the highest leads', lead(cluster, highest));
    cluster.advance(2000);

    expect(cluster.coordinator()).toBe(highest);
  });
});

describe('a wall clock that jumps', () => {
  it.each([3_600_000, -3_600_000])('by %i ms at any peer, moves no coordinator and no message', (byMs) => {
    const cluster = startCluster(three);
    const { term } = cluster.status('1');

    for (const id of three) {
      cluster.say(id, `${id} before`);
      cluster.advance(100);
      cluster.shiftWallClock(id, byMs);
      cluster.say(id, `${id} after`);
      cluster.advance(3000);
    }

    const log = expectNothingLost(cluster);
    const times = cluster
      .peer('1')
      .history()
      .map(({ at }) => at);
    expect(log).toHaveLength(6);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(cluster.status('1').term).toEqual(term);
  });
});
