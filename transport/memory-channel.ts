/** The two ends of a channel in memory, and the pipes between them. */
import { addressOf, type Endpoint } from './address.js';
import { type Address, LIMITS } from './protocol.js';
import type { Channel, ChannelHandlers, Clock, CloseReason, Parcel } from './transport.js';

/** Which ends of a channel learn that the network has forgotten it. */
export type HeardBy = 'both' | 'one' | 'nobody';

/** Where a way leads. */
export interface Road {
  readonly from: string;
  readonly to: string;
  readonly clock: Clock;
  /** Those on which something is under way: they are told when a path is mended, or a host goes on. */
  readonly lanes: Set<Way>;
  latencyMs(): number;
  /** Nothing arrives: the path is cut, or the host is stopped. */
  isCut(): boolean;
  /** The host is stopped. */
  isHeld(): boolean;
}

/** One direction of a channel, as its two ends use it. `Lane` is the usual one; a simulator may lay its own. */
export interface Way {
  readonly queuedBytes: number;
  /** A word between kernels: that a channel opens, or ends. */
  put(bytes: number, arrive: () => void): void;
  /**
   * A frame, as text and as bytes, with its messages if they have names.
   *
   * @param arrive - hands bytes to the other end; false when nobody is there to hear them.
   */
  carry(frame: Cargo, arrive: (bytes: Uint8Array) => boolean): void;
  /** Forgets what is under way; `isVanished` when that is because the machine at its beginning is gone. */
  empty(isVanished?: boolean): void;
  /** From now on it swallows everything. */
  breakOff(): void;
  /** A path was mended, or a host goes on. */
  resume(): void;
}

export interface Cargo {
  readonly bytes: Uint8Array;
  readonly parcels: readonly Parcel[] | undefined;
}

interface Packet {
  /** When it would arrive if nothing were before it. */
  readonly due: number;
  readonly bytes: number;
  readonly arrive: () => void;
}

/** One direction of a channel: a pipe that neither loses, doubles nor reorders. */
export class Lane implements Way {
  readonly #road: Road;
  /** False once the network has forgotten it: what is put in comes out nowhere. */
  #leads = true;
  #packets: Packet[] = [];
  #timer: unknown = null;
  queuedBytes = 0;

  constructor(road: Road) {
    this.#road = road;
  }

  put(bytes: number, arrive: () => void): void {
    if (!this.#leads) return;
    const { clock, lanes } = this.#road;
    const due = clock.now() + this.#road.latencyMs();
    this.#packets.push({ due, bytes, arrive });
    this.queuedBytes += bytes;
    lanes.add(this);
    if (this.#timer === null) this.#wait(due);
  }

  carry({ bytes }: Cargo, arrive: (bytes: Uint8Array) => boolean): void {
    this.put(bytes.length, () => arrive(bytes));
  }

  /** Forgets what is under way. */
  empty(): void {
    this.#packets = [];
    this.queuedBytes = 0;
    this.#road.lanes.delete(this);
  }

  /** From now on it swallows everything. */
  breakOff(): void {
    this.empty();
    this.#leads = false;
  }

  /** The path is mended: what was held sets out again, now. */
  resume(): void {
    const { clock } = this.#road;
    if (this.#timer === null) this.#wait(clock.now() + this.#road.latencyMs());
  }

  #wait(due: number): void {
    const { clock } = this.#road;
    this.#timer = clock.setTimeout(() => this.#deliver(), due - clock.now());
  }

  #deliver(): void {
    this.#timer = null;
    const [packet] = this.#packets;
    if (packet === undefined || this.#road.isCut()) return;
    this.#packets.shift();
    this.queuedBytes -= packet.bytes;
    const [next] = this.#packets;
    if (next === undefined) this.#road.lanes.delete(this);
    else this.#wait(next.due);
    packet.arrive();
  }
}

/** What a channel needs of the process it belongs to. */
export interface Moorings {
  readonly out: Way;
  readonly queueBytesMax: number;
  defer(task: () => void): void;
  /** There is a kernel on the host, whose process may be another one by now. */
  isHostUp(): boolean;
  /** The channel is no more. */
  ended(channel: MemoryChannel): void;
}

type Hearing = Omit<ChannelHandlers, 'opened'>;

/** One end of a channel. */
export class MemoryChannel implements Channel {
  readonly remoteAddress: Address;
  readonly #moorings: Moorings;
  /** Null once ended. */
  #hearing: Hearing | null = DEAF;
  #isOpen = false;
  #other: MemoryChannel | null = null;

  constructor(remote: Endpoint, moorings: Moorings) {
    this.remoteAddress = addressOf(remote);
    this.#moorings = moorings;
  }

  /** Sets out to `door`, which lets it in with `answer` or sends it back with `end`. */
  knock(handlers: ChannelHandlers, door: (opened: () => void) => void): void {
    this.#hearing = handlers;
    this.#moorings.out.put(0, () =>
      door(() => {
        this.#isOpen = this.#hearing !== null;
        if (this.#isOpen) handlers.opened();
      }),
    );
  }

  /** Ties both ends together. This side, which was dialled, is open at once; the caller when the answer is back. */
  answer(caller: MemoryChannel, opened: () => void, accepted: (channel: Channel) => Hearing): void {
    this.#other = caller;
    caller.#other = this;
    this.#isOpen = true;
    this.#moorings.out.put(0, opened);
    const hearing = accepted(this);
    if (this.#hearing !== null) this.#hearing = hearing;
  }

  send(frame: string, parcels?: readonly Parcel[]): void {
    if (!this.#isOpen) return;
    const { out, queueBytesMax } = this.#moorings;
    const bytes = utf8.encode(frame);
    if (out.queuedBytes + bytes.length > queueBytesMax) this.#breakOff();
    else out.carry({ bytes, parcels }, (arrived) => this.#other?.receive(arrived) ?? false);
  }

  close(): void {
    if (this.#hearing === null) return;
    this.#leave();
    this.#moorings.out.put(0, () => this.#other?.end('closed-there'));
  }

  /** It was ended by the other side, or by the network. */
  end(reason: CloseReason): void {
    const hearing = this.#hearing;
    this.#leave();
    hearing?.closed(reason);
  }

  /** Bytes have arrived from the other end; false when nobody hears them. */
  receive(bytes: Uint8Array): boolean {
    if (this.#hearing === null) {
      this.#reject();
      return false;
    }
    if (bytes.length <= LIMITS.frameBytesMax) {
      this.#hearing.received(text.decode(bytes));
      return true;
    }
    this.#moorings.out.put(0, () => this.#other?.end('frame-too-large'));
    this.end('frame-too-large');
    return false;
  }

  /** The network has forgotten this channel: what is under way is lost. */
  reset(heardBy: HeardBy): void {
    const other = this.#other;
    if (heardBy === 'nobody') {
      this.lose();
      other?.lose();
      return;
    }
    this.drop();
    other?.drop();
    if (heardBy === 'both') other?.defer(() => other.end('closed-there'));
    this.defer(() => this.end('closed-there'));
  }

  /** Whatever it sends is lost from now on, and it is told nothing. */
  lose(): void {
    this.#moorings.out.breakOff();
  }

  /** Its machine is gone. */
  vanish(): void {
    this.#moorings.out.empty(true);
    this.#isOpen = false;
    this.#hearing = null;
  }

  /** Forgets what is under way to the other end. */
  drop(): void {
    this.#moorings.out.empty();
  }

  defer(task: () => void): void {
    this.#moorings.defer(task);
  }

  /** A kernel that knows of no such channel says so to whoever still writes to it. */
  #reject(): void {
    if (this.#moorings.isHostUp()) this.#moorings.out.put(0, () => this.#other?.end('closed-there'));
  }

  /** What is under way is lost; both sides hear of it. */
  #breakOff(): void {
    const { out, defer } = this.#moorings;
    this.#isOpen = false;
    out.empty();
    out.put(0, () => this.#other?.end('closed-there'));
    defer(() => this.end('queue-full'));
  }

  #leave(): void {
    this.#isOpen = false;
    this.#hearing = null;
    this.#moorings.ended(this);
  }
}

const DEAF: Hearing = { received: () => {}, closed: () => {} };
const utf8 = new TextEncoder();
// A byte order mark is a character of the frame like any other.
const text = new TextDecoder('utf-8', { ignoreBOM: true });
