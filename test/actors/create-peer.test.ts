/** The library as the README shows it: one real peer on loopback, and what its promises say. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { createPeer, defineReplica, type Peer } from '../../actors/index.js';

const counter = defineReplica({
  name: 'counter',
  command: z.object({ add: z.number().int() }),
  initial: () => ({ total: 0 }),
  apply: (state, { add }) => ({ state: { total: state.total + add }, result: state.total + add }),
});

describe('createPeer', () => {
  const peers: Peer[] = [];
  const start = async (options: Parameters<typeof createPeer>[0]) => {
    const peer = await createPeer({ preset: 'fast', ...options });
    peers.push(peer);
    return peer;
  };
  afterEach(async () => {
    await Promise.all(peers.splice(0).map((peer) => peer.stop()));
  });

  it('founds a cluster, orders what is submitted, and delivers it', async () => {
    const peer = await start({ id: '1', bootstrap: true });
    await peer.ready({ timeoutMs: 10_000 });

    const receipts = await Promise.all([peer.submit('a', 1), peer.submit('b', 2), peer.submit('a', 3)]);

    expect(receipts.map(({ sequence, topicSequence }) => [sequence, topicSequence])).toEqual([
      [1, 1],
      [2, 1],
      [3, 2],
    ]);
    expect(peer.history({ topic: 'a' }).map(({ payload }) => payload)).toEqual([1, 3]);
    expect([...peer.topics()]).toEqual([
      ['a', 2],
      ['b', 1],
    ]);
  });

  it('iterates over what was delivered and what follows, until it is told to stop', async () => {
    const peer = await start({ id: '1', bootstrap: true });
    await peer.ready({ timeoutMs: 10_000 });
    await peer.submit('a', 'before');
    const abort = new AbortController();
    const seen: unknown[] = [];

    const reading = (async () => {
      for await (const { payload } of peer.deliveries({ topic: 'a', signal: abort.signal })) {
        seen.push(payload);
        if (payload === 'last') abort.abort();
      }
    })();
    await peer.submit('b', 'elsewhere');
    await peer.submit('a', 'last');
    await reading;

    expect(seen).toEqual(['before', 'last']);
  });

  it('runs a replica over its commands, those of an earlier life included', async () => {
    const data = mkdtempSync(join(tmpdir(), 'bullpen-'));
    const first = await createPeer({ id: '1', preset: 'fast', bootstrap: true, data, replicas: [counter] });
    await first.ready({ timeoutMs: 10_000 });
    const { result } = await first.replica(counter).execute({ add: 5 });
    await first.stop();

    const second = await start({ id: '1', data, replicas: [counter] });
    await second.ready({ timeoutMs: 10_000 });
    const after = await second.replica(counter).execute({ add: 2 });

    expect([result, after.result, second.replica(counter).state().total]).toEqual([5, 7, 7]);
    await second.stop();
    rmSync(data, { recursive: true });
  });

  it('lets a key take effect once, and answers a retry with the first receipt', async () => {
    const peer = await start({ id: '1', bootstrap: true });
    await peer.ready({ timeoutMs: 10_000 });

    const first = await peer.submit('a', 'pay', { key: 'order-7' });
    const again = await peer.submit('a', 'pay', { key: 'order-7' });

    expect(again).toEqual(first);
    expect(peer.history()).toHaveLength(1);
  });

  it.each([
    ['bad-payload', (peer: Peer) => peer.submit('a', 'x'.repeat(70_000))],
    ['bad-payload', (peer: Peer) => peer.submit('a', undefined)],
    ['bad-topic', (peer: Peer) => peer.submit('', 1)],
    ['bad-command', (peer: Peer) => peer.replica(counter).execute({ add: 0.5 })],
  ])('refuses with %s before anything is sent', async (code, attempt) => {
    const peer = await start({ id: '1', bootstrap: true });
    await peer.ready({ timeoutMs: 10_000 });

    await expect(attempt(peer)).rejects.toMatchObject({ name: 'ClusterError', code });
    expect(peer.history()).toEqual([]);
  });

  it('says that nothing was sent while there is no coordinator, and takes no more than may wait', async () => {
    const peer = await start({ id: '1', pendingMax: 1 });

    const lonely = peer.submit('a', 1, { timeoutMs: 50 });
    await expect(peer.submit('a', 2)).rejects.toMatchObject({ code: 'overloaded' });
    await expect(lonely).rejects.toMatchObject({ code: 'no-coordinator' });
    await expect(peer.ready({ timeoutMs: 50 })).rejects.toMatchObject({ code: 'not-ready-in-time' });
  });

  it('takes no more bytes than may wait either, and has room again for what was taken back', async () => {
    const peer = await start({ id: '1', pendingBytesMax: 65_536 });
    const long = 'x'.repeat(40_000);

    const lonely = peer.submit('a', long, { timeoutMs: 50 });
    await expect(peer.submit('a', long)).rejects.toMatchObject({
      code: 'overloaded',
      message: '40002 of at most 65536 bytes wait already: try again later',
    });
    await expect(lonely).rejects.toMatchObject({ code: 'no-coordinator' });
    await expect(peer.submit('a', long, { timeoutMs: 50 })).rejects.toMatchObject({ code: 'no-coordinator' });
  });

  it('has room again for as many bytes as have been delivered', async () => {
    const peer = await start({ id: '1', bootstrap: true, pendingBytesMax: 65_536 });
    const long = 'x'.repeat(40_000);
    await peer.ready({ timeoutMs: 10_000 });

    for (const expected of [1, 2, 3])
      await expect(peer.submit('a', long)).resolves.toMatchObject({ sequence: expected });
  });

  it('tells what waits that the peer has stopped', async () => {
    const peer = await createPeer({ id: '1' });
    const waiting = peer.submit('a', 1);

    await Promise.all([expect(waiting).rejects.toMatchObject({ code: 'stopped' }), peer.stop()]);
    await expect(peer.submit('a', 2)).rejects.toMatchObject({ code: 'stopped' });
    await expect(peer.ready()).rejects.toMatchObject({ code: 'stopped' });
  });

  it.each([
    [{ id: 'no spaces' }, /^id: /],
    [{ id: '1', listen: 'nowhere' }, /^listen: must be HOST:PORT/],
    [{ id: '1', heartbeatIntervalMs: 900 }, /at least 4 × heartbeatIntervalMs/],
    [{ id: '1', unheardOf: true } as never, /unheardOf/],
  ])('refuses options %j in one sentence', async (options, sentence) => {
    await expect(createPeer(options)).rejects.toMatchObject({
      code: 'bad-option',
      message: expect.stringMatching(sentence),
    });
  });

  it('says which port is taken', async () => {
    const first = await start({ id: '1' });

    await expect(createPeer({ id: '2', listen: first.address })).rejects.toMatchObject({
      code: 'port-in-use',
    });
  });
});
