/** Targets: what is read off a connection, as text. Judged by rules of this file's own, never by the codec's. */
import { isDeepStrictEqual } from 'node:util';
import { bytesOf, decodeFrame, decodeGreeting, encode, frameOf } from '../../transport/codec.js';
import { LIMITS, type Message } from '../../transport/protocol.js';
import { appending } from '../support/carriers.js';
import type { Choices } from './choices.js';
import type { Target, Verdict } from './fuzzing.js';
import { torn, written } from './mutations.js';
import { textFrom } from './schema-values.js';
import { greetingFrom, MESSAGES, messageFrom, messageOf, type Raw } from './vocabulary.js';

interface Text {
  readonly text: string;
  /** As agreed: it must be taken. */
  readonly isSound: boolean;
}

const COUNTERS = [1, 2, 3, Number.MAX_SAFE_INTEGER, 0, -1, 1.5, 2 ** 53, '1', null];

/** A frame of any messages, most of them harmed. */
export function frameFrom(choices: Choices): Text {
  if (choices.onceIn(3000)) return { text: crowdedFrame(choices), isSound: false };
  const counter = choices.onceIn(8) ? choices.of(COUNTERS) : choices.between(1, 9);
  const isDisguised = choices.onceIn(8);
  const messages = [messageFrom(choices), ...choices.some(3, messageFrom)];
  if (isDisguised) disguise(choices.of(messages), choices);
  const { text, isWhole } = written({ counter, messages }, choices);
  const whole = torn(text, choices);
  const isSound = isWhole && !isDisguised && whole === text && isCount(counter) && counter !== 0;
  return { text: whole, isSound: isSound && bytesOf(text) <= LIMITS.frameBytesMax };
}

/** One type of message under another's name, or under none that is known. */
function disguise(message: Raw, choices: Choices): void {
  message.type = choices.onceIn(3) ? textFrom(choices) : choices.of(MESSAGES);
}

/** As large as a frame may be, or a little larger, and full of one thing. */
function crowdedFrame(choices: Choices): string {
  const type = choices.of(MESSAGES);
  const item = choices.of(['[]', '{}', '1', '{"type":"x"}', '""', '{"a":[[]]}', '{"kind":"noop","a":1}']);
  const list = `[${`${item},`.repeat(Math.floor(LIMITS.frameBytesMax / (item.length + 1)) - 40)}${item}]`;
  const message = JSON.stringify(messageOf(type, choices));
  const field = choices.of(['submissions', 'entries', 'heard', 'messages', 'payload', 'of no meaning']);
  switch (choices.below(4)) {
    case 0:
      return `{"counter":1,"messages":${list}}`;
    case 1:
      return `{"counter":1,"messages":[${message.slice(0, -1)},"${field}":${list}}]}`;
    case 2: {
      const keys = Array.from({ length: choices.of([1000, 60_000, 90_000]) }, (_, i) => `"k${i}":1`);
      return `{"counter":1,"messages":[${message.slice(0, -1)},${keys.join(',')}}]}`;
    }
    default:
      return `${' '.repeat(LIMITS.frameBytesMax - choices.between(0, 400))}{"counter":1,"messages":[${message}]}`;
  }
}

export const frames: Target<Text> = {
  name: 'frame',
  share: 700,
  inputsPerWorld: 5000,
  isComputing: true,
  draw: frameFrom,
  show: ({ text }) => text,
  open: () => ({ judge: judgeFrame, close: () => null }),
};

function judgeFrame({ text, isSound }: Text): Verdict {
  const read = decodeFrame(text);
  const harm = pollution();
  if (harm !== null) return { outcome: 'polluted', complaint: harm };
  if (!read.ok) return refusal(read, isSound);
  const raw = JSON.parse(text) as { counter: unknown; messages: Raw[] };
  const complaint =
    tooMuch(text, LIMITS.frameBytesMax) ??
    forbidden(raw.messages) ??
    (raw.messages.length > LIMITS.frameMessagesMax ? 'too many: messages were taken' : null) ??
    (raw.counter === read.counter && isCount(raw.counter) && raw.counter !== 0
      ? null
      : `counter: ${raw.counter}`) ??
    (read.messages.length + read.unknown === raw.messages.length ? null : 'lost: a message is missing') ??
    first(read.messages, (message) => wrongIn(message as unknown as Raw)) ??
    first(read.messages, (message) => (isFrozen(message) ? null : 'not frozen: a message can be changed')) ??
    sameAgain(read.messages) ??
    first(read.messages, passedOn);
  return { outcome: 'taken', complaint };
}

/** What was taken can be said again, and is taken again, the same. */
function sameAgain(messages: readonly Parameters<typeof encode>[0][]): string | null {
  const text = frameOf(1, messages.map(encode));
  if (bytesOf(text) > LIMITS.frameBytesMax) return null;
  const again = decodeFrame(text);
  // Not as texts: what JSON cannot say, such as infinity, would look the same.
  const isSame = again.ok && isDeepStrictEqual(again.messages, messages);
  return isSame ? null : 'not the same: said again it is another';
}

/** What is to be ordered must be such that followers will take it in an entry: or nobody hears its coordinator any more. */
function passedOn(message: Message): string | null {
  if (!('submissions' in message)) return null;
  const isTaken = ({ payload }: { readonly payload?: unknown }) =>
    decodeFrame(frameOf(1, [encode(appending(payload))])).ok;
  return message.submissions.every(isTaken)
    ? null
    : 'not to be passed on: no entry can carry a payload of it';
}

export const greetings: Target<Text> = {
  name: 'greeting',
  share: 150,
  inputsPerWorld: 5000,
  isComputing: true,
  draw: (choices) => {
    const greeting: Raw = choices.onceIn(6) ? messageFrom(choices) : greetingFrom(choices);
    if (choices.onceIn(10)) greeting.hobby = 'x'.repeat(choices.of([10, 7000, 8192, 20_000]));
    const { text, isWhole } = written(greeting, choices);
    const whole = torn(text, choices);
    const isSmall = bytesOf(text) <= LIMITS.greetingBytesMax;
    return { text: whole, isSound: isWhole && whole === text && isSmall && isGreeting(greeting) };
  },
  show: ({ text }) => text,
  open: () => ({ judge: judgeGreeting, close: () => null }),
};

const isGreeting = ({ type }: Raw): boolean => typeof type === 'string' && type.startsWith('link.');

function judgeGreeting({ text, isSound }: Text): Verdict {
  const read = decodeGreeting(text);
  const harm = pollution();
  if (harm !== null) return { outcome: 'polluted', complaint: harm };
  if (!read.ok) return refusal(read, isSound);
  const { greeting } = read;
  const complaint =
    tooMuch(text, LIMITS.greetingBytesMax) ??
    forbidden([JSON.parse(text) as Raw]) ??
    wrongIn(greeting as unknown as Raw) ??
    (isGreeting(greeting as unknown as Raw) ? null : `no greeting: ${greeting.type}`) ??
    (!('member' in greeting) || greeting.from === greeting.member.id
      ? null
      : 'two names: it introduces another');
  return { outcome: greeting.type, complaint };
}

function refusal(fault: { readonly code: string; readonly detail: string }, isSound: boolean): Verdict {
  const { code, detail } = fault;
  // What each part may be, all together may not.
  if (isSound && !/more than 256 in one message|a run counts too far/.test(detail))
    return { outcome: code, complaint: `refused: ${code}: ${detail}` };
  if (detail.length === 0 || detail.length > 300) return { outcome: code, complaint: `detail: ${detail}` };
  const complaint = UNPRINTABLE.test(detail) ? `unprintable: ${JSON.stringify(detail)}` : null;
  return { outcome: code, complaint };
}

/** What would colour or break a line of a log. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
export const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;

const tooMuch = (text: string, bytesMax: number): string | null =>
  Buffer.byteLength(text) > bytesMax ? `too large: ${Buffer.byteLength(text)} bytes were taken` : null;

function first<Item>(items: readonly Item[], complaintOf: (item: Item) => string | null): string | null {
  for (const item of items) {
    const complaint = complaintOf(item);
    if (complaint !== null) return complaint;
  }
  return null;
}

/** What applications say and answer. */
const OF_APPLICATIONS: ReadonlySet<string> = new Set(['payload', 'payloads', 'result']);

/** Every number of the envelope is whole and safe, every name a name; payloads are nobody's business. */
function wrongIn(value: unknown, key = ''): string | null {
  if (OF_APPLICATIONS.has(key)) return null;
  if (typeof value === 'number') {
    const isGood = key === 'priority' ? Number.isSafeInteger(value) : isCount(value);
    return isGood ? null : `number: ${key} is ${value}`;
  }
  if (
    (key === 'from' || key === 'owner' || key === 'id') &&
    !/^~?[A-Za-z0-9][\w.-]{0,63}$/.test(String(value))
  )
    return `name: ${key} is ${JSON.stringify(value)}`;
  if (typeof value !== 'object' || value === null) return null;
  for (const [inner, item] of Object.entries(value)) {
    const complaint = wrongIn(item, Array.isArray(value) ? key : inner);
    if (complaint !== null) return complaint;
  }
  return null;
}

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;

/** No key is a prototype's, and nothing is deeper than agreed, wherever it stands. */
function forbidden(messages: readonly unknown[]): string | null {
  const waiting: { readonly value: unknown; readonly levels: number }[] = messages.map((value) => ({
    value,
    levels: 1,
  }));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { value, levels } = next;
    if (typeof value !== 'object' || value === null) continue;
    if (levels > LIMITS.depthMax) return `too deep: ${levels} levels were taken`;
    for (const key of Object.keys(value)) {
      if (key === '__proto__' || key === 'constructor' || key === 'prototype') return `key: ${key} was taken`;
      waiting.push({ value: (value as Raw)[key], levels: levels + 1 });
    }
  }
  return null;
}

function isFrozen(value: unknown, key = ''): boolean {
  if (typeof value !== 'object' || value === null || OF_APPLICATIONS.has(key)) return true;
  return Object.isFrozen(value) && Object.entries(value).every(([inner, item]) => isFrozen(item, inner));
}

/** Whether every object there is has got a key by it. */
export function pollution(): string | null {
  for (const key in {}) {
    delete (Object.prototype as Raw)[key];
    return `polluted: every object has got a key ${key}`;
  }
  return null;
}
