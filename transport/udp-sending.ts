/**
 * The sending half of a channel over datagrams: frames are cut into pieces, and a piece is said again until it is
 * acknowledged. Pure: what to send is returned, time comes in.
 *
 * Sources: RFC 6298 (time-out from measured round trips; repeated pieces are not measured), RFC 5681 (slow start, additive
 * increase, half on loss), RFC 2018 (selective acknowledgement). The original said everything again after 1.5 s, at most 5
 * times. Its 1.5 s are the longest time-out here; and a piece is given up after 5 tries and 5 × 1.5 s without any
 * acknowledgement at all, whichever comes later, so that a pause of the other process does not cost the channel.
 */
import type { Piece } from './udp-datagram.js';

/** Pieces under way at most: so many does the other side hold that came before their turn. */
export const WINDOW_MAX = 256;
const WINDOW_START = 16;
const WINDOW_MIN = 2;
/** From here on the window grows by one piece in a round trip, no longer by one for each acknowledged piece. */
const THRESHOLD_START = 64;
/** Until a round trip has been measured. */
export const TIMEOUT_START_MS = 250;
const TIMEOUT_MIN_MS = 40;
export const TIMEOUT_MAX_MS = 1500;
export const TRIES_MIN = 5;
export const PATIENCE_MS = TRIES_MIN * TIMEOUT_MAX_MS;
/** A piece is missing once so many behind it have arrived: fewer may be overtaking. */
const OVERTAKEN_BY = 3;

interface Flight {
  readonly piece: Piece;
  state: 'flying' | 'arrived' | 'lost';
  sentAt: number;
  isRepeated: boolean;
}

export class Sending {
  readonly #pieceBytesMax: number;
  /** Frames not yet cut up; of the first, so much has gone already. */
  #frames: Uint8Array[] = [];
  #cut = 0;
  #end: 'none' | 'wanted' | 'sent' = 'none';
  /** What has gone and is not acknowledged with all before it, in order, without gaps. */
  #flights: Flight[] = [];
  #flying = 0;
  #sequence = 0;
  #window = WINDOW_START;
  #threshold = THRESHOLD_START;
  /** A loss below this place has halved the window already. */
  #halvedUpTo = 0;
  #roundTripMs: number | null = null;
  #variationMs = 0;
  #timeoutMs = TIMEOUT_START_MS;
  /** Time-outs since the last acknowledgement of anything. */
  #timeouts = 0;
  #timerFrom = 0;
  #progressAt = 0;
  /** Bytes that were queued and are not acknowledged. */
  queuedBytes = 0;

  /** @param pieceBytesMax - of a frame, in one datagram. */
  constructor(pieceBytesMax: number) {
    this.#pieceBytesMax = pieceBytesMax;
  }

  queue(frame: Uint8Array): void {
    this.#frames.push(frame);
    this.queuedBytes += frame.length;
  }

  /** Nothing follows what is queued. */
  finish(): void {
    if (this.#end === 'none') this.#end = 'wanted';
  }

  /** All has arrived, the end too. */
  get isFinished(): boolean {
    return this.#end === 'sent' && this.#flights.length === 0;
  }

  /** When `timeOut` is due; null while nothing is under way. */
  get dueAt(): number | null {
    if (this.#flights.length === 0) return null;
    return this.#timerFrom + Math.min(TIMEOUT_MAX_MS, this.#timeoutMs * 2 ** Math.min(this.#timeouts, 16));
  }

  /** Nothing has been acknowledged for so long that nothing will be. */
  isHopeless(now: number): boolean {
    return this.#timeouts >= TRIES_MIN && now - this.#progressAt >= PATIENCE_MS;
  }

  /** What may go now: first what is lost, then what is new. */
  next(now: number): readonly Piece[] {
    if (this.#flights.length === 0) {
      this.#timerFrom = now;
      this.#progressAt = now;
    }
    const again = this.#flights.filter(({ state }) => state === 'lost').slice(0, this.#room);
    for (const flight of again) {
      Object.assign(flight, { state: 'flying', sentAt: now, isRepeated: true });
      this.#flying += 1;
    }
    const pieces = again.map(({ piece }) => piece);
    while (this.#room > 0 && this.#flights.length < WINDOW_MAX) {
      const piece = this.#nextPiece();
      if (piece === null) break;
      this.#flights.push({ piece, state: 'flying', sentAt: now, isRepeated: false });
      this.#flying += 1;
      pieces.push(piece);
    }
    return pieces;
  }

  /** No acknowledgement in time: everything that is under way counts as lost, and less is sent at a time. */
  timeOut(now: number): void {
    this.#threshold = Math.max(WINDOW_MIN, this.#flying / 2);
    this.#window = WINDOW_MIN;
    this.#halvedUpTo = this.#sequence;
    this.#timeouts += 1;
    this.#timerFrom = now;
    for (const flight of this.#flights) this.#lose(flight);
  }

  /** All pieces below `next` have arrived, and those that `bits` tell of. What was never sent is not listened to. */
  acknowledge(next: number, bits: Uint8Array, now: number): void {
    const first = this.#flights[0]?.piece.sequence ?? this.#sequence;
    if (next < first || next > this.#sequence) return;
    let news = 0;
    for (const flight of this.#flights.splice(0, next - first)) {
      news += this.#arrive(flight, now);
      this.queuedBytes -= flight.piece.bytes.length;
    }
    let farthest = 0;
    for (let at = 1; at < this.#flights.length && at - 1 < bits.length * 8; at += 1) {
      const flight = this.#flights[at];
      if (flight === undefined || !isSet(bits, at - 1)) continue;
      news += this.#arrive(flight, now);
      farthest = at;
    }
    if (news === 0) return;
    this.#timeouts = 0;
    this.#timerFrom = now;
    this.#progressAt = now;
    this.#grow(news);
    this.#missOvertaken(farthest, now);
  }

  /** @returns 1 when that is news. */
  #arrive(flight: Flight, now: number): number {
    if (flight.state === 'arrived') return 0;
    if (flight.state === 'flying') this.#flying -= 1;
    if (!flight.isRepeated) this.#measure(now - flight.sentAt);
    flight.state = 'arrived';
    return 1;
  }

  #lose(flight: Flight): void {
    if (flight.state !== 'flying') return;
    flight.state = 'lost';
    this.#flying -= 1;
  }

  /** What several others have overtaken is lost, unless it was said again a moment ago. */
  #missOvertaken(farthest: number, now: number): void {
    const overtaken = this.#flights
      .slice(0, Math.max(0, farthest - OVERTAKEN_BY + 1))
      .filter(({ state, isRepeated, sentAt }) => {
        return state === 'flying' && (!isRepeated || now - sentAt > 2 * (this.#roundTripMs ?? 0));
      });
    if (overtaken.length === 0) return;
    for (const flight of overtaken) this.#lose(flight);
    if ((overtaken[0]?.piece.sequence ?? 0) < this.#halvedUpTo) return;
    this.#halvedUpTo = this.#sequence;
    this.#threshold = Math.max(WINDOW_MIN, this.#window / 2);
    this.#window = this.#threshold;
  }

  #grow(news: number): void {
    const more = this.#window < this.#threshold ? news : news / this.#window;
    this.#window = Math.min(WINDOW_MAX, this.#window + more);
  }

  #measure(roundTripMs: number): void {
    if (this.#roundTripMs === null) {
      this.#roundTripMs = roundTripMs;
      this.#variationMs = roundTripMs / 2;
    } else {
      this.#variationMs += (Math.abs(this.#roundTripMs - roundTripMs) - this.#variationMs) / 4;
      this.#roundTripMs += (roundTripMs - this.#roundTripMs) / 8;
    }
    this.#timeoutMs = Math.max(TIMEOUT_MIN_MS, this.#roundTripMs + 4 * this.#variationMs);
  }

  get #room(): number {
    return Math.floor(this.#window) - this.#flying;
  }

  #nextPiece(): Piece | null {
    const [frame] = this.#frames;
    if (frame === undefined) {
      if (this.#end !== 'wanted') return null;
      this.#end = 'sent';
      return this.#numbered({ isLast: false, isEnd: true, bytes: NOTHING });
    }
    const bytes = frame.subarray(this.#cut, this.#cut + this.#pieceBytesMax);
    this.#cut += bytes.length;
    const isLast = this.#cut === frame.length;
    if (isLast) {
      this.#frames.shift();
      this.#cut = 0;
    }
    return this.#numbered({ isLast, isEnd: false, bytes });
  }

  #numbered(piece: Omit<Piece, 'sequence'>): Piece {
    this.#sequence += 1;
    return { sequence: this.#sequence - 1, ...piece };
  }
}

const NOTHING = new Uint8Array(0);

const isSet = (bits: Uint8Array, at: number): boolean => (((bits[at >> 3] ?? 0) >> (at & 7)) & 1) === 1;
