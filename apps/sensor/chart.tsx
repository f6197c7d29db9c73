/** @jsxImportSource solid-js */
/** One quantity of all sensors over time. */
import { createEffect, createSignal, on, onCleanup, onMount } from 'solid-js';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { Columns } from './chart-data.js';
import { type Look, optionsOf } from './chart-options.js';
import { QUANTITIES, type Quantity } from './quantities.js';

export interface ChartFacts {
  readonly quantity: Quantity;
  readonly ids: readonly string[];
  readonly shows: Look['shows'];
  readonly columns: Columns;
  readonly onPoint: Look['onPoint'];
}

const HEIGHT = 172;

export function Chart(props: ChartFacts) {
  let frame: HTMLDivElement | undefined;
  const [width, setWidth] = createSignal(0);
  const [scheme, setScheme] = createSignal(0);
  const facts = () => QUANTITIES[props.quantity];

  onMount(() => {
    if (frame === undefined) return;
    const sizes = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    sizes.observe(frame);
    const dark = matchMedia('(prefers-color-scheme: dark)');
    const recolour = () => setScheme((count) => count + 1);
    dark.addEventListener('change', recolour);
    onCleanup(() => {
      sizes.disconnect();
      dark.removeEventListener('change', recolour);
    });
  });

  let chart: uPlot | undefined;
  onCleanup(() => chart?.destroy());
  createEffect(
    on([() => props.ids.join(' '), () => props.shows, scheme, () => width() > 0], () => {
      chart?.destroy();
      chart = frame === undefined || width() === 0 ? undefined : draw(frame);
    }),
  );
  createEffect(() => chart?.setSize({ width: width(), height: HEIGHT }));
  createEffect(() => {
    // uPlot's type wants its arrays its own; it does not write into them.
    chart?.setData(props.columns as unknown as uPlot.AlignedData);
  });

  function draw(into: HTMLElement): uPlot {
    const style = getComputedStyle(into);
    const options = optionsOf({
      width: width(),
      height: HEIGHT,
      ids: props.ids,
      shows: props.shows,
      colour: (name) => style.getPropertyValue(name).trim(),
      onPoint: (place) => props.onPoint(place),
    });
    return new uPlot(options, props.columns as unknown as uPlot.AlignedData, into);
  }

  return (
    <figure class="sensor-chart">
      <figcaption>
        {facts().name} <span class="dim">{facts().unit}</span>
      </figcaption>
      <div ref={frame} aria-hidden="true" />
    </figure>
  );
}
