/** @jsxImportSource solid-js */
/** What this peer did, sentence by sentence, with what made it do so. */
import { createEffect, createMemo, createSignal, For, on, Show } from 'solid-js';
import { createEndKeeper } from './end-keeper.js';
import { Glyph } from './glyph.jsx';
import type { Live } from './live.js';
import type { Sentence } from './sentences.js';
import { Switch } from './switch.jsx';

const SHOWN_MOST = 200;

export function TracePanel(props: { readonly live: Live }) {
  const [filter, setFilter] = createSignal('');
  const [routine, setRoutine] = createSignal(false);
  const [frozen, setFrozen] = createSignal<readonly Sentence[] | null>(null);
  const sentences = () => props.live.narration.sentences();
  const shown = createMemo(() => {
    const words = filter().toLowerCase().split(/\s+/).filter(Boolean);
    return (frozen() ?? sentences())
      .filter((one) => (routine() || one.weight !== 'routine') && matches(one, words))
      .slice(-SHOWN_MOST);
  });
  return (
    <section class="panel trace" aria-labelledby="trace-title">
      <div class="panel-head">
        <h2 id="trace-title">Trace</h2>
        <p class="dim">what peer {props.live.facts.status?.id ?? '?'} did, and why</p>
        <input
          type="search"
          aria-label="Filter the trace"
          placeholder="filter: election, OK, from 3 …"
          value={filter()}
          onInput={(event) => setFilter(event.currentTarget.value)}
        />
        <Switch name="everything" on={routine()} onChange={setRoutine} />
        <button
          type="button"
          aria-pressed={frozen() !== null}
          onClick={() => setFrozen((now) => (now ? null : sentences()))}
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
  const keeper = createEndKeeper();
  createEffect(
    on(
      () => props.shown.at(-1),
      () => {
        if (keeper.isAtEnd()) queueMicrotask(keeper.toEnd);
      },
    ),
  );
  return (
    <div class="scroll" ref={keeper.element} tabindex="0" onScroll={keeper.scrolled}>
      <ol class="sentences">
        <For
          each={props.shown}
          fallback={
            <li class="empty">
              Nothing to tell yet: heartbeats, and what changes nothing, are left out unless you ask for
              everything.
            </li>
          }
        >
          {(one) => <Told one={one} />}
        </For>
      </ol>
    </div>
  );
}

function Told(props: { readonly one: Sentence }) {
  return (
    <li class={props.one.weight}>
      <span class="time">{(props.one.at / 1000).toFixed(3)}</span>
      <Show
        when={props.one.shape}
        fallback={<span class="turn">{props.one.weight === 'weighty' ? '➜' : ''}</span>}
      >
        {(kind) => <Glyph kind={kind()} />}
      </Show>
      <span>
        {props.one.text}
        <Show when={props.one.because}>
          <span class="dim">, because of {props.one.because}</span>
        </Show>
      </span>
    </li>
  );
}
