/**
 * Discovery by UDP, multicast or broadcast. One socket at the common port hears questions, shared by all peers of a machine;
 * another, of this peer alone, asks and hears answers.
 *
 * An answer goes to whoever asked and to nobody else, is never longer than the question, and there are so many in a second at
 * most: a stranger who asks in another's name gains nothing.
 */
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { networkInterfaces } from 'node:os';
import { addressOf, endpointOf } from './address.js';
import type { Discovery, DiscoveryHandlers, Introducing } from './discovery.js';
import { DiscoveryDatagram, QUESTION_BYTES, type TransportKind } from './protocol-discovery.js';

/** Answers in one second. */
const ANSWERS_MAX = 20;
const WINDOW_MS = 1000;
/** Where a client listens. */
const NOWHERE = '~:0';
/** Routers on the way that a multicast question may pass. */
const HOPS = 1;

export interface UdpMeetingPlace {
  readonly port: number;
  /** The multicast group; null broadcasts. */
  readonly group: string | null;
}

export class UdpDiscovery implements Discovery {
  readonly #place: UdpMeetingPlace;
  readonly #nonce: () => string;
  #introducing: Introducing | null = null;
  #handlers: DiscoveryHandlers | null = null;
  #common: Socket | null = null;
  /** One for each network: a question is heard in all of them. */
  #own: readonly { readonly socket: Socket; readonly to: string }[] = [];
  #answers = 0;
  #window: NodeJS.Timeout | null = null;
  #hasFailed = false;

  constructor(place: UdpMeetingPlace, nonce: () => string) {
    this.#place = place;
    this.#nonce = nonce;
  }

  open(introducing: Introducing, handlers: DiscoveryHandlers): void {
    this.#introducing = introducing;
    this.#handlers = handlers;
    this.#common = introducing.address === null ? null : this.#listen();
    this.#own = networks().map((network) => this.#speakIn(network));
    this.#window = setInterval(() => {
      this.#answers = 0;
    }, WINDOW_MS).unref();
  }

  ask(): void {
    for (const { socket, to } of this.#own)
      this.#say(socket, 'discovery.ask', this.#nonce(), this.#place.port, to);
  }

  close(): void {
    this.#handlers = null;
    if (this.#window !== null) clearInterval(this.#window);
    for (const socket of [this.#common, ...this.#own.map((one) => one.socket)]) socket?.close();
    this.#common = null;
    this.#own = [];
  }

  #listen(): Socket {
    const { group, port } = this.#place;
    const socket = createSocket({ type: 'udp4', reuseAddr: true });
    socket.on('error', (problem) => this.#fail(`cannot hear at UDP port ${port}: ${problem.message}`));
    socket.on('message', (bytes, from) => this.#hear(bytes, from));
    // A group's datagrams come to sockets that are bound to the group alone; others' do not.
    socket.bind({ port, ...(group === null ? {} : { address: group }) }, () => {
      if (group === null) return;
      const joined = networks().filter(({ address }) => tries(() => socket.addMembership(group, address)));
      if (joined.length === 0) this.#fail(`no network of this machine knows multicast, as ${group} needs it`);
    });
    return socket;
  }

  #speakIn(network: Network): { readonly socket: Socket; readonly to: string } {
    const { group } = this.#place;
    const socket = createSocket('udp4');
    socket.on('error', () => {});
    socket.on('message', (bytes, from) => this.#hear(bytes, from));
    socket.bind({ port: 0, address: network.address }, () => {
      tries(() => {
        if (group === null) socket.setBroadcast(true);
        else {
          socket.setMulticastInterface(network.address);
          socket.setMulticastTTL(HOPS);
        }
      });
    });
    return { socket, to: group ?? network.broadcast };
  }

  #hear(bytes: Buffer, from: RemoteInfo): void {
    const introducing = this.#introducing;
    const said = read(bytes);
    if (said === null || introducing === null || this.#handlers === null) return;
    const isOurs = said.from === introducing.id && said.address === introducing.address;
    if (isOurs || said.cluster !== introducing.cluster) return;
    const address = reachable(said.address, from.address);
    const isClient = said.address === NOWHERE;
    if (address === null && !isClient) return;
    if (said.type === 'discovery.ask') this.#answer(said.nonce, bytes.length, from);
    const { transport = 'ws' } = introducing;
    if (address === null) return;
    if (said.transport === transport) this.#handlers.heard(address);
    else this.#fail(mismatch(said.from, address, said.transport, transport));
  }

  #answer(nonce: string, questionBytes: number, { address, port }: RemoteInfo): void {
    const socket = this.#common;
    if (socket === null || this.#answers >= ANSWERS_MAX) return;
    this.#answers += 1;
    this.#say(socket, 'discovery.answer', nonce, port, address, questionBytes);
  }

  #say(
    socket: Socket,
    type: DiscoveryDatagram['type'],
    nonce: string,
    port: number,
    to: string,
    bytesMax = QUESTION_BYTES,
  ): void {
    if (this.#introducing === null) return;
    const { cluster, id, address: listening, transport = 'ws' } = this.#introducing;
    const address = listening ?? NOWHERE;
    const words = { v: 1, type, cluster, from: id, address, nonce, ...(transport !== 'ws' && { transport }) };
    const bytes = Buffer.from(JSON.stringify(type === 'discovery.ask' ? padded(words) : words));
    if (bytes.length > bytesMax) return;
    // Nothing is promised of a datagram: a network that is down is as good as a lost one.
    tries(() => socket.send(bytes, port, to, () => {}));
  }

  #fail(detail: string): void {
    if (this.#hasFailed) return;
    this.#hasFailed = true;
    this.#handlers?.failed(detail);
  }
}

const mismatch = (id: string, address: string, theirs: TransportKind, ours: TransportKind): string =>
  `${id} at ${address} uses transport ${theirs}, and this one ${ours}: give everybody in a cluster the same --transport`;

/** A datagram of a stranger. @returns null when it is not one of ours. */
function read(bytes: Buffer): DiscoveryDatagram | null {
  if (bytes.length > QUESTION_BYTES) return null;
  try {
    const parsed = DiscoveryDatagram.safeParse(JSON.parse(bytes.toString('utf8')));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

function padded(words: object): object {
  const bare = Buffer.byteLength(JSON.stringify({ ...words, pad: '' }));
  return { ...words, pad: '.'.repeat(Math.max(0, QUESTION_BYTES - bare)) };
}

/** Who listens everywhere is found where its datagram came from. @returns null when it names no address. */
function reachable(said: string, from: string): string | null {
  const endpoint = endpointOf(said);
  if (endpoint === null) return null;
  return endpoint.host === '0.0.0.0' || endpoint.host === '::'
    ? addressOf({ host: from, port: endpoint.port })
    : said;
}

interface Network {
  readonly address: string;
  readonly broadcast: string;
}

/** This machine's networks, its own inner one included: peers of one machine find each other without any other. */
function networks(): readonly Network[] {
  const found = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return found
    .filter(({ family }) => family === 'IPv4')
    .map(({ address, netmask }) => ({ address, broadcast: broadcastOf(address, netmask) }));
}

/** 192.168.1.7 of 255.255.255.0 is 192.168.1.255. */
function broadcastOf(address: string, netmask: string): string {
  const mask = netmask.split('.').map(Number);
  return address
    .split('.')
    .map((part, i) => (Number(part) | (~(mask[i] ?? 255) & 255)) >>> 0)
    .join('.');
}

/** @returns whether it went. */
function tries(step: () => void): boolean {
  try {
    step();
    return true;
  } catch {
    return false;
  }
}
