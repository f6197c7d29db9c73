/** What others wrote, made fit to be shown: one line, and nothing in it that moves the cursor or hides. */
import { stripVTControlCharacters } from 'node:util';
import type { Delivery } from '../../actors/index.js';
import { PeerId } from '../../transport/index.js';

/** Stands for a line break inside one message, which must not look like a line of its own. */
const LINE_BREAK = ' ↵ ';

/**
 * Makes any text harmless on a terminal: no escape sequences, no control characters, no direction overrides.
 *
 * @returns a single line; line breaks are shown as ↵.
 */
export const harmless = (text: string): string =>
  stripVTControlCharacters(text)
    .replace(/\s+$/u, '')
    .replaceAll(/\r\n|[\n\r\u0085\u2028\u2029]/gu, LINE_BREAK)
    .replaceAll('\t', '  ')
    .replaceAll(/[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu, '')
    .replaceAll(/\p{Surrogate}/gu, '\ufffd');

/** The words of a chat payload, `{ text }`; any other payload is shown as the JSON it is. */
export function wordsOf(payload: unknown): string {
  if (isSpoken(payload)) return harmless(payload.text);
  return harmless(JSON.stringify(payload) ?? String(payload));
}

const isSpoken = (payload: unknown): payload is { readonly text: string; readonly name?: unknown } =>
  typeof payload === 'object' && payload !== null && 'text' in payload && typeof payload.text === 'string';

/** As many characters of a client's own id as tell a few clients apart. */
const CLIENT_SHOWN = 5;

/**
 * Who said it. A peer is known by its id. A client is what it calls itself, behind a `~` that no peer's id has, so that nobody
 * passes for a member; without a name, the beginning of the id it has for this one life.
 */
export function speakerOf({ origin, payload }: Pick<Delivery, 'origin' | 'payload'>): string {
  if (!origin.startsWith('~')) return harmless(origin);
  const name = isSpoken(payload) ? PeerId.safeParse(payload.name) : undefined;
  return name?.success === true ? `~${name.data}` : harmless(origin).slice(0, CLIENT_SHOWN);
}
