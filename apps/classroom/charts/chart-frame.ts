/** What part of a chart is seen: zoom, pan, fit, and going with the active state until somebody takes over. */
import { createSignal } from 'solid-js';
import type { Rectangle } from './chart-source.js';

/** The chart's point `x`, `y` is at the left top of the pane, and everything `scale` times its size. */
export interface Frame {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

const SCALE_LEAST = 0.12;
const SCALE_MOST = 3;
/** Below it nobody reads a chart: then rather a part of it. */
const SCALE_READABLE = 0.8;
/** Such a part is shown as large as it was drawn. */
const SCALE_PART = 1;
/** So much of a chart stays in sight however it is moved, in pixels. */
const KEPT = 60;
const MARGIN = 12;

/** @param content - the size of the chart; @param pane - that of the pane, in pixels. */
export function createFrame(content: () => Size, pane: () => Size) {
  const [frame, setFrame] = createSignal<Frame>({ x: 0, y: 0, scale: 1 });
  const [isFollowing, setFollowing] = createSignal(true);

  const place = ({ x, y, scale }: Frame) => {
    const [seenX, seenY] = [pane().width / scale, pane().height / scale];
    const kept = KEPT / scale;
    const clamp = (at: number, seen: number, whole: number) =>
      Math.min(Math.max(at, kept - seen), whole - kept);
    const next = {
      x: clamp(x, seenX, content().width),
      y: clamp(y, seenY, content().height),
      scale,
    };
    const before = frame();
    setFrame(next);
    return before.x !== next.x || before.y !== next.y || before.scale !== next.scale;
  };
  const fitting = (): Frame => {
    const [width, height] = [content().width + 2 * MARGIN, content().height + 2 * MARGIN];
    const scale = within(Math.min(pane().width / width, pane().height / height), 1.25);
    return {
      scale,
      x: (content().width - pane().width / scale) / 2,
      y: (content().height - pane().height / scale) / 2,
    };
  };
  /** With `target` in the middle, as far as the chart reaches; what is smaller than the pane is centred as a whole. */
  const centredOn = ([x, y, width, height]: Rectangle, scale: number): Frame => {
    const along = (middle: number, seen: number, whole: number) =>
      seen >= whole + 2 * MARGIN
        ? (whole - seen) / 2
        : Math.min(Math.max(middle - seen / 2, -MARGIN), whole + MARGIN - seen);
    return {
      scale,
      x: along(x + width / 2, pane().width / scale, content().width),
      y: along(y + height / 2, pane().height / scale, content().height),
    };
  };
  const zoom = (factor: number, at: readonly [number, number] = [pane().width / 2, pane().height / 2]) => {
    const { x, y, scale } = frame();
    const next = within(scale * factor, SCALE_MOST);
    place({ scale: next, x: x + at[0] / scale - at[0] / next, y: y + at[1] / scale - at[1] / next });
  };
  /** By pixels of the pane. Whether anything moved. */
  const pan = (dx: number, dy: number) => {
    const { x, y, scale } = frame();
    return place({ scale, x: x + dx / scale, y: y + dy / scale });
  };
  /** All of it when that can be read, else what is around `active`. */
  const open = (active: Rectangle | undefined) => {
    const whole = fitting();
    if (whole.scale >= SCALE_READABLE || active === undefined) place(whole);
    else place(centredOn(active, SCALE_PART));
  };
  /** Moves only when `target` is not in sight. */
  const show = (target: Rectangle | undefined) => {
    if (target === undefined || isInSight(target, frame(), pane())) return;
    place(centredOn(target, frame().scale));
  };
  return {
    frame,
    isFollowing,
    setFollowing,
    zoom,
    pan,
    open,
    show,
    fit: () => {
      setFollowing(false);
      place(fitting());
    },
  };
}
export type ChartFrame = ReturnType<typeof createFrame>;

const within = (scale: number, most: number): number =>
  Number.isFinite(scale) ? Math.min(Math.max(scale, SCALE_LEAST), most) : 1;

function isInSight([x, y, width, height]: Rectangle, frame: Frame, pane: Size): boolean {
  return (
    x >= frame.x &&
    y >= frame.y &&
    x + width <= frame.x + pane.width / frame.scale &&
    y + height <= frame.y + pane.height / frame.scale
  );
}

/** Drag, pinch and wheel on an element, told to a frame. A wheel that moves nothing is left to the page. */
export function attachGestures(element: HTMLElement, frame: ChartFrame): () => void {
  const fingers = new Map<number, readonly [number, number]>();
  const spread = () => {
    const [one, other] = [...fingers.values()];
    return one && other ? Math.hypot(one[0] - other[0], one[1] - other[1]) : 0;
  };
  const down = (event: PointerEvent) => {
    if (event.button !== 0) return;
    fingers.set(event.pointerId, [event.clientX, event.clientY]);
  };
  const move = (event: PointerEvent) => {
    const before = fingers.get(event.pointerId);
    if (before === undefined) return;
    const [dx, dy] = [before[0] - event.clientX, before[1] - event.clientY];
    const wide = spread();
    // A click trembles a little; only a drag takes the pointer.
    if (!element.hasPointerCapture(event.pointerId) && Math.hypot(dx, dy) < 4) return;
    element.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, [event.clientX, event.clientY]);
    frame.setFollowing(false);
    if (fingers.size === 1) frame.pan(dx, dy);
    else if (wide > 0) frame.zoom(spread() / wide, pointIn(element, event));
  };
  const up = (event: PointerEvent) => fingers.delete(event.pointerId);
  const wheel = (event: WheelEvent) => {
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      frame.setFollowing(false);
      frame.zoom(Math.exp(-event.deltaY / 300), pointIn(element, event));
    } else if (frame.pan(event.deltaX, event.deltaY)) {
      event.preventDefault();
      frame.setFollowing(false);
    }
  };
  element.addEventListener('pointerdown', down);
  element.addEventListener('pointermove', move);
  element.addEventListener('pointerup', up);
  element.addEventListener('pointercancel', up);
  element.addEventListener('wheel', wheel, { passive: false });
  return () => {
    element.removeEventListener('pointerdown', down);
    element.removeEventListener('pointermove', move);
    element.removeEventListener('pointerup', up);
    element.removeEventListener('pointercancel', up);
    element.removeEventListener('wheel', wheel);
  };
}

function pointIn(element: HTMLElement, event: MouseEvent): readonly [number, number] {
  const { left, top } = element.getBoundingClientRect();
  return [event.clientX - left, event.clientY - top];
}
