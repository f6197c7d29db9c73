/**
 * Stories of messages: too large, too many, sent twice, or written strangely. They ended badly in the systems this project
 * comes from.
 *
 * Which row of which table each one answers: originals.md.
 */
import { Cluster, startCluster } from '../support/cluster.js';
import { NarrowLine } from '../support/narrow-line.js';
import { expectNothingLost, runs, seeds, stepUntil } from '../support/stories.js';

const three = ['1', '2', '3'];
const textsOf = (cluster: Cluster, id: string, topic: string) =>
  cluster
    .peer(id)
    .history({ topic, limit: 1000 })
    .map(({ payload }) => payload);

describe('one message of 70 KB from the coordinator', () => {
  it('is refused at the door, and everybody goes on', () => {
    const cluster = startCluster(three);

    cluster.say('3', 'x'.repeat(70 * 1024));
    cluster.say('3', 'y'.repeat(60 * 1024));
    for (const id of three) cluster.say(id, `${id} goes on`);
    cluster.advance(1000);

    expect(cluster.failed.map(({ code }) => code)).toEqual(['bad-payload']);
    expect(expectNothingLost(cluster)).toHaveLength(4);
    expect(cluster.coordinator()).toBe('3');
  });
});

describe('a follower that is stopped while 2 MB a second are sent', () => {
  it('holds nobody up, and has everything once it goes on', () => {
    const cluster = startCluster(three);
    const { term } = cluster.status('3');
    const waiting: number[] = [];

    cluster.pause('1');
    for (const n of runs(100)) {
      cluster.say('2', `${n} `.padEnd(40_000, '.'));
      cluster.advance(20);
      waiting.push(n - cluster.acknowledged.length);
    }
    const termThen = cluster.status('3').term;
    cluster.resume('1');
    cluster.until('1 has everything', () => cluster.status('1').sequence === 100);

    expect(Math.max(...waiting)).toBeLessThanOrEqual(2);
    expect(termThen).toEqual(term);
    expectNothingLost(cluster);
  });
});

describe('sending without limit', () => {
  const ROUNDS = 8;

  it.each([5, 9])(
    'from each of %i peers over a narrow line leads to no election, and loses nothing',
    (count) => {
      const peers = runs(count).map(String);
      const cluster = new Cluster({ peers, options: { preset: 'lan', pendingMax: 100 } });
      const suspected: string[] = [];
      for (const id of peers) {
        const line = new NarrowLine(cluster.clock, 2000);
        const peer = cluster.start(id, {}, { behind: (transport) => line.before(transport) });
        peer.on('suspected', ({ member }) => suspected.push(`${id} suspects ${member}`));
      }
      const isComplete = () => cluster.status('1').view.members.length === count && cluster.isAtRest();
      const isSettled = () => isComplete() && cluster.coordinator() === String(count);
      cluster.until('all belong, and the highest leads', isSettled, 40_000);
      const reigns = cluster.reigns.size;

      for (const round of runs(ROUNDS)) {
        for (const id of peers)
          for (const n of runs(20)) cluster.say(id, `${round} ${n} of ${id} `.padEnd(2000, '.'));
        cluster.advance(50);
      }
      const isDone = () => peers.every((id) => cluster.peer(id).counters().submissions_pending === 0);
      cluster.until('all that was taken is acknowledged', isDone, 30_000);
      cluster.advance(1000);

      expect(new Set(cluster.failed.map(({ code }) => code))).toEqual(new Set(['overloaded']));
      expect(expectNothingLost(cluster)).toHaveLength(cluster.acknowledged.length);
      expect(cluster.acknowledged.length + cluster.failed.length).toBe(ROUNDS * 20 * count);
      expect([suspected, cluster.reigns.size]).toEqual([[], reigns]);
    },
  );

  // All at once it is more than a connection's queue may hold; sent so, the connection was closed, again and again.
  it('from one follower, 6 MB in one turn, is delivered in order', () => {
    const network = () => ({ queueBytesMax: 5 * 1024 * 1024 });
    const cluster = startCluster(three, { network });
    const { term } = cluster.status('1');

    for (const n of runs(300)) cluster.say('1', `${n} `.padEnd(20_000, '.'));
    cluster.until('all are acknowledged', () => cluster.acknowledged.length === 300);

    expect(cluster.acknowledged.map(({ sequence }) => sequence)).toEqual(runs(300));
    expect(cluster.status('1').term).toEqual(term);
  });
});

describe('a message that is sent again', () => {
  it('because its acknowledgement was lost, is acknowledged again, and stands in one place', async () => {
    const cluster = startCluster(three);
    const pay = (id: string, timeoutMs?: number) =>
      cluster.peer(id).submit('orders', 'paid', { key: 'order 7', ...(timeoutMs && { timeoutMs }) });

    cluster.network.cutOneWay('3', '1');
    const first = pay('1', 100);
    cluster.advance(150);
    cluster.network.heal();
    const again = pay('1');
    const elsewhere = pay('2');
    cluster.advance(1000);

    await expect(first).rejects.toMatchObject({ code: 'outcome-unknown' });
    expect([(await again).sequence, (await elsewhere).sequence]).toEqual([1, 1]);
    expect(expectNothingLost(cluster)).toEqual(['1 1: paid']);
  });

  it.each(seeds(2))(
    'because its coordinator died, is acknowledged by the next one, once (run %i)',
    (seed) => {
      const cluster = startCluster(three, { seed });

      for (const n of runs(5)) cluster.say('1', `line ${n}`);
      stepUntil(cluster, 'a follower has them', () => cluster.status('2').last > cluster.status('2').commit);
      cluster.crash('3');
      cluster.until('all are acknowledged', () => cluster.acknowledged.length === 5);
      cluster.advance(500);

      expect(expectNothingLost(cluster)).toEqual(runs(5).map((n) => `${n} 1: line ${n}`));
    },
  );
});

describe('separators', () => {
  const STRANGE = [
    'a:b-c',
    '<x>,<y>',
    '1-2:3',
    '\n',
    '\0',
    '"\\',
    '{"type":"election.start"}',
    '\u2028\ufeff',
    '💥',
    '',
  ];

  it('in ids, topics and payloads are text like any other', () => {
    const ids = ['a-1', 'b.2_0', 'c--3', '10-2.x'];
    const cluster = startCluster(['a-1']);
    for (const id of ids.slice(1)) cluster.start(id, { seeds: ['a-1:7000'] });
    cluster.until('all belong', () => cluster.status('a-1').view.members.length === 4 && cluster.isAtRest());

    for (const text of STRANGE) {
      for (const id of ids) cluster.say(id, text, { topic: `of:${id}-${text}` });
      cluster.advance(50);
    }
    cluster.advance(200);

    const topics = [...cluster.peer('a-1').topics().keys()].sort();
    expect(topics).toEqual(ids.flatMap((id) => STRANGE.map((text) => `of:${id}-${text}`)).sort());
    for (const id of ids)
      for (const text of STRANGE) expect(textsOf(cluster, 'c--3', `of:${id}-${text}`)).toEqual([text]);
    expect(cluster.failed).toEqual([]);
  });
});

describe('an answer', () => {
  it('is delivered nowhere before what it answers, however slow the ways are', () => {
    const slow = (from: string, to: string) => (from === '1' && to === '3' ? 90 : 1);
    const cluster = startCluster(three, { network: () => ({ latencyMs: slow }) });
    const answered = new Set<unknown>();
    cluster.peer('2').onDeliveries((deliveries) => {
      for (const { origin, payload } of deliveries)
        if (origin === '1') answered.add(cluster.say('2', `to ${payload}`));
    });

    for (const n of runs(20)) {
      cluster.say('1', `question ${n}`);
      cluster.advance(30);
    }
    cluster.advance(500);

    const log = expectNothingLost(cluster);
    const placeOf = (text: string) => log.findIndex((line) => line.endsWith(`: ${text}`));
    expect(log).toHaveLength(40);
    for (const n of runs(20)) expect(placeOf(`to question ${n}`)).toBeGreaterThan(placeOf(`question ${n}`));
  });
});

describe('three peers on one host', () => {
  it('are a cluster; a fourth that wants a port of theirs is told so, and disturbs nobody', () => {
    const cluster = new Cluster({ peers: three });
    const at = (id: string, port: number) =>
      cluster.start(
        id,
        { listen: `host:${port}`, seeds: ['host:7001'], bootstrap: id === '1' },
        { environment: { transport: cluster.network.transport('host') } },
      );
    for (const id of three) at(id, 7000 + Number(id));
    cluster.until('3 leads', () => cluster.coordinator() === '3');
    const { term } = cluster.status('1');

    at('4', 7001);
    cluster.peers.delete('4');
    cluster.advance(3000);

    expect(cluster.warnings).toEqual(['4: failed: another process listens at host:7001']);
    expect([cluster.coordinator(), cluster.status('1').term]).toEqual(['3', term]);
  });
});
