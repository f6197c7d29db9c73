/** @jsxImportSource solid-js */
/** The screen of statecharts: every machine of ours to read and play, a chart pasted, any XState program inspected. */
import { createMemo, createSignal, For, Match, Show, Switch } from 'solid-js';
import { BrowseView } from './browse-view.jsx';
import { shippedNames } from './chart-library.js';
import { InspectView } from './inspect-view.jsx';
import { problemWith } from './inspection-source.js';
import './screen.css';

export interface StatechartsScreenProps {
  /** What of it: a machine's name; `inspect` for the window that opened this one, `paste`; empty for the first machine. */
  readonly part: string;
  /** `ws`: where a program's frames are to be had. */
  readonly query: URLSearchParams;
  /** Goes to another address of the page, as a fragment: `#/charts/election`. */
  readonly onGo: (hash: string) => void;
}

export function StatechartsScreen(props: StatechartsScreenProps) {
  const address = () => props.query.get('ws');
  const isInspecting = () => address() !== null || props.part === 'inspect';
  const machine = () => props.part || (shippedNames[0] ?? '');
  return (
    <div class="charts-screen">
      <nav class="charts-nav" aria-label="Statecharts">
        <ul>
          <For each={shippedNames}>
            {(name) => (
              <li>
                <a
                  href={`#/charts/${name}`}
                  aria-current={!isInspecting() && machine() === name ? 'page' : undefined}
                >
                  {name}
                </a>
              </li>
            )}
          </For>
          <li>
            <a href="#/charts/paste" aria-current={props.part === 'paste' ? 'page' : undefined}>
              Paste a chart …
            </a>
          </li>
        </ul>
        <InspectForm address={address() ?? ''} onGo={props.onGo} />
      </nav>
      <Switch fallback={<BrowseView machine={machine()} />}>
        <Match when={isInspecting()}>
          <Show when={address() ?? 'opener'} keyed>
            <InspectView address={address()} />
          </Show>
        </Match>
        <Match when={props.part === 'paste'}>
          <PasteView />
        </Match>
      </Switch>
    </div>
  );
}

function InspectForm(props: { readonly address: string; readonly onGo: (hash: string) => void }) {
  const [problem, setProblem] = createSignal('');
  let field!: HTMLInputElement;
  const inspect = (event: SubmitEvent) => {
    event.preventDefault();
    const wrong = problemWith(field.value);
    setProblem(wrong ?? '');
    if (wrong === null) props.onGo(`#/charts?ws=${encodeURIComponent(field.value)}`);
  };
  return (
    <form class="charts-inspect" onSubmit={inspect}>
      <label for="charts-address">Inspect a program</label>
      <input
        id="charts-address"
        ref={field}
        type="text"
        placeholder="ws://127.0.0.1:8080"
        value={props.address}
      />
      <button type="submit">Inspect</button>
      <Show when={problem()}>
        <p class="fault" role="alert">
          {problem()}
        </p>
      </Show>
      <p class="dim">
        Any XState 5 program with @statelyai/inspect, or a peer's <code class="chart-flag">--inspect</code>.
        Or let the program open this page: #/charts/inspect.
      </p>
    </form>
  );
}

function PasteView() {
  const [text, setText] = createSignal('');
  const read = createMemo((): { definition: unknown } | { problem: string } | null => {
    if (text().trim() === '') return null;
    try {
      const definition: unknown = JSON.parse(text());
      if (typeof definition === 'object' && definition !== null && 'states' in definition)
        return { definition };
      return { problem: 'a chart is an object with "states"' };
    } catch {
      return { problem: 'this is no JSON' };
    }
  });
  const definition = () => {
    const found = read();
    return found !== null && 'definition' in found ? found.definition : undefined;
  };
  const problem = () => {
    const found = read();
    return found !== null && 'problem' in found ? found.problem : '';
  };
  return (
    <div class="charts-paste">
      <label for="charts-pasted">A machine's configuration, as JSON (what createMachine is given)</label>
      <textarea
        id="charts-pasted"
        class="chart-text"
        rows="6"
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <Show when={problem()}>
        <p class="fault">{problem()}</p>
      </Show>
      <Show when={definition()} keyed>
        {(found) => <BrowseView definition={found} />}
      </Show>
    </div>
  );
}
