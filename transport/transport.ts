/**
 * How bytes travel: what every transport promises, and what the contract suite checks of each.
 *
 * A transport knows text frames and addresses, never messages. It calls back, always later and never from within the
 * call that asked; frames of one channel arrive in order, whole, at most once; a closed channel says so exactly once.
 */
import type { Address } from './protocol.js';

/** Why a channel ended, or never began. */
export type CloseReason =
  | 'closed-here'
  | 'closed-there'
  | 'refused' // nobody listens there: the kernel itself said no
  | 'unreachable' // no answer, or no such host
  | 'frame-too-large'
  | 'queue-full'; // the other side reads too slowly

export interface ChannelHandlers {
  opened(): void;
  received(frame: string): void;
  /** Called once, last. Not called for a channel closed by its own `close()`. */
  closed(reason: CloseReason): void;
}

/** One message of a frame, under the name that a simulator has given it. */
export interface Parcel {
  readonly name: string;
  /** As it stands in the frame. */
  readonly text: string;
}

export interface Channel {
  /**
   * Queues one frame, once opened; before, and once closed, it goes nowhere. Beyond `queueBytesMax` the channel closes with
   * `queue-full` instead of growing.
   *
   * @param parcels - what the frame holds, where messages are given names: only simulated networks look at it.
   */
  send(frame: string, parcels?: readonly Parcel[]): void;
  /** Ends the channel after what is queued has gone; `closed` is not called on this side any more. */
  close(): void;
  readonly remoteAddress: Address;
  /** Dialled by a web page, which may be a client, and never a peer. */
  readonly isFromPage?: boolean;
}

export interface ListenHandlers {
  listening(address: Address): void;
  /** A stranger has dialled: says what to do with its channel. The channel is open already. */
  accepted(channel: Channel): Omit<ChannelHandlers, 'opened'>;
  failed(problem: ListenProblem): void;
}

export interface ListenProblem {
  readonly code: 'port-in-use' | 'bad-address' | 'not-permitted';
  readonly detail: string;
}

export interface Transport {
  /** Listens at `address`; port 0 chooses a free one, which `listening` names. */
  listen(address: Address, handlers: ListenHandlers): void;
  dial(address: Address, handlers: ChannelHandlers): Channel;
  /** Runs `task` at the end of the present turn, so that what a turn sends travels in one frame. */
  defer(task: () => void): void;
  /** Stops listening and closes every channel. */
  close(done: () => void): void;
}

/** Time, injected: the shape XState asks of a clock, plus a reading of it. */
export interface Clock {
  /** Monotonic, ms. */
  now(): number;
  setTimeout(task: () => void, delayMs: number): unknown;
  clearTimeout(timer: unknown): void;
}
