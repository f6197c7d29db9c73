/**
 * The hearing half of a channel over datagrams: pieces come in any order, some twice, and leave as frames, in order, each once.
 *
 * Pure. What came before its turn is held, at most `WINDOW_MAX` pieces; what has come before is known by its number.
 */
import { LIMITS } from './protocol-parts.js';
import { ACK_BITS_BYTES_MAX, type Piece } from './udp-datagram.js';
import { WINDOW_MAX } from './udp-sending.js';

/** What the pieces so far have made. */
export type Arrival =
  | { readonly type: 'frame'; readonly text: string }
  | { readonly type: 'ended' }
  /** It is no frame of ours, and nothing behind it can be heard. */
  | { readonly type: 'fault'; readonly code: 'frame-too-large' | 'not-text' };

export class Receiving {
  #next = 0;
  readonly #held = new Map<number, Piece>();
  /** The farthest that is held. */
  #farthest = 0;
  #pieces: Uint8Array[] = [];
  #bytes = 0;
  #isOver = false;

  /** Takes a piece. @returns what is complete with it, in order. */
  take(piece: Piece): readonly Arrival[] {
    const { sequence } = piece;
    const isOld = sequence < this.#next || this.#held.has(sequence);
    if (this.#isOver || isOld || sequence >= this.#next + WINDOW_MAX) return [];
    // The bytes are the socket's, who may write there again.
    this.#held.set(sequence, { ...piece, bytes: piece.bytes.slice() });
    this.#farthest = Math.max(this.#farthest, sequence);
    return this.#drained();
  }

  /** What has arrived: all below `next`, and what the bits tell of. */
  acknowledgement(): { readonly next: number; readonly bits: Uint8Array } {
    const count = this.#held.size === 0 ? 0 : this.#farthest - this.#next;
    const bits = new Uint8Array(Math.min(ACK_BITS_BYTES_MAX, Math.ceil(count / 8)));
    for (const sequence of this.#held.keys()) {
      const at = sequence - this.#next - 1;
      if (at >= 0 && at >> 3 < bits.length) bits[at >> 3] = (bits[at >> 3] ?? 0) | (1 << (at & 7));
    }
    return { next: this.#next, bits };
  }

  #drained(): readonly Arrival[] {
    const arrivals: Arrival[] = [];
    for (let piece = this.#held.get(this.#next); piece !== undefined; piece = this.#held.get(this.#next)) {
      this.#held.delete(this.#next);
      this.#next += 1;
      const arrival = this.#join(piece);
      if (arrival === null) continue;
      arrivals.push(arrival);
      if (arrival.type !== 'frame') {
        this.#isOver = true;
        this.#held.clear();
        this.#pieces = [];
        break;
      }
    }
    return arrivals;
  }

  #join({ bytes, isLast, isEnd }: Piece): Arrival | null {
    if (isEnd) return { type: 'ended' };
    this.#bytes += bytes.length;
    if (this.#bytes > LIMITS.frameBytesMax) return { type: 'fault', code: 'frame-too-large' };
    this.#pieces.push(bytes);
    if (!isLast) return null;
    const text = textOf(this.#pieces, this.#bytes);
    this.#pieces = [];
    this.#bytes = 0;
    return text === null ? { type: 'fault', code: 'not-text' } : { type: 'frame', text };
  }
}

// A byte order mark is a character of the frame like any other.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true });

function textOf(pieces: readonly Uint8Array[], length: number): string | null {
  const [only] = pieces;
  const whole = pieces.length === 1 && only !== undefined ? only : new Uint8Array(length);
  let at = 0;
  if (pieces.length > 1)
    for (const piece of pieces) {
      whole.set(piece, at);
      at += piece.length;
    }
  try {
    return decoder.decode(whole);
  } catch {
    return null;
  }
}
