/**
 * Channels over the WebSockets of a web page: it dials, and nobody can dial it.
 *
 * A page is not told why a dialling failed, so every failure before the channel is open is `unreachable`.
 */
import { addressOf, endpointOf } from './address.js';
import { type Address, LIMITS } from './protocol.js';
import type { Channel, ChannelHandlers, ListenHandlers, Transport } from './transport.js';

/** Bytes that may wait in one channel before it closes with `queue-full`. */
const QUEUE_BYTES_MAX = 16 * 1024 * 1024;

export class PageTransport implements Transport {
  readonly #channels = new Set<PageChannel>();

  listen(address: Address, { failed }: ListenHandlers): void {
    this.defer(() => failed({ code: 'not-permitted', detail: `a web page cannot listen at ${address}` }));
  }

  dial(address: Address, handlers: ChannelHandlers): Channel {
    const endpoint = endpointOf(address);
    const url = /^wss?:/.test(address) ? address : endpoint && `ws://${addressOf(endpoint)}/`;
    const channel = new PageChannel(address, handlers, () => this.#channels.delete(channel));
    this.#channels.add(channel);
    if (url !== null && URL.canParse(url)) channel.open(url);
    else this.defer(() => channel.fail());
    return channel;
  }

  defer(task: () => void): void {
    queueMicrotask(task);
  }

  close(done: () => void): void {
    for (const channel of this.#channels) channel.close();
    this.defer(done);
  }
}

class PageChannel implements Channel {
  readonly remoteAddress: Address;
  readonly #gone: () => void;
  /** Null once closed here. */
  #handlers: ChannelHandlers | null;
  #socket: WebSocket | undefined;
  #wasOpen = false;

  constructor(remoteAddress: Address, handlers: ChannelHandlers, gone: () => void) {
    this.remoteAddress = remoteAddress;
    this.#handlers = handlers;
    this.#gone = gone;
  }

  open(url: string): void {
    const socket = new WebSocket(url);
    this.#socket = socket;
    socket.onopen = () => {
      this.#wasOpen = true;
      this.#handlers?.opened();
    };
    socket.onmessage = ({ data }) => this.#receive(data);
    socket.onclose = () => this.#end(this.#wasOpen ? 'closed-there' : 'unreachable');
  }

  fail(): void {
    this.#end('unreachable');
  }

  send(frame: string): void {
    const socket = this.#socket;
    if (socket?.readyState !== WebSocket.OPEN) return;
    if (socket.bufferedAmount + frame.length > QUEUE_BYTES_MAX) {
      this.#end('queue-full');
      socket.close();
    } else socket.send(frame);
  }

  close(): void {
    this.#handlers = null;
    this.#gone();
    this.#socket?.close(1000);
  }

  #receive(data: unknown): void {
    if (typeof data === 'string' && data.length <= LIMITS.frameBytesMax) {
      this.#handlers?.received(data);
      return;
    }
    this.#end(typeof data === 'string' ? 'frame-too-large' : 'closed-here');
    this.#socket?.close();
  }

  #end(reason: Parameters<ChannelHandlers['closed']>[0]): void {
    const handlers = this.#handlers;
    this.#handlers = null;
    this.#gone();
    handlers?.closed(reason);
  }
}
