/** @jsxImportSource solid-js */
/** The rows of the diagram: a line while a peer lives, bars for what it is, hatching while it is paused, and an end where it crashed. */
import { createMemo, For, Index, Show } from 'solid-js';
import type { Bar, Cone } from '../history/index.js';
import type { Stage } from '../stage.js';
import type { Scale } from './spacetime-arrows.js';
import type { Window } from './spacetime-view.js';

interface RowsProps {
  readonly stage: Stage;
  readonly axis: 'time' | 'logical';
  readonly ids: readonly string[];
  readonly scale: Scale;
  readonly window: Window;
  readonly cone: Cone | null;
  readonly perUnit: number;
  readonly rowHeight: number;
}

interface Stretch {
  readonly bar: Bar;
  readonly x: number;
  readonly width: number;
}

export function Rows(props: RowsProps) {
  return <For each={props.ids}>{(id) => <Row {...props} id={id} />}</For>;
}

function Row(props: RowsProps & { readonly id: string }) {
  const y = () => props.scale.y(props.id) ?? 0;
  const stretches = createMemo(() => stretchesOf(props, props.id));
  return (
    <g class="row" transform={`translate(0 ${y()})`}>
      <Show when={props.cone}>{(cone) => <Shade {...props} cone={cone()} />}</Show>
      <Index each={stretches()}>
        {(stretch) => (
          <g class={`bar bar-${stretch().bar.look}`} transform={`translate(${stretch().x.toFixed(1)} 0)`}>
            <title>{`${props.id}: ${stretch().bar.word}`}</title>
            <BarShape bar={stretch().bar} width={stretch().width} />
          </g>
        )}
      </Index>
    </g>
  );
}

function BarShape(props: { readonly bar: Bar; readonly width: number }) {
  const look = () => props.bar.look;
  const width = () => Math.max(0.5, props.width);
  return (
    <>
      <Show when={look() !== 'crashed' && look() !== 'absent'}>
        <path class="life" d={`M0 0H${width().toFixed(1)}`} />
      </Show>
      <Show when={look() === 'leading' || look() === 'candidate' || look() === 'waiting'}>
        <rect y="-3.500" width={width()} height="7" rx="3.500" />
      </Show>
      <Show when={look() === 'paused'}>
        <rect class="asleep" y="-7" width={width()} height="14" fill="url(#hatch)" />
      </Show>
      <Show when={look() === 'crashed'}>
        <path class="end" d="M-6-6L6 6M6-6L-6 6" />
      </Show>
    </>
  );
}

/** What came before the event pointed at, and what came of it, on this row. */
function Shade(props: RowsProps & { readonly id: string; readonly cone: Cone }) {
  const at = (index: number | undefined): number | null => {
    const event = index === undefined ? undefined : props.stage.history().at(index);
    return event === undefined ? null : props.scale.x(event.t, event.index);
  };
  const past = () => at(props.cone.past.get(props.id));
  const future = () => at(props.cone.future.get(props.id));
  const end = () => (props.window.drawn().to - props.window.drawn().from) * props.perUnit;
  const height = () => props.rowHeight - 2;
  return (
    <>
      <Show when={past()}>
        {(x) => (
          <rect class="shade-past" x="0" y={-height() / 2} width={Math.max(0, x())} height={height()} />
        )}
      </Show>
      <Show when={future()}>
        {(x) => (
          <rect
            class="shade-future"
            x={x()}
            y={-height() / 2}
            width={Math.max(0, end() - x())}
            height={height()}
          />
        )}
      </Show>
    </>
  );
}

function stretchesOf({ stage, axis, scale, window }: RowsProps, id: string): readonly Stretch[] {
  const history = stage.history();
  const { from, to } = window.drawn();
  const bars = history.bars(id);
  const edge = (ms: number, index: number): number | null => {
    if (axis === 'time') return scale.x(ms, null);
    // A state that begins between two stops begins with the one before.
    const stop = history.lamportOf(index) === null ? history.next('event', index, -1) : index;
    return stop === null ? scale.x(0, null) : scale.x(ms, stop);
  };
  const last = axis === 'time' ? scale.x(Math.min(to, history.endMs), null) : null;
  return bars.flatMap((bar, place) => {
    if (axis === 'time' && (bar.from > to || (bar.to ?? history.endMs) < from)) return [];
    const next = bars[place + 1];
    const x = edge(bar.from, bar.index) ?? 0;
    const end = next === undefined ? (last ?? x + 4000) : (edge(next.from, next.index) ?? x);
    return [{ bar, x, width: Math.max(0, end - x) }];
  });
}
