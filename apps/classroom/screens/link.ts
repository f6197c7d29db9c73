/**
 * Links: a script, a place in its run and a way to look at it, as a fragment of an address. Nothing of it reaches a server.
 *
 * The text is JSON, deflated, in base64url; its version comes first, so that an older page can say what it cannot read.
 */
import { isRecord } from './memory.js';

/** What a link carries. The script is read by the engine, which trusts nobody. */
export interface Shared {
  readonly script: unknown;
  /** The playhead, virtual ms. */
  readonly at: number;
  /** The event it stands on, by its place in the trace: several may be of one ms. */
  readonly event?: number | undefined;
  readonly peer?: string | undefined;
  readonly view?: 'god' | 'node' | undefined;
  readonly layout?: 'ring' | 'ladder' | undefined;
  /** Which variant of a lesson it began from. */
  readonly variant?: string | undefined;
}

export type Opened =
  | { readonly ok: true; readonly shared: Shared }
  /** In words for people. */
  | { readonly ok: false; readonly why: string };

const VERSION = '1';
/** Longer links do not survive mail and chat. */
export const LINK_CHARACTERS_MAX = 2000;
/** What is unpacked from a link may not be larger: a small text can say a very large one. */
const UNPACKED_BYTES_MAX = 256 * 1024;

/** The text for `?s=`: `1.` and what is carried. */
export async function pack(shared: Shared): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(shared));
  return `${VERSION}.${toBase64url(await deflated(bytes))}`;
}

/** Reads what `pack` wrote; whatever else comes along is refused in words. */
export async function unpack(text: string): Promise<Opened> {
  const [version = '', packed = ''] = text.split('.', 2);
  if (version !== VERSION)
    return refused(
      /^\d{1,4}$/.test(version)
        ? `This link is of version ${version}; this page reads version ${VERSION}. A newer page may open it.`
        : 'This link is not one of ours, or was cut off.',
    );
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(await inflated(fromBase64url(packed))));
    const shared = sharedOf(value);
    return shared === null ? refused('This link holds no scenario.') : { ok: true, shared };
  } catch {
    return refused('This link was cut off or changed on its way: it cannot be read.');
  }
}

const refused = (why: string): Opened => ({ ok: false, why });

function sharedOf(value: unknown): Shared | null {
  if (!isRecord(value) || !isRecord(value.script)) return null;
  const { script, at, event, peer, view, layout, variant } = value;
  return {
    script,
    at: typeof at === 'number' && Number.isFinite(at) && at >= 0 ? at : 0,
    event: Number.isSafeInteger(event) ? (event as number) : undefined,
    peer: typeof peer === 'string' ? peer.slice(0, 64) : undefined,
    view: view === 'node' ? 'node' : undefined,
    layout: layout === 'ladder' ? 'ladder' : undefined,
    variant: typeof variant === 'string' ? variant.slice(0, 64) : undefined,
  };
}

const deflated = (bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> =>
  collected(new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate-raw')));

const inflated = (bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> =>
  collected(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw')));

/** @throws RangeError when it becomes too much. */
async function collected(stream: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > UNPACKED_BYTES_MAX) {
      await reader.cancel();
      throw new RangeError('too much');
    }
    parts.push(value);
  }
  const whole = new Uint8Array(length);
  let place = 0;
  for (const part of parts) {
    whole.set(part, place);
    place += part.length;
  }
  return whole;
}

function toBase64url(bytes: Uint8Array): string {
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** @throws DOMException when it is none. */
function fromBase64url(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(plain, (character) => character.charCodeAt(0));
}
