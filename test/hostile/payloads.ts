/**
 * Target: what applications submit, JSON or not. Whatever may enter the log passes in a frame, unchanged: a payload that
 * no peer took would cut its coordinator off. What may not is refused as a value.
 */
import { decodeFrame, encode, encodePayload, frameOf } from '../../transport/codec.js';
import { LIMITS, type Message } from '../../transport/protocol.js';
import type { Choices } from './choices.js';
import { pollution } from './frames.js';
import type { Target, Verdict } from './fuzzing.js';
import { written } from './mutations.js';
import { payloadFrom, textFrom } from './schema-values.js';

/** What JavaScript can hold and JSON cannot, or not so. */
const ODDITIES: readonly (() => unknown)[] = [
  () => undefined,
  () => Number.NaN,
  () => 12n,
  () => Symbol('x'),
  () => () => 1,
  () => new Date(Number.NaN),
  () => new Map([['a', 1]]),
  () => Object.create(null),
  () => Object.assign([1], { more: 2 }),
  () => new Proxy({}, { ownKeys: () => ['a', 'a'] }),
  () => ({
    toJSON: () => {
      throw new Error('not today');
    },
  }),
  () => ({ toJSON: () => ({ toJSON: 1 }) }),
  () => ({
    get late() {
      throw new TypeError('nor here');
    },
  }),
  () => {
    const self: unknown[] = [];
    self.push(self);
    return self;
  },
  () => Array(10),
  () => new Uint8Array(70_000),
  () => 'x'.repeat(LIMITS.payloadBytesMax - 2),
  () => 'x'.repeat(LIMITS.payloadBytesMax - 1),
  () => '\u20ac'.repeat(LIMITS.payloadBytesMax / 3),
];

function valueFrom(choices: Choices): unknown {
  switch (choices.below(5)) {
    case 1:
      return choices.of(ODDITIES)();
    case 2:
      return nested(choices.of([10, 11, 12, 13, 500, 5000]), choices.onceIn(2));
    case 3:
      return harmed(choices);
    case 4:
      return { [textFrom(choices)]: choices.of(ODDITIES)() };
    default:
      return payloadFrom(choices);
  }
}

function nested(levels: number, isObject: boolean): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level += 1) value = isObject ? { a: value } : [value];
  return value;
}

function harmed(choices: Choices): unknown {
  const { text } = written(payloadFrom(choices), choices);
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

export const payloads: Target<unknown> = {
  name: 'payload',
  share: 58,
  inputsPerWorld: 5000,
  isComputing: true,
  draw: valueFrom,
  show: (value) => {
    try {
      return JSON.stringify(value)?.slice(0, 5000) ?? String(value);
    } catch (problem) {
      return `what JSON cannot say: ${problem}`;
    }
  },
  open: () => ({ judge, close: () => null }),
};

function judge(value: unknown): Verdict {
  const encoded = encodePayload(value);
  const harm = pollution();
  if (harm !== null) return { outcome: 'polluted', complaint: harm };
  if (!encoded.ok) return { outcome: encoded.code, complaint: null };
  const { payload, bytes } = encoded;
  const submission = { number: 1, topic: 'general', payload };
  const message = { type: 'sequencer.submit', from: '1', session: 1, submissions: [submission] } as Message;
  const read = decodeFrame(frameOf(1, [encode(message)]));
  if (!read.ok) return { outcome: 'taken', complaint: `cut off: ${read.code}: ${read.detail}` };
  if (bytes > LIMITS.payloadBytesMax) return { outcome: 'taken', complaint: `too large: ${bytes} bytes` };
  const isSame = JSON.stringify(read.messages[0]) === JSON.stringify(message);
  return { outcome: 'taken', complaint: isSame ? null : 'not the same: others see another payload' };
}
