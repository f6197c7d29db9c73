/** @jsxImportSource solid-js */
/** A text of a lesson: strong words, code, and glossary words that explain themselves where they are first used. */
import { createMemo, createUniqueId, For, Match, Switch } from 'solid-js';
import { textOf } from '../lessons/texts.js';

export type Piece =
  | { readonly kind: 'plain' | 'strong' | 'code'; readonly text: string }
  | { readonly kind: 'term'; readonly text: string; readonly word: string };

interface MarkedProps {
  readonly text: string;
  /** Glossary keys to be explained at their first use here. */
  readonly words?: readonly string[];
}

export function Marked(props: MarkedProps) {
  const pieces = createMemo(() => piecesOf(props.text, props.words ?? []));
  return (
    <For each={pieces()}>
      {(piece) => (
        <Switch fallback={piece.text}>
          <Match when={piece.kind === 'strong'}>
            <b>{piece.text}</b>
          </Match>
          <Match when={piece.kind === 'code'}>
            <code>{piece.text}</code>
          </Match>
          <Match when={piece.kind === 'term' && piece}>
            {(term) => <Term word={term().word} text={term().text} />}
          </Match>
        </Switch>
      )}
    </For>
  );
}

/** Cuts a text at its marks, and the plain parts of it at the first use of each word. */
export function piecesOf(text: string, words: readonly string[]): readonly Piece[] {
  const left = new Set(words);
  const marks = /\*\*(.+?)\*\*|`([^`]+)`/g;
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(marks)) {
    pieces.push(...withTerms(text.slice(end, match.index), left));
    const [, strong, code] = match;
    pieces.push(strong === undefined ? { kind: 'code', text: code ?? '' } : { kind: 'strong', text: strong });
    end = match.index + match[0].length;
  }
  return [...pieces, ...withTerms(text.slice(end), left)];
}

function withTerms(text: string, left: Set<string>): readonly Piece[] {
  if (text === '') return [];
  for (const word of left) {
    const shown = textOf(`glossary.${word}`);
    const found = new RegExp(`(?<![\\p{L}])${escaped(shown)}s?(?![\\p{L}])`, caseOf(shown)).exec(text);
    if (found === null) continue;
    left.delete(word);
    const after = found.index + found[0].length;
    return [
      ...withTerms(text.slice(0, found.index), left),
      { kind: 'term', text: found[0], word },
      ...withTerms(text.slice(after), left),
    ];
  }
  return [{ kind: 'plain', text }];
}

/** OK and ELECTION are names; other words may begin a sentence. */
const caseOf = (word: string): string => (word === word.toUpperCase() ? 'u' : 'iu');
const escaped = (word: string): string => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** A word of the glossary with what it means, in a popover beside it. */
export function Term(props: { readonly word: string; readonly text: string }) {
  const id = createUniqueId();
  let note: HTMLSpanElement | undefined;
  const place = (event: MouseEvent & { readonly currentTarget: HTMLElement }) => {
    const { left, bottom } = event.currentTarget.getBoundingClientRect();
    if (note === undefined) return;
    note.style.left = `${Math.max(8, Math.min(left, innerWidth - 296))}px`;
    note.style.top = `${bottom + 4}px`;
  };
  return (
    <>
      <button type="button" class="term" popovertarget={id} onClick={place}>
        {props.text}
      </button>
      <span id={id} popover="auto" class="term-note" role="note" ref={note}>
        <b>{textOf(`glossary.${props.word}`)}</b> {textOf(`glossary.${props.word}.means`)}
      </span>
    </>
  );
}
