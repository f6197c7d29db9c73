/** What a conversation over datagrams asks of the world: all it knows of sockets, timers and its listener. */
import type { Address } from './protocol-parts.js';
import type { Token } from './udp-datagram.js';

/** What a conversation stands on. */
export interface Surroundings {
  /** Monotonic, ms. */
  now(): number;
  say(datagram: Uint8Array): void;
  /** Asks the kernel whether anybody is at the remote port: `vanished` is called when it says no, and nothing otherwise. */
  probe(): void;
  /** Wants `wake` to be called at `time`, or a little later; it replaces what was wanted before. */
  wakeAt(time: number): void;
  /** At the end of the turn. */
  defer(task: () => void): void;
  /** A stranger's, or nobody's any more: it is the first to go where there is no room for all. */
  becameLoose(isLoose: boolean): void;
  /** There is nothing left to do. */
  ended(): void;
}

/** An end as it introduces itself. */
export interface End {
  readonly token: Token;
  /** The longest datagram it takes. */
  readonly limit: number;
}

export interface ConversationInput {
  readonly here: End;
  readonly remoteAddress: Address;
  /** Bytes that may wait before it ends with `queue-full`. */
  readonly queueBytesMax: number;
  readonly surroundings: Surroundings;
}
