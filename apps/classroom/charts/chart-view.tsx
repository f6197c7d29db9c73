/** @jsxImportSource solid-js */
/**
 * One statechart as one drawing: the active path lit and marked ●, the last step's arrows thick for a moment, delays
 * counting down, events that may be taken to be clicked. Plain properties: whoever has a state as text can show it.
 */
import {
  createEffect,
  createMemo,
  createResource,
  createSignal,
  on,
  onCleanup,
  onMount,
  Show,
} from 'solid-js';
import { activePaths } from './active-states.js';
import { ChartArrows } from './chart-arrows.jsx';
import { ChartBoxes } from './chart-boxes.jsx';
import { attachGestures, createFrame } from './chart-frame.js';
import { type ChartWish, chartFor, type DrawnChart } from './chart-library.js';
import { ChartWords } from './chart-words.jsx';
import { nearest } from './nearest.js';
import { type Step, takenArrows } from './taken.js';
import './charts.css';

export interface ChartTimer {
  /** XState's event: `xstate.after.answerTimeout.election.challenging`. */
  readonly event: string;
  /** When it fires, in the ms of `nowMs`. */
  readonly due: number;
}

export interface ChartViewProps extends ChartWish {
  /** As traces write it: `coordinating.{office.serving,pulse.beating}`; '' when nothing is known to be active. */
  readonly state: string;
  /** The last change of state; `turn` tells two of the same apart. */
  readonly last?: (Step & { readonly turn: number }) | null | undefined;
  /** The last event, also when it changed nothing: below the chart stands what guards said to it. */
  readonly heard?: Step | null | undefined;
  /** The machine's own. */
  readonly timers?: readonly ChartTimer[] | undefined;
  readonly nowMs?: number | undefined;
  /** Events that may be given it now; asked only with `onEvent`. */
  readonly enabled?: ReadonlySet<string> | undefined;
  readonly onEvent?: ((event: string) => void) | undefined;
}

/** For so long the arrows of the last step are thick. */
const FRESH_MS = 600;

export function ChartView(props: ChartViewProps) {
  const wish = createMemo<ChartWish>(
    () => ({ machine: props.machine, definition: props.definition }),
    {},
    // A state comes with every step, and another chart hardly ever: only that is drawn anew.
    { equals: (one, other) => one.machine === other.machine && one.definition === other.definition },
  );
  const [drawn] = createResource(wish, chartFor);
  return (
    <div class="chart-view">
      <Show when={!drawn.loading} fallback={<p class="empty">Laying out the chart …</p>}>
        <Show when={drawn.latest} fallback={<p class="empty">There is no such statechart.</p>} keyed>
          {(chart) => <Drawn {...props} drawn={chart} />}
        </Show>
      </Show>
    </div>
  );
}

interface DrawnProps extends ChartViewProps {
  readonly drawn: DrawnChart;
}

function Drawn(props: DrawnProps) {
  const [size, setSize] = createSignal({ width: 0, height: 0 });
  const [pointed, point] = createSignal<string | null>(null);
  const active = createMemo(() => activePaths(props.state));
  const taken = createFresh(props);
  const frame = createFrame(() => props.drawn.layout, size);
  const boxOf = (id: string) => props.drawn.layout.boxes[id];
  const innermost = () => [...active()].at(-1) ?? '';
  const scale = createMemo(() => frame.frame().scale);
  /** Moved as a box: were it moved within the drawing, every word of it would be laid out anew. */
  const placed = () => ({
    width: `${props.drawn.layout.width * scale()}px`,
    height: `${props.drawn.layout.height * scale()}px`,
    transform: `translate(${-frame.frame().x * scale()}px, ${-frame.frame().y * scale()}px)`,
  });
  let pane!: HTMLDivElement;

  onMount(() => {
    const measure = () => setSize({ width: pane.clientWidth, height: pane.clientHeight });
    const watch = new ResizeObserver(() => {
      const isFirst = size().width === 0;
      measure();
      if (isFirst || frame.isFollowing()) frame.open(boxOf(innermost()));
    });
    watch.observe(pane);
    const detach = attachGestures(pane, frame);
    onCleanup(() => {
      watch.disconnect();
      detach();
    });
  });
  createEffect(
    on(
      innermost,
      (path) => {
        if (frame.isFollowing() && size().width > 0) frame.show(boxOf(path));
      },
      { defer: true },
    ),
  );
  const follow = () => {
    frame.setFollowing(true);
    frame.open(boxOf(innermost()));
  };

  const keyed = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const did = act(event);
    if (!did) return;
    event.preventDefault();
    event.stopPropagation();
  };
  const act = ({ key, shiftKey }: KeyboardEvent): boolean => {
    const way = WAYS[key];
    if (way !== undefined && shiftKey) frame.pan(way[0] * 80, way[1] * 80);
    else if (way !== undefined) {
      const next = nearest(props.drawn.layout, pointed() ?? innermost(), way);
      point(next);
      frame.show(boxOf(next));
    } else if (key === '+' || key === '=') frame.zoom(1.25);
    else if (key === '-') frame.zoom(0.8);
    else if (key === '0') frame.fit();
    else if (key === 'Home') follow();
    else if (key === 'Escape' && pointed() !== null) point(null);
    else return false;
    return true;
  };

  return (
    <>
      <div
        class="chart-pane"
        ref={pane}
        tabindex="0"
        role="application"
        aria-label={`Statechart ${props.drawn.chart.key}. Arrow keys go from state to state, plus and minus zoom, 0 shows all.`}
        onKeyDown={keyed}
        onPointerLeave={() => point(null)}
      >
        <svg class="chart-drawing" aria-hidden="true" style={placed()}>
          <ChartTips />
          <g transform={`scale(${scale()})`}>
            <ChartBoxes
              root={props.drawn.drawing.root}
              layout={props.drawn.layout}
              active={active()}
              pointed={pointed()}
              onPoint={point}
            />
            <ChartArrows
              arrows={props.drawn.drawing.arrows}
              layout={props.drawn.layout}
              active={active()}
              taken={taken()}
              pointed={pointed()}
              timers={props.timers}
              nowMs={props.nowMs}
              enabled={props.onEvent === undefined ? undefined : props.enabled}
              onPoint={point}
              onEvent={(event) => props.onEvent?.(event)}
            />
          </g>
        </svg>
        <div class="chart-tools">
          <button type="button" class="quiet" aria-label="Zoom in" onClick={() => frame.zoom(1.25)}>
            +
          </button>
          <button type="button" class="quiet" aria-label="Zoom out" onClick={() => frame.zoom(0.8)}>
            −
          </button>
          <button type="button" class="quiet" onClick={() => frame.fit()}>
            Fit
          </button>
          <button type="button" aria-pressed={frame.isFollowing()} onClick={follow}>
            Follow
          </button>
        </div>
      </div>
      <ChartWords
        drawn={props.drawn}
        active={active()}
        pointed={pointed()}
        heard={props.heard ?? null}
        enabled={props.onEvent === undefined ? undefined : props.enabled}
        onEvent={(event) => props.onEvent?.(event)}
      />
    </>
  );
}

const WAYS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** The arrows of the last step, for a moment after it. */
function createFresh(props: DrawnProps): () => ReadonlySet<string> {
  const [taken, setTaken] = createSignal<ReadonlySet<string>>(new Set());
  createEffect(
    on(
      () => props.last?.turn,
      () => {
        const step = props.last;
        if (!step) return setTaken(new Set<string>());
        setTaken(new Set(takenArrows(props.drawn.drawing.arrows, step)));
        const timer = setTimeout(() => setTaken(new Set<string>()), FRESH_MS);
        onCleanup(() => clearTimeout(timer));
      },
    ),
  );
  return taken;
}

function ChartTips() {
  const tip = (look: string) => (
    <marker
      id={`chart-tip-${look}`}
      class={`chart-tip chart-tip-${look}`}
      viewBox="0 0 8 8"
      refX="7"
      refY="4"
      markerWidth="8"
      markerHeight="8"
      markerUnits="userSpaceOnUse"
      orient="auto"
    >
      <path d="M0 .5L8 4 0 7.5Z" />
    </marker>
  );
  return (
    <defs>
      {tip('still')}
      {tip('lit')}
      {tip('taken')}
    </defs>
  );
}
