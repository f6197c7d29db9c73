/** @jsxImportSource solid-js */
/** Who doubted whom over time, and how long elections took: what is better told by bands and a list than by lines. */
import { createMemo, For, Index, Show } from 'solid-js';
import type { Doubt, DoubtRow, ElectionFigure, Span, Suspicion } from '../history/index.js';
import { beliefInWords, lengthInWords, timeInWords } from '../panes/index.js';

const ROW = 14;
/** The worse the higher, so that nobody needs the colours. */
const HEIGHTS: Readonly<Record<Suspicion, number>> = {
  unknown: 0,
  trusted: 2,
  verifying: 7,
  suspected: 12,
  unreachable: 12,
  failed: 14,
};

export function Doubts(props: { readonly rows: readonly DoubtRow[]; readonly span: Span }) {
  return (
    <>
      <h3>
        Suspicion <span class="dim">the higher the worse</span>
      </h3>
      <ul class="figures-doubts">
        <Index each={props.rows} fallback={<li class="dim">Nobody was doubted in this stretch.</li>}>
          {(row) => (
            <li>
              <span>
                {row().observer} of <b>{row().subject}</b>
              </span>
              <svg height={ROW} aria-hidden="true">
                <Index each={row().bands}>{(band) => <Band band={band()} span={props.span} />}</Index>
              </svg>
              <span class={`belief-${row().bands.at(-1)?.state ?? 'unknown'}`}>
                {beliefInWords(row().bands.at(-1)?.state ?? 'unknown')}
              </span>
            </li>
          )}
        </Index>
      </ul>
    </>
  );
}

function Band(props: { readonly band: Doubt; readonly span: Span }) {
  const share = (ms: number) => (100 * ms) / Math.max(1, props.span.to - props.span.from);
  const height = () => HEIGHTS[props.band.state];
  return (
    <rect
      class={`doubt doubt-${props.band.state}`}
      x={`${share(props.band.from - props.span.from).toFixed(2)}%`}
      width={`${Math.max(0.3, share(props.band.to - props.band.from)).toFixed(2)}%`}
      y={ROW - height()}
      height={height()}
    >
      <title>{`${beliefInWords(props.band.state)} for ${lengthInWords(props.band.to - props.band.from)}`}</title>
    </rect>
  );
}

const SHOWN_MOST = 12;

export function Elections(props: {
  readonly elections: readonly ElectionFigure[];
  readonly onJump: (index: number) => void;
}) {
  const shown = createMemo(() => props.elections.slice(-SHOWN_MOST).toReversed());
  const over = createMemo(() =>
    props.elections.flatMap(({ tookMs }) => tookMs ?? []).sort((one, other) => one - other),
  );
  const longest = () => Math.max(1, over().at(-1) ?? 1);
  return (
    <>
      <h3>
        Elections{' '}
        <Show when={over().length > 1}>
          <span class="dim">
            {over().length}, half of them within {lengthInWords(over()[over().length >> 1] ?? 0)}
          </span>
        </Show>
      </h3>
      <ol class="figures-elections">
        <For each={shown()} fallback={<li class="dim">None, as far as was recorded.</li>}>
          {(election) => (
            <li>
              <button type="button" class="quiet" onClick={() => props.onJump(election.index)}>
                {timeInWords(election.at)}
              </button>
              <span>{outcomeOf(election)}</span>
              <svg height="8" aria-hidden="true">
                <rect
                  width={`${((100 * (election.tookMs ?? 0)) / longest()).toFixed(1)}%`}
                  height="8"
                  rx="2"
                />
              </svg>
              <b>{election.tookMs === null ? 'not over' : lengthInWords(election.tookMs)}</b>
            </li>
          )}
        </For>
      </ol>
    </>
  );
}

function outcomeOf({ by, leader, candidates }: ElectionFigure): string {
  const others = candidates > 1 ? ` and ${candidates - 1} more ran` : ' ran';
  if (leader === null) return `${by}${others}`;
  return leader === by ? `${by}${others}, ${by} leads` : `${by}${others}, ${leader} leads`;
}
