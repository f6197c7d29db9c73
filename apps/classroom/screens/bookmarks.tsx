/** @jsxImportSource solid-js */
/** Moments of a recording that somebody has marked: listed, jumped to, taken back; they are saved with the recording. */
import { createSignal, Index, Show } from 'solid-js';
import { timeInWords } from '../panes/index.js';
import type { Stage } from '../stage.js';

export function Bookmarks(props: { readonly stage: Stage }) {
  const { stage } = props;
  const [words, setWords] = createSignal('');
  const add = (event: SubmitEvent) => {
    event.preventDefault();
    if (stage.mark(words())) setWords('');
  };
  return (
    <>
      <h3>Marks</h3>
      <ul class="bookmarks">
        <Index
          each={stage.bookmarks()}
          fallback={<li class="dim">None yet. Mark what you want to find again; Save keeps it.</li>}
        >
          {(bookmark) => (
            <li>
              <Show
                when={bookmark().place}
                fallback={<span class="dim">{bookmark().words}: no longer recorded</span>}
              >
                {(place) => (
                  <button type="button" class="quiet" onClick={() => stage.seekPlace(place())}>
                    ⚑ {timeInWords(place().ms)} <span class="bookmark-words">{bookmark().words}</span>
                  </button>
                )}
              </Show>
              <Show when={!bookmark().isSaved}>
                <button
                  type="button"
                  class="quiet remove"
                  aria-label={`Take back the mark “${bookmark().words}”`}
                  onClick={() => stage.unmark(bookmark().key)}
                >
                  ✕
                </button>
              </Show>
            </li>
          )}
        </Index>
      </ul>
      <form class="add-peer" onSubmit={add}>
        <label>
          <span>mark the playhead (M)</span>
          <input
            placeholder="what there is to see"
            maxlength="200"
            value={words()}
            onInput={({ currentTarget }) => setWords(currentTarget.value)}
          />
        </label>
        <button type="submit" class="quiet" disabled={stage.history().length === 0}>
          Mark
        </button>
      </form>
    </>
  );
}
