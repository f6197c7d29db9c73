/** @jsxImportSource solid-js */
/** The drawing of the space-time diagram, along either axis. */
import { createEffect, createMemo, createSignal, For, on, onMount, Show } from 'solid-js';
import { type Cone, coneOf } from '../history/index.js';
import type { Stage } from '../stage.js';
import { secondsOf } from './kinds.js';
import { createSize } from './size.js';
import { arrowsOf, flightsBetween, type Hit, nearest, type Scale, sheavesOf } from './spacetime-arrows.js';
import { createHeadCarrying, isAtHead } from './spacetime-carry.js';
import { Canvas, HeldArrow, Pointer, Sheaves } from './spacetime-paths.jsx';
import { Rows } from './spacetime-rows.jsx';
import { ticksOf, type Window } from './spacetime-view.js';

/** Above this many arrows they are painted, not drawn. */
const DRAWN_MOST = 2000;
export const GUTTER = 46;
const TOP = 20;
const BOTTOM = 8;
const ROW_MOST = 40;
const DRAG_LEAST = 6;

export interface Pointed {
  readonly hit: Hit;
  readonly cone: Cone;
}

interface DiagramProps {
  readonly stage: Stage;
  readonly axis: 'time' | 'logical';
  readonly window: Window;
  readonly marked?: number | undefined;
  readonly onPoint: (pointed: Pointed | null) => void;
}

export function Diagram(props: DiagramProps) {
  const { stage, axis, window } = props;
  const [size, watch] = createSize({ width: 800, height: 190 });
  const [pointed, setPointed] = createSignal<Pointed | null>(null);
  const [drag, setDrag] = createSignal<{
    readonly from: number;
    readonly to: number;
    readonly isSeek: boolean;
  } | null>(null);
  const ids = createMemo(() => stage.history().ids.toReversed(), undefined, {
    equals: (one, other) => one.join() === other.join(),
  });
  const rowHeight = () => Math.min(ROW_MOST, (size().height - TOP - BOTTOM) / Math.max(1, ids().length));
  const rowsTop = () => TOP + Math.max(0, (size().height - TOP - BOTTOM - rowHeight() * ids().length) / 2);
  const yOf = (id: string): number | undefined => {
    const row = ids().indexOf(id);
    return row === -1 ? undefined : rowsTop() + (row + 0.5) * rowHeight();
  };
  const width = () => Math.max(60, size().width - GUTTER - 12);
  const perUnit = createMemo(() => width() / window.span());
  /** Units of the axis: ms, or numbers in the logical order. */
  const unitOf = (ms: number, index: number | null): number | null =>
    axis === 'time' ? ms : index === null ? null : stage.history().lamportOf(index);
  const scale = createMemo((): Scale => {
    const { from } = window.drawn();
    const unit = perUnit();
    return {
      x: (ms, index) => {
        const at = unitOf(ms, index);
        return at === null ? null : (at - from) * unit;
      },
      y: yOf,
    };
  });
  const arrows = createMemo(() => {
    const { from, to } = window.drawn();
    const flights = flightsBetween(stage.history(), axis, from, to);
    const shown = stage.heartbeats() && axis === 'time';
    return arrowsOf(flights, scale()).filter(({ kind }) => shown || kind !== 'heartbeat');
  });
  const sheaves = createMemo(() => sheavesOf(arrows(), pointed()?.cone ?? null));
  const isPainted = () => arrows().length > DRAWN_MOST;
  const shift = () => GUTTER + (window.drawn().from - window.from()) * perUnit();

  const playheadX = (now: number): number => {
    const at = axis === 'time' ? now : lastLogical();
    return GUTTER + (at - window.from()) * perUnit();
  };
  const lastLogical = () => {
    const history = stage.history();
    const { index } = stage.place();
    const stop = history.lamportOf(index) === null ? history.next('event', index, -1) : index;
    return stop === null ? 0 : (history.lamportOf(stop) ?? 0);
  };
  let playhead: SVGGElement | undefined;
  let future: SVGRectElement | undefined;
  const drawPlayhead = (now: number) => {
    const x = Math.min(size().width + 20, Math.max(GUTTER - 20, playheadX(now)));
    playhead?.setAttribute('transform', `translate(${x.toFixed(1)} 0)`);
    future?.setAttribute('x', x.toFixed(1));
  };
  onMount(() => {
    stage.onFrame(drawPlayhead);
    createEffect(on([stage.place, window.from, perUnit, size], () => drawPlayhead(stage.now())));
  });

  const unitAt = (x: number): number => window.from() + (x - GUTTER) / perUnit();
  const carrying = createHeadCarrying(stage, (x) => unitAt(x + shift()));
  const pointOf = (event: MouseEvent & { readonly currentTarget: SVGSVGElement }) => {
    const box = event.currentTarget.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const seekTo = (x: number) => {
    if (axis === 'time') stage.seek(unitAt(x));
    else {
      const index = eventNear(unitAt(x));
      if (index !== null) stage.seekEvent(index);
    }
  };
  const eventNear = (number: number): number | null => {
    const history = stage.history();
    let best: number | null = null;
    let least = Number.POSITIVE_INFINITY;
    for (const index of history.stops('event')) {
      const distance = Math.abs((history.lamportOf(index) ?? 0) - number);
      if (distance <= least) {
        best = index;
        least = distance;
      }
    }
    return best;
  };
  const point = (hit: Hit | null) => {
    if (hit?.arrow.flight === pointed()?.hit.arrow.flight && hit?.index === pointed()?.hit.index) return;
    const history = stage.history();
    const reach = Math.max(
      400,
      history.placeAt(window.drawn().to).index - history.placeAt(window.drawn().from).index,
    );
    const found = hit && { hit, cone: coneOf(history, hit.index, hit.index - reach, hit.index + reach) };
    setPointed(found);
    props.onPoint(found);
    stage.point({ message: hit?.arrow.flight.id ?? null, event: hit?.index ?? null });
  };

  const down = (event: PointerEvent & { readonly currentTarget: SVGSVGElement }) => {
    if (event.button !== 0) return;
    const { x, y } = pointOf(event);
    if (x < GUTTER - 8) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    if (axis === 'time' && carrying.take(pointed()?.hit.arrow, x - shift(), y)) return;
    const isSeek = y < TOP || Math.abs(x - playheadX(stage.now())) < 10;
    setDrag({ from: x, to: x, isSeek });
    if (isSeek) seekTo(x);
  };
  const move = (event: PointerEvent & { readonly currentTarget: SVGSVGElement }) => {
    const { x, y } = pointOf(event);
    if (carrying.carry(x - shift())) return;
    const held = drag();
    if (held === null) {
      point(x < GUTTER ? null : nearest(arrows(), x - shift(), y));
      return;
    }
    setDrag({ ...held, to: x });
    if (held.isSeek) seekTo(x);
  };
  const up = (event: PointerEvent & { readonly currentTarget: SVGSVGElement }) => {
    if (carrying.isTaken() && !carrying.putDown()) click(event);
    const held = drag();
    setDrag(null);
    if (held === null || held.isSeek) return;
    const [left, right] = [Math.min(held.from, held.to), Math.max(held.from, held.to)];
    if (right - left > DRAG_LEAST) window.show(unitAt(left), unitAt(right));
    else click(event);
  };
  const click = (event: PointerEvent & { readonly currentTarget: SVGSVGElement }) => {
    const { x, y } = pointOf(event);
    const hit = pointed()?.hit;
    if (hit === undefined) {
      seekTo(x);
      return;
    }
    const { arrow } = hit;
    stage.selectMessage(arrow.flight.id);
    stage.seekEvent(hit.index);
    if (stage.act !== undefined && arrow.isLost && isAtHead(arrow, x - shift(), y))
      stage.openMenu({ kind: 'message', id: arrow.flight.id, x: event.clientX, y: event.clientY });
  };
  const letGo = () => {
    carrying.letGo();
    setDrag(null);
  };
  const wheel = (event: WheelEvent & { readonly currentTarget: SVGSVGElement }) => {
    if (!event.ctrlKey && !event.shiftKey && Math.abs(event.deltaX) < Math.abs(event.deltaY)) return;
    event.preventDefault();
    if (event.ctrlKey) window.zoom(Math.exp(event.deltaY / 300), unitAt(pointOf(event).x));
    else window.pan((event.deltaX || event.deltaY) / width());
  };

  return (
    <div class="diagram" ref={watch}>
      <Show when={isPainted()}>
        <Canvas sheaves={sheaves()} size={size()} shift={shift()} from={GUTTER - 6} />
      </Show>
      <svg
        width={size().width}
        height={size().height}
        class="diagram-drawing"
        onPointerDown={down}
        onPointerMove={move}
        onPointerUp={up}
        onPointerCancel={letGo}
        onPointerLeave={() => point(null)}
        onDblClick={() => window.fit()}
        onWheel={wheel}
      >
        <title>
          Messages over {axis === 'time' ? 'time' : 'logical order'}; the message log has the same in words
        </title>
        <defs>
          <clipPath id={`clip-${axis}`}>
            <rect
              x={GUTTER - 6}
              y="0"
              width={Math.max(0, size().width - GUTTER + 6)}
              height={size().height}
            />
          </clipPath>
          <pattern
            id="hatch"
            width="6"
            height="6"
            patternUnits="userSpaceOnUse"
            patternTransform="rotate(45)"
          >
            <path class="hatch" d="M0 0V6" />
          </pattern>
        </defs>
        <Axis axis={axis} window={window} perUnit={perUnit()} height={size().height} width={size().width} />
        <g clip-path={`url(#clip-${axis})`}>
          <g transform={`translate(${shift()} 0)`}>
            <Rows
              stage={stage}
              axis={axis}
              ids={ids()}
              scale={scale()}
              window={window}
              cone={pointed()?.cone ?? null}
              perUnit={perUnit()}
              rowHeight={rowHeight()}
            />
            <Show when={!isPainted()}>
              <Sheaves sheaves={sheaves()} />
            </Show>
            <Pointer stage={stage} arrows={arrows()} pointed={pointed()} />
            <Show when={carrying.held()}>{(held) => <HeldArrow {...held()} />}</Show>
          </g>
          <rect
            class="future"
            y="0"
            width={size().width + 40}
            height={size().height}
            ref={(element) => (future = element)}
          />
          <Show when={props.marked !== undefined && axis === 'time'}>
            <g
              class="parting"
              transform={`translate(${GUTTER + ((props.marked ?? 0) - window.from()) * perUnit()} 0)`}
            >
              <path d={`M0 ${TOP - 6}V${size().height}`} />
              <text x="5" y={TOP + 2}>
                they part here
              </text>
            </g>
          </Show>
          <Show
            when={drag()?.isSeek === false && Math.abs((drag()?.to ?? 0) - (drag()?.from ?? 0)) > DRAG_LEAST}
          >
            <rect
              class="zooming"
              x={Math.min(drag()?.from ?? 0, drag()?.to ?? 0)}
              y={TOP}
              width={Math.abs((drag()?.to ?? 0) - (drag()?.from ?? 0))}
              height={size().height - TOP}
            />
          </Show>
          <g class="playhead" ref={(element) => (playhead = element)}>
            <path d={`M0 8V${size().height}`} />
            <circle r="5.500" cy="8" />
          </g>
        </g>
        <For each={ids()}>
          {(id) => (
            <text
              class="row-id"
              x={GUTTER - 16}
              y={(yOf(id) ?? 0) + 4.5}
              classList={{
                gone: ['crashed', 'stopped'].includes(stage.world().peers[id]?.condition ?? ''),
                selected: stage.selectedPeer() === id,
              }}
            >
              {id.length > 4 ? `${id.slice(0, 3)}…` : id}
            </text>
          )}
        </For>
      </svg>
    </div>
  );
}

interface AxisProps {
  readonly axis: 'time' | 'logical';
  readonly window: Window;
  readonly perUnit: number;
  readonly width: number;
  readonly height: number;
}

function Axis(props: AxisProps) {
  const ticks = createMemo(() =>
    ticksOf(props.window.from(), props.window.from() + props.window.span(), props.width / 110),
  );
  return (
    <g class="axis">
      <For each={ticks()}>
        {(tick) => {
          const x = () => GUTTER + (tick - props.window.from()) * props.perUnit;
          return (
            <Show when={x() >= GUTTER - 1}>
              <path d={`M${x().toFixed(1)} 16V${props.height}`} />
              <text x={x() + 4} y="12">
                {props.axis === 'time' ? secondsOf(tick) : tick}
              </text>
            </Show>
          );
        }}
      </For>
    </g>
  );
}
