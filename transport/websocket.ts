/**
 * Channels over WebSockets, on Node: one text frame is one WebSocket message.
 *
 * Nagle's delay is off (`ws` sees to it) and so is compression: batches are large and the network is near. Whoever
 * connects but does not upgrade gets 426, or is cut off after some seconds of silence.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { networkInterfaces } from 'node:os';
import { type RawData, WebSocket, WebSocketServer } from 'ws';
import { addressOf, type Endpoint, endpointOf } from './address.js';
import { type Address, LIMITS } from './protocol.js';
import type {
  Channel,
  ChannelHandlers,
  CloseReason,
  ListenHandlers,
  ListenProblem,
  Transport,
} from './transport.js';

export interface WebSocketTransportOptions {
  /** Bytes that may wait in one channel before it closes with `queue-full`. Default 16 MiB. */
  readonly queueBytesMax?: number;
  /** Web pages that may dial, by their origin. Default: none. */
  readonly origins?: readonly string[];
}

const HANDSHAKE_TIMEOUT_MS = 5000;
/** How long a channel closed here waits for the other side to agree. */
const CLOSE_TIMEOUT_MS = 2000;

const SOCKET_OPTIONS = {
  maxPayload: LIMITS.frameBytesMax,
  perMessageDeflate: false,
  closeTimeout: CLOSE_TIMEOUT_MS,
} as const;
const CLIENT_OPTIONS = { ...SOCKET_OPTIONS, handshakeTimeout: HANDSHAKE_TIMEOUT_MS } as const;

const SERVER_OPTIONS = {
  headersTimeout: HANDSHAKE_TIMEOUT_MS,
  requestTimeout: HANDSHAKE_TIMEOUT_MS,
  connectionsCheckingInterval: 1000,
} as const;

export class WebSocketTransport implements Transport {
  readonly #queueBytesMax: number;
  readonly #origins: readonly string[];
  readonly #servers = new Set<Server>();
  readonly #channels = new Set<SocketChannel>();

  constructor({ queueBytesMax = 16 * 1024 * 1024, origins = [] }: WebSocketTransportOptions = {}) {
    this.#queueBytesMax = queueBytesMax;
    this.#origins = origins;
  }

  listen(address: Address, handlers: ListenHandlers): void {
    const endpoint = endpointOf(address);
    if (endpoint === null)
      this.defer(() => handlers.failed({ code: 'bad-address', detail: `${address} is not HOST:PORT` }));
    else this.#open(endpoint, handlers);
  }

  #open(endpoint: Endpoint, handlers: ListenHandlers): void {
    const server = createServer(SERVER_OPTIONS, askToUpgrade);
    const upgrader = new WebSocketServer({ ...SOCKET_OPTIONS, server, verifyClient: this.#isWelcome });
    this.#servers.add(server);
    upgrader.on('connection', (socket, { headers, socket: { remoteAddress = '', remotePort = 0 } }) => {
      const address = addressOf({ host: remoteAddress, port: remotePort });
      const channel = this.#channelOver(socket, address, headers.origin !== undefined);
      channel.hear(handlers.accepted(channel));
    });
    upgrader.on('error', (error) => {
      this.#servers.delete(server);
      handlers.failed(problemOf(error, addressOf(endpoint)));
    });
    upgrader.on('listening', () =>
      handlers.listening(addressOf({ host: ownHost(endpoint.host), port: portOf(server) })),
    );
    server.listen(endpoint);
  }

  dial(address: Address, handlers: ChannelHandlers): Channel {
    const endpoint = endpointOf(address);
    const url = endpoint === null ? '' : `ws://${addressOf(endpoint)}/`;
    // Addresses come from strangers, and what looks like one may still be none: 1.2.3.999.
    if (!URL.canParse(url)) return this.#deadEnd(address, handlers);
    const socket = new WebSocket(url, CLIENT_OPTIONS);
    const channel = this.#channelOver(socket, address);
    channel.hear(handlers);
    socket.on('open', () => channel.isHeard && handlers.opened());
    return channel;
  }

  defer(task: () => void): void {
    setImmediate(task);
  }

  /** What is queued may be lost: sockets still alive would keep the process from ending. */
  close(done: () => void): void {
    for (const channel of this.#channels) channel.terminate();
    const servers = [...this.#servers];
    this.#servers.clear();
    let open = servers.length;
    if (open === 0) this.defer(done);
    for (const server of servers) {
      server.close(() => {
        open -= 1;
        if (open === 0) done();
      });
      server.closeAllConnections();
    }
  }

  /** A browser names the page that dials: one from elsewhere must not pass for a peer, and only some may be clients. */
  readonly #isWelcome = ({ req: { headers } }: { readonly req: IncomingMessage }): boolean =>
    headers.origin === undefined || this.#origins.includes(headers.origin);

  #channelOver(socket: WebSocket, remoteAddress: Address, isFromPage = false): SocketChannel {
    const channel = new SocketChannel(socket, remoteAddress, this.#queueBytesMax, isFromPage);
    this.#channels.add(channel);
    socket.on('close', () => this.#channels.delete(channel));
    return channel;
  }

  #deadEnd(remoteAddress: Address, handlers: ChannelHandlers): Channel {
    let isClosed = false;
    this.defer(() => {
      if (!isClosed) handlers.closed('unreachable');
    });
    return {
      remoteAddress,
      send: () => {},
      close: () => {
        isClosed = true;
      },
    };
  }
}

type Hearing = Omit<ChannelHandlers, 'opened'>;

class SocketChannel implements Channel {
  readonly remoteAddress: Address;
  readonly isFromPage: boolean;
  readonly #socket: WebSocket;
  readonly #queueBytesMax: number;
  /** Null once closed here. */
  #hearing: Hearing | null = DEAF;
  #wasOpen: boolean;
  /** Known before the socket says that it is closed. */
  #ending: CloseReason | null = null;

  constructor(socket: WebSocket, remoteAddress: Address, queueBytesMax: number, isFromPage: boolean) {
    this.isFromPage = isFromPage;
    this.#socket = socket;
    this.remoteAddress = remoteAddress;
    this.#queueBytesMax = queueBytesMax;
    this.#wasOpen = socket.readyState === WebSocket.OPEN;
    socket.on('open', () => {
      this.#wasOpen = true;
    });
    socket.on('message', (content, isBinary) => this.#receive(content, isBinary));
    socket.on('error', (error) => {
      this.#ending ??= this.#reasonOf(error);
    });
    socket.on('close', (code) => this.#end(code));
  }

  get isHeard(): boolean {
    return this.#hearing !== null;
  }

  hear(hearing: Hearing): void {
    if (this.isHeard) this.#hearing = hearing;
  }

  send(frame: string): void {
    const { readyState, bufferedAmount } = this.#socket;
    if (readyState !== WebSocket.OPEN || this.#ending !== null) return;
    if (bufferedAmount + Buffer.byteLength(frame) > this.#queueBytesMax) {
      this.#ending = 'queue-full';
      this.#socket.terminate();
    } else this.#socket.send(frame);
  }

  close(): void {
    this.#hearing = null;
    this.#socket.close(1000);
  }

  terminate(): void {
    this.#hearing = null;
    this.#socket.terminate();
  }

  #receive(content: RawData, isBinary: boolean): void {
    if (this.#ending !== null) return;
    if (isBinary) {
      this.#ending = 'closed-here';
      this.#socket.close(1003, 'text frames only');
    } else this.#hearing?.received(content.toString());
  }

  #end(code: number): void {
    const hearing = this.#hearing;
    this.#hearing = null;
    hearing?.closed(code === 1009 ? 'frame-too-large' : (this.#ending ?? 'closed-there'));
  }

  #reasonOf(error: Error): CloseReason {
    const code = codeOf(error);
    if (code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') return 'frame-too-large';
    if (this.#wasOpen) return 'closed-there';
    return code === 'ECONNREFUSED' ? 'refused' : 'unreachable';
  }
}

const DEAF: Hearing = { received: () => {}, closed: () => {} };

function askToUpgrade(_: IncomingMessage, response: ServerResponse): void {
  response
    .writeHead(426, { 'content-type': 'text/plain' })
    .end('Upgrade Required: this port speaks WebSocket\n');
}

function portOf(server: Server): number {
  const bound = server.address();
  return typeof bound === 'object' && bound !== null ? bound.port : 0;
}

/** Why nobody can listen at `address`, as people are told. */
export function problemOf(error: Error, address: Address): ListenProblem {
  switch (codeOf(error)) {
    case 'EADDRINUSE':
      return { code: 'port-in-use', detail: `another process listens at ${address}` };
    case 'EACCES':
    case 'EPERM':
      return { code: 'not-permitted', detail: `no permission to listen at ${address}` };
    default:
      return { code: 'bad-address', detail: `cannot listen at ${address}: ${error.message}` };
  }
}

/** The system's name for an error: `ECONNREFUSED`. */
export const codeOf = (error: Error): string | undefined =>
  'code' in error ? String(error.code) : undefined;

/** Who listens everywhere is to be dialled somewhere: at this machine's first address that others can reach, if it has one. */
export function ownHost(host: string): string {
  if (host !== '0.0.0.0' && host !== '::') return host;
  const own = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  const reachable = own.filter(({ internal, scopeid }) => !internal && (scopeid ?? 0) === 0);
  const first = reachable.find(({ family }) => family === 'IPv4') ?? reachable[0];
  return first?.address ?? (host === '::' ? '::1' : '127.0.0.1');
}
