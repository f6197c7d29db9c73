/**
 * Finds out who dials, from the first bytes of a connection: an upgrade request, then a WebSocket frame with the hello.
 *
 * All peers dial a peer at its one address, so nothing but the hello says which of them it is.
 */

export type Reading =
  /** More has to come first. `head` bytes of what came are the upgrade request and may pass. */
  | { readonly kind: 'incomplete'; readonly head: number }
  | { readonly kind: 'known'; readonly head: number; readonly id: string }
  | { readonly kind: 'stranger' };

/** A hello is smaller: transport/protocol.ts. */
const BYTES_MAX = 64 * 1024;
const END_OF_HEAD = '\r\n\r\n';

export function readDialler(bytes: Buffer): Reading {
  const end = bytes.indexOf(END_OF_HEAD);
  if (end < 0) return bytes.length > BYTES_MAX ? { kind: 'stranger' } : { kind: 'incomplete', head: 0 };
  const head = end + END_OF_HEAD.length;
  const text = readFrame(bytes.subarray(head));
  if (text === undefined)
    return bytes.length > BYTES_MAX ? { kind: 'stranger' } : { kind: 'incomplete', head };
  const id = idIn(text);
  return id === undefined ? { kind: 'stranger' } : { kind: 'known', head, id };
}

/** The payload of one masked frame (RFC 6455, §5.2); undefined while it is not all there. */
function readFrame(bytes: Buffer): string | undefined {
  if (bytes.length < 2) return undefined;
  const short = bytes.readUInt8(1) & 0x7f;
  // 126: the length follows in two bytes. A hello is never longer than they can say.
  const maskAt = short === 126 ? 4 : 2;
  if (bytes.length < maskAt + 4) return undefined;
  const length = short === 126 ? bytes.readUInt16BE(2) : short;
  const mask = bytes.subarray(maskAt, maskAt + 4);
  const masked = bytes.subarray(maskAt + 4, maskAt + 4 + length);
  if (masked.length < length) return undefined;
  return Buffer.from(masked.map((byte, i) => byte ^ (mask[i % 4] ?? 0))).toString();
}

function idIn(text: string): string | undefined {
  try {
    const { type, from } = JSON.parse(text) as { type?: unknown; from?: unknown };
    return type === 'link.hello' && typeof from === 'string' ? from : undefined;
  } catch {
    return undefined;
  }
}
