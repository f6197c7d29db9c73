/**
 * How LevelDB writes: records in blocks of a log, numbers, checksums. What its tables and logs are looked over with.
 *
 * Source: LevelDB's doc/log_format.md and doc/table_format.md.
 */

const BLOCK = 32 * 1024;
const HEADER = 7;
/** What part of a record stands here: all of it, its beginning, its middle, its end. */
const [FULL, FIRST, MIDDLE, LAST] = [1, 2, 3, 4] as const;

/** The records of a log that LevelDB would read: behind what is damaged or cut off it goes on with the next block. */
export function* recordsOf(log: Buffer): Generator<Buffer> {
  let parts: Buffer[] = [];
  for (let at = 0; at + HEADER <= log.length; ) {
    const left = BLOCK - (at % BLOCK);
    const part = left < HEADER ? null : partAt(log, at, left);
    if (part === null) {
      at += left;
      if (left >= HEADER) parts = [];
      continue;
    }
    at += HEADER + part.bytes.length;
    if (part.type === FULL || part.type === FIRST) parts = [part.bytes];
    else if (parts.length > 0 && (part.type === MIDDLE || part.type === LAST)) parts.push(part.bytes);
    else parts = [];
    if (parts.length > 0 && (part.type === FULL || part.type === LAST)) {
      yield Buffer.concat(parts);
      parts = [];
    }
  }
}

/** What stands at `at`, of whose block so much is left; null when it is damaged or cut off. */
function partAt(
  log: Buffer,
  at: number,
  left: number,
): { readonly type: number; readonly bytes: Buffer } | null {
  const length = log.readUInt16LE(at + 4);
  const end = at + HEADER + length;
  const isThere = HEADER + length <= left && end <= log.length;
  if (!isThere || crcOf(log.subarray(at + 6, end)) !== unmasked(log, at)) return null;
  return { type: log.readUInt8(at + 6), bytes: log.subarray(at + HEADER, end) };
}

/** Reads numbers and texts one after the other. @throws RangeError at the end. */
export class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  /** Seven bits a byte, the lowest first. */
  number(): number {
    let value = 0;
    for (let place = 1; ; place *= 128) {
      const byte = this.#bytes.readUInt8(this.#at);
      this.#at += 1;
      value += (byte & 127) * place;
      if (byte < 128) return value;
    }
  }

  text(): Buffer {
    return this.take(this.number());
  }

  take(length: number): Buffer {
    if (this.#at + length > this.#bytes.length) throw new RangeError('cut off');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
}

/** CRC-32C (Castagnoli), which node:zlib does not have. */
export function crcOf(bytes: Buffer): number {
  let crc = -1;
  // Not by `of`: that takes ten times as long.
  for (let at = 0; at < bytes.length; at += 1)
    crc = (CRC_TABLE[(crc ^ (bytes[at] ?? 0)) & 255] ?? 0) ^ (crc >>> 8);
  return ~crc >>> 0;
}

const CRC_TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  return crc;
});

/** LevelDB stores checksums turned round and added to, lest one be taken for data. */
export function unmasked(bytes: Buffer, at: number): number {
  const turned = (bytes.readUInt32LE(at) - 0xa282ead8) >>> 0;
  return ((turned >>> 17) | (turned << 15)) >>> 0;
}
