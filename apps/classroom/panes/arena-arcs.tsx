/** @jsxImportSource solid-js */
/** What is left of a wait, round the disc: outside for the election, inside for the leader's silence. */
import { createEffect, createMemo, createSignal, on, onCleanup, Show } from 'solid-js';
import type { PeerFace } from '../history/index.js';
import type { Stage } from '../stage.js';
import { waitAct } from './acts.js';
import { electionWait, type Wait } from './appearance.js';
import { lengthInWords } from './kinds.js';

/** A drag shorter than this is a click, CSS pixels. */
const DRAG_LEAST = 4;

interface ArcsProps {
  readonly stage: Stage;
  readonly radius: number;
  readonly face: PeerFace | undefined;
}

export function Arcs(props: ArcsProps) {
  const wait = createMemo(() => (props.face === undefined ? null : electionWait(props.face)), undefined, {
    equals: (one, other) => JSON.stringify(one) === JSON.stringify(other),
  });
  const silence = createMemo(() => silenceOf(props.stage, props.face));
  /** How much of the wait somebody drags it to; null unless somebody does. */
  const [dragged, setDragged] = createSignal<number | null>(null);
  let outer: SVGCircleElement | undefined;
  let inner: SVGCircleElement | undefined;
  const draw = (now: number) => {
    const waiting = wait();
    const silent = silence();
    if (waiting !== null) fill(outer, dragged() ?? leftOf(waiting, now));
    if (silent !== null) fill(inner, 1 - (now - silent.from) / silent.lengthMs);
  };
  const stop = props.stage.onFrame(draw);
  onCleanup(stop);
  createEffect(
    on([wait, silence, dragged, () => props.radius, props.stage.time], () => draw(props.stage.now())),
  );
  return (
    <>
      <Show when={silence()}>
        <circle
          class="arc arc-silence"
          r={props.radius - 4}
          ref={(element) => (inner = element)}
          pathLength="1"
        />
      </Show>
      <Show when={wait()}>
        {(waiting) => (
          <>
            <circle
              class="arc arc-wait"
              r={props.radius + 7.5}
              ref={(element) => (outer = element)}
              pathLength="1"
            />
            <Show when={props.stage.act !== undefined}>
              <Handle {...props} wait={waiting()} dragged={dragged()} onDrag={setDragged} />
            </Show>
          </>
        )}
      </Show>
    </>
  );
}

interface HandleProps extends ArcsProps {
  readonly wait: Wait;
  readonly dragged: number | null;
  readonly onDrag: (left: number | null) => void;
}

/** The arc as something to take hold of: a click ends the wait, its end can be dragged. The peer's menu does the same. */
function Handle(props: HandleProps) {
  let start: { readonly x: number; readonly y: number } | null = null;
  const lastsMs = () => props.wait.due - props.wait.setAt;
  const act = (toMs: number) => {
    const { id } = props.face ?? {};
    if (id !== undefined) props.stage.act?.(waitAct(id, props.wait.event, props.stage.now(), toMs));
  };
  const down = (event: PointerEvent & { readonly currentTarget: SVGCircleElement }) => {
    if (event.button !== 0) return;
    event.stopPropagation();
    event.currentTarget.setPointerCapture(event.pointerId);
    start = { x: event.clientX, y: event.clientY };
  };
  const move = (event: PointerEvent & { readonly currentTarget: SVGCircleElement }) => {
    if (start === null) return;
    event.stopPropagation();
    const isTrembling = Math.hypot(event.clientX - start.x, event.clientY - start.y) < DRAG_LEAST;
    if (props.dragged === null && isTrembling) return;
    props.stage.pause();
    const box = event.currentTarget.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left - box.width / 2, event.clientY - box.top - box.height / 2];
    props.onDrag(clockwise(x, y));
  };
  const up = (event: PointerEvent) => {
    if (start === null) return;
    event.stopPropagation();
    act((props.dragged ?? 0) * lastsMs());
    start = null;
    props.onDrag(null);
  };
  const cancel = () => {
    start = null;
    props.onDrag(null);
  };
  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the peer's menu does the same for the keyboard */}
      <circle
        class="arc-hit"
        r={props.radius + 7.5}
        onPointerDown={down}
        onPointerMove={move}
        onPointerUp={up}
        onPointerCancel={cancel}
        onClick={(event) => event.stopPropagation()}
      >
        <title>{`${props.wait.label}: click to end it, drag to change it`}</title>
      </circle>
      <Show when={props.dragged}>
        {(left) => (
          <text class="arc-words" y={-props.radius - 16}>
            {`${props.wait.label} over in ${lengthInWords(left() * lastsMs())}`}
          </text>
        )}
      </Show>
    </>
  );
}

const leftOf = ({ setAt, due }: Wait, now: number): number => 1 - (now - setAt) / (due - setAt || 1);

/** From the top, as a part of the whole round: more than none, at most all. */
function clockwise(x: number, y: number): number {
  const angle = Math.atan2(x, -y) / (2 * Math.PI);
  return Math.max(0.01, angle < 0 ? angle + 1 : angle);
}

function fill(circle: SVGCircleElement | undefined, left: number): void {
  const length = Math.min(1, Math.max(0, left));
  circle?.setAttribute('stroke-dasharray', `${length.toFixed(3)} 1`);
}

/** Since when it has heard nothing of whom it follows, and how long that may last. */
function silenceOf(stage: Stage, face: PeerFace | undefined) {
  if (face === undefined || face.condition !== 'up' || face.follows === null || face.follows === face.id)
    return null;
  const lengthMs = stage.history().timing('suspectTimeoutMs');
  const from = stage.history().heardAt(face.id, face.follows, stage.index());
  return lengthMs === null || from === null ? null : { from, lengthMs };
}
