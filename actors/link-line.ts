/** One channel as the link sees it: who speaks on it, what it may say, and what waits to be said. */
import type { ConnectionEnd } from '../machines/connection.js';
import type { Dialled } from '../machines/values/greeting.js';
import {
  bytesOf,
  decodeFrame,
  decodeGreeting,
  encodeGreeting,
  FRAME_OVERHEAD_BYTES,
  type Frame,
  frameOf,
} from '../transport/codec.js';
import { LIMITS, type LinkMessage, type Member, type Message, type PeerId } from '../transport/protocol.js';
import type { Channel } from '../transport/transport.js';
import type { LinkCounter } from './link-counters.js';

/** A message as text, encoded once for all who get it. */
export interface Encoded {
  readonly text: string;
  readonly bytes: number;
  /** Only where a simulator gives names. */
  readonly name?: string;
}

/** A message larger than this fits no frame. */
export const MESSAGE_BYTES_MAX = LIMITS.frameBytesMax - FRAME_OVERHEAD_BYTES;

/** Frames of one channel that may be bad before it is closed. */
export const REJECTED_MAX = 20;

/** What a line reports. */
export interface LineListener {
  count(name: LinkCounter, by?: number): void;
  greeted(line: Line, greeting: LinkMessage): void;
  /** A good frame has come from that peer, with these messages. */
  spoken(from: PeerId, messages: readonly Message[]): void;
  heard(message: Message): void;
  warned(code: string, detail: string): void;
  /** It has closed; the last thing heard of it. */
  ended(line: Line, reason: ConnectionEnd): void;
}

type Phase =
  /** Nothing has been heard yet. */
  | 'silent'
  /** A greeting has been heard; it is being judged. */
  | 'greeted'
  | 'bound'
  | 'ended';

export class Line {
  readonly connection: string;
  readonly dialled: Dialled;
  readonly #me: PeerId;
  readonly #listener: LineListener;
  #phase: Phase = 'silent';
  #channel: Channel | null = null;
  #remote: Member | null = null;
  #outbox: Encoded[] = [];
  #framesSent = 0;
  #lastCounter = 0;
  #rejected = 0;
  #hasWarned = false;

  constructor(connection: string, dialled: Dialled, me: PeerId, listener: LineListener) {
    this.connection = connection;
    this.dialled = dialled;
    this.#me = me;
    this.#listener = listener;
  }

  get remote(): Member | null {
    return this.#remote;
  }

  /** Somebody has dialled us, and we do not know yet who. */
  get isAwaited(): boolean {
    return this.dialled === 'there' && this.#remote === null;
  }

  get isGreeted(): boolean {
    return this.#phase === 'greeted';
  }

  attach(channel: Channel): void {
    this.#channel = channel;
  }

  /** Says a greeting at once. */
  greet(message: LinkMessage): void {
    this.#channel?.send(encodeGreeting(message));
  }

  bind(remote: Member): void {
    this.#phase = 'bound';
    this.#remote = remote;
  }

  push(message: Encoded): void {
    this.#outbox.push(message);
  }

  /** Sends what was pushed, in as few frames as the limits allow. */
  flush(): void {
    let batch: Encoded[] = [];
    let bytes = 0;
    for (const message of this.#outbox) {
      if (
        batch.length === LIMITS.frameMessagesMax ||
        bytes + message.bytes + batch.length > MESSAGE_BYTES_MAX
      ) {
        this.#sendFrame(batch, bytes);
        batch = [];
        bytes = 0;
      }
      batch.push(message);
      bytes += message.bytes;
    }
    if (batch.length > 0) this.#sendFrame(batch, bytes);
    this.#outbox = [];
  }

  /** Closes after what was pushed; nothing more is reported. */
  hangUp(): void {
    this.flush();
    this.#phase = 'ended';
    this.#channel?.close();
  }

  received(frame: string): void {
    if (this.#phase === 'silent') this.#hearGreeting(frame);
    else if (this.#phase === 'bound') this.#hearFrame(frame);
    else if (this.#phase === 'greeted') this.#misspoke('early-frame', 'it spoke before it was welcome');
  }

  closed(reason: ConnectionEnd): void {
    this.#phase = 'ended';
    this.#listener.ended(this, reason);
  }

  #sendFrame(batch: readonly Encoded[], bytes: number): void {
    this.#framesSent += 1;
    this.#listener.count('frames_sent');
    this.#listener.count('messages_sent', batch.length);
    this.#listener.count('bytes_sent', bytes);
    const texts = batch.map(({ text }) => text);
    const isNamed = batch[0]?.name !== undefined;
    const parcels = isNamed ? batch.map(({ name = '', text }) => ({ name, text })) : undefined;
    this.#channel?.send(frameOf(this.#framesSent, texts), parcels);
  }

  #hearGreeting(frame: string): void {
    const read = decodeGreeting(frame);
    if (read.ok && this.#channel?.isFromPage === true && read.greeting.type !== 'link.visit') {
      const detail = 'a web page may be a client, and never a peer';
      this.greet({ type: 'link.refuse', from: this.#me, code: 'bad-greeting', detail });
      this.#misspoke('page-as-peer', detail);
      return;
    }
    if (read.ok) {
      this.#phase = 'greeted';
      this.#listener.greeted(this, read.greeting);
      return;
    }
    this.#listener.count('greetings_rejected');
    this.greet({ type: 'link.refuse', from: this.#me, code: 'bad-greeting', detail: read.detail });
    this.#misspoke(read.code, read.detail);
  }

  #hearFrame(text: string): void {
    const bytes = bytesOf(text);
    this.#listener.count('frames_received');
    this.#listener.count('bytes_received', bytes);
    const frame = decodeFrame(text);
    if (frame.ok) this.#take(frame);
    else if (frame.code !== 'not-a-frame' || !this.#hearRefusal(text)) this.#reject(frame.code, frame.detail);
  }

  /** Whoever said hello judges our welcome last, and may refuse when we are bound already. */
  #hearRefusal(text: string): boolean {
    const read = decodeGreeting(text);
    if (!read.ok || read.greeting.type !== 'link.refuse' || read.greeting.from !== this.#remote?.id)
      return false;
    this.#listener.greeted(this, read.greeting);
    return true;
  }

  #take({ counter, messages, unknown }: Frame): void {
    if (counter <= this.#lastCounter) {
      this.#reject('old-counter', `frame ${counter} came after frame ${this.#lastCounter}`);
      return;
    }
    const impostor = messages.find((message) => message.from !== this.#remote?.id);
    if (impostor !== undefined) {
      this.#reject('impostor', `it spoke in the name of ${impostor.from}`);
      this.#end('impostor');
      return;
    }
    this.#lastCounter = counter;
    this.#listener.count('messages_received', messages.length);
    if (unknown > 0) this.#listener.count('messages_unknown', unknown);
    if (this.#remote !== null) this.#listener.spoken(this.#remote.id, messages);
    for (const message of messages) if (this.#phase === 'bound') this.#listener.heard(message);
  }

  #reject(code: string, detail: string): void {
    this.#listener.count('frames_rejected');
    this.#rejected += 1;
    this.#warn(code, detail);
    if (this.#rejected >= REJECTED_MAX) this.#end('misspoken');
  }

  #misspoke(code: string, detail: string): void {
    this.#warn(code, detail);
    this.#end('misspoken');
  }

  /** Once per channel, or a stranger would fill our log. */
  #warn(code: string, detail: string): void {
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    const speaker = this.#remote === null ? 'a stranger' : `peer ${this.#remote.id}`;
    this.#listener.warned(
      code,
      `bad frame from ${speaker} at ${this.#channel?.remoteAddress ?? '?'}: ${detail}`,
    );
  }

  #end(reason: ConnectionEnd): void {
    if (this.#phase === 'ended') return;
    this.#channel?.close();
    this.closed(reason);
  }
}
