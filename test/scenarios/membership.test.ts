/** Stories of peers that come, go, lose their disk, or are not welcome. */
import { Cluster, startCluster } from '../support/cluster.js';
import { stepUntil } from '../support/stories.js';

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
const membersOf = (cluster: Cluster, id: string) =>
  cluster.status(id).view.members.map((m) => `${m.id} ${m.role}`);

describe('membership', () => {
  it('lets a newcomer join through any member, and gives it the whole past', () => {
    const cluster = startCluster(['1', '2', '3']);
    for (let i = 0; i < 600; i++) cluster.say('2', `line ${i}`);
    cluster.advance(500);

    cluster.start('4', { seeds: ['1:7000'] });
    cluster.until('4 leads', () => cluster.coordinator() === '4');

    expect(membersOf(cluster, '1')).toEqual(['1 voter', '2 voter', '3 voter', '4 voter']);
    expect(cluster.log('4')).toHaveLength(600);
    expect(cluster.log('4')).toEqual(cluster.log('1'));
  });

  it('gives all members the same numbered views', () => {
    const cluster = new Cluster({ peers: ['1', '2', '3'] });
    const views = new Map<string, string[]>();
    for (const id of ['1', '2', '3']) {
      views.set(id, []);
      cluster
        .start(id)
        .on('view', (view) =>
          views.get(id)?.push(`${view.number}: ${view.members.map((m) => `${m.id} ${m.state}`).join(', ')}`),
        );
    }
    cluster.until('3 leads', () => cluster.coordinator() === '3');
    cluster.advance(2000);
    cluster.crash('1');
    cluster.advance(2000);

    expect(views.get('2')).toEqual(views.get('3'));
    expect(views.get('3')?.at(-1)).toMatch(/: 1 suspected, 2 alive, 3 alive$/);
    const numbers = (views.get('3') ?? []).map((view) => Number.parseInt(view, 10));
    expect(numbers).toEqual(numbers.map((_, i) => i + 1));
  });

  it('takes a member that leaves out of the configuration, and the rest go on with a smaller quorum', async () => {
    const cluster = startCluster(['1', '2', '3']);
    cluster.say('1', 'before');
    cluster.advance(100);

    void cluster.peer('1').leave();
    cluster.until('1 is gone', () => membersOf(cluster, '3').join() === '2 voter,3 voter', 5000);
    cluster.until('1 has stopped', () => cluster.status('1').role === 'stopped', 1000);
    cluster.peers.delete('1');
    cluster.say('2', 'after');
    cluster.advance(300);
    await settle();

    expect(cluster.log('2')).toEqual(['1 1: before', '2 2: after']);
    expect(cluster.log('3')).toEqual(cluster.log('2'));
  });

  it('hands over before a coordinator leaves, so that nobody waits for a time-out', async () => {
    const cluster = startCluster(['1', '2', '3']);
    const suspected: string[] = [];
    cluster.peer('1').on('suspected', ({ member }) => suspected.push(member));

    void cluster.peer('3').leave();
    for (let i = 0; i < 50; i++) {
      cluster.say('1', `line ${i}`);
      cluster.advance(20);
    }
    cluster.until(
      '2 leads',
      () => cluster.status('1').coordinator === '2' && cluster.status('1').ready,
      5000,
    );
    cluster.until('3 has stopped', () => cluster.status('3').role === 'stopped', 3000);
    cluster.advance(500);
    await settle();

    expect(membersOf(cluster, '1')).toEqual(['1 voter', '2 voter']);
    expect(cluster.log('1')).toHaveLength(50);
    expect(suspected).toEqual([]);
  });

  it('lets a peer that has left come back as a new member', () => {
    const cluster = startCluster(['1', '2', '3']);
    cluster.say('2', 'before');
    cluster.advance(100);
    void cluster.peer('1').leave();
    cluster.until('1 has stopped', () => cluster.status('1').role === 'stopped', 5000);

    cluster.start('1', { bootstrap: false });
    cluster.until('1 votes again', () => membersOf(cluster, '3').includes('1 voter'), 5000);

    expect(cluster.log('1')).toEqual(['1 2: before']);
  });

  // The second request was kept, and let the peer in again once it had left: a voter that nobody would ever hear of.
  it('lets nobody in who has left, though it asked to join twice before it heard that it belonged', () => {
    const cluster = startCluster(['1']);
    let learners = 0;
    cluster.peer('1').onCore(({ log }) => {
      learners = log.configuration.learners.length;
    });
    cluster.start('4', { seeds: ['1:7000'] });
    stepUntil(cluster, '4 is let in', () => learners === 1);
    cluster.network.cutOneWay('1', '4');
    // It asks again every 250 ms.
    cluster.advance(300);
    cluster.network.heal();
    cluster.until('4 hears of it', () => cluster.status('4').role === 'learner');

    void cluster.peer('4').leave();
    cluster.until('4 has stopped', () => cluster.status('4').role === 'stopped', 5000);
    cluster.peers.delete('4');
    cluster.advance(2000);

    expect(membersOf(cluster, '1')).toEqual(['1 voter']);
    expect(cluster.status('1')).toMatchObject({ role: 'coordinator', ready: true });
  });

  it('takes a member back that was taken out without hearing of it', () => {
    const cluster = startCluster(['1', '2', '3']);
    for (const other of ['2', '3']) cluster.network.cutOneWay(other, '1');
    void cluster.peer('1').leave();
    cluster.until(
      'the others are without 1',
      () => membersOf(cluster, '3').join() === '2 voter,3 voter',
      5000,
    );
    cluster.crash('1');
    cluster.network.heal();
    // The coordinator that would still have told it reigns no more.
    cluster.crash('3');
    cluster.start('3');
    cluster.until('3 leads anew', () => cluster.coordinator() === '3');

    cluster.start('1', { bootstrap: false });
    cluster.until(
      '1 votes again',
      () => cluster.status('1').ready && membersOf(cluster, '3').includes('1 voter'),
    );

    expect(membersOf(cluster, '1')).toEqual(membersOf(cluster, '3'));
  });

  it('takes the seat from a peer that has lost its disk, and lets it learn anew', () => {
    const cluster = startCluster(['1', '2', '3']);
    cluster.say('2', 'before');
    cluster.advance(100);
    cluster.crash('1');
    cluster.wipe('1');
    cluster.advance(500);

    const { incarnation } = cluster.start('1', { bootstrap: false }).status();
    cluster.until(
      '1 votes again',
      () => cluster.status('1').ready && membersOf(cluster, '3').includes('1 voter'),
      5000,
    );

    expect(cluster.status('1').incarnation).not.toBe(incarnation);
    expect(cluster.log('1')).toEqual(['1 2: before']);
  });

  it('refuses a second peer of the same id, and the first stays', () => {
    const cluster = startCluster(['1', '2', '3']);
    const impostor = new Map([['2', cluster.peer('2')]]).get('2');
    const stopped: string[] = [];

    cluster.wipe('2');
    const second = cluster.start(
      '2',
      { listen: '2:7001', seeds: ['1:7000'], bootstrap: false },
      { isNamesake: true },
    );
    second.on('stopped', ({ detail }) => stopped.push(detail));
    cluster.until('the second has stopped', () => stopped.length > 0, 5000);

    expect(stopped[0]).toMatch(/id 2 already/);
    expect(impostor?.status().role).toBe('follower');
  });

  it('refuses a peer of another cluster with one clear sentence', () => {
    const cluster = startCluster(['1', '2']);
    const stopped: string[] = [];

    cluster
      .start('9', { cluster: 'green', seeds: ['1:7000'] })
      .on('stopped', ({ detail }) => stopped.push(detail));
    cluster.until('9 has stopped', () => stopped.length > 0, 5000);

    expect(stopped).toEqual([
      '1:7000 belongs to cluster "bullpen", peer 9 to "green": use --cluster bullpen or another seed',
    ]);
    expect(membersOf(cluster, '1')).toEqual(['1 voter', '2 voter']);
  });

  it('tries its channel to a stranger anew when nothing has come of it for long', () => {
    const cluster = new Cluster({ peers: ['1', '2'] });
    cluster.start('1');
    cluster.start('2');
    cluster.until('both vote', () => membersOf(cluster, '1').includes('2 voter'));
    cluster.crash('1');
    cluster.start('3', { seeds: ['2:7000'] });
    cluster.advance(500);

    // A router between them forgets its connections, and drops in silence what belongs to none.
    cluster.network.reset('3', '2', { heardBy: 'nobody' });
    cluster.start('1');
    cluster.until('3 votes', () => membersOf(cluster, '1').includes('3 voter'), 10_000);

    expect(cluster.status('3').ready).toBe(true);
  });

  it('says once a minute that it looks for a cluster, and never founds one by itself', () => {
    const cluster = new Cluster({ peers: ['1', '2'] });

    cluster.start('2');
    cluster.advance(130_000);

    expect(cluster.warnings).toHaveLength(2);
    expect(cluster.warnings[0]).toMatch(/still looking for a cluster: none of the seeds 1:7000/);
    expect(cluster.status('2').role).toBe('unjoined');
  });
});
