/** @jsxImportSource solid-js */
/** What just happened, in one plain sentence; also what a screen reader says, at most once in a while. */
import { createEffect, createMemo, createSignal, on, onCleanup, Show } from 'solid-js';
import { tell } from '../history/index.js';
import type { Stage } from '../stage.js';
import { timeInWords } from './kinds.js';
import './narrator.css';

/** So long a sentence is given to be spoken, real ms. */
const BREATH_MS = 1500;

export function Narrator(props: { readonly stage: Stage }) {
  const { stage } = props;
  const told = createMemo(() => {
    const history = stage.history();
    const index = history.next('event', stage.index() + 1, -1);
    const entry = index === null ? undefined : history.at(index);
    return index === null || entry === undefined ? null : { ...tell(history, index), at: entry.t };
  });
  const spoken = throttled(() => told()?.text ?? '');
  return (
    <section class="narrator" aria-label="Narrator">
      <Show when={told()} fallback={<p class="dim">Press play, or step to the first event.</p>}>
        {(one) => (
          <p>
            <span class="at">{timeInWords(one().at)}</span> {one().text}
            <Show when={one().because}>
              <span class="dim"> Because of {one().because}.</span>
            </Show>
          </p>
        )}
      </Show>
      <p class="unseen" aria-live="polite">
        {spoken()}
      </p>
    </section>
  );
}

/** The newest text, but no sooner than a breath after the one before; what comes in between is left out. */
function throttled(text: () => string): () => string {
  const [spoken, setSpoken] = createSignal('');
  let timer: ReturnType<typeof setTimeout> | undefined;
  const rest = () => {
    timer = setTimeout(() => {
      timer = undefined;
      if (spoken() !== text()) speak();
    }, BREATH_MS);
  };
  const speak = () => {
    setSpoken(text());
    rest();
  };
  createEffect(
    on(text, () => {
      if (timer === undefined) speak();
    }),
  );
  onCleanup(() => clearTimeout(timer));
  return spoken;
}
