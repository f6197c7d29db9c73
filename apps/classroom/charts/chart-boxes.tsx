/** @jsxImportSource solid-js */
/** The states of a chart: drawn once; what is active or pointed at is a class. */
import { For, Show } from 'solid-js';
import { kindOfSign } from './chart-signs.js';
import type { Layout, Rectangle } from './chart-source.js';
import type { Box } from './drawing.js';
import { SIZES } from './text-width.js';

interface BoxesProps {
  readonly layout: Layout;
  readonly active: ReadonlySet<string>;
  readonly pointed: string | null;
  readonly onPoint: (id: string | null) => void;
}

export function ChartBoxes(props: BoxesProps & { readonly root: Box }) {
  return <For each={parentsFirst(props.root)}>{(box) => <OneBox {...props} box={box} />}</For>;
}

const parentsFirst = (box: Box): readonly Box[] => [box, ...box.children.flatMap(parentsFirst)];

function OneBox(props: BoxesProps & { readonly box: Box }) {
  const box = props.box;
  const rectangle = props.layout.boxes[box.id];
  if (rectangle === undefined) return null;
  if (box.kind === 'dot') return <Dot rectangle={rectangle} />;
  const sign = kindOfSign(box.id);
  const isActive = () => sign === null && props.active.has(box.id);
  const [x, y, width, height] = rectangle;
  const isWide = box.children.length > 0 || box.kind === 'parallel';
  const left = isWide ? x + 12 : x + width / 2;
  return (
    <g
      class={`chart-box chart-${box.kind} ${isWide ? 'chart-around' : ''}`}
      classList={{
        active: isActive(),
        pointed: props.pointed === box.id,
      }}
      data-path={sign === null ? box.id : undefined}
      onPointerEnter={() => sign === null && props.onPoint(box.id)}
      onPointerDown={() => sign === null && props.onPoint(box.id)}
    >
      <rect x={x} y={y} width={width} height={height} rx={sign === null ? 8 : height / 2} />
      <Show when={box.kind === 'final'}>
        <rect class="chart-rim" x={x + 3} y={y + 3} width={width - 6} height={height - 6} rx="6" />
      </Show>
      <text
        class="chart-title"
        x={left}
        y={y + (sign === null ? SIZES.titleHeight + 2 : height / 2 + 4)}
        text-anchor={isWide ? 'start' : 'middle'}
      >
        <Show when={isActive()}>
          <tspan class="chart-mark">● </tspan>
        </Show>
        {box.title}
      </text>
      <For each={box.lines}>
        {(line, place) => (
          <text
            class={`chart-line chart-${line.role}`}
            x={left}
            y={y + SIZES.titleHeight + (place() + 1) * SIZES.lineHeight + 4}
            text-anchor={isWide ? 'start' : 'middle'}
          >
            {line.text}
          </text>
        )}
      </For>
    </g>
  );
}

function Dot(props: { readonly rectangle: Rectangle }) {
  const [x, y, width, height] = props.rectangle;
  return <circle class="chart-dot" cx={x + width / 2} cy={y + height / 2} r="4.5" />;
}
