/**
 * A network in memory, on any clock: for tests, the simulator, and a page.
 *
 * Frames cross it as bytes, so nothing passes that a wire would not carry. A channel behaves as TCP does: in order, at
 * most once. What is under way when a path is cut is held, as TCP holds what it has to send again: after `heal` it
 * arrives, in order, if the channel still lives at the other end. Until then neither end notices anything. What is
 * under way when a path is reset is lost, as when a router forgets its connections.
 */
import { addressOf, type Endpoint, endpointOf } from './address.js';
import { type HeardBy, Lane, MemoryChannel, type Road, type Way } from './memory-channel.js';
import type { Address } from './protocol.js';
import type {
  Channel,
  ChannelHandlers,
  Clock,
  ListenHandlers,
  ListenProblem,
  Transport,
} from './transport.js';

export interface MemoryNetworkOptions {
  readonly clock: Clock;
  /** How long a frame takes from host to host, ms. Default: 0.5 to 1.5, drawn anew for each frame. */
  readonly latencyMs?: (from: string, to: string) => number;
  /** What the default latency draws from, in [0, 1). Default: always the middle. */
  readonly random?: () => number;
  /** Bytes under way in one direction of a channel before it closes with `queue-full`. Default 16 MiB. */
  readonly queueBytesMax?: number;
  /** Lays one direction of a channel. Default: a `Lane`, which neither loses, doubles nor reorders. */
  readonly way?: (road: Road) => Way;
}

/** Hosts are named by whatever stands before the port: `p1:7001` is port 7001 of host `p1`. */
export class MemoryNetwork {
  readonly #clock: Clock;
  readonly #latencyMs: (from: string, to: string) => number;
  readonly #queueBytesMax: number;
  readonly #listeners = new Map<Address, MemoryTransport>();
  readonly #transports = new Map<string, Set<MemoryTransport>>();
  readonly #way: (road: Road) => Way;
  readonly #lanes = new Set<Way>();
  readonly #cuts = new Set<string>();
  readonly #held = new Set<string>();

  constructor({
    clock,
    latencyMs,
    random = () => 0.5,
    queueBytesMax = 16 * 1024 * 1024,
    way = (road) => new Lane(road),
  }: MemoryNetworkOptions) {
    this.#clock = clock;
    this.#latencyMs = latencyMs ?? (() => 0.5 + random());
    this.#queueBytesMax = queueBytesMax;
    this.#way = way;
  }

  /** The network as a process on `host` sees it. Several may share a host. */
  transport(host: string): Transport {
    const transport = new MemoryTransport(this.#wiring(host));
    const siblings = this.#transports.get(host) ?? new Set();
    this.#transports.set(host, siblings.add(transport));
    return transport;
  }

  /** Lets nothing pass between `a` and `b` any more. */
  cut(a: string, b: string): void {
    this.cutOneWay(a, b);
    this.cutOneWay(b, a);
  }

  cutOneWay(from: string, to: string): void {
    this.#cuts.add(pathOf(from, to));
  }

  /** Mends the path from `from` to `to`; what was held on it sets out again. */
  mendOneWay(from: string, to: string): void {
    if (this.#cuts.delete(pathOf(from, to))) this.#resume();
  }

  /** Mends every path. */
  heal(): void {
    this.#cuts.clear();
    this.#resume();
  }

  /** Nothing reaches `host` any more, as when its processes are stopped: it waits in the kernel until `release`. */
  hold(host: string): void {
    this.#held.add(host);
  }

  release(host: string): void {
    if (this.#held.delete(host)) this.#resume();
  }

  /**
   * Breaks every channel between `a` and `b`: what is under way is lost. When `one` hears of it, that is `a`, and the kernel
   * there rejects what `b` goes on sending; when `nobody` does, as behind a router that drops in silence, the channels
   * stay open at both ends and swallow everything.
   */
  reset(a: string, b: string, { heardBy = 'both' }: { readonly heardBy?: HeardBy } = {}): void {
    for (const transport of this.#transports.get(a) ?? []) transport.reset(b, heardBy);
  }

  /** Those on a path that is still cut find out by themselves. */
  #resume(): void {
    for (const lane of this.#lanes) lane.resume();
  }

  /**
   * Kills the processes on `host`: they hear and say nothing more. Its kernel closes their channels at the others, after
   * what they had sent, and refuses whoever dials.
   */
  crash(host: string): void {
    for (const transport of this.#transports.get(host) ?? []) transport.crash();
    this.#transports.delete(host);
  }

  /** As `crash`, but with its kernel: what it had sent is lost, and nobody is told. */
  silence(host: string): void {
    for (const transport of this.#transports.get(host) ?? []) transport.vanish();
    this.#transports.delete(host);
  }

  /** The transport of a new process on `host`; the old ones are killed if they still run. */
  restart(host: string): Transport {
    this.crash(host);
    return this.transport(host);
  }

  #wiring(host: string): Wiring {
    return {
      host,
      isUp: () => this.#transports.has(host),
      clock: this.#clock,
      queueBytesMax: this.#queueBytesMax,
      listeners: this.#listeners,
      lane: (from, to) => {
        const path = pathOf(from, to);
        return this.#way({
          from,
          to,
          clock: this.#clock,
          lanes: this.#lanes,
          latencyMs: () => this.#latencyMs(from, to),
          isCut: () => this.#held.has(to) || this.#cuts.has(path),
          isHeld: () => this.#held.has(to),
        });
      },
    };
  }
}

const pathOf = (from: string, to: string) => `${from} → ${to}`;

interface Wiring {
  readonly host: string;
  isUp(): boolean;
  readonly clock: Clock;
  readonly queueBytesMax: number;
  readonly listeners: Map<Address, MemoryTransport>;
  lane(from: string, to: string): Way;
}

/** Ports given out where 0 was asked for. */
const FIRST_FREE_PORT = 49_152;

class MemoryTransport implements Transport {
  readonly #wiring: Wiring;
  readonly #channels = new Set<MemoryChannel>();
  readonly #doors = new Map<Address, ListenHandlers>();
  #isAlive = true;

  constructor(wiring: Wiring) {
    this.#wiring = wiring;
  }

  listen(address: Address, handlers: ListenHandlers): void {
    if (!this.#isAlive) return;
    const { host, listeners } = this.#wiring;
    const endpoint = endpointOf(address);
    if (endpoint?.host !== host) {
      this.#fail(handlers, 'bad-address', `${address} is no address of ${host}`);
      return;
    }
    const chosen = addressOf(endpoint.port === 0 ? this.#freePort() : endpoint);
    if (listeners.has(chosen)) this.#fail(handlers, 'port-in-use', `another process listens at ${address}`);
    else this.#open(chosen, handlers);
  }

  #open(address: Address, handlers: ListenHandlers): void {
    this.#wiring.listeners.set(address, this);
    this.#doors.set(address, handlers);
    this.defer(() => handlers.listening(address));
  }

  dial(address: Address, handlers: ChannelHandlers): Channel {
    const remote = endpointOf(address);
    const channel = this.#newChannel(remote ?? { host: address, port: 0 });
    if (remote === null) {
      this.defer(() => handlers.closed('unreachable'));
      return channel;
    }
    const { host, lane, listeners } = this.#wiring;
    channel.knock(handlers, (opened) => {
      const listener = listeners.get(channel.remoteAddress);
      if (listener === undefined) lane(remote.host, host).put(0, () => channel.end('refused'));
      else listener.admit(channel, this.#freePort(), opened);
    });
    return channel;
  }

  /** A stranger has knocked at one of our doors. */
  admit(caller: MemoryChannel, from: Endpoint, opened: () => void): void {
    const door = this.#doors.get(caller.remoteAddress);
    if (door === undefined) return;
    this.#newChannel(from).answer(caller, opened, (channel) => door.accepted(channel));
  }

  defer(task: () => void): void {
    this.#wiring.clock.setTimeout(() => this.#isAlive && task(), 0);
  }

  close(done: () => void): void {
    this.crash();
    this.#wiring.clock.setTimeout(done, 0);
  }

  /** Ends at once, without a word to its own process. */
  crash(): void {
    this.#isAlive = false;
    for (const address of this.#doors.keys()) this.#wiring.listeners.delete(address);
    this.#doors.clear();
    for (const channel of this.#channels) channel.close();
  }

  /** Ends at once, without a word to anybody. */
  vanish(): void {
    for (const channel of this.#channels) channel.vanish();
    this.#channels.clear();
    this.crash();
  }

  /** Every channel to `host` breaks. */
  reset(host: string, heardBy: HeardBy): void {
    const prefix = `${host}:`;
    for (const channel of [...this.#channels])
      if (channel.remoteAddress.startsWith(prefix)) channel.reset(heardBy);
  }

  #newChannel(remote: Endpoint): MemoryChannel {
    const channel = new MemoryChannel(remote, {
      out: this.#wiring.lane(this.#wiring.host, remote.host),
      queueBytesMax: this.#wiring.queueBytesMax,
      defer: (task) => this.defer(task),
      isHostUp: () => this.#wiring.isUp(),
      ended: (ended) => this.#channels.delete(ended),
    });
    this.#channels.add(channel);
    return channel;
  }

  #freePort(): Endpoint {
    const { host, listeners } = this.#wiring;
    let port = FIRST_FREE_PORT;
    while (listeners.has(addressOf({ host, port }))) port += 1;
    return { host, port };
  }

  #fail(handlers: ListenHandlers, code: ListenProblem['code'], detail: string): void {
    this.defer(() => handlers.failed({ code, detail }));
  }
}
