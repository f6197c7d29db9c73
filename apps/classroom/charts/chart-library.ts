/** Charts ready to be drawn: ours as the build laid them out, others laid out when they are first seen. */
import { SHIPPED_CHARTS } from 'virtual:statecharts';
import { type ChartState, readChart } from './chart-model.js';
import { fingerprintOf, type Layout, type ShippedChart } from './chart-source.js';
import { type Drawing, drawingOf } from './drawing.js';
import { layForeign } from './foreign-layout.js';

/** Which chart: one of ours by its name, or any by its definition; when both are given the definition counts. */
export interface ChartWish {
  readonly machine?: string | undefined;
  /** XState's configuration as JSON. */
  readonly definition?: unknown;
}

export interface DrawnChart {
  readonly definition: unknown;
  readonly chart: ChartState;
  readonly drawing: Drawing;
  readonly layout: Layout;
  /** What the build knows of it, when it is one of ours. */
  readonly shipped: ShippedChart | null;
}

/** Names of all shipped charts, the conversation first. */
export const shippedNames: readonly string[] = SHIPPED_CHARTS.map(({ name }) => name);

/** More are not kept; whoever looks at one again waits again. */
const KEPT_MAX = 64;
const kept = new Map<string, Promise<DrawnChart | null>>();

/** Null when there is no such chart of ours. A definition that is no machine becomes a chart without states. */
export function chartFor(wish: ChartWish): Promise<DrawnChart | null> {
  const hash = wish.definition === undefined ? null : fingerprintOf(wish.definition);
  const key = hash ?? `name ${wish.machine ?? ''}`;
  const known = kept.get(key);
  if (known !== undefined) return known;
  const made = make(wish, hash);
  const [oldest] = kept.keys();
  if (kept.size >= KEPT_MAX && oldest !== undefined) kept.delete(oldest);
  kept.set(key, made);
  return made;
}

async function make({ machine, definition }: ChartWish, hash: string | null): Promise<DrawnChart | null> {
  const ours = SHIPPED_CHARTS.find((one) => (hash === null ? one.name === machine : one.hash === hash));
  if (ours !== undefined) {
    const shipped = await ours.load();
    const chart = readChart(shipped.definition);
    return {
      definition: shipped.definition,
      chart,
      drawing: drawingOf(chart),
      layout: shipped.layout,
      shipped,
    };
  }
  if (hash === null) return null;
  const chart = readChart(definition);
  const drawing = drawingOf(chart);
  return { definition, chart, drawing, layout: await layForeign(drawing), shipped: null };
}
