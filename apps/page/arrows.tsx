/** @jsxImportSource solid-js */
/** The arrows of a statechart: all of them faint, those that may be taken now numbered, the last one taken thick. */
import { createMemo, For, Show } from 'solid-js';
import { changedLeaf } from '../classroom/charts/active-states.js';
import { isWithin } from '../classroom/charts/chart-model.js';
import type { ChartProps } from './chart.jsx';
import { type Box, type Curve, curveBetween, type Edge, edgesOf } from './chart-layout.js';

interface ArrowsProps extends ChartProps {
  readonly boxes: ReadonlyMap<string, Box>;
}

interface Arrow extends Curve {
  readonly look: 'faint' | 'possible';
  /** Numbers of its transitions in the list below the chart. */
  readonly numbers: string;
}

export function Arrows(props: ArrowsProps) {
  const edges = createMemo(() => edgesOf(props.chart));
  const arrows = createMemo(() => edges().flatMap((edge) => arrowOf(edge, edges(), props)));
  const taken = createMemo(() => takenCurve(edges(), props));
  return (
    <svg class="arrows" aria-hidden="true">
      <Tips />
      <For each={arrows()}>
        {(arrow) => (
          <path class={`arrow arrow-${arrow.look}`} d={arrow.path} marker-end={`url(#tip-${arrow.look})`} />
        )}
      </For>
      <Show when={taken()} keyed>
        {(curve) => <path class="arrow arrow-taken" d={curve.path} marker-end="url(#tip-taken)" />}
      </Show>
      <For each={arrows().filter((arrow) => arrow.numbers !== '')}>
        {(arrow) => (
          <g class="arrow-number" transform={`translate(${arrow.x} ${arrow.y})`}>
            <rect
              x={-3 - arrow.numbers.length * 3.6}
              y="-9"
              width={6 + arrow.numbers.length * 7.2}
              height="18"
              rx="9"
            />
            <text dy=".36em">{arrow.numbers}</text>
          </g>
        )}
      </For>
    </svg>
  );
}

function Tips() {
  return (
    <defs>
      <For each={['faint', 'possible', 'taken']}>
        {(look) => (
          <marker
            id={`tip-${look}`}
            class={`tip tip-${look}`}
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
        )}
      </For>
    </defs>
  );
}

function arrowOf(
  edge: Edge,
  all: readonly Edge[],
  { boxes, active, numberOf }: ArrowsProps,
): readonly Arrow[] {
  const place = all.filter((one) => one.source === edge.source).indexOf(edge);
  const curve = curveOf(edge, boxes, place);
  if (!curve) return [];
  const numbers = edge.transitions.map(numberOf).filter((number) => number !== undefined);
  return [{ ...curve, look: active.has(edge.source) ? 'possible' : 'faint', numbers: numbers.join(' ') }];
}

function curveOf(
  { source, target }: Pick<Edge, 'source' | 'target'>,
  boxes: ReadonlyMap<string, Box>,
  place: number,
) {
  const from = boxes.get(source);
  const to = boxes.get(target);
  return from && to ? curveBetween(from, to, place) : undefined;
}

/** The last change of state, along its edge when the chart has one, else straight from state to state. */
function takenCurve(edges: readonly Edge[], { boxes, last }: ArrowsProps): Curve | undefined {
  if (!last) return undefined;
  const was = changedLeaf(last.was, last.now);
  const now = changedLeaf(last.now, last.was);
  const edge = edges.find(
    ({ source, target }) => isWithin(was, source) && isWithin(now, target) && !isWithin(now, source),
  );
  if (!edge) return curveOf({ source: was, target: now }, boxes, 0);
  return curveOf(edge, boxes, edges.filter((one) => one.source === edge.source).indexOf(edge));
}
