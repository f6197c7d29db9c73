/** @jsxImportSource solid-js */
/** One quantity of several over time: of all sensors, say. */
import { createEffect, createSignal, on, onCleanup, onMount } from 'solid-js';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { Columns } from './chart-data.js';
import { type Look, optionsOf } from './chart-options.js';

export interface ChartFacts
  extends Pick<Look, 'ids' | 'shows' | 'together' | 'clock' | 'isFromZero' | 'onPoint'> {
  readonly name: string;
  readonly unit: string;
  /** A column for every line of every id. */
  readonly columns: Columns;
  /** CSS pixels; default 172. */
  readonly height?: number | undefined;
}

const HEIGHT = 172;

export function Chart(props: ChartFacts) {
  let frame: HTMLDivElement | undefined;
  const [width, setWidth] = createSignal(0);
  const [scheme, setScheme] = createSignal(0);
  const height = () => props.height ?? HEIGHT;

  onMount(() => {
    if (frame === undefined) return;
    const sizes = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    sizes.observe(frame);
    const dark = matchMedia('(prefers-color-scheme: dark)');
    const recolour = () => setScheme((count) => count + 1);
    dark.addEventListener('change', recolour);
    // The theme may be chosen in the page, too.
    const chosen = new MutationObserver(recolour);
    chosen.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    onCleanup(() => {
      sizes.disconnect();
      chosen.disconnect();
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
  createEffect(() => chart?.setSize({ width: width(), height: height() }));
  createEffect(() => {
    // uPlot's type wants its arrays its own; it does not write into them.
    chart?.setData(props.columns as unknown as uPlot.AlignedData);
  });

  function draw(into: HTMLElement): uPlot {
    const options = optionsOf({
      width: width(),
      height: height(),
      ids: props.ids,
      shows: props.shows,
      together: props.together,
      clock: props.clock,
      isFromZero: props.isFromZero,
      stepped: uPlot.paths.stepped?.({ align: 1 }),
      colour: coloursIn(into),
      onPoint: (place) => props.onPoint(place),
    });
    return new uPlot(options, props.columns as unknown as uPlot.AlignedData, into);
  }

  return (
    <figure class="sensor-chart">
      <figcaption>
        {props.name} <span class="dim">{props.unit}</span>
      </figcaption>
      <div ref={frame} aria-hidden="true" />
    </figure>
  );
}

/** Colours of the page as a canvas takes them: custom properties hold what only a style can resolve, a pair for two themes say. */
function coloursIn(place: HTMLElement): Look['colour'] {
  return (name, share = 100) => {
    const probe = document.createElement('i');
    probe.style.color = `color-mix(in srgb, var(${name}) ${share}%, transparent)`;
    place.append(probe);
    const { color } = getComputedStyle(probe);
    probe.remove();
    return color;
  };
}
