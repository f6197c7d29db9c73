/** Held entries: what a coordinator keeps back while it hands over; bounded in number and in bytes, or it could be any amount. */
import type { Entry } from '../../transport/protocol.js';
import { LIMITS } from './limits.js';
import { sizeOfAll } from './size.js';

export interface Held {
  readonly entries: readonly Entry[];
  /** What they are about to take on the wire, by the estimate of `sizeOf`. */
  readonly bytes: number;
}

export const NOTHING_HELD: Held = { entries: [], bytes: 0 };

export const withHeld = ({ entries, bytes }: Held, more: readonly Entry[]): Held => ({
  entries: [...entries, ...more],
  bytes: bytes + sizeOfAll(more),
});

/** There is room for all of these, or for none: what a session sends stays together. */
export const hasRoomFor = (held: Held, more: readonly Entry[]): boolean =>
  held.entries.length + more.length <= LIMITS.heldMax && held.bytes + sizeOfAll(more) <= LIMITS.heldBytesMax;
