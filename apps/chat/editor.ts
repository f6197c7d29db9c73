/** The line being typed, as a value: what every key makes of it. Positions are between graphemes, as people see them. */

/** A key as `node:readline` reads it. */
export interface Key {
  readonly name?: string | undefined;
  readonly sequence?: string | undefined;
  readonly ctrl?: boolean | undefined;
  readonly meta?: boolean | undefined;
}

export interface Editor {
  readonly text: string;
  /** Index into `text`. */
  readonly cursor: number;
  /** What was entered before, oldest first. */
  readonly past: readonly string[];
  /** Which of `past` is looked at; `past.length` for the line that is new. */
  readonly place: number;
  /** The new line, kept while the past is looked at. */
  readonly draft: string;
  /** What is being pasted; null when nothing is. Line breaks in it belong to the line. */
  readonly pasting: string | null;
  /** What Tab could not choose from. */
  readonly choices: readonly string[];
}

export const EMPTY_EDITOR: Editor = {
  text: '',
  cursor: 0,
  past: [],
  place: 0,
  draft: '',
  pasting: null,
  choices: [],
};

/** The editor after a key, and the line that it entered, if it did. */
export interface Pressed {
  readonly editor: Editor;
  readonly entered: string | null;
}

const PAST_MAX = 500;

/**
 * What `key` makes of the line.
 *
 * @param complete - every text that what stands before the cursor could become.
 */
export function press(editor: Editor, key: Key, complete: (before: string) => readonly string[]): Pressed {
  if (key.name === 'paste-start') return stay({ ...editor, pasting: '' });
  if (editor.pasting !== null) return stay(paste(editor, editor.pasting, key));
  const calm = { ...editor, choices: [] };
  if (key.name === 'return' || key.name === 'enter') return enter(calm);
  if (key.name === 'tab') return stay(completed(calm, complete));
  return stay(key.ctrl || key.meta ? chord(calm, key) : plainKey(calm, key));
}

const stay = (editor: Editor): Pressed => ({ editor, entered: null });

function paste(editor: Editor, pasting: string, key: Key): Editor {
  if (key.name === 'paste-end')
    return insert({ ...editor, pasting: null, choices: [] }, pasting.replaceAll(/\r\n?/g, '\n'));
  return { ...editor, pasting: pasting + (key.sequence ?? '') };
}

function enter(editor: Editor): Pressed {
  const { text, past } = editor;
  if (text.trim() === '') return stay({ ...EMPTY_EDITOR, past, place: past.length });
  const longer = past.at(-1) === text ? past : [...past, text].slice(-PAST_MAX);
  return { editor: { ...EMPTY_EDITOR, past: longer, place: longer.length }, entered: text };
}

function plainKey(editor: Editor, key: Key): Editor {
  const { text, cursor } = editor;
  switch (key.name) {
    case 'left':
      return { ...editor, cursor: before(text, cursor) };
    case 'right':
      return { ...editor, cursor: after(text, cursor) };
    case 'home':
      return { ...editor, cursor: 0 };
    case 'end':
      return { ...editor, cursor: text.length };
    case 'up':
      return recall(editor, editor.place - 1);
    case 'down':
      return recall(editor, editor.place + 1);
    case 'backspace':
      return cut(editor, before(text, cursor), cursor);
    case 'delete':
      return cut(editor, cursor, after(text, cursor));
    default:
      return isPrintable(key.sequence) ? insert(editor, key.sequence) : editor;
  }
}

/** The chords every shell has. */
function chord(editor: Editor, { name, ctrl }: Key): Editor {
  const { text, cursor } = editor;
  const wordStart = text.slice(0, cursor).search(/\S+\s*$/u);
  const wordEnd = cursor + (text.slice(cursor).match(/^\s*\S+/u)?.[0].length ?? 0);
  if (name === 'left' || (!ctrl && name === 'b')) return { ...editor, cursor: Math.max(0, wordStart) };
  if (name === 'right' || (!ctrl && name === 'f')) return { ...editor, cursor: wordEnd };
  if (name === 'backspace' || (ctrl && name === 'w')) return cut(editor, Math.max(0, wordStart), cursor);
  if (!ctrl) return editor;
  if (name === 'a') return { ...editor, cursor: 0 };
  if (name === 'e') return { ...editor, cursor: text.length };
  if (name === 'b') return { ...editor, cursor: before(text, cursor) };
  if (name === 'f') return { ...editor, cursor: after(text, cursor) };
  if (name === 'h') return cut(editor, before(text, cursor), cursor);
  if (name === 'd') return cut(editor, cursor, after(text, cursor));
  if (name === 'u') return cut(editor, 0, cursor);
  if (name === 'k') return cut(editor, cursor, text.length);
  if (name === 'p') return recall(editor, editor.place - 1);
  if (name === 'n') return recall(editor, editor.place + 1);
  return editor;
}

const isPrintable = (sequence: string | undefined): sequence is string =>
  sequence !== undefined && sequence !== '' && !/\p{Cc}/u.test(sequence);

const insert = (editor: Editor, added: string): Editor => ({
  ...editor,
  text: editor.text.slice(0, editor.cursor) + added + editor.text.slice(editor.cursor),
  cursor: editor.cursor + added.length,
});

const cut = (editor: Editor, from: number, to: number): Editor => ({
  ...editor,
  text: editor.text.slice(0, from) + editor.text.slice(to),
  cursor: from,
});

function recall(editor: Editor, place: number): Editor {
  if (place < 0 || place > editor.past.length) return editor;
  const draft = editor.place === editor.past.length ? editor.text : editor.draft;
  const text = editor.past[place] ?? draft;
  return { ...editor, draft, place, text, cursor: text.length };
}

/** Goes as far as all that is possible agrees; where it parts, names what there is. */
function completed(editor: Editor, complete: (before: string) => readonly string[]): Editor {
  const written = editor.text.slice(0, editor.cursor);
  const possible = complete(written);
  if (possible.length === 0) return editor;
  const shared = sharedStart(possible);
  const rest = editor.text.slice(editor.cursor);
  const only = possible.length === 1;
  const ready = only && !rest.startsWith(' ') ? `${shared} ` : shared;
  const extended = { ...editor, text: ready + rest, cursor: ready.length };
  return only || shared.length > written.length ? extended : { ...editor, choices: possible };
}

function sharedStart(texts: readonly string[]): string {
  const [first = '', ...others] = texts;
  let length = first.length;
  for (const other of others) while (!other.startsWith(first.slice(0, length))) length -= 1;
  return first.slice(0, length);
}

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

const before = (text: string, cursor: number): number =>
  [...graphemes.segment(text.slice(0, cursor))].at(-1)?.index ?? 0;

const after = (text: string, cursor: number): number => {
  const [next] = graphemes.segment(text.slice(cursor));
  return cursor + (next?.segment.length ?? 0);
};

/** What is seen of a long line: a part around the cursor, cut at the cursor. */
export interface Glimpse {
  readonly before: string;
  /** What stands under the cursor; a blank at the end. */
  readonly under: string;
  readonly after: string;
}

/**
 * The part of the line around the cursor.
 *
 * @param most - graphemes shown, at least 3.
 */
export function glimpse({ text, cursor }: Editor, most: number): Glimpse {
  const left = [...graphemes.segment(text.slice(0, cursor))].map(({ segment }) => segment);
  const right = [...graphemes.segment(text.slice(cursor))].map(({ segment }) => segment);
  const room = Math.max(3, most) - 1;
  const rightShown = Math.min(
    Math.max(0, right.length - 1),
    Math.max(room - left.length, Math.floor(room / 4)),
  );
  const leftShown = Math.min(left.length, room - rightShown);
  return {
    before: visible(left.slice(left.length - leftShown)),
    under: visible([right[0] ?? ' ']),
    after: visible(right.slice(1, 1 + rightShown)),
  };
}

const visible = (segments: readonly string[]): string =>
  segments
    .map((segment) => (/^[\r\n]+$/u.test(segment) ? '↵' : segment.replaceAll(/\p{Cc}/gu, '·')))
    .join('');
