/** @jsxImportSource solid-js */
/** The arrows of a chart with their words: those of active states are lit, the last one taken is thick. */
import { createMemo, For, Show } from 'solid-js';
import { kindOfSign } from './chart-signs.js';
import type { Course, Layout } from './chart-source.js';
import type { ChartTimer } from './chart-view.jsx';
import { type Arrow, choiceOf, isOneLine, type Label, linesIn } from './drawing-arrows.js';
import { isCausedBy } from './taken.js';
import { SIZES } from './text-width.js';

interface ArrowsProps {
  readonly layout: Layout;
  readonly active: ReadonlySet<string>;
  readonly taken: ReadonlySet<string>;
  readonly pointed: string | null;
  readonly timers: readonly ChartTimer[] | undefined;
  readonly nowMs: number | undefined;
  readonly enabled: ReadonlySet<string> | undefined;
  readonly onPoint: (id: string | null) => void;
  readonly onEvent: (event: string) => void;
}

export function ChartArrows(props: ArrowsProps & { readonly arrows: readonly Arrow[] }) {
  return (
    <For each={props.arrows}>
      {(arrow) => {
        const course = props.layout.arrows[arrow.id];
        return course === undefined ? null : <OneArrow {...props} arrow={arrow} course={course} />;
      }}
    </For>
  );
}

interface OneArrowProps extends ArrowsProps {
  readonly arrow: Arrow;
  readonly course: Course;
}

function OneArrow(props: OneArrowProps) {
  const arrow = props.arrow;
  const isLit = createMemo(() => arrow.transitions.some(({ source }) => props.active.has(source)));
  const isTaken = () => props.taken.has(arrow.id);
  const look = () => (isTaken() ? 'taken' : isLit() ? 'lit' : 'still');
  const path = roundedPath(props.course.bends);
  const touches = () =>
    props.pointed !== null && (arrow.from === props.pointed || arrow.to === props.pointed);
  const point = () => arrow.labels.length > 0 && props.onPoint(arrow.id);
  return (
    <g
      class={`chart-arrow ${kindOfSign(arrow.from) === 'dot' ? 'chart-start' : ''}`}
      classList={{
        lit: isLit(),
        taken: isTaken(),
        pointed: props.pointed === arrow.id || touches(),
      }}
      data-arrow={arrow.id}
      onPointerEnter={point}
    >
      <path class="chart-reach" d={path} />
      <path class="chart-course" d={path} marker-end={`url(#chart-tip-${look()})`} />
      <Show when={props.course.words}>
        {(at) => (
          <For each={arrow.labels}>
            {(label, place) => (
              <Words {...props} label={label} x={at()[0]} y={at()[1] + topOf(arrow, place())} />
            )}
          </For>
        )}
      </Show>
    </g>
  );
}

const topOf = ({ labels }: Arrow, place: number): number =>
  labels.slice(0, place).reduce((sum, label) => sum + linesIn(label), 0) * SIZES.lineHeight;

interface WordsProps extends OneArrowProps {
  readonly label: Label;
  readonly x: number;
  readonly y: number;
}

function Words(props: WordsProps) {
  const label = props.label;
  /** Which of the events that may be given it stands for. */
  const offered = createMemo(() => {
    const enabled = props.enabled;
    if (enabled === undefined) return undefined;
    const isOurs = props.arrow.transitions.some(
      (one) => choiceOf(one) === label.choice && props.active.has(one.source),
    );
    return isOurs
      ? [label.trigger, label.choice, causeIn(label)].find((event) => enabled.has(event))
      : undefined;
  });
  const give = () => {
    const event = offered();
    if (event !== undefined) props.onEvent(event);
  };
  const timer = createMemo(() =>
    label.when === 'after' ? timerOf(props.arrow, label, props.timers) : undefined,
  );
  const line = (place: number) => props.y + place * SIZES.lineHeight + 11;
  const oneLine = isOneLine(label);
  const side = endsAtArrow(props.course, props.arrow) ? 'end' : 'start';
  const x = side === 'end' ? props.x + props.arrow.width - 4 : props.x + 4;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keyboards have the same events as buttons below the chart
    <g
      text-anchor={side}
      class={`chart-words chart-words-${label.when}`}
      classList={{ 'may-happen': offered() !== undefined, running: timer() !== undefined }}
      onClick={give}
    >
      <text x={x} y={line(0)}>
        {label.cause}
        <Show when={timer()}>
          {(running) => <tspan class="chart-countdown"> {countdown(running().due, props.nowMs)}</tspan>}
        </Show>
        <Show when={oneLine && label.guard}>
          <tspan class="chart-guard"> {label.guard}</tspan>
        </Show>
      </text>
      <Show when={!oneLine}>
        <text class="chart-guard" x={x} y={line(1)}>
          {label.guard}
        </text>
      </Show>
      <Show when={label.effect}>
        <text class="chart-effect" x={x} y={line(oneLine || !label.guard ? 1 : 2)}>
          {label.effect}
        </text>
      </Show>
    </g>
  );
}

const causeIn = ({ choice }: Label): string => choice.replace(/ \[.*\]$/, '');

/** Whether the arrow runs along the right side of its words: then they end there. */
function endsAtArrow({ bends, words }: Course, { width, height }: Arrow): boolean {
  if (words === null) return false;
  const [x, y] = [words[0], words[1] + height / 2];
  let [left, right] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let place = 0; place + 3 < bends.length; place += 2) {
    const [fromX = 0, fromY = 0, toX = 0, toY = 0] = bends.slice(place, place + 4);
    if (fromX !== toX || (y - fromY) * (y - toY) > 0) continue;
    left = Math.min(left, Math.abs(fromX - x));
    right = Math.min(right, Math.abs(fromX - x - width));
  }
  return right < left;
}

const timerOf = (arrow: Arrow, label: Label, timers: readonly ChartTimer[] | undefined) =>
  timers?.find(({ event }) =>
    arrow.transitions.some(
      (one) => one.when === 'after' && one.trigger === label.trigger && isCausedBy(one, event),
    ),
  );

function countdown(due: number, now: number | undefined): string {
  if (now === undefined) return 'set';
  const left = Math.max(0, due - now);
  return left < 10_000 ? `${Math.ceil(left)} ms` : `${Math.ceil(left / 1000)} s`;
}

const BEND = 7;

/** The way through the bends, each rounded. */
export function roundedPath(bends: readonly number[]): string {
  const points = Array.from({ length: bends.length / 2 }, (_, place) => [
    bends[2 * place] ?? 0,
    bends[2 * place + 1] ?? 0,
  ]) as [number, number][];
  return points
    .map(([x, y], place) => {
      const [before, after] = [points[place - 1], points[place + 1]];
      if (before === undefined) return `M${x} ${y}`;
      if (after === undefined) return `L${x} ${y}`;
      const [from, to] = [towards([x, y], before), towards([x, y], after)];
      return `L${from.join(' ')}Q${x} ${y} ${to.join(' ')}`;
    })
    .join('');
}

/** From a corner some way to another point, at most half of it. */
function towards([x, y]: readonly [number, number], [toX, toY]: readonly [number, number]): [number, number] {
  const length = Math.hypot(toX - x, toY - y);
  const part = length === 0 ? 0 : Math.min(BEND, length / 2) / length;
  return [round(x + (toX - x) * part), round(y + (toY - y) * part)];
}

const round = (value: number): number => Math.round(value * 10) / 10;
