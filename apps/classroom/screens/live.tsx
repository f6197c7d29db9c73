/** @jsxImportSource solid-js */
/** Live: the peer that serves this page, and the cluster around it in the same panes as everything else. */
import { createSignal, lazy, Show, Suspense } from 'solid-js';
import { useShell } from './shell.js';
import './live.css';

const App = lazy(async () => ({ default: (await import('../../page/app.jsx')).App }));
const Cluster = lazy(async () => ({ default: (await import('./live-cluster.jsx')).Cluster }));

type Part = 'peer' | 'cluster';

/** A page that no peer serves has no peer of its own to show. */
export function Live() {
  const shell = useShell();
  const isOfPeer = shell.servedBy === 'peer';
  const asked = (): Part => (shell.routing.route().query.has('also') || !isOfPeer ? 'cluster' : 'peer');
  const [part, setPart] = createSignal<Part>(asked());
  const tab = (one: Part, words: string) => (
    <button type="button" aria-pressed={part() === one} onClick={() => setPart(one)}>
      {words}
    </button>
  );
  return (
    <div class="live">
      <Show when={isOfPeer}>
        <fieldset class="live-parts" aria-label="Shown here">
          {tab('peer', 'This peer')}
          {tab('cluster', 'Whole cluster')}
        </fieldset>
      </Show>
      <div class="live-part">
        <Suspense fallback={<p class="waiting">One moment …</p>}>
          <Show when={part() === 'peer'} fallback={<Cluster isOfPeer={isOfPeer} />}>
            <App />
          </Show>
        </Suspense>
      </div>
    </div>
  );
}
