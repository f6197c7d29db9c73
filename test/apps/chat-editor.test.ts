import { type Editor, EMPTY_EDITOR, glimpse, type Key, press } from '../../apps/chat/editor.js';

const nothing = () => [];
const key = (name: string): Key => ({ name });
const ctrl = (name: string): Key => ({ name, ctrl: true });
const letters = (text: string): readonly Key[] => [...text].map((sequence) => ({ sequence }));

/** Presses every key in turn, and keeps the lines that were entered. */
function type(keys: readonly Key[], complete: (before: string) => readonly string[] = nothing) {
  let editor: Editor = EMPTY_EDITOR;
  const entered: string[] = [];
  for (const pressed of keys) {
    const outcome = press(editor, pressed, complete);
    editor = outcome.editor;
    if (outcome.entered !== null) entered.push(outcome.entered);
  }
  return { editor, entered };
}

const times = (count: number, pressed: Key): readonly Key[] => Array.from({ length: count }, () => pressed);

describe('the line being typed', () => {
  it('is entered by Return, and the next one begins empty', () => {
    const { editor, entered } = type([...letters('hello'), key('return')]);

    expect(entered).toEqual(['hello']);
    expect(editor.text).toBe('');
  });

  it('is edited where the cursor is', () => {
    const keys = [
      ...letters('bc'),
      key('home'),
      ...letters('a'),
      key('end'),
      ...letters('e'),
      key('left'),
      ...letters('d'),
    ];

    expect(type(keys).editor.text).toBe('abcde');
  });

  it.each([
    ['backspace', [key('backspace')], 'one tw'],
    ['delete', [key('left'), key('delete')], 'one tw'],
    ['Ctrl-W', [ctrl('w')], 'one '],
    ['Ctrl-U', [key('left'), ctrl('u')], 'o'],
    ['Ctrl-K', [key('home'), key('right'), ctrl('k')], 'o'],
    ['Ctrl-A and Ctrl-D', [ctrl('a'), ctrl('d')], 'ne two'],
    ['a word to the left', [ctrl('left'), ...letters('x')], 'one xtwo'],
  ])('knows %s', (_, keys, text) => {
    expect(type([...letters('one two'), ...keys]).editor.text).toBe(text);
  });

  it('takes what looks like one character for one', () => {
    const { editor } = type([...letters('a👩‍👩‍👧'), key('backspace')]);

    expect(editor).toMatchObject({ text: 'a', cursor: 1 });
  });

  it('ignores keys that write nothing', () => {
    expect(
      type([
        { name: 'escape', sequence: '\u001b' },
        { name: 'f5', sequence: '\u001b[15~' },
      ]).editor.text,
    ).toBe('');
  });
});

describe('what was entered before', () => {
  const past = [...letters('one'), key('return'), ...letters('two'), key('return')];

  it('comes back with Up, and Down leads to the line that was being typed', () => {
    const up = (count: number) => type([...past, ...letters('dra'), ...times(count, key('up'))]).editor.text;

    expect([up(1), up(2), up(3)]).toEqual(['two', 'one', 'one']);
    expect(
      type([...past, ...letters('dra'), key('up'), key('up'), key('down'), key('down')]).editor.text,
    ).toBe('dra');
  });

  it('is kept once when it is entered again', () => {
    expect(type([...past, key('up'), key('return')]).editor.past).toEqual(['one', 'two']);
  });
});

describe('Tab', () => {
  const complete = (before: string) =>
    ['/history', '/help', '/status'].filter((name) => before !== '' && name.startsWith(before));

  it('completes what can be only one thing, with a blank', () => {
    expect(type([...letters('/s'), key('tab')], complete).editor).toMatchObject({
      text: '/status ',
      cursor: 8,
    });
  });

  it('names the choices where it cannot go on, until the next key', () => {
    const asked = type([...letters('/h'), key('tab')], complete).editor;

    expect(asked).toMatchObject({ text: '/h', choices: ['/history', '/help'] });
    expect(press(asked, { sequence: 'e' }, complete).editor.choices).toEqual([]);
  });

  it('does nothing where nothing fits', () => {
    expect(type([...letters('x'), key('tab')], complete).editor.text).toBe('x');
  });
});

describe('a paste', () => {
  it('is one line, however many line breaks it has, and is not entered by itself', () => {
    const pasted = [key('paste-start'), ...letters('a\rb\nc\r\n'), key('paste-end')];
    const { editor, entered } = type([...letters('<'), ...pasted, ...letters('>')]);

    expect(entered).toEqual([]);
    expect(editor.text).toBe('<a\nb\nc\n>');
  });

  it('obeys no key in it', () => {
    const pasted = [key('paste-start'), { name: 'tab', sequence: '\t' }, ...letters('x'), key('paste-end')];

    expect(type(pasted, () => ['/quit']).editor.text).toBe('\tx');
  });
});

describe('the part of a long line that is seen', () => {
  const long = (cursor: number): Editor => ({ ...EMPTY_EDITOR, text: 'abcdefghijklmnopqrst', cursor });
  const seen = (cursor: number) => {
    const { before, under, after } = glimpse(long(cursor), 9);
    return `${before}[${under}]${after}`;
  };

  it('is around the cursor, and never longer than there is room', () => {
    expect(seen(20)).toBe('mnopqrst[ ]');
    expect(seen(0)).toBe('[a]bcdefghi');
    expect(seen(10)).toBe('efghij[k]lm');
    expect(seen(19)).toBe('lmnopqrs[t]');
  });

  it('shows line breaks and control characters as signs', () => {
    const { before } = glimpse({ ...EMPTY_EDITOR, text: 'a\nb\u001bc', cursor: 5 }, 20);

    expect(before).toBe('a↵b·c');
  });
});
