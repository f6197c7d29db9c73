import { once } from 'node:events';
import { get } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { WebSocket } from 'ws';
import type { CloseReason, Transport } from '../../transport/transport.js';
import { WebSocketTransport } from '../../transport/websocket.js';
import { transportContract } from './contract.js';

const nextTurn = () => new Promise<void>((done) => setImmediate(done));

const until = async (holds: () => boolean) => {
  while (!holds()) await nextTurn();
};

const closed = (transport: Transport) => new Promise<void>((done) => transport.close(done));

transportContract(
  'WebSocket',
  (options) => ({
    process: () => new WebSocketTransport(options),
    anywhere: '127.0.0.1:0',
    until,
    settle: async () => {
      for (let turn = 0; turn < 50; turn += 1) await nextTurn();
    },
  }),
  async (transports) => void (await Promise.all(transports.map(closed))),
);

describe('WebSocket', () => {
  let transport: WebSocketTransport;
  let address: string;
  let heard: string[];

  beforeEach(async () => {
    transport = new WebSocketTransport();
    heard = [];
    address = await new Promise((listening, failed) =>
      transport.listen('127.0.0.1:0', {
        listening,
        failed: ({ detail }) => failed(new Error(detail)),
        accepted: () => ({
          received: (frame) => void heard.push(frame),
          closed: (reason: CloseReason) => void heard.push(reason),
        }),
      }),
    );
  });

  afterEach(() => closed(transport));

  it('asks a plain HTTP client to upgrade', async () => {
    const [response] = await once(get(`http://${address}/`), 'response');
    response.resume();

    expect(response.statusCode).toBe(426);
  });

  it('refuses binary frames', async () => {
    const stranger = new WebSocket(`ws://${address}`);
    await once(stranger, 'open');

    stranger.send(Buffer.from('{}'));
    stranger.send('{}');
    const [code] = await once(stranger, 'close');
    await until(() => heard.length > 0);

    expect(code).toBe(1003);
    expect(heard).toEqual(['closed-here']);
  });

  it('refuses web pages', async () => {
    const page = new WebSocket(`ws://${address}`, { origin: 'http://evil.example' });

    const [error] = await once(page, 'error');

    expect(String(error)).toContain('401');
    expect(heard).toEqual([]);
  });

  it('says `closed-there` when the other process is gone without a word', async () => {
    const stranger = new WebSocket(`ws://${address}`);
    await once(stranger, 'open');

    stranger.terminate();
    await until(() => heard.length > 0);

    expect(heard).toEqual(['closed-there']);
  });

  it('says `unreachable` of a host that cannot be', async () => {
    for (const nowhere of ['1.2.3.999:1', '[:::]:1', 'no-such-host.invalid:1']) {
      const closings: CloseReason[] = [];
      transport.dial(nowhere, {
        opened: () => {},
        received: () => {},
        closed: (reason) => void closings.push(reason),
      });
      await until(() => closings.length > 0);

      expect(closings).toEqual(['unreachable']);
    }
  });

  it('says `unreachable` of something that speaks no WebSocket', async () => {
    const server = createServer((socket) => socket.end('220 this is not a peer\r\n'));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const closings: CloseReason[] = [];

    transport.dial(`127.0.0.1:${(server.address() as AddressInfo).port}`, {
      opened: () => {},
      received: () => {},
      closed: (reason) => void closings.push(reason),
    });
    await until(() => closings.length > 0);
    server.close();

    expect(closings).toEqual(['unreachable']);
  });

  const hasIPv6 = Object.values(networkInterfaces())
    .flat()
    .some((own) => own?.address === '::1');
  (hasIPv6 ? it : it.skip)('listens and dials at IPv6 addresses', async () => {
    const bound = await new Promise<string>((listening) =>
      transport.listen('[::1]:0', {
        listening,
        failed: ({ code }) => listening(code),
        accepted: () => ({ received: (frame) => void heard.push(frame), closed: () => {} }),
      }),
    );
    const channel = transport.dial(bound, {
      opened: () => channel.send('hello'),
      received: () => {},
      closed: (reason) => void heard.push(reason),
    });
    await until(() => heard.length > 0);

    expect(bound).toMatch(/^\[::1\]:\d+$/);
    expect(heard).toEqual(['hello']);
  });
});
