/** @jsxImportSource solid-js */
/** What this peer did, sentence by sentence, with what made it do so. */
import { createEffect, createMemo, createSignal, For, on, Show } from 'solid-js';
import { Glyph } from './glyph.jsx';
import type { Live } from './live.js';
import type { Sentence } from './sentences.js';

const SHOWN_MOST = 200;
const NEAR = 24;

export function TracePanel(props: { readonly live: Live }) {
  const [filter, setFilter] = createSignal('');
  const [routine, setRoutine] = createSignal(false);
  const [frozen, setFrozen] = createSignal<readonly Sentence[] | null>(null);
  const shown = createMemo(() => {
    const words = filter().toLowerCase().split(/\s+/).filter(Boolean);
    return (frozen() ?? props.live.sentences())
      .filter((one) => (routine() || one.weight !== 'routine') && matches(one, words))
      .slice(-SHOWN_MOST);
  });
  return (
    <section class="panel trace" aria-labelledby="trace-title">
      <div class="panel-head">
        <h2 id="trace-title">Trace</h2>
        <p class="dim">what peer {props.live.facts.status?.id ?? '?'} did, and why</p>
        <label class="filter">
          <span class="unseen">Filter the trace</span>
          <input
            type="search"
            placeholder="filter: election, OK, from 3 …"
            value={filter()}
            onInput={(event) => setFilter(event.currentTarget.value)}
          />
        </label>
        <label>
          <input
            type="checkbox"
            checked={routine()}
            onChange={(event) => setRoutine(event.currentTarget.checked)}
          />
          heartbeats
        </label>
        <button
          type="button"
          class="quiet"
          aria-pressed={frozen() !== null}
          onClick={() => setFrozen((now) => (now ? null : props.live.sentences()))}
        >
          {frozen() ? 'go on' : 'freeze'}
        </button>
      </div>
      <Sentences shown={shown()} />
    </section>
  );
}

const matches = (one: Sentence, words: readonly string[]): boolean => {
  const whole = `${one.text} ${one.because}`.toLowerCase();
  return words.every((word) => whole.includes(word));
};

function Sentences(props: { readonly shown: readonly Sentence[] }) {
  let box: HTMLDivElement | undefined;
  let atEnd = true;
  createEffect(
    on(
      () => props.shown.at(-1),
      () => {
        if (atEnd) queueMicrotask(() => box?.scrollTo({ top: box.scrollHeight }));
      },
    ),
  );
  return (
    <div
      class="scroll"
      ref={box}
      tabindex="0"
      onScroll={() => {
        if (box) atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR;
      }}
    >
      <Show when={props.shown.length === 0}>
        <p class="empty">Nothing to tell yet. Heartbeats are left out unless you ask for them.</p>
      </Show>
      <ol class="sentences">
        <For each={props.shown}>
          {(one) => (
            <li class={one.weight}>
              <span class="time">{(one.at / 1000).toFixed(3)}</span>
              <Show
                when={one.shape}
                fallback={<span class="turn">{one.weight === 'weighty' ? '➜' : ''}</span>}
              >
                {(kind) => <Glyph kind={kind()} />}
              </Show>
              <span>
                {one.text}
                <Show when={one.because}>
                  <span class="dim">, because of {one.because}</span>
                </Show>
              </span>
            </li>
          )}
        </For>
      </ol>
    </div>
  );
}
