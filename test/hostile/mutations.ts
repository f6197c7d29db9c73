/**
 * Harm done to a value on its way to the wire: to its structure, to its text, to its bytes.
 *
 * JSON can say more than JSON.stringify does: keys twice, keys that are prototypes, numbers that are none. Such things
 * stand in the value as marks, and become what they are when it is written.
 */
import type { Choices } from './choices.js';
import { numberFrom, payloadFrom, TEXTS, textFrom } from './schema-values.js';

/** A place in a value: `holder[key]`. */
interface Place {
  readonly holder: Record<string, unknown> | unknown[];
  readonly key: string;
}

/** What is written where a mark stands. */
const RAW = [
  'NaN',
  'Infinity',
  '-Infinity',
  '1e999',
  '-1e999',
  '-0',
  '1.5',
  '1e-7',
  '0x10',
  '01',
  'undefined',
];
const RAW_TEXTS = [
  '"\\u0000"',
  '"\\ud800"',
  '"a\u0001b"',
  "'single'",
  '"\\x41"',
  '/* hm */1',
  '{"a":1,}',
  '[1,]',
];
const RAW_NESTS = ['[', '{"a":', '[{"b":'] as const;
const FORBIDDEN = ['__proto__', 'constructor', 'prototype'];

const MARK = '\u241f';
const MARKED = /"\u241f(\d+)\u241f"/g;

/** Writes values with marks in them. */
class Writer {
  readonly #texts: string[] = [];

  mark(text: string): string {
    this.#texts.push(text);
    return `${MARK}${this.#texts.length - 1}${MARK}`;
  }

  write(value: unknown): string {
    const text = JSON.stringify(value) ?? 'null';
    return this.#texts.length === 0
      ? text
      : text.replaceAll(MARKED, (_, number: string) => this.#texts[Number(number)] ?? 'null');
  }
}

/**
 * Does up to `most` harms to the structure of `value`, which is changed in place, and writes it.
 *
 * @returns the text, and whether it says what `value` said.
 */
export function written(value: unknown, choices: Choices, most = 3): { text: string; isWhole: boolean } {
  const writer = new Writer();
  const root = { value };
  let harms = 0;
  while (harms < most && choices.onceIn(2)) {
    const place = choices.of(placesIn(root));
    choices.of(HARMS)(place, choices, writer);
    harms += 1;
  }
  return { text: writer.write(root.value), isWhole: harms === 0 };
}

type Harm = (place: Place, choices: Choices, writer: Writer) => void;

const put = ({ holder, key }: Place, value: unknown): void => {
  (holder as Record<string, unknown>)[key] = value;
};
const at = ({ holder, key }: Place): unknown => (holder as Record<string, unknown>)[key];

const HARMS: readonly Harm[] = [
  (place, choices) => put(place, numberFrom(choices)),
  (place, choices) => put(place, choices.of([-1, -0.5, 1.5, 2 ** 53, 2 ** 63, 1e300, Number.MIN_VALUE])),
  (place, choices) => put(place, textFrom(choices)),
  (place, choices) => put(place, 'x'.repeat(choices.of([65, 129, 300, 5000, 70_000]))),
  (place, choices) => put(place, payloadFrom(choices)),
  (place, choices) => put(place, choices.of([null, true, {}, [], '', [[]], { a: {} }])),
  (place, choices, writer) => put(place, writer.mark(choices.of(RAW))),
  (place, choices, writer) => put(place, writer.mark(choices.of(RAW_TEXTS))),
  (place, choices, writer) => put(place, writer.mark(nest(choices))),
  ({ holder, key }) => {
    if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else delete holder[key];
  },
  (place, choices) => {
    const value = at(place);
    if (Array.isArray(value)) value.push(...Array(choices.of([1, 2, 300])).fill(value[0] ?? null));
    else if (isRecord(value)) value[textFrom(choices)] = numberFrom(choices);
    else put(place, [value]);
  },
  (place, choices, writer) => {
    const value = at(place);
    const forbidden = writer.mark(choices.of([...FORBIDDEN.map((key) => `"${key}"`), '"\\u005f_proto__"']));
    if (isRecord(value)) value[forbidden] = choices.of([null, { a: 1 }, { isAdmin: true }]);
    else put(place, { [forbidden]: value });
  },
  // The same key twice: which of them counts?
  ({ holder, key }, choices, writer) => {
    if (!Array.isArray(holder)) holder[writer.mark(JSON.stringify(key))] = numberFrom(choices);
  },
  // What belongs to one field in another, of whatever it is.
  (place, choices) => {
    const other = choices.of(placesIn(at(place) === undefined ? {} : (place.holder as object)));
    const value = at(place);
    put(place, at(other) ?? null);
    if (other.holder === place.holder) put(other, value);
  },
  (place, choices) => {
    const value = at(place);
    if (typeof value === 'string') put(place, value + choices.of(TEXTS));
    else if (typeof value === 'number') put(place, value + choices.of([1, -1, 0.1, 2 ** 32]));
    else put(place, JSON.stringify(value ?? null));
  },
];

function nest(choices: Choices): string {
  const opening = choices.of(RAW_NESTS);
  const levels = choices.of([12, 13, 14, 15, 16, 17, 100, 3000]);
  const closing = { '[': ']', '{"a":': '}', '[{"b":': '}]' }[opening];
  return `${opening.repeat(levels)}0${closing.repeat(choices.onceIn(10) ? levels - 1 : levels)}`;
}

/** Every place of a value, breadth first, as many as are worth choosing from. */
function placesIn(root: object): readonly Place[] {
  const places: Place[] = [];
  const waiting: object[] = [root];
  while (waiting.length > 0 && places.length < PLACES_MAX) {
    const holder = waiting.shift() as Record<string, unknown>;
    for (const key of Object.keys(holder)) {
      places.push({ holder, key });
      const inner = holder[key];
      if (typeof inner === 'object' && inner !== null) waiting.push(inner);
      if (places.length >= PLACES_MAX) break;
    }
  }
  return places.length === 0 ? [{ holder: { a: null }, key: 'a' }] : places;
}

const PLACES_MAX = 60;
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Harm to the text itself, now and then: cut, repeated, spliced, flipped. */
export function torn(text: string, choices: Choices): string {
  switch (choices.below(24) - 16) {
    case 0:
      return text.slice(0, choices.below(text.length + 1));
    case 1:
      return `\ufeff${text}`;
    case 2:
      return text + choices.of([' ', '\n', ',', '}', ']', '\u0000', text.slice(0, 100)]);
    case 3: {
      const from = choices.below(text.length + 1);
      return text.slice(0, from) + text.slice(from + choices.between(1, 8));
    }
    case 4: {
      const from = choices.below(text.length + 1);
      return (
        text.slice(0, from) +
        choices.of(['\ud800', '\u0000', '"', ',', '{', '\\', '9', 'e']) +
        text.slice(from)
      );
    }
    case 5: {
      const from = choices.below(text.length + 1);
      return text.slice(0, from) + text.slice(Math.max(0, from - choices.between(1, 40)));
    }
    case 6:
      return decoded(flipped(new TextEncoder().encode(text.slice(0, 4096)), choices));
    case 7:
      return ' '.repeat(choices.of([1, 8, 9000])) + text;
    default:
      return text;
  }
}

/** One to three bits of `bytes`, changed in place. */
export function flipped(bytes: Uint8Array, choices: Choices): Uint8Array {
  for (let flips = choices.between(1, 3); flips > 0 && bytes.length > 0; flips -= 1) {
    const place = choices.below(bytes.length);
    bytes[place] = (bytes[place] ?? 0) ^ (1 << choices.below(8));
  }
  return bytes;
}

const decoder = new TextDecoder();
const decoded = (bytes: Uint8Array): string => decoder.decode(bytes);
