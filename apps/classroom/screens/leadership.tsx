/** @jsxImportSource solid-js */
/** Who led, for how long, and how long nobody did. */
import { createMemo, For } from 'solid-js';
import type { Reign } from '../history/index.js';
import type { Stage } from '../stage.js';

const SHOWN_MOST = 12;

/** The newest first. */
export function Leadership(props: { readonly stage: Stage }) {
  const reigns = createMemo(() => {
    const history = props.stage.history();
    return history.reigns.slice(-SHOWN_MOST).reverse();
  });
  return (
    <>
      <h3>Who led</h3>
      <ol class="leadership">
        <For each={reigns()} fallback={<li class="dim">Nobody yet, as far as was recorded.</li>}>
          {(reign, place) => (
            <li>
              <button type="button" class="quiet" onClick={() => props.stage.seek(reign.from)}>
                ◆ {reign.leader}
              </button>
              <span>
                term {reign.term}, {lasted(reign, props.stage.history().endMs)}
              </span>
              <span class="dim">{gapInWords(reign, reigns()[place() + 1])}</span>
            </li>
          )}
        </For>
      </ol>
    </>
  );
}

const lasted = ({ from, to }: Reign, endMs: number): string =>
  to === null ? `for ${inSeconds(endMs - from)} so far` : `for ${inSeconds(to - from)}`;

function gapInWords(reign: Reign, before: Reign | undefined): string {
  if (before === undefined || before.to === null) return '';
  const gap = reign.from - before.to;
  return gap > 0 ? `after ${inSeconds(gap)} without` : `${inSeconds(-gap)} beside the last`;
}

const inSeconds = (ms: number): string =>
  ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
