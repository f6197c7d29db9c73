import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { networkInterfaces } from 'node:os';
import { createClient } from '../../actors/page-client.js';
import type { Channel, CloseReason, Transport } from '../../transport/transport.js';
import { UdpTransport } from '../../transport/udp.js';
import { type Datagram, readDatagram, type Token, writeDatagram } from '../../transport/udp-datagram.js';
import { transportContract } from './contract.js';

const nextTurn = () => new Promise<void>((done) => setImmediate(done));

const until = async (holds: () => boolean) => {
  while (!holds()) await nextTurn();
};

const closed = (transport: Transport) => new Promise<void>((done) => transport.close(done));

transportContract(
  'UDP',
  (options) => ({
    process: () => new UdpTransport(options),
    anywhere: '127.0.0.1:0',
    until,
    settle: async () => {
      for (let turn = 0; turn < 50; turn += 1) await nextTurn();
    },
  }),
  async (transports) => void (await Promise.all(transports.map(closed))),
);

/** A dialler made by hand, whose process can be gone in a moment. */
class Stranger {
  readonly #socket: Socket = createSocket('udp4');
  readonly #port: number;
  readonly #heard: Datagram[] = [];

  constructor(address: string) {
    this.#port = Number(address.split(':')[1]);
    this.#socket.on('message', (bytes) => {
      const datagram = readDatagram(bytes);
      if (datagram !== null) this.#heard.push(datagram);
    });
  }

  say(bytes: Uint8Array): void {
    this.#socket.send(bytes, this.#port, '127.0.0.1');
  }

  /** Dials. @returns the listener's token. */
  async comeIn(mine: Token): Promise<Token> {
    const hello = (cookie: Uint8Array) =>
      this.say(writeDatagram({ kind: 'hello', mine, limit: 4096, cookie }));
    hello(new Uint8Array(16));
    const { cookie } = await this.#first('cookie');
    hello(cookie);
    return (await this.#first('welcome')).mine;
  }

  async gone(): Promise<void> {
    this.#socket.close();
    await once(this.#socket, 'close');
  }

  async #first<Kind extends Datagram['kind']>(kind: Kind): Promise<Extract<Datagram, { kind: Kind }>> {
    const ofKind = () => this.#heard.find((one) => one.kind === kind);
    await until(() => ofKind() !== undefined);
    return ofKind() as Extract<Datagram, { kind: Kind }>;
  }
}

describe('UDP', () => {
  let transport: UdpTransport;
  let address: string;
  let channels: Channel[];
  let heard: string[];

  beforeEach(async () => {
    transport = new UdpTransport();
    [channels, heard] = [[], []];
    address = await new Promise((listening, failed) =>
      transport.listen('127.0.0.1:0', {
        listening,
        failed: ({ detail }) => failed(new Error(detail)),
        accepted: (channel) => {
          channels.push(channel);
          return {
            received: (frame) => void heard.push(frame),
            closed: (reason: CloseReason) => void heard.push(reason),
          };
        },
      }),
    );
  });

  afterEach(() => closed(transport));

  it('says `closed-there` when the other process is gone without a word', async () => {
    const stranger = new Stranger(address);
    const to = await stranger.comeIn(77n);
    stranger.say(writeDatagram({ kind: 'ping', to }));
    await stranger.gone();

    channels[0]?.send('are you there?');
    await until(() => heard.length > 0);

    expect(heard).toEqual(['closed-there']);
  });

  it('breaks off where frames are no text', async () => {
    const stranger = new Stranger(address);
    const to = await stranger.comeIn(78n);
    const bytes = new Uint8Array([0xc0, 0xaf]);

    stranger.say(writeDatagram({ kind: 'data', to, sequence: 0, isLast: true, isEnd: false, bytes }));
    await until(() => heard.length > 0);
    await stranger.gone();

    expect(heard).toEqual(['closed-here']);
  });

  it('goes on where anything comes to its port', async () => {
    const stranger = new Stranger(address);
    const all = [0, 1, 11, 12, 13, 40, 4096, 9000].map((size) => new Uint8Array(size).fill(0xb5));
    for (const bytes of all) stranger.say(bytes);
    const here = transport.dial(address, {
      opened: () => here.send('hello'),
      received: () => {},
      closed: () => {},
    });
    await until(() => heard.length > 0);
    await stranger.gone();

    expect(heard).toEqual(['hello']);
    expect(channels).toHaveLength(1);
  });

  it('says `unreachable` of a host that cannot be', async () => {
    for (const nowhere of ['1.2.3.999:1', '[:::]:1', 'no-such-host.invalid:1', '127.0.0.1:0']) {
      const closings: CloseReason[] = [];
      transport.dial(nowhere, {
        opened: () => {},
        received: () => {},
        closed: (reason) => void closings.push(reason),
      });
      await until(() => closings.length > 0);

      expect([nowhere, closings]).toEqual([nowhere, ['unreachable']]);
    }
  });

  it('agrees about the longest datagram: that of whoever takes less', async () => {
    const small = new UdpTransport({ datagramBytesMax: 512 });
    const frame = 'x'.repeat(100_000);
    const back: string[] = [];
    const here = small.dial(address, {
      opened: () => here.send(frame),
      received: (text) => void back.push(text),
      closed: () => {},
    });
    await until(() => heard.length > 0);
    channels[0]?.send(frame);
    await until(() => back.length > 0);
    await closed(small);

    expect([heard[0] === frame, back[0] === frame]).toEqual([true, true]);
  });

  const hasIPv6 = Object.values(networkInterfaces())
    .flat()
    .some((own) => own?.address === '::1');
  (hasIPv6 ? it : it.skip)('listens and dials at IPv6 addresses, and by name', async () => {
    const bound = await new Promise<string>((listening) =>
      transport.listen('[::1]:0', {
        listening,
        failed: ({ code }) => listening(code),
        accepted: () => ({ received: (frame) => void heard.push(frame), closed: () => {} }),
      }),
    );
    for (const there of [bound, address.replace('127.0.0.1', 'localhost')]) {
      const channel = transport.dial(there, {
        opened: () => channel.send('hello'),
        received: () => {},
        closed: (reason) => void heard.push(reason),
      });
      await until(() => heard.length > 0);

      expect(heard.splice(0)).toEqual(['hello']);
    }
    expect(bound).toMatch(/^\[::1\]:\d+$/);
  });

  it('is not for web pages, which are told so', () => {
    expect(() => createClient({ seeds: [address], transport: 'udp' })).toThrow(
      'transport: a web page has no datagrams, only ws',
    );
  });
});
