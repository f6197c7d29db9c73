/** Which part of a history the diagram shows: a window that follows the playhead, and is drawn a little wider than it is. */
import { type Accessor, batch, createEffect, createMemo, createSignal, on } from 'solid-js';
import type { Stage } from '../stage.js';

/** Drawn beyond either edge, as a fraction of the window, so that scrolling seldom draws anew. */
const MARGIN = 0.2;
const SPAN_LEAST = 2;
/** At first no more than this is shown, ms. */
const SPAN_FIRST = 500;
/** The playhead keeps clear of the edges by these fractions. */
const EDGE_LEFT = 0.04;
const EDGE_RIGHT = 0.82;

export interface Window {
  readonly from: Accessor<number>;
  readonly span: Accessor<number>;
  /** What is drawn: from here, so far. Changes seldom. */
  readonly drawn: Accessor<{ readonly from: number; readonly span: number; readonly to: number }>;
  readonly zoom: (factor: number, around?: number) => void;
  readonly show: (from: number, to: number) => void;
  readonly pan: (by: number) => void;
  readonly fit: () => void;
}

/** In units of the axis: ms of virtual time, or numbers of the logical order. */
export function createWindow(
  stage: Stage,
  bounds: Accessor<{ readonly from: number; readonly to: number }>,
  position: Accessor<number>,
): Window {
  const [from, setFrom] = createSignal(0);
  const [span, setSpan] = createSignal(SPAN_FIRST);
  const [isTouched, setTouched] = createSignal(false);
  const clampSpan = (next: number) => {
    const whole = Math.max(SPAN_LEAST, (bounds().to - bounds().from) * 1.06);
    return Math.min(whole, Math.max(SPAN_LEAST, next));
  };
  const place = (next: number, width: number) => {
    const { from: first, to: last } = bounds();
    const most = Math.max(first, last + width * 0.05 - width);
    setFrom(Math.min(most, Math.max(first - width * 0.02, next)));
  };
  const show = (next: number, to: number) =>
    batch(() => {
      const width = clampSpan(to - next);
      setTouched(true);
      setSpan(width);
      place(next, width);
    });
  const zoom = (factor: number, around = position()) => {
    const width = clampSpan(span() * factor);
    show(
      around - ((around - from()) / span()) * width,
      around - ((around - from()) / span()) * width + width,
    );
  };
  const fit = () => show(bounds().from, bounds().from + (bounds().to - bounds().from) * 1.04);

  // As long as nobody has chosen a window, it is as wide as what there is, up to a size in which arrows can be told apart.
  createEffect(
    on(bounds, ({ from: first, to }) => {
      if (isTouched()) return;
      const width = Math.min(SPAN_FIRST, Math.max(SPAN_LEAST, (to - first) * 1.04));
      setSpan(width);
      place(from(), width);
    }),
  );
  createEffect(
    on([position, span], ([at, width]) => {
      const way = (at - from()) / width;
      if (way > EDGE_RIGHT) place(stage.isPlaying() ? at - width * EDGE_RIGHT : at - width * 0.5, width);
      else if (way < EDGE_LEFT) place(at - width * 0.5, width);
    }),
  );
  const anchor = createMemo(() => Math.floor(from() / (span() * MARGIN)) * span() * MARGIN);
  const drawn = createMemo(() => {
    const width = span();
    return { from: anchor() - width * MARGIN, span: width, to: anchor() + width * (1 + 2 * MARGIN) };
  });
  return { from, span, drawn, zoom, show, pan: (by) => place(from() + by * span(), span()), fit };
}

/** Round numbers for an axis, some `most` of them. */
export function ticksOf(from: number, to: number, most: number): readonly number[] {
  const rough = (to - from) / Math.max(1, most);
  const power = 10 ** Math.floor(Math.log10(Math.max(1e-6, rough)));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((one) => one >= rough) ?? power * 10;
  const first = Math.ceil(from / step);
  return Array.from({ length: Math.max(0, Math.floor(to / step) - first + 1) }, (_, n) => (first + n) * step);
}
