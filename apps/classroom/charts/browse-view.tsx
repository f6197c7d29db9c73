/** @jsxImportSource solid-js */
/** One chart to read and to play: what its source says of it, its drawing, the game, and the chart as text. */
import { createMemo, createResource, createSignal, For, lazy, Show, Suspense } from 'solid-js';
import { type ChartWish, chartFor, type DrawnChart } from './chart-library.js';
import { toMermaid } from './mermaid.js';

const PlayView = lazy(async () => ({ default: (await import('./play-view.jsx')).PlayView }));

export function BrowseView(props: ChartWish) {
  const wish = createMemo<ChartWish>(() => ({ machine: props.machine, definition: props.definition }));
  const [drawn] = createResource(wish, chartFor);
  return (
    <Show when={!drawn.loading} fallback={<p class="empty">Laying out the chart …</p>}>
      <Show when={drawn.latest} fallback={<p class="empty">There is no such statechart.</p>} keyed>
        {(chart) => (
          <div class="chart-page">
            <Suspense fallback={<p class="empty">Loading the machine …</p>}>
              <PlayView drawn={chart} />
            </Suspense>
            <About drawn={chart} />
          </div>
        )}
      </Show>
    </Show>
  );
}

function About(props: { readonly drawn: DrawnChart }) {
  const shipped = () => props.drawn.shipped;
  return (
    <section class="panel chart-about" aria-labelledby="chart-about-title">
      <div class="panel-head">
        <h2 id="chart-about-title">About it</h2>
      </div>
      <div class="scroll" tabindex="0">
        <Show
          when={shipped()}
          fallback={<p class="empty">Its code is not here: it is played by its structure.</p>}
        >
          {(ours) => (
            <>
              <For each={ours().header.split(/\n\s*\n/)}>
                {(block) => (
                  <Show
                    when={isDiagram(block)}
                    fallback={
                      <p class="chart-said">
                        <Said text={block} />
                      </p>
                    }
                  >
                    <pre class="chart-diagram" tabindex="0">
                      {block}
                    </pre>
                  </Show>
                )}
              </For>
              <Show when={ours().messages.length > 0}>
                <h3>Messages of the wire among its events</h3>
                <ul class="chart-messages">
                  <For each={ours().messages}>
                    {({ type, label, meaning }) => (
                      <li>
                        <b>{label}</b> <code>{type}</code>{' '}
                        <span class="dim">
                          <Said text={meaning} />
                        </span>
                      </li>
                    )}
                  </For>
                </ul>
              </Show>
            </>
          )}
        </Show>
        <h3>As text</h3>
        <Text name="Mermaid state diagram" text={() => toMermaid(props.drawn.definition)} />
        <Text name="XState JSON" text={() => JSON.stringify(props.drawn.definition, null, 2)} />
      </div>
    </section>
  );
}

/** What is said of it; words between backticks are code. */
function Said(props: { readonly text: string }) {
  return (
    <For each={props.text.split('`')}>
      {(part, place) => (place() % 2 === 1 ? <code>{part}</code> : part)}
    </For>
  );
}

/** Whether a part of a header is drawn: then its lines stay as they are. */
const isDiagram = (block: string): boolean => /[─│▶▼▲◀]/.test(block);

function Text(props: { readonly name: string; readonly text: () => string }) {
  const [isOpen, setOpen] = createSignal(false);
  const [said, say] = createSignal('');
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(props.text());
      say('copied');
    } catch {
      say('the browser would not let it be copied: select it by hand');
    }
  };
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{props.name}</summary>
      <Show when={isOpen()}>
        <p>
          <button type="button" class="quiet" onClick={copy}>
            Copy
          </button>{' '}
          <span class="dim" role="status">
            {said()}
          </span>
        </p>
        <textarea class="chart-text" readonly rows="14" aria-label={props.name} value={props.text()} />
      </Show>
    </details>
  );
}
