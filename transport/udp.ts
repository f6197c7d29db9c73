/**
 * Channels over UDP, on Node, for peers of one network: sockets, timers, names and secrets; the rules are in the files beside.
 *
 * A listener has one socket for all who dial it, a dialler one for each channel. Neither is connected, so the kernel keeps
 * from them that nobody is at the other port any more. A second, connected socket with one meaningless datagram learns it
 * (ICMP, ECONNREFUSED): it is asked when an answer is late, so a process that was killed is missed in a fraction of a second.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { lookup } from 'node:dns';
import { isIP, isIPv6 } from 'node:net';
import { addressOf, type Endpoint, endpointOf } from './address.js';
import type { Address } from './protocol.js';
import type { Channel, ChannelHandlers, ListenHandlers, Transport } from './transport.js';
import { Conversation } from './udp-conversation.js';
import { readDatagram, writeDatagram } from './udp-datagram.js';
import { Door } from './udp-door.js';
import type { End, Surroundings } from './udp-surroundings.js';
import { codeOf, ownHost, problemOf } from './websocket.js';

export interface UdpTransportOptions {
  /** Bytes that may wait in one channel before it closes with `queue-full`. Default 16 MiB. */
  readonly queueBytesMax?: number;
  /** The longest datagram sent or taken, its own head included: 512 to 65,507. Default 4096, the original's. */
  readonly datagramBytesMax?: number;
}

export const DATAGRAM_BYTES_DEFAULT = 4096;
/** What the kernel is asked to hold while we are busy; it gives what it is allowed to. */
const SOCKET_BUFFER_BYTES = 4 * 1024 * 1024;
const NO_WAY: ReadonlySet<string | undefined> = new Set(['ENETUNREACH', 'EHOSTUNREACH', 'EINVAL']);
const PROBE = writeDatagram({ kind: 'probe' });

export class UdpTransport implements Transport {
  readonly #queueBytesMax: number;
  readonly #limit: number;
  readonly #secret = randomBytes(32);
  readonly #sockets = new Set<Socket>();
  readonly #conversations = new Set<Conversation>();
  #isClosed = false;

  constructor(options: UdpTransportOptions = {}) {
    this.#queueBytesMax = options.queueBytesMax ?? 16 * 1024 * 1024;
    this.#limit = options.datagramBytesMax ?? DATAGRAM_BYTES_DEFAULT;
  }

  listen(address: Address, handlers: ListenHandlers): void {
    const endpoint = endpointOf(address);
    if (endpoint === null)
      this.defer(() => handlers.failed({ code: 'bad-address', detail: `${address} is not HOST:PORT` }));
    else
      resolve(endpoint.host, (host, problem) => {
        if (this.#isClosed) return;
        if (host !== null) this.#open(endpoint, host, handlers);
        else this.defer(() => handlers.failed(problemOf(problem, address)));
      });
  }

  dial(address: Address, handlers: ChannelHandlers): Channel {
    const endpoint = endpointOf(address);
    const ground = new Ground();
    const conversation = this.#converse(ground, address);
    conversation.hear(handlers);
    if (endpoint === null || endpoint.port === 0) this.defer(() => conversation.unreachable());
    else
      resolve(endpoint.host, (host) => {
        if (host === null) this.defer(() => conversation.unreachable());
        else this.#reach({ host, port: endpoint.port }, ground, conversation);
      });
    return conversation;
  }

  defer(task: () => void): void {
    setImmediate(task);
  }

  /** What is queued may be lost. The others are told, once. */
  close(done: () => void): void {
    this.#isClosed = true;
    for (const conversation of this.#conversations) conversation.terminate();
    let open = this.#sockets.size;
    if (open === 0) this.defer(done);
    for (const socket of this.#sockets)
      socket.close(() => {
        open -= 1;
        if (open === 0) done();
      });
    this.#sockets.clear();
  }

  #open(endpoint: Endpoint, host: string, handlers: ListenHandlers): void {
    const socket = this.#socket(host, (error) =>
      this.defer(() => handlers.failed(problemOf(error, addressOf(endpoint)))),
    );
    const door = this.#doorOf(socket, handlers);
    socket.on('message', (bytes, { address, port }) => door.hear(bytes, addressOf({ host: address, port })));
    socket.bind({ port: endpoint.port, address: host, exclusive: true }, () => {
      const { port } = socket.address();
      enlarge(socket);
      this.defer(() => {
        if (!this.#isClosed) handlers.listening(addressOf({ host: ownHost(endpoint.host), port }));
      });
    });
  }

  #doorOf(socket: Socket, handlers: ListenHandlers): Door {
    const door: Door = new Door({
      now,
      limit: this.#limit,
      seal: (text) => createHmac('sha256', this.#secret).update(text).digest(),
      say: (address, datagram) => {
        const endpoint = endpointOf(address);
        if (endpoint !== null) socket.send(datagram, endpoint.port, endpoint.host, ignore);
      },
      begin: (address) => {
        const ground = new Ground();
        const conversation = this.#converse(ground, address);
        const endpoint = endpointOf(address);
        ground.loosened = (isLoose) => door.becameLoose(conversation, isLoose);
        ground.over = () => door.ended(conversation);
        if (endpoint !== null) ground.stand(conversation, socket, endpoint);
        return conversation;
      },
      begun: (conversation) => conversation.hear(handlers.accepted(conversation)),
    });
    return door;
  }

  /** Begins to dial: from a port of its own. */
  #reach(remote: Endpoint, ground: Ground, conversation: Conversation): void {
    if (this.#isClosed || conversation.isEnded) return;
    const socket = this.#socket(remote.host, () => conversation.unreachable());
    ground.over = () => {
      if (this.#sockets.delete(socket)) socket.close();
    };
    socket.on('message', (bytes) => {
      const datagram = bytes.length <= this.#limit ? readDatagram(bytes) : null;
      if (datagram === null) return;
      const isOurs =
        datagram.kind === 'reset' || ('to' in datagram && datagram.to === conversation.here.token);
      if (isOurs) conversation.receive(datagram);
    });
    socket.bind({ port: 0, exclusive: true }, () => {
      enlarge(socket);
      ground.stand(conversation, socket, remote);
      this.defer(() => conversation.call());
    });
  }

  #converse(ground: Ground, remoteAddress: Address): Conversation {
    const here: End = { token: freshToken(), limit: this.#limit };
    const queueBytesMax = this.#queueBytesMax;
    const conversation = new Conversation({ here, remoteAddress, queueBytesMax, surroundings: ground });
    this.#conversations.add(conversation);
    ground.forgotten = () => this.#conversations.delete(conversation);
    return conversation;
  }

  #socket(host: string, failed: (error: Error) => void): Socket {
    const socket = createSocket({ type: isIPv6(host) ? 'udp6' : 'udp4', lookup: alreadyResolved });
    this.#sockets.add(socket);
    let isBound = false;
    socket.once('listening', () => {
      isBound = true;
    });
    socket.on('error', (error) => {
      // One datagram that could not be read is as good as lost: the socket goes on.
      if (isBound) return;
      if (this.#sockets.delete(socket)) socket.close();
      failed(error);
    });
    return socket;
  }
}

/** What a conversation stands on here: a socket shared or its own, a timer, and the witness who asks the kernel. */
class Ground implements Surroundings {
  loosened: (isLoose: boolean) => void = () => {};
  over: () => void = () => {};
  forgotten: () => void = () => {};
  #conversation: Conversation | null = null;
  #socket: Socket | null = null;
  #remote: Endpoint = { host: '', port: 0 };
  #timer: NodeJS.Timeout | null = null;
  #witness: Witness | null = null;

  stand(conversation: Conversation, socket: Socket, remote: Endpoint): void {
    this.#conversation = conversation;
    this.#socket = socket;
    this.#remote = remote;
  }

  now(): number {
    return now();
  }

  say(datagram: Uint8Array): void {
    const { host, port } = this.#remote;
    this.#socket?.send(datagram, port, host, (error) => {
      // Nothing is promised of a datagram: what does not go is as good as lost, unless there is no way at all.
      if (error !== null && NO_WAY.has(codeOf(error))) this.#conversation?.unreachable();
    });
  }

  probe(): void {
    if (this.#witness !== null) this.#witness.ask();
    else
      this.#witness = new Witness(this.#remote, () => {
        this.#witness = null;
        this.#conversation?.vanished();
      });
  }

  wakeAt(time: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    // A timer may fire up to a millisecond early.
    this.#timer = setTimeout(() => this.#conversation?.wake(), Math.max(0, time - now()) + 1);
  }

  defer(task: () => void): void {
    setImmediate(task);
  }

  becameLoose(isLoose: boolean): void {
    this.loosened(isLoose);
  }

  ended(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#witness?.close();
    this.#witness = null;
    this.#socket = null;
    this.over();
    this.forgotten();
  }
}

/** Asks once it is connected, and whenever it is told to. What it learns ends it. */
class Witness {
  readonly #socket: Socket;
  #state: 'connecting' | 'connected' | 'over' = 'connecting';

  constructor({ host, port }: Endpoint, vanished: () => void) {
    this.#socket = createSocket({ type: isIPv6(host) ? 'udp6' : 'udp4', lookup: alreadyResolved });
    this.#socket.on('error', (error) => {
      if (this.#state === 'over') return;
      this.close();
      if (codeOf(error) === 'ECONNREFUSED') vanished();
    });
    this.#socket.on('connect', () => {
      if (this.#state !== 'connecting') return;
      this.#state = 'connected';
      this.ask();
    });
    this.#socket.connect(port, host);
  }

  ask(): void {
    if (this.#state === 'connected') this.#socket.send(PROBE, ignore);
  }

  close(): void {
    if (this.#state === 'over') return;
    this.#state = 'over';
    this.#socket.close();
  }
}

/** Sockets here are given addresses alone: looking them up once more would take a turn for every datagram. */
const alreadyResolved = ((
  host: string,
  _: unknown,
  found: (error: null, host: string, family: number) => void,
) => found(null, host, isIP(host))) as typeof lookup;

/** The address of a host, an IPv4 one if it has any: at once when it is one itself. */
function resolve(host: string, found: (address: string | null, problem: Error) => void): void {
  if (isIP(host) !== 0) found(host, NOT_FOUND);
  else
    lookup(host, { verbatim: false }, (error, address) =>
      found(error === null ? address : null, error ?? NOT_FOUND),
    );
}

const NOT_FOUND = new Error('no such host');

function enlarge(socket: Socket): void {
  try {
    socket.setRecvBufferSize(SOCKET_BUFFER_BYTES);
    socket.setSendBufferSize(SOCKET_BUFFER_BYTES);
  } catch {
    // Then it holds less, and more is said again.
  }
}

/** Random bits, not all of them 0. */
function freshToken(): bigint {
  return randomBytes(8).readBigUInt64BE() | 1n;
}

const now = (): number => performance.now();
const ignore = (): void => {};
