/** Three processes that speak in datagrams and were told no address: they meet, talk, lose their coordinator, and get it back. */
import { join } from 'node:path';
import { until } from '../support/until.js';
import {
  agreement,
  freshFolder,
  launch,
  logsOf,
  PATIENCE_MS,
  type PeerWords,
  type RunningPeer,
  run,
  sayUntilNumbered,
  startPeer,
  textsOf,
} from './bullpen.js';

const port = 42_000 + (process.pid % 20_000);

/** One datagram in twenty is lost, whoever sends it. */
const LOSSY = { NODE_OPTIONS: `--import ${join(import.meta.dirname, 'lossy-datagrams.mjs')}` };
const MESSAGES = 20;

const wordsOf = (id: string, data: string, environment: Readonly<Record<string, string>>): PeerWords => ({
  id,
  environment,
  data: join(data, id),
  more: ['--transport', 'udp', '--discover', `multicast:239.77.77.9:${port}`, '--expect', '3'],
});

const sayAll = async (peer: RunningPeer, words: readonly string[]) => {
  for (const text of words) if (text.startsWith(`${peer.id}:`)) await sayUntilNumbered(peer, text);
};

it.each([
  ['on a good network', {}],
  ['where one datagram in twenty is lost', LOSSY],
])(
  'find each other, go on without the coordinator that was killed, and tell it all when it is back, %s',
  async (_network, environment) => {
    const data = freshFolder();
    const peers = await Promise.all(['1', '2', '3'].map((id) => startPeer(wordsOf(id, data, environment))));
    const [one, two, three] = peers as [RunningPeer, RunningPeer, RunningPeer];
    await agreement(peers, '3');
    const words = peers.flatMap(({ id }) => Array.from({ length: MESSAGES }, (_, at) => `${id}: ${at}`));
    await Promise.all(peers.map((peer) => sayAll(peer, words)));

    three.signal('SIGKILL');
    await three.ended;
    await agreement([one, two], '2');
    await sayUntilNumbered(one, 'without three');
    const again = await startPeer({ ...wordsOf('3', data, environment), listen: three.listen });
    const logs = await logsOf([one, two, again], words.length + 1);
    const texts = logs.map(textsOf);

    expect(texts[1]).toEqual(texts[0]);
    expect(texts[2]).toEqual(texts[0]);
    expect(texts[0]?.toSorted()).toEqual([...words, 'without three'].sort());
  },
  4 * PATIENCE_MS,
);

it(
  'are told when somebody in their cluster uses the other transport',
  async () => {
    const udp = await startPeer({ id: '1', bootstrap: true, more: ['--transport', 'udp'] });
    const ws = launch(['peer', '--id', '2', '--preset', 'fast', '--seed', udp.listen, '--json']);

    await until('the mismatch to be told', PATIENCE_MS, () => /uses transport udp/.test(ws.stderr()));

    const told = ws
      .stderr()
      .split('\n')
      .filter((line) => line.includes('transport'));
    expect(told).toEqual([
      expect.stringContaining(
        `${udp.listen} uses transport udp, and this peer ws: give all peers of a cluster the same --transport`,
      ),
    ]);
  },
  2 * PATIENCE_MS,
);

it('refuse what datagrams cannot do, in one line', async () => {
  const peer = ['peer', '--id', '1'];
  const refusals = await Promise.all([
    run([...peer, '--transport', 'tcp']),
    run([...peer, '--transport', 'udp', '--client-origin', 'https://example.org']),
    run(peer, { BULLPEN_DATAGRAM_BYTES_MAX: '1400' }),
    run([...peer, '--transport', 'udp'], { BULLPEN_DATAGRAM_BYTES_MAX: '70000' }),
  ]);

  expect(refusals.map(({ exitCode, stderr }) => [exitCode, stderr.trim()])).toEqual([
    [64, 'bullpen: --transport: "tcp" is not known; must be one of ws, udp'],
    [64, 'bullpen: --transport: "udp" carries no web pages: use ws, or leave clientOrigins out'],
    [64, 'bullpen: BULLPEN_DATAGRAM_BYTES_MAX: 1400 goes with transport udp alone: ws has no datagrams'],
    [64, 'bullpen: BULLPEN_DATAGRAM_BYTES_MAX: 70000 is too large; at most 65507'],
  ]);
});
