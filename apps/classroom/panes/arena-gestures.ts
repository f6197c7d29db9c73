/** Gestures on the arena: a loop round peers sets them apart; with `L` held, a line from one to another cuts that way; a message is carried. */
import { type Accessor, createSignal } from 'solid-js';
import type { Stage } from '../stage.js';
import { forGood, partitionActs } from './acts.js';
import { type Carried, createCarrying } from './arena-carry.js';
import { isWithin, type Plan } from './plan.js';

/** A drag shorter than this is a click, CSS pixels. */
const DRAG_LEAST = 14;

type Point = readonly [number, number];

export interface Gesture {
  readonly kind: 'loop' | 'cut';
  readonly points: readonly Point[];
}

export interface Gestures {
  readonly drawn: Accessor<Gesture | null>;
  readonly carried: Accessor<Carried | null>;
  readonly down: (event: PointerEvent & { readonly currentTarget: SVGSVGElement }) => void;
  readonly move: (event: PointerEvent & { readonly currentTarget: SVGSVGElement }) => void;
  readonly up: () => void;
  /** Broken off by the system: nothing comes of it. */
  readonly cancel: () => void;
}

export function createGestures(stage: Stage, planOf: () => Plan): Gestures {
  const [drawn, setDrawn] = createSignal<Gesture | null>(null);
  const carrying = createCarrying(stage, planOf);
  const pointOf = (event: PointerEvent & { readonly currentTarget: SVGSVGElement }): Point => {
    const box = event.currentTarget.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const peerAt = ([x, y]: Point): string | undefined =>
    [...planOf().spots].find(([, spot]) => Math.hypot(spot.x - x, spot.y - y) < spot.radius + 10)?.[0];

  return {
    drawn,
    carried: carrying.carried,
    down: (event) => {
      if (stage.act === undefined || event.button !== 0) return;
      const point = pointOf(event);
      const isOnPeer = peerAt(point) !== undefined;
      const message =
        event.target instanceof Element
          ? event.target.closest<SVGGElement>('[data-message]')?.dataset.message
          : undefined;
      if (message !== undefined && carrying.take(message, point)) return;
      if (stage.isCutting() !== isOnPeer || message !== undefined) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      setDrawn({ kind: stage.isCutting() ? 'cut' : 'loop', points: [point] });
    },
    move: (event) => {
      // Only now: a click is told to the message itself.
      if (carrying.carry(pointOf(event))) event.currentTarget.setPointerCapture(event.pointerId);
      const gesture = drawn();
      if (gesture === null) return;
      const point = pointOf(event);
      const [first = point] = gesture.points;
      setDrawn({ ...gesture, points: gesture.kind === 'cut' ? [first, point] : [...gesture.points, point] });
    },
    cancel: () => {
      carrying.letGo();
      setDrawn(null);
    },
    up: () => {
      carrying.putDown();
      const gesture = drawn();
      setDrawn(null);
      if (gesture === null || stage.act === undefined) return;
      const { points, kind } = gesture;
      const [first, last] = [points[0], points.at(-1)];
      const isDrag =
        first !== undefined && points.some(([x, y]) => Math.hypot(x - first[0], y - first[1]) > DRAG_LEAST);
      if (!isDrag || first === undefined || last === undefined) return;
      const at = stage.now();
      if (kind === 'cut') {
        const [from, to] = [peerAt(first), peerAt(last)];
        if (from !== undefined && to !== undefined && from !== to)
          stage.act({ kind: 'cut', at, forMs: forGood(at), from, to });
        return;
      }
      const group = [...planOf().spots].filter(([, { x, y }]) => isWithin(x, y, points)).map(([id]) => id);
      for (const act of partitionActs(stage, group, at)) stage.act(act);
    },
  };
}

export const pathOf = ({ points, kind }: Gesture): string =>
  points.length < 2
    ? ''
    : `M${points.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join('L')}${kind === 'loop' ? 'Z' : ''}`;
