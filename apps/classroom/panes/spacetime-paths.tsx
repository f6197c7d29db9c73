/** @jsxImportSource solid-js */
/** Arrows put on the screen: as a few SVG paths, or painted where there are too many for that. */
import { createEffect, createMemo, For, Index, Show } from 'solid-js';
import type { Stage } from '../stage.js';
import { classes } from './classes.js';
import { labelOf, secondsOf } from './kinds.js';
import type { Size } from './plan.js';
import type { Arrow, Sheaf } from './spacetime-arrows.js';
import type { Pointed } from './spacetime-diagram.jsx';

export function Sheaves(props: { readonly sheaves: readonly Sheaf[] }) {
  return (
    <Index each={props.sheaves}>
      {(sheaf) => (
        <g class={classes(`arrows arrows-${sheaf().kind}`, { lost: sheaf().isLost, faint: sheaf().isFaint })}>
          <path class="lines" d={sheaf().lines} />
          <path class="heads" d={sheaf().heads} />
        </g>
      )}
    </Index>
  );
}

/** The arrow pointed at, and the message that is selected. */
export function Pointer(props: {
  readonly stage: Stage;
  readonly arrows: readonly Arrow[];
  readonly pointed: Pointed | null;
}) {
  const chosen = createMemo(() => {
    const ids = [props.stage.pointer().message, props.stage.selectedMessage()];
    return props.arrows.filter(({ flight }) => ids.includes(flight.id));
  });
  return (
    <For each={chosen()}>
      {(arrow) => (
        <g class={classes(`chosen arrows-${arrow.kind}`, { lost: arrow.isLost })}>
          <path class="lines" d={`M${arrow.fromX} ${arrow.fromY}L${arrow.toX} ${arrow.toY}`} />
          <circle cx={arrow.fromX} cy={arrow.fromY} r="3.500" />
          <Show when={!arrow.isLost}>
            <circle cx={arrow.toX} cy={arrow.toY} r="3.500" />
          </Show>
          <text x={(arrow.fromX + arrow.toX) / 2} y={(arrow.fromY + arrow.toY) / 2 - 8}>
            {labelOf(arrow.flight.type)}
          </text>
        </g>
      )}
    </For>
  );
}

const STROKES: Readonly<Record<string, string>> = {
  election: '--election',
  ok: '--ok',
  coordinator: '--leads-text',
  heartbeat: '--heartbeat',
  data: '--data',
  fault: '--fault',
  other: '--dim',
};

/** The arrow whose head somebody carries, and when it would arrive. */
export function HeldArrow(props: { readonly arrow: Arrow; readonly x: number; readonly time: number }) {
  return (
    <g class="held-arrow">
      <path d={`M${props.arrow.fromX} ${props.arrow.fromY}L${props.x} ${props.arrow.toY}`} />
      <circle r="4" cx={props.x} cy={props.arrow.toY} />
      <text x={props.x + 8} y={props.arrow.toY - 6}>
        {secondsOf(props.time)}
      </text>
    </g>
  );
}

interface CanvasProps {
  readonly sheaves: readonly Sheaf[];
  readonly size: Size;
  readonly shift: number;
  /** Nothing is painted left of this. */
  readonly from: number;
}

export function Canvas(props: CanvasProps) {
  let canvas: HTMLCanvasElement | undefined;
  createEffect(() => {
    const { sheaves, size, shift, from } = props;
    const context = canvas?.getContext('2d');
    if (canvas === undefined || !context) return;
    const ratio = devicePixelRatio || 1;
    canvas.width = size.width * ratio;
    canvas.height = size.height * ratio;
    context.scale(ratio, ratio);
    context.beginPath();
    context.rect(from, 0, size.width, size.height);
    context.clip();
    context.translate(shift, 0);
    const colours = getComputedStyle(canvas);
    for (const { kind, isLost, isFaint, lines, heads } of sheaves) {
      const isQuiet = kind === 'heartbeat';
      const colour = colours.getPropertyValue(isLost ? '--fault' : (STROKES[kind] ?? '--dim'));
      context.globalAlpha = isFaint ? 0.15 : isQuiet ? 0.5 : 1;
      context.strokeStyle = context.fillStyle = colour;
      context.lineWidth = isQuiet ? 0.8 : 1.6;
      context.setLineDash(isLost ? [3, 3] : []);
      context.stroke(new Path2D(lines));
      context.setLineDash([]);
      if (isLost) context.stroke(new Path2D(heads));
      else context.fill(new Path2D(heads));
    }
  });
  return (
    <canvas
      class="diagram-painting"
      ref={(element) => {
        canvas = element;
      }}
      style={{ width: `${props.size.width}px`, height: `${props.size.height}px` }}
    />
  );
}
