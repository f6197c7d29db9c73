/**
 * Values that fit a zod schema, drawn from choices: whatever the protocol comes to say, the fuzzers say it too.
 *
 * Only what the protocol uses of zod is understood; a schema of another kind fails loudly.
 */
import type * as z from 'zod';
import type { Choices } from './choices.js';

export type Maker = (choices: Choices) => unknown;

/** Terms, indexes, counts: mostly small, so that they meet; now and then at the edge of what a number can be. */
const NUMBERS = [0, 1, 2, 3, 4, 5, 7, 64, 255, 256, 1024, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 1_700_000_000_000];
const EDGES = [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER - 1, 2 ** 52];
const NEGATIVES = [-1, -(2 ** 31), Number.MIN_SAFE_INTEGER];

/** The peers of the cluster under attack, peers it does not know, and ids as long as they may be. */
const IDS = ['1', '2', '3', '4', '0', 'p1', 'node-9', 'Z'.repeat(64), '00', '9007199254740993'];

const CLIENTS = ['~client0000000001', '~client0000000002', '~CLIENT0000000003'];
const PLACES = ['1.1', '5.17', '9007199254740993.1'];
const HASHES = ['0'.repeat(64), 'f'.repeat(64), '0123456789abcdef'.repeat(4)];

/** Texts that have hurt programs before. */
export const TEXTS = [
  'a',
  'general',
  'of-1',
  '\u0000',
  '\n',
  '\u001b[31mred',
  'é',
  '🙂',
  '\ud800',
  '\udc00x',
  '\u2028',
  '\ufeff',
  '__proto__',
  'constructor',
  'toString',
  '../../etc/passwd',
  '%00',
  '<script>',
  '"',
  '\\',
  "';--",
  'NaN',
  'true',
  'x:1',
  '3:70000',
  '[::1]:1',
] as const;

export function numberFrom(choices: Choices): number {
  if (choices.onceIn(8)) return choices.of(EDGES);
  return choices.of(NUMBERS);
}

/** Text of `least` to `most` code units. */
export function textFrom(choices: Choices, least = 0, most = 64): string {
  const text = choices.onceIn(12) ? choices.of(TEXTS).repeat(choices.between(1, 70)) : choices.of(TEXTS);
  // Zod counts characters beyond the basic plane once, so half of them may be too short.
  return text.slice(0, most).padEnd(Math.min(2 * least, most), 'x');
}

/** What an application may send: any JSON, mostly small. */
export function payloadFrom(choices: Choices, levels = 4): unknown {
  switch (choices.below(levels > 0 ? 8 : 6)) {
    case 0:
      return null;
    case 1:
      return choices.onceIn(2);
    case 2:
      return numberFrom(choices);
    case 3:
      return -numberFrom(choices) / 3;
    case 4:
      return textFrom(choices);
    case 5:
      return '';
    case 6:
      return choices.some(4, (c) => payloadFrom(c, levels - 1));
    default:
      return Object.fromEntries(choices.some(4, (c) => [keyFrom(c), payloadFrom(c, levels - 1)]));
  }
}

const FORBIDDEN = ['__proto__', 'constructor', 'prototype'];
const keyFrom = (choices: Choices): string => {
  const key = textFrom(choices);
  return FORBIDDEN.includes(key) ? `${key}_` : key;
};

interface Definition {
  readonly type: string;
  readonly innerType?: z.ZodType;
  readonly in?: z.ZodType;
  readonly element?: z.ZodType;
  readonly options?: readonly z.ZodType[];
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly values?: readonly unknown[];
  readonly entries?: Readonly<Record<string, unknown>>;
  readonly checks?: readonly { readonly _zod: { readonly def: Readonly<Record<string, unknown>> } }[];
}

/** What makes values of `schema`. */
export function makerOf(schema: z.ZodType): Maker {
  const definition = schema._zod.def as unknown as Definition;
  const bounds = Object.assign(
    {},
    ...(definition.checks ?? []).map((check) => boundOf(check._zod.def)),
  ) as Bounds;
  switch (definition.type) {
    case 'readonly':
      return makerOf(innerOf(definition));
    // What is transformed is drawn as it travels.
    case 'pipe':
      return makerOf(definition.in as z.ZodType);
    case 'nullable': {
      const inner = makerOf(innerOf(definition));
      return (choices) => (choices.onceIn(4) ? null : inner(choices));
    }
    case 'optional':
      return makerOf(innerOf(definition));
    case 'null':
      return () => null;
    case 'boolean':
      return (choices) => choices.onceIn(2);
    case 'unknown':
      return payloadFrom;
    case 'literal':
    case 'enum': {
      const values = definition.values ?? Object.values(definition.entries ?? {});
      return (choices) => choices.of(values);
    }
    case 'string':
      return bounds.pattern === undefined
        ? (choices) => textFrom(choices, bounds.minimum ?? 0, bounds.maximum ?? 500)
        : namesOf(bounds.pattern);
    case 'number':
      return numbersOf(bounds);
    case 'array':
      return arraysOf(definition, bounds);
    case 'union':
      return unionOf(definition);
    case 'object':
      return objectsOf(definition.shape ?? {});
    default:
      throw new Error(`the fuzzers know no values of zod's ${definition.type}`);
  }
}

/** Texts that have a form: ids of peers and of clients, hashes. */
function namesOf(pattern: RegExp): Maker {
  const fitting = [...IDS, ...CLIENTS, ...PLACES, ...HASHES].filter((text) => pattern.test(text));
  if (fitting.length === 0) throw new Error(`the fuzzers know no text of the form ${pattern}`);
  return (choices) => choices.of(fitting);
}

/** What is at least, and what at most, is called `value` alike. */
const boundOf = (check: Readonly<Record<string, unknown>>): object =>
  check.check === 'greater_than' || check.check === 'less_than'
    ? { [check.check === 'greater_than' ? 'least' : 'most']: check.value }
    : check;

interface Bounds {
  readonly minimum?: number;
  readonly maximum?: number;
  readonly least?: number;
  readonly most?: number;
  readonly pattern?: RegExp;
}

function innerOf({ innerType, type }: Definition): z.ZodType {
  if (innerType === undefined) throw new Error(`zod's ${type} without an inner type`);
  return innerType;
}

function numbersOf({ least, most = Number.MAX_SAFE_INTEGER }: Bounds): Maker {
  if (least === undefined)
    return (choices) => (choices.onceIn(6) ? choices.of(NEGATIVES) : numberFrom(choices));
  return (choices) => Math.min(most, Math.max(least, numberFrom(choices)));
}

function arraysOf({ element }: Definition, { minimum = 0, maximum: most = 4 }: Bounds): Maker {
  if (element === undefined) throw new Error("zod's array without an element");
  const make = makerOf(element);
  return (choices) => {
    if (!choices.onceIn(400)) {
      const some = choices.some(4, make);
      return some.length < minimum ? Array.from({ length: minimum }, () => make(choices)) : some;
    }
    // As many as there may be: one is drawn, and repeated.
    return Array.from({ length: most }, () => null).fill(make(choices) as null);
  };
}

function unionOf({ options = [] }: Definition): Maker {
  const makers = options.map(makerOf);
  return (choices) => choices.of(makers)(choices);
}

function objectsOf(shape: Readonly<Record<string, z.ZodType>>): Maker {
  const fields = Object.entries(shape).map(([key, schema]) => {
    const { type } = schema._zod.def as unknown as Definition;
    return { key, make: makerOf(schema), isOptional: type === 'optional' };
  });
  return (choices) => {
    const value: Record<string, unknown> = {};
    for (const { key, make, isOptional } of fields)
      if (!isOptional || choices.onceIn(3)) value[key] = make(choices);
    return value;
  };
}
