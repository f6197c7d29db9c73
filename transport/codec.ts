/**
 * Messages to text and back: size, syntax, shape, checked once, at the door.
 *
 * What comes in was written by strangers, so nothing here throws: a fault is a value with a code and a sentence.
 * A frame is `{"counter":N,"messages":[…]}`; a greeting is one bare message.
 */
import type * as z from 'zod';
import { LIMITS, LinkMessage, Message, packEntries, packSubmissions } from './protocol.js';

export type FaultCode =
  | 'too-large'
  | 'not-json'
  | 'too-deep'
  | 'forbidden-key'
  | 'bad-number'
  | 'not-a-frame'
  | 'not-a-greeting'
  | 'too-many-messages'
  | 'bad-message';

/** Why something was not taken. */
export interface Fault {
  readonly ok: false;
  readonly code: FaultCode;
  /** One sentence, at most 300 characters. */
  readonly detail: string;
}

export interface Frame {
  readonly ok: true;
  /** Counts the frames of one direction of a channel, from 1. */
  readonly counter: number;
  readonly messages: readonly Message[];
  /** Messages of a type this build does not know: left out, so that a later one may say more. */
  readonly unknown: number;
}

/** One message as text, to be shared by all who get it. */
export function encode(message: Message): string {
  if ('entries' in message) return JSON.stringify({ ...message, entries: packEntries(message.entries) });
  if ('submissions' in message)
    return JSON.stringify({ ...message, submissions: packSubmissions(message.submissions) });
  return JSON.stringify(message);
}

/** A frame around messages already encoded. */
export const frameOf = (counter: number, encodedMessages: readonly string[]): string =>
  `{"counter":${counter},"messages":[${encodedMessages.join(',')}]}`;

/** What `frameOf` adds around the messages, at most, commas excepted. */
export const FRAME_OVERHEAD_BYTES = 64;

/** Reads one frame. Its messages are deeply frozen, payloads excepted. */
export function decodeFrame(text: string): Frame | Fault {
  const parsed = parse(text, LIMITS.frameBytesMax, LIMITS.depthMax + 2);
  if (!parsed.ok) return parsed;
  const { value } = parsed;
  if (!isRecord(value) || !isCounter(value.counter) || !Array.isArray(value.messages))
    return fault('not-a-frame', 'a frame is {"counter": N, "messages": […]}');
  if (value.messages.length > LIMITS.frameMessagesMax)
    return fault(
      'too-many-messages',
      `${value.messages.length} messages in a frame: ${LIMITS.frameMessagesMax} is the limit`,
    );
  return withMessages(value.counter, value.messages, text.length);
}

function withMessages(counter: number, raw: readonly unknown[], length: number): Frame | Fault {
  const messages: Message[] = [];
  for (const candidate of raw) {
    if (!isRecord(candidate) || typeof candidate.type !== 'string')
      return fault('bad-message', 'a message is an object with a type');
    const schema = schemaOf.get(candidate.type);
    if (schema === undefined) continue;
    const read = schema.safeParse(candidate);
    if (!read.success) return fault('bad-message', `${candidate.type}: ${sentenceOf(read.error)}`);
    const code = faultInPayloads(read.data, length);
    if (code !== null) return fault(code, `${candidate.type}: a payload is ${code}`);
    messages.push(read.data);
  }
  return { ok: true, counter, messages, unknown: raw.length - messages.length };
}

/**
 * What is taken is passed on, in other messages than it came in: there it stands deeper, and among more. So a payload has
 * limits of its own, whoever says that it keeps to them. In entries it stands as deep as it ever will.
 */
function faultInPayloads(message: Message, frameLength: number): FaultCode | null {
  if ('entries' in message) {
    for (const entry of message.entries)
      if (entry.kind === 'submission' && isTooLarge(entry.body.submission.payload, frameLength))
        return 'too-large';
    return null;
  }
  const carriers =
    'submissions' in message
      ? message.submissions
      : 'deliveries' in message
        ? message.deliveries
        : 'payload' in message
          ? [message]
          : [];
  for (const { payload } of carriers) {
    const code = faultIn(payload, LIMITS.payloadDepthMax);
    if (code !== null) return code;
    if (isTooLarge(payload, frameLength)) return 'too-large';
  }
  return null;
}

/** In a short frame, and of few characters, nothing is: written, one takes six bytes at most. */
function isTooLarge(payload: unknown, frameLength: number): boolean {
  if (frameLength * 3 <= LIMITS.payloadBytesMax) return false;
  if (typeof payload === 'string' && payload.length * 6 + 2 <= LIMITS.payloadBytesMax) return false;
  return payload !== undefined && bytesOf(JSON.stringify(payload)) > LIMITS.payloadBytesMax;
}

/** A greeting as a frame of its own. */
export const encodeGreeting = (greeting: LinkMessage): string => JSON.stringify(greeting);

/** Reads one greeting; small, and in the name of the peer it introduces. */
export function decodeGreeting(text: string): { readonly ok: true; readonly greeting: LinkMessage } | Fault {
  const parsed = parse(text, LIMITS.greetingBytesMax, LIMITS.depthMax);
  if (!parsed.ok) return parsed;
  const read = LinkMessage.safeParse(parsed.value);
  if (!read.success) return fault('not-a-greeting', `not a greeting: ${sentenceOf(read.error)}`);
  const greeting = read.data;
  if ('member' in greeting && greeting.from !== greeting.member.id)
    return fault('not-a-greeting', `not a greeting: ${greeting.from} introduces ${greeting.member.id}`);
  return { ok: true, greeting };
}

/**
 * What others will see of an application's payload, or why they would not take it.
 *
 * Every peer refuses a frame that holds a payload too deep, too large or with a forbidden key: payloads have to pass here
 * before they are submitted.
 */
export function encodePayload(
  payload: unknown,
): { readonly ok: true; readonly payload: unknown; readonly bytes: number } | Fault {
  let text: string | undefined;
  try {
    const code = faultInOurs(payload);
    if (code === 'too-deep') return fault(code, `nested deeper than ${LIMITS.payloadDepthMax} levels`);
    if (code === 'too-large') return fault(code, `larger than ${LIMITS.payloadBytesMax} bytes`);
    text = JSON.stringify(payload);
  } catch (error) {
    return fault(
      'not-json',
      `cannot be encoded as JSON: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  if (text === undefined) return fault('not-json', `cannot be encoded as JSON: ${typeof payload}`);
  const parsed = parse(text, LIMITS.payloadBytesMax, LIMITS.payloadDepthMax);
  return parsed.ok ? { ok: true, payload: parsed.value, bytes: bytesOf(text) } : parsed;
}

const WRITTEN_LEVELS_MAX = 100;

/**
 * What would be refused once it is written, before it is: a chain of thousands of arrays takes `JSON.stringify` a second, for
 * it looks for each of them among all around it. What writes itself, and circles, are left to it.
 */
function faultInOurs(payload: unknown): 'too-deep' | 'too-large' | null {
  const around: object[] = [];
  // Each value takes a byte at least, and a text one for each character.
  let bytesLeft: number = LIMITS.payloadBytesMax;
  const look = (value: unknown): 'too-deep' | 'too-large' | null => {
    bytesLeft -= typeof value === 'string' ? value.length + 2 : 1;
    if (bytesLeft < 0) return 'too-large';
    if (typeof value !== 'object' || value === null || 'toJSON' in value || around.includes(value))
      return null;
    if (around.length === WRITTEN_LEVELS_MAX) return 'too-deep';
    const inside: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
    if (inside.length > bytesLeft) return 'too-large';
    around.push(value);
    for (const item of inside) {
      const code = item === undefined ? null : look(item);
      if (code !== null) return code;
    }
    around.pop();
    return null;
  };
  return look(payload);
}

/** How many bytes `text` takes as UTF-8. */
export const bytesOf = (text: string): number =>
  NOT_ASCII.test(text) ? utf8.encode(text).length : text.length;

// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant.
const NOT_ASCII = /[^\x00-\x7f]/;
const utf8 = new TextEncoder();

/** By type rather than through the union: it tells an unknown type from a bad message. */
const schemaOf: ReadonlyMap<string, z.ZodType<Message>> = new Map(
  Message.options.flatMap((group) =>
    group.options.map((schema) => [[...schema.unwrap().shape.type.values][0] as string, schema] as const),
  ),
);

/** Size before syntax, syntax before shape: the cheap refusals come first. */
function parse(
  text: string,
  bytesMax: number,
  depthMax: number,
): { readonly ok: true; readonly value: unknown } | Fault {
  // No text has more bytes than three times its length, so most need no counting.
  if (text.length > bytesMax || (text.length * 3 > bytesMax && bytesOf(text) > bytesMax))
    return fault('too-large', `larger than ${bytesMax} bytes`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return fault('not-json', `not JSON: ${JSON.stringify(text.slice(0, 40))}`);
  }
  const code = faultIn(value, depthMax);
  if (code === 'too-deep') return fault(code, `nested deeper than ${depthMax} levels`);
  if (code === 'too-large') return fault(code, `an object of more than ${KEYS_MAX} keys`);
  if (code === 'forbidden-key') return fault(code, 'has a key __proto__, constructor or prototype');
  if (code === 'bad-number')
    return fault(code, 'has a number too large for JSON, or -0: others would read another');
  return { ok: true, value };
}

/** More keys than these have no room in a payload, and nothing else has as many: what is refused costs little. */
const KEYS_MAX = 16_384;

/**
 * Looks at every key, for an escaped one is only seen once parsed, and at every number: 1e999 is read as infinity and
 * written as null, so whoever is told of it would hold another. Goes no deeper than `levels`.
 */
function faultIn(
  value: unknown,
  levels: number,
): 'too-deep' | 'too-large' | 'forbidden-key' | 'bad-number' | null {
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0) ? null : 'bad-number';
  if (typeof value !== 'object' || value === null) return null;
  if (levels === 0) return 'too-deep';
  if (Array.isArray(value)) {
    for (const item of value) {
      const code = faultIn(item, levels - 1);
      if (code !== null) return code;
    }
    return null;
  }
  let keys = 0;
  for (const key in value) {
    keys += 1;
    if (keys > KEYS_MAX) return 'too-large';
    if (key === '__proto__' || key === 'constructor' || key === 'prototype') return 'forbidden-key';
    const code = faultIn((value as Record<string, unknown>)[key], levels - 1);
    if (code !== null) return code;
  }
  return null;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isCounter = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) > 0;

function sentenceOf(error: z.ZodError): string {
  const [issue] = error.issues;
  return issue === undefined
    ? 'malformed'
    : `${issue.message} at ${issue.path.map(String).join('.') || 'its root'}`;
}

const fault = (code: FaultCode, detail: string): Fault => ({
  ok: false,
  code,
  detail: printable(detail).slice(0, 300),
});

/**
 * `text` on one line and in one colour: what strangers say ends in logs and on terminals, and may neither break a line
 * nor turn it round.
 */
export const printable = (text: string): string =>
  text.replaceAll(UNPRINTABLE, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** Control characters, line and paragraph separators, and what changes the direction of writing. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must go.
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;
