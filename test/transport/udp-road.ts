/** A road for datagrams in virtual time, which loses, doubles and delays them by a seed; and conversations at both its ends. */
import { draw } from '../../machines/values/chance.js';
import type { Channel, ChannelHandlers, CloseReason } from '../../transport/transport.js';
import { Conversation } from '../../transport/udp-conversation.js';
import { readDatagram } from '../../transport/udp-datagram.js';
import { Door } from '../../transport/udp-door.js';
import type { Surroundings } from '../../transport/udp-surroundings.js';
import { VirtualClock } from '../../transport/virtual-clock.js';

export interface Weather {
  readonly seed: number;
  /** Of a hundred datagrams, so many are lost, and so many come twice. */
  readonly lost: number;
  readonly doubled: number;
  /** A datagram takes from 1 to so many ms: what is said later may come sooner. */
  readonly latencyMs: number;
}
export const CALM: Weather = { seed: 1, lost: 0, doubled: 0, latencyMs: 1 };

/** What was heard at one end. */
export interface Heard {
  channel: Channel | null;
  isOpen: boolean;
  readonly frames: string[];
  readonly closings: CloseReason[];
}
export const nothingHeard = (): Heard => ({ channel: null, isOpen: false, frames: [], closings: [] });

const hearingOf = (heard: Heard): ChannelHandlers => ({
  opened: () => {
    heard.isOpen = true;
  },
  received: (frame) => void heard.frames.push(frame),
  closed: (reason) => void heard.closings.push(reason),
});

export const LISTENER = '10.0.0.1:7000';
const LIMIT = 4096;

export class Road {
  readonly clock = new VirtualClock();
  /** Every datagram, as it was said. */
  readonly said: {
    readonly from: string;
    readonly to: string;
    readonly bytes: Uint8Array;
    readonly at: number;
  }[] = [];
  readonly accepted: Heard[] = [];
  /** Addresses nothing comes from, and nothing goes to. */
  readonly cut = new Set<string>();
  readonly #gone = new Set<string>();
  readonly #weather: Weather;
  readonly #inboxes = new Map<string, (bytes: Uint8Array, from: string) => void>();
  readonly #queueBytesMax: number;
  #seed: number;
  #tokens = 2n ** 40n;

  constructor(weather: Weather = CALM, queueBytesMax = 64 * 1024 * 1024) {
    this.#weather = weather;
    this.#seed = weather.seed;
    this.#queueBytesMax = queueBytesMax;
  }

  /** A listener at `LISTENER`. */
  listen(onAccepted: (channel: Channel) => void = () => {}): Door {
    const door: Door = new Door({
      now: this.clock.now,
      limit: LIMIT,
      seal: sealed,
      say: (address, bytes) => this.carry(LISTENER, address, bytes),
      begin: (address) => {
        const conversation: Conversation = this.#conversation(LISTENER, address, {
          becameLoose: (isLoose) => door.becameLoose(conversation, isLoose),
          ended: () => door.ended(conversation),
        });
        return conversation;
      },
      begun: (conversation) => {
        const heard = { ...nothingHeard(), channel: conversation, isOpen: true };
        this.accepted.push(heard);
        conversation.hear(hearingOf(heard));
        onAccepted(conversation);
      },
    });
    this.#inboxes.set(LISTENER, (bytes, from) => door.hear(bytes, from));
    return door;
  }

  /** Dials the listener from `address`. */
  dial(address: string): Heard {
    const heard = nothingHeard();
    const conversation = this.#conversation(address, LISTENER, {
      becameLoose: () => {},
      ended: () => this.#inboxes.delete(address),
    });
    heard.channel = conversation;
    conversation.hear(hearingOf(heard));
    this.#inboxes.set(address, (bytes) => {
      const datagram = readDatagram(bytes);
      if (datagram !== null) conversation.receive(datagram);
    });
    conversation.call();
    return heard;
  }

  /** Its process is gone: nobody is there, as the kernel says to whoever asks. */
  vanish(address: string): void {
    this.#inboxes.delete(address);
    this.#gone.add(address);
  }

  /** Puts a datagram on the road. */
  carry(from: string, to: string, bytes: Uint8Array): void {
    if (this.#gone.has(from)) return;
    this.said.push({ from, to, bytes, at: this.clock.now() });
    const copies = this.#chance() < this.#weather.doubled ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) {
      if (this.#chance() < this.#weather.lost || this.cut.has(from) || this.cut.has(to)) continue;
      const delayMs = 1 + (this.#chance() / 100) * (this.#weather.latencyMs - 1);
      this.clock.setTimeout(() => this.#inboxes.get(to)?.(bytes, from), delayMs);
    }
  }

  /** Lets time pass until `holds`, at most `withinMs`. @returns whether it does. */
  until(holds: () => boolean, withinMs = 600_000): boolean {
    const end = this.clock.now() + withinMs;
    while (!holds()) {
      const due = this.clock.nextDue;
      if (due === null || due > end) {
        this.clock.runUntil(end);
        return holds();
      }
      this.clock.runNext();
    }
    return true;
  }

  /** Lets `ms` pass. */
  pass(ms: number): void {
    this.clock.runUntil(this.clock.now() + ms);
  }

  /** From 0 to below 100. */
  #chance(): number {
    const { value, seed } = draw(this.#seed);
    this.#seed = seed;
    return value * 100;
  }

  #conversation(from: string, to: string, ends: Pick<Surroundings, 'becameLoose' | 'ended'>): Conversation {
    let timer: unknown = null;
    const { clock } = this;
    this.#tokens += 1n;
    const conversation: Conversation = new Conversation({
      here: { token: this.#tokens, limit: LIMIT },
      remoteAddress: to,
      queueBytesMax: this.#queueBytesMax,
      surroundings: {
        now: clock.now,
        say: (bytes) => this.carry(from, to, bytes),
        probe: () => {
          if (this.#inboxes.has(to) || this.cut.has(to) || this.cut.has(from)) return;
          clock.setTimeout(() => conversation.vanished(), 1);
        },
        wakeAt: (time) => {
          clock.clearTimeout(timer);
          timer = clock.setTimeout(() => conversation.wake(), time - clock.now());
        },
        defer: (task) => clock.setTimeout(task, 0),
        ...ends,
      },
    });
    return conversation;
  }
}

/** Of no secrecy: nobody guesses here. */
function sealed(text: string): Uint8Array {
  const hash = new Uint8Array(16);
  for (const [at, byte] of new TextEncoder().encode(text).entries())
    hash[at % 16] = (Math.imul(hash[at % 16] ?? 0, 31) + byte + at) & 255;
  return hash;
}
