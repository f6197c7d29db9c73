/**
 * The log's filter: `type:OK from:5 lost state:candidate`. Words side by side must all hold; `-word` must not; what has no
 * colon is looked for in the whole row, except `lost` and `heartbeat`, which mean what they say.
 */
import { labelOf } from '../../page/shapes.js';

/** What a filter can see of a row. */
export interface Row {
  readonly peer: string;
  readonly from: string;
  readonly to: string;
  /** The wire type, for a message; else the kind of the record. */
  readonly type: string;
  readonly kind: string;
  /** The state gone to, for a change of state; the role of the peer otherwise. */
  readonly state: string;
  readonly term: string;
  readonly isLost: boolean;
  readonly isHeartbeat: boolean;
  /** Everything the row shows. */
  readonly text: string;
}

export type Predicate = (row: Row) => boolean;

export type Parsed =
  | { readonly ok: true; readonly matches: Predicate; readonly isEmpty: boolean }
  | { readonly ok: false; readonly error: string };

const has = (whole: string, part: string): boolean => whole.toLowerCase().includes(part.toLowerCase());
const is = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

const FIELDS: Readonly<Record<string, (row: Row, value: string) => boolean>> = {
  type: (row, value) => is(labelOf(row.type), value) || has(row.type, value),
  kind: (row, value) => is(row.kind, value),
  from: (row, value) => is(row.from, value),
  to: (row, value) => is(row.to, value),
  peer: (row, value) => is(row.peer, value) || is(row.from, value) || is(row.to, value),
  state: (row, value) => has(row.state, value),
  term: (row, value) => row.term === value,
};

const FLAGS: Readonly<Record<string, Predicate>> = {
  lost: (row) => row.isLost,
  heartbeat: (row) => row.isHeartbeat,
};

/** The names before the colon, for help and completion. */
export const FILTER_FIELDS: readonly string[] = Object.keys(FIELDS);
export const FILTER_FLAGS: readonly string[] = Object.keys(FLAGS);

const TERMS_MAX = 20;

/** Reads what was typed. An error is one sentence that says what would do. */
export function parseFilter(text: string): Parsed {
  const found = text.match(/-?(?:\w+:)?"[^"]*"?|\S+/g) ?? [];
  if (found.length > TERMS_MAX) return { ok: false, error: `At most ${TERMS_MAX} words.` };
  const predicates: Predicate[] = [];
  for (const word of found) {
    const read = readTerm(word);
    if (typeof read === 'string') return { ok: false, error: read };
    predicates.push(read);
  }
  return {
    ok: true,
    isEmpty: predicates.length === 0,
    matches: (row) => predicates.every((holds) => holds(row)),
  };
}

function readTerm(word: string): Predicate | string {
  if (word.startsWith('-') && word.length > 1) {
    const read = readTerm(word.slice(1));
    return typeof read === 'string' ? read : (row) => !read(row);
  }
  if ((word.match(/"/g) ?? []).length % 2 === 1) return `A quote is open in ${word}`;
  const [, name, quoted] = /^(\w+):(.*)$/.exec(word) ?? [];
  if (name === undefined || quoted === undefined) {
    const plain = word.replaceAll('"', '');
    return FLAGS[plain.toLowerCase()] ?? ((row) => has(row.text, plain));
  }
  const field = FIELDS[name.toLowerCase()];
  const value = quoted.replaceAll('"', '');
  if (field === undefined) return `No such thing as “${name}:”. There are ${FILTER_FIELDS.join(', ')}.`;
  if (value === '') return `What should “${name}:” be? Try ${EXAMPLES[name.toLowerCase()] ?? `${name}:5`}.`;
  return (row) => field(row, value);
}

const EXAMPLES: Readonly<Record<string, string>> = {
  type: 'type:OK',
  kind: 'kind:fault',
  state: 'state:candidate',
};
