/** Discovery in the real network of this machine: who shares a port is found, and strangers gain nothing. */
import { createSocket, type Socket } from 'node:dgram';
import { type Discovery, discoveryMode } from '../../transport/discovery.js';
import { DnsDiscovery } from '../../transport/discovery-dns.js';
import { UdpDiscovery } from '../../transport/discovery-udp.js';
import { QUESTION_BYTES } from '../../transport/protocol-discovery.js';
import { until } from '../support/until.js';

const opened: (Discovery | Socket)[] = [];
afterEach(() => {
  for (const one of opened.splice(0)) one.close();
});

/** Ports of this run, apart from those that other tests use. */
const port = 20_000 + (process.pid % 20_000);
const PLACES = [
  ['multicast', { group: '239.77.77.7', port }],
  ['broadcast', { group: null, port: port + 1 }],
] as const;

function start(
  place: (typeof PLACES)[number][1],
  id: string,
  cluster = 'crew',
  address: string | null = `127.0.0.1:700${id}`,
  transport: 'ws' | 'udp' = 'ws',
) {
  const heard = new Set<string>();
  const failures: string[] = [];
  let asked = 0;
  const discovery = new UdpDiscovery(place, () => `${id}-${++asked}`);
  discovery.open(
    { cluster, id, address, transport },
    { heard: (there) => heard.add(there), failed: (detail) => failures.push(detail) },
  );
  opened.push(discovery);
  return { discovery, heard: () => [...heard].sort(), failures };
}

/** Asks until it holds: datagrams get lost, and sockets open in their own time. */
const asking = (peer: { readonly discovery: Discovery }, holds: () => boolean) =>
  until('somebody to answer', 10_000, async () => {
    if (holds()) return true;
    peer.discovery.ask();
    return undefined;
  });

/** A socket of a stranger, and what it is told. */
async function stranger() {
  const told: Buffer[] = [];
  const socket = createSocket('udp4').on('message', (bytes) => told.push(bytes));
  opened.push(socket);
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  socket.setBroadcast(true);
  socket.setMulticastInterface('127.0.0.1');
  const say = (place: (typeof PLACES)[number][1], words: string | Buffer) =>
    socket.send(words, place.port, place.group ?? '127.255.255.255');
  return { told, say };
}
const question = {
  v: 1,
  type: 'discovery.ask',
  cluster: 'crew',
  from: '9',
  address: '127.0.0.1:7009',
  nonce: 'n',
};
const padded = (words: object) => JSON.stringify({ ...words, pad: '.'.repeat(700) });

describe.each(PLACES)('by %s', (_way, place) => {
  it('three peers of one machine find each other at one port', async () => {
    const peers = ['1', '2', '3'].map((id) => start(place, id));
    const [one] = peers;
    if (one === undefined) throw new Error('nobody was started');

    await asking(one, () => one.heard().length === 2);

    expect(one.heard()).toEqual(['127.0.0.1:7002', '127.0.0.1:7003']);
    expect(peers.flatMap(({ failures }) => failures)).toEqual([]);
    // Whoever hears a question knows the one who asks.
    expect(peers.slice(1).map(({ heard }) => heard())).toEqual([['127.0.0.1:7001'], ['127.0.0.1:7001']]);
  });

  it('peers of other clusters are not heard, nor do they answer', async () => {
    const [mine, other, ours] = [start(place, '1'), start(place, '2', 'others'), start(place, '3')];
    await asking(mine, () => mine.heard().length > 0);

    expect(mine.heard()).toEqual(['127.0.0.1:7003']);
    expect(other.heard()).toEqual([]);
    expect(ours.heard()).toEqual(['127.0.0.1:7001']);
  });

  it('who listens everywhere is found where its words came from', async () => {
    const [one] = [start(place, '1'), start(place, '2', 'crew', '0.0.0.0:7002')];
    await asking(one, () => one.heard().length > 0);

    expect(one.heard().every((address) => /^(?!0\.0\.0\.0)[\d.]+:7002$/.test(address))).toBe(true);
  });

  it('who uses another transport is not heard, and both are told once', async () => {
    const [mine, other, ours] = [
      start(place, '1'),
      start(place, '2', 'crew', '127.0.0.1:7002', 'udp'),
      start(place, '3'),
    ];
    await asking(mine, () => mine.heard().length > 0 && mine.failures.length > 0);
    await asking(mine, () => other.failures.length > 0);

    expect([mine.heard(), other.heard(), ours.heard()]).toEqual([['127.0.0.1:7003'], [], ['127.0.0.1:7001']]);
    expect(mine.failures).toEqual([
      '2 at 127.0.0.1:7002 uses transport udp, and this one ws: give everybody in a cluster the same --transport',
    ]);
  });

  it('a client hears of peers, and nobody of it', async () => {
    const client = start(place, '~abcdefgh01234567', 'crew', null);
    const peers = ['1', '2'].map((id) => start(place, id));
    await asking(client, () => client.heard().length === 2);

    expect(client.heard()).toEqual(['127.0.0.1:7001', '127.0.0.1:7002']);
    expect(peers.flatMap(({ heard }) => heard())).toEqual([]);
  });

  it('an answer is never longer than its question, and goes to whoever asked', async () => {
    start(place, '1');
    const { told, say } = await stranger();
    await until('an answer', 10_000, async () => {
      say(place, padded(question));
      return told.length > 0 || undefined;
    });

    expect(told.every((bytes) => bytes.length <= padded(question).length)).toBe(true);
    expect(JSON.parse(String(told[0]))).toEqual({
      ...question,
      type: 'discovery.answer',
      from: '1',
      address: '127.0.0.1:7001',
    });
  });

  it('short questions, answers to many at once, and what is no question get nothing', async () => {
    const peer = start(place, '1');
    const { told, say } = await stranger();
    const bad = [
      '',
      '{',
      '[]',
      '"',
      'null',
      JSON.stringify({ ...question, address: 'nowhere' }),
      Buffer.alloc(1400, 'x'),
    ];
    await until('the first answer', 10_000, async () => {
      for (const words of [...bad, JSON.stringify(question)]) say(place, words);
      say(place, padded({ ...question, nonce: 'good' }));
      return told.length > 0 || undefined;
    });
    for (let i = 0; i < 500; i++) say(place, padded({ ...question, nonce: `${i}` }));
    // A flood fills the buffers of the kernel: what comes behind it may be lost, and is said again.
    await until('the last question to be heard', 10_000, async () => {
      say(place, padded({ ...question, from: '8', address: '127.0.0.1:7008' }));
      return peer.heard().includes('127.0.0.1:7008') || undefined;
    });

    expect(told.length).toBeLessThanOrEqual(60);
    expect(told.map((bytes) => (JSON.parse(String(bytes)) as { nonce: string }).nonce)).not.toContain('n');
    expect(peer.failures).toEqual([]);
  });

  it('hears nothing any more once it is closed', async () => {
    const [one, two] = [start(place, '1'), start(place, '2')];
    two.discovery.close();
    opened.splice(opened.indexOf(two.discovery), 1);
    const three = start(place, '3');
    await asking(one, () => one.heard().includes('127.0.0.1:7003'));

    expect(two.heard()).toEqual([]);
    expect(three.heard()).toEqual(['127.0.0.1:7001']);
  });
});

it('asks the addresses of a name, its own left out', async () => {
  const heard: string[] = [];
  const discovery = new DnsDiscovery('localhost', 7001);
  opened.push(discovery);
  discovery.open(
    { cluster: 'crew', id: '1', address: '[::1]:7001' },
    { heard: (address) => heard.push(address), failed: () => {} },
  );
  discovery.ask();
  await until('the name to be looked up', 10_000, async () => heard.includes('127.0.0.1:7001') || undefined);

  expect(heard).not.toContain('[::1]:7001');
});

it('is spelled in few ways, and in no other', () => {
  expect(discoveryMode('multicast')).toEqual({ way: 'multicast', group: '224.1.1.1', port: 5007 });
  expect(discoveryMode('multicast:239.1.2.3:6000')).toEqual({
    way: 'multicast',
    group: '239.1.2.3',
    port: 6000,
  });
  expect(discoveryMode('broadcast')).toEqual({ way: 'broadcast', port: 9999 });
  expect(discoveryMode('broadcast:12345')).toEqual({ way: 'broadcast', port: 12_345 });
  expect(discoveryMode('dns:peers.example.org:7001')).toEqual({
    way: 'dns',
    name: 'peers.example.org',
    port: 7001,
  });
  for (const wrong of [
    '',
    'multi',
    'multicast:1.2.3.4:5',
    'multicast:239.1.2.3',
    'broadcast:0',
    'broadcast:70000',
    'dns:',
    'dns:x',
    'seeds:1',
  ])
    expect(discoveryMode(wrong)).toBeNull();
  expect(QUESTION_BYTES).toBeLessThan(1400);
});
