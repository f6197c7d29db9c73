import { clientOf, listen, nothingSaid, say } from '../support/clients.js';
import { startCluster } from '../support/cluster.js';
import { seeds } from '../support/stories.js';

const texts = (count: number, prefix = 'line') =>
  Array.from({ length: count }, (_, i) => `${prefix} ${i + 1}`);
const payloads = (log: readonly { payload: unknown }[]) => log.map(({ payload }) => payload);

describe('a client', () => {
  it('submits without being a member, in order, once', () => {
    const cluster = startCluster(['1', '2', '3']);
    const client = clientOf(cluster);
    const said = nothingSaid();

    say(client, said, texts(500));
    cluster.until('all is answered', () => said.acknowledged.length === 500);

    expect(said.acknowledged.map(({ text }) => text)).toEqual(texts(500));
    expect(payloads(cluster.peer('2').history({ limit: 1000 }))).toEqual(texts(500));
    expect(cluster.peer('2').history()[0]?.origin).toBe(client.id);
    expect(cluster.status('1').view.members).toHaveLength(3);
  });

  it.each(seeds(3))('keeps order and number when the peer it talks with dies (seed %i)', (seed) => {
    const cluster = startCluster(['1', '2', '3'], { seed });
    const client = clientOf(cluster);
    const said = nothingSaid();
    cluster.until('it is attached', () => client.status().peer !== null);

    say(client, said, texts(2000));
    cluster.until('some are answered', () => said.acknowledged.length > 300);
    cluster.crash(client.status().peer ?? '');
    cluster.until('all are answered', () => said.acknowledged.length === 2000, 30_000);

    const left = [...cluster.peers.keys()][0] ?? '';
    expect(payloads(cluster.peer(left).history({ limit: 3000 }))).toEqual(texts(2000));
    expect(said.acknowledged.map(({ text }) => text)).toEqual(texts(2000));
    expect(said.failed).toEqual([]);
  });

  it('keeps order and number over one coordinator after another', () => {
    const cluster = startCluster(['1', '2', '3', '4', '5']);
    const client = clientOf(cluster);
    const said = nothingSaid();
    say(client, said, texts(3000));

    for (const [victim, answered] of [
      ['5', 500],
      ['4', 1500],
    ] as const) {
      cluster.until('some are answered', () => said.acknowledged.length > answered, 30_000);
      cluster.crash(victim);
    }
    cluster.until('all are answered', () => said.acknowledged.length === 3000, 30_000);

    expect(payloads(cluster.peer('1').history({ limit: 4000 }))).toEqual(texts(3000));
  });

  it('is told at once that there is nobody, and that it is not known what became of what it sent', () => {
    const cluster = startCluster(['1', '2', '3']);
    const client = clientOf(cluster);
    const said = nothingSaid();
    cluster.until('it is attached', () => client.status().peer !== null);
    cluster.crash('2');
    cluster.crash('3');

    say(client, said, ['sent, perhaps'], 500);
    cluster.advance(15_000);
    say(client, said, ['not sent'], 500);
    cluster.advance(600);

    expect(said.failed).toEqual([
      { text: 'sent, perhaps', code: 'outcome-unknown' },
      { text: 'not sent', code: 'no-coordinator' },
    ]);
  });

  it('refuses what is more than may wait, and what no peer would take', () => {
    const cluster = startCluster(['1', '2', '3']);
    const client = clientOf(cluster, { pendingMax: 3 });
    const said = nothingSaid();

    say(client, said, texts(4));
    client.offer(
      '',
      'x',
      {},
      { resolve: () => {}, reject: ({ code }) => said.failed.push({ text: '', code }) },
    );

    expect(said.failed.map(({ code }) => code)).toEqual(['overloaded', 'bad-topic']);
  });

  /** Reads, and notes up to where. */
  const read = (client: ReturnType<typeof clientOf>, timeoutMs?: number) => {
    const reading: { upTo: number | null; code: string | null } = { upTo: null, code: null };
    client.readings.ask(timeoutMs === undefined ? {} : { timeoutMs }, (problem, sequence) => {
      if (problem === null) reading.upTo = sequence;
      else reading.code = problem.code;
    });
    return reading;
  };

  it.each(['1', '2', '3'])('reads through peer %s what was acknowledged anywhere before', (id) => {
    const cluster = startCluster(['1', '2', '3']);
    const client = clientOf(cluster, { seeds: [`${id}:7000`] });
    cluster.until('it is attached', () => client.status().peer === id);

    for (let line = 1; line <= 20; line++) {
      cluster.say('2', `line ${line}`);
      cluster.until('it is acknowledged', () => cluster.acknowledged.length === line);
      const readings = [read(client), read(client)];
      cluster.until('both are read', () => readings.every(({ upTo }) => upTo !== null));
      for (const { upTo } of readings) expect(upTo).toBeGreaterThanOrEqual(line);
      expect(cluster.status(id).sequence).toBeGreaterThanOrEqual(line);
    }
  });

  it('reads nothing old through a coordinator that was deposed without knowing, and goes on with another peer', () => {
    const cluster = startCluster(['1', '2', '3']);
    const client = clientOf(cluster, { seeds: ['3:7000'] });
    cluster.until('it is attached', () => client.status().peer === '3');

    for (const other of ['1', '2']) cluster.network.cut('3', other);
    const early = read(client);
    cluster.until('another leads', () => cluster.status('2').role === 'coordinator');
    cluster.say('2', 'news');
    cluster.until('it is acknowledged', () => cluster.acknowledged.length === 1);
    const late = read(client);
    cluster.until('both are read', () => early.upTo !== null && late.upTo !== null, 30_000);

    expect(client.status().peer).not.toBe('3');
    expect(late.upTo).toBe(1);
  });

  it('is told when nothing was read, because nobody could, or because it ended', () => {
    const cluster = startCluster(['1', '2', '3']);
    const client = clientOf(cluster, { seeds: ['1:7000'] });
    cluster.until('it is attached', () => client.status().peer === '1');
    cluster.crash('2');
    cluster.crash('3');

    const reading = read(client, 2000);
    cluster.advance(2100);
    const last = read(client);
    void client.stop();

    expect([reading, last]).toEqual([
      { upTo: null, code: 'no-coordinator' },
      { upTo: null, code: 'stopped' },
    ]);
  });

  it('refuses more bytes than may wait', () => {
    const cluster = startCluster(['1', '2', '3']);
    const client = clientOf(cluster, { pendingBytesMax: 65_536 });
    const said = nothingSaid();

    say(client, said, ['x'.repeat(40_000), 'y'.repeat(40_000)]);

    expect(said.failed).toEqual([{ text: 'y'.repeat(40_000), code: 'overloaded' }]);
  });

  it('tries another peer when its own is cut off from the others', () => {
    const cluster = startCluster(['1', '2', '3']);
    const client = clientOf(cluster, { seeds: ['1:7000'] });
    const said = nothingSaid();
    cluster.until('it is attached', () => client.status().peer === '1');

    for (const other of ['2', '3']) cluster.network.cut('1', other);
    cluster.advance(10_000);
    say(client, said, ['over there']);
    cluster.until('it is answered', () => said.acknowledged.length === 1);

    expect(client.status().peer).not.toBe('1');
  });

  it('follows what is delivered from peer to peer, without gap or double', async () => {
    const cluster = startCluster(['1', '2', '3']);
    const client = clientOf(cluster);
    const heard = listen(client);
    const said = nothingSaid();
    let rounds = 0;
    const settle = async (test: () => boolean) => {
      for (; !test(); rounds++) {
        if (rounds > 5000) throw new Error(`heard ${heard.length}`);
        cluster.advance(5);
        await Promise.resolve();
      }
    };

    say(client, said, texts(700));
    await settle(() => heard.length > 100);
    cluster.crash(client.status().peer ?? '');
    await settle(() => heard.length === 700);

    expect(payloads(heard)).toEqual(texts(700));
    expect(heard.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 700 }, (_, i) => i + 1));
  });
});
