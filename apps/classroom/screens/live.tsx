/** @jsxImportSource solid-js */
/** Live: the peer that serves this page, and the cluster around it. */
import { Show } from 'solid-js';
import { App } from '../../page/app.jsx';
import { useShell } from './shell.js';

export function Live() {
  const shell = useShell();
  return (
    <Show when={shell.servedBy === 'peer'} fallback={<p class="waiting">No peer serves this page.</p>}>
      <App />
    </Show>
  );
}
