/** @jsxImportSource solid-js */
/** Who coordinated, term after term, since this page was opened. */
import { createEffect, createSignal, For, on, Show } from 'solid-js';
import type { Live } from './live.js';

interface Reign {
  readonly term: number;
  readonly coordinator: string | null;
  readonly since: number;
}

const REIGNS_KEPT = 8;

export function Reigns(props: { readonly live: Live }) {
  const [reigns, setReigns] = createSignal<readonly Reign[]>([]);
  const status = () => props.live.facts.status;
  createEffect(
    on([() => status()?.coordinator, () => status()?.term.n], ([coordinator, term]) => {
      if (coordinator === undefined || term === undefined) return;
      setReigns((before) => {
        const last = before.at(-1);
        // Terms that were tried for without a coordinator are one time without a coordinator.
        if (last && last.coordinator === coordinator && (last.term === term || coordinator === null))
          return before;
        return [...before, { term, coordinator, since: Date.now() }].slice(-REIGNS_KEPT);
      });
    }),
  );
  const lasted = (place: number) => {
    const next = reigns()[place + 1];
    const here = reigns()[place];
    return next && here ? ` ${((next.since - here.since) / 1000).toFixed(1)} s` : '';
  };

  return (
    <ol class="reigns" aria-label="Coordinators since this page was opened">
      <For each={reigns()}>
        {(reign, place) => (
          <li classList={{ vacant: reign.coordinator === null }}>
            <Show when={reign.coordinator} fallback={`none${lasted(place())}`}>
              term {reign.term} ◆ {reign.coordinator}
            </Show>
          </li>
        )}
      </For>
    </ol>
  );
}
