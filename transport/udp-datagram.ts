/**
 * The datagrams of transport `udp`, byte for byte. Numbers stand highest byte first.
 *
 *   0xB5 0x50   version   kind   token (8)   …
 *
 *   hello    0    mine (8)   limit (2)   cookie (16)   the dialler's first word; without a cookie it is all zeros
 *   cookie   to   cookie (16)                          "say that again, with this": costs the listener no memory
 *   welcome  to   mine (8)   limit (2)                 the channel is open
 *   data     to   sequence (6)   marks (1)   …         a piece of a frame, the last of one, or the end of all
 *   ack      to   next (6)   bits (0 to 32 bytes)      all below `next` has arrived; bit i stands for next + 1 + i
 *   ping     to                                        please acknowledge
 *   reset    of                                        the end with that token is no more (kind says why)
 *   probe    0                                         nothing: whether the kernel returns it is what is asked
 *
 * `to` is the hearer's token, drawn by itself: who has not seen it can say nothing that counts. A `reset` names the speaker's,
 * so that an end that knows nothing any more can still say so. Whatever answers a stranger is no longer than what it answers.
 */
const MAGIC = 0xb550;
const VERSION = 1;
const HEAD_BYTES = 12;
export const COOKIE_BYTES = 16;
/** What a datagram of data has besides its piece of a frame. */
export const DATA_OVERHEAD_BYTES = HEAD_BYTES + 7;
/** Bytes of bits in an acknowledgement. */
export const ACK_BITS_BYTES_MAX = 32;
/** The least and the most that an end may take in one datagram: what any network carries whole, and what UDP can carry. */
export const DATAGRAM_BYTES_MIN = 512;
export const DATAGRAM_BYTES_MAX = 65_507;

/** Names one end of one channel: 64 random bits, never 0. */
export type Token = bigint;

/** A piece of a frame. Pieces are numbered by channel and direction, from 0. */
export interface Piece {
  readonly sequence: number;
  /** The frame ends with it. */
  readonly isLast: boolean;
  /** No frame follows, and this is none. */
  readonly isEnd: boolean;
  readonly bytes: Uint8Array;
}

export type ResetReason = 'closed-there' | 'frame-too-large';

export type Datagram =
  | { readonly kind: 'hello'; readonly mine: Token; readonly limit: number; readonly cookie: Uint8Array }
  | { readonly kind: 'cookie'; readonly to: Token; readonly cookie: Uint8Array }
  | { readonly kind: 'welcome'; readonly to: Token; readonly mine: Token; readonly limit: number }
  | ({ readonly kind: 'data'; readonly to: Token } & Piece)
  | { readonly kind: 'ack'; readonly to: Token; readonly next: number; readonly bits: Uint8Array }
  | { readonly kind: 'ping'; readonly to: Token }
  | { readonly kind: 'reset'; readonly of: Token; readonly reason: ResetReason }
  | { readonly kind: 'probe' };

const HELLO = 1;
const COOKIE = 2;
const WELCOME = 3;
const DATA = 4;
const ACK = 5;
const PING = 6;
const RESET = 7;
const RESET_TOO_LARGE = 8;
const PROBE = 9;

const IS_LAST = 1;
const IS_END = 2;

/** What a dialler says that has no cookie yet. */
export const NO_COOKIE = new Uint8Array(COOKIE_BYTES);

export function writeDatagram(datagram: Datagram): Uint8Array {
  switch (datagram.kind) {
    case 'hello': {
      const [bytes, view] = blank(HELLO, 0n, 10 + COOKIE_BYTES);
      view.setBigUint64(HEAD_BYTES, datagram.mine);
      view.setUint16(HEAD_BYTES + 8, datagram.limit);
      bytes.set(datagram.cookie, HEAD_BYTES + 10);
      return bytes;
    }
    case 'cookie': {
      const [bytes] = blank(COOKIE, datagram.to, COOKIE_BYTES);
      bytes.set(datagram.cookie, HEAD_BYTES);
      return bytes;
    }
    case 'welcome': {
      const [bytes, view] = blank(WELCOME, datagram.to, 10);
      view.setBigUint64(HEAD_BYTES, datagram.mine);
      view.setUint16(HEAD_BYTES + 8, datagram.limit);
      return bytes;
    }
    case 'data': {
      const [bytes, view] = blank(DATA, datagram.to, 7 + datagram.bytes.length);
      writeCount(view, HEAD_BYTES, datagram.sequence);
      bytes[HEAD_BYTES + 6] = (datagram.isLast ? IS_LAST : 0) | (datagram.isEnd ? IS_END : 0);
      bytes.set(datagram.bytes, DATA_OVERHEAD_BYTES);
      return bytes;
    }
    case 'ack': {
      const [bytes, view] = blank(ACK, datagram.to, 6 + datagram.bits.length);
      writeCount(view, HEAD_BYTES, datagram.next);
      bytes.set(datagram.bits, HEAD_BYTES + 6);
      return bytes;
    }
    case 'ping':
      return blank(PING, datagram.to, 0)[0];
    case 'reset':
      return blank(datagram.reason === 'closed-there' ? RESET : RESET_TOO_LARGE, datagram.of, 0)[0];
    case 'probe':
      return blank(PROBE, 0n, 0)[0];
    default:
      return datagram satisfies never;
  }
}

function blank(kind: number, token: Token, more: number): readonly [Uint8Array, DataView] {
  const bytes = new Uint8Array(HEAD_BYTES + more);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, MAGIC);
  view.setUint8(2, VERSION);
  view.setUint8(3, kind);
  view.setBigUint64(4, token);
  return [bytes, view];
}

function writeCount(view: DataView, at: number, count: number): void {
  view.setUint16(at, Math.floor(count / 2 ** 32));
  view.setUint32(at + 2, count >>> 0);
}

const readCount = (view: DataView, at: number): number =>
  view.getUint16(at) * 2 ** 32 + view.getUint32(at + 2);

/** What a datagram says. @returns null when it is not one of ours to the last byte. What it holds is a view into `bytes`. */
export function readDatagram(bytes: Uint8Array): Datagram | null {
  if (bytes.length < HEAD_BYTES || bytes.length > DATAGRAM_BYTES_MAX) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint16(0) !== MAGIC || view.getUint8(2) !== VERSION) return null;
  const token = view.getBigUint64(4);
  const kind = view.getUint8(3);
  if (kind === HELLO || kind === PROBE ? token !== 0n : token === 0n) return null;
  return bodyOf(kind, token, bytes, view);
}

function bodyOf(kind: number, token: Token, bytes: Uint8Array, view: DataView): Datagram | null {
  const more = bytes.length - HEAD_BYTES;
  switch (kind) {
    case HELLO: {
      const ends = more === 10 + COOKIE_BYTES ? endOf(view) : null;
      return ends && { kind: 'hello', ...ends, cookie: bytes.subarray(HEAD_BYTES + 10) };
    }
    case COOKIE:
      return more === COOKIE_BYTES ? { kind: 'cookie', to: token, cookie: bytes.subarray(HEAD_BYTES) } : null;
    case WELCOME: {
      const ends = more === 10 ? endOf(view) : null;
      return ends && { kind: 'welcome', to: token, ...ends };
    }
    case DATA:
      return more < 7 ? null : dataOf(token, bytes, view);
    case ACK: {
      if (more < 6 || more > 6 + ACK_BITS_BYTES_MAX) return null;
      const bits = bytes.subarray(HEAD_BYTES + 6);
      return { kind: 'ack', to: token, next: readCount(view, HEAD_BYTES), bits };
    }
    case PING:
      return more === 0 ? { kind: 'ping', to: token } : null;
    case RESET:
      return more === 0 ? { kind: 'reset', of: token, reason: 'closed-there' } : null;
    case RESET_TOO_LARGE:
      return more === 0 ? { kind: 'reset', of: token, reason: 'frame-too-large' } : null;
    case PROBE:
      return more === 0 ? { kind: 'probe' } : null;
    default:
      return null;
  }
}

/** An end as it introduces itself. */
function endOf(view: DataView): { readonly mine: Token; readonly limit: number } | null {
  const mine = view.getBigUint64(HEAD_BYTES);
  const limit = view.getUint16(HEAD_BYTES + 8);
  return mine === 0n || limit < DATAGRAM_BYTES_MIN || limit > DATAGRAM_BYTES_MAX ? null : { mine, limit };
}

function dataOf(to: Token, all: Uint8Array, view: DataView): Datagram | null {
  const marks = view.getUint8(HEAD_BYTES + 6);
  const bytes = all.subarray(DATA_OVERHEAD_BYTES);
  const [isLast, isEnd] = [(marks & IS_LAST) !== 0, (marks & IS_END) !== 0];
  if (marks > (IS_LAST | IS_END) || (isLast && isEnd) || (isEnd && bytes.length > 0)) return null;
  // Who cuts a frame fills every datagram but the last: crumbs would cost more to keep than they are worth.
  if (!isLast && !isEnd && bytes.length < DATAGRAM_BYTES_MIN - DATA_OVERHEAD_BYTES) return null;
  return { kind: 'data', to, sequence: readCount(view, HEAD_BYTES), isLast, isEnd, bytes };
}

/** Takes as long whatever is compared. */
export function isSameCookie(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length;
  for (const [at, byte] of a.entries()) difference |= byte ^ (b[at] ?? 0);
  return difference === 0;
}
