/** @jsxImportSource solid-js */
/** One statechart: nested boxes in rows, the active path lit, arrows for what may happen now and what happened last. */
import { createEffect, createMemo, createSignal, For, on, onCleanup, onMount, Show } from 'solid-js';
import type { ChartState, ChartTransition } from '../classroom/charts/chart-model.js';
import { Arrows } from './arrows.jsx';
import { type Box, rowsOf } from './chart-layout.js';
import type { RunningActor } from './running.js';

export interface ChartProps {
  readonly chart: ChartState;
  readonly active: ReadonlySet<string>;
  readonly last: RunningActor['last'];
  /** The number under which the list below tells a transition, if it does. */
  readonly numberOf: (transition: ChartTransition) => number | undefined;
}

/** What else should be seen around the active state, in pixels. */
const MARGIN = 40;

export function Chart(props: ChartProps) {
  const [boxes, setBoxes] = createSignal<ReadonlyMap<string, Box>>(new Map());
  let drawing: HTMLDivElement | undefined;
  const measure = () => {
    if (drawing) setBoxes(measureBoxes(drawing));
  };
  onMount(() => {
    if (!drawing) return;
    const watch = new ResizeObserver(measure);
    watch.observe(drawing);
    onCleanup(() => watch.disconnect());
  });
  createEffect(
    on(
      () => props.active,
      (active) => queueMicrotask(() => drawing && bringIntoView(drawing, active)),
    ),
  );
  createEffect(
    on(
      () => props.chart,
      () => queueMicrotask(measure),
    ),
  );

  return (
    <div class="chart" ref={drawing}>
      <Rows parent={props.chart} active={props.active} />
      <Arrows {...props} boxes={boxes()} />
    </div>
  );
}

function Rows(props: { readonly parent: ChartState; readonly active: ReadonlySet<string> }) {
  const rows = createMemo(() => rowsOf(props.parent));
  return (
    <div class="rows" classList={{ regions: props.parent.kind === 'parallel' }}>
      <For each={rows()}>
        {(row) => (
          <ul class="row">
            <For each={row}>{(state) => <StateBox state={state} active={props.active} />}</For>
          </ul>
        )}
      </For>
    </div>
  );
}

function StateBox(props: { readonly state: ChartState; readonly active: ReadonlySet<string> }) {
  const isActive = () => props.active.has(props.state.path);
  return (
    <li
      class={`state state-${props.state.kind}`}
      classList={{ active: isActive() }}
      data-path={props.state.path}
      title={props.state.description ?? undefined}
    >
      <span class="state-name">
        <span class="mark" aria-hidden="true">
          {isActive() ? '●' : props.state.isInitial ? '▸' : ''}
        </span>
        {props.state.key}
        <Show when={isActive()}>
          <span class="unseen"> (active)</span>
        </Show>
      </span>
      <Show when={props.state.children.length > 0}>
        <Rows parent={props.state} active={props.active} />
      </Show>
    </li>
  );
}

/** Scrolls the chart, and nothing else, to its innermost active state, unless somebody is reading in it. */
function bringIntoView(drawing: HTMLElement, active: ReadonlySet<string>): void {
  const pane = drawing.parentElement;
  const depth = (path: string) => path.split('.').length;
  const innermost = [...active].reduce((best, path) => (depth(path) > depth(best) ? path : best), '');
  const lit = drawing.querySelector(`[data-path="${CSS.escape(innermost)}"]`);
  if (!pane || !lit || pane.matches(':hover, :focus-within')) return;
  const box = lit.getBoundingClientRect();
  const frame = pane.getBoundingClientRect();
  const above = box.top - frame.top - MARGIN;
  const below = box.bottom - frame.bottom + MARGIN;
  if (above < 0) pane.scrollTop += above;
  else if (below > 0) pane.scrollTop += below;
}

function measureBoxes(drawing: HTMLElement): ReadonlyMap<string, Box> {
  const origin = drawing.getBoundingClientRect();
  const boxes = new Map<string, Box>();
  for (const element of drawing.querySelectorAll<HTMLElement>('[data-path]')) {
    const { left, top, right, bottom } = element.getBoundingClientRect();
    boxes.set(element.dataset.path ?? '', {
      left: left - origin.left,
      top: top - origin.top,
      right: right - origin.left,
      bottom: bottom - origin.top,
    });
  }
  return boxes;
}
