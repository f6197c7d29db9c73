/** How a statechart is drawn: states in rows by their distance from the initial one, and the curves between them. */
import {
  type ChartState,
  type ChartTransition,
  isWithin,
  transitionsOf,
} from '../classroom/charts/chart-model.js';

/** Children by the least number of steps from the initial one; those that nothing leads to come last. */
export function rowsOf(parent: ChartState): readonly (readonly ChartState[])[] {
  if (parent.kind === 'parallel') return [parent.children];
  const steps = new Map<string, number>();
  let front = parent.children.filter((child) => child.isInitial);
  for (let step = 0; front.length > 0; step += 1) {
    for (const state of front) steps.set(state.path, step);
    const targets = front.flatMap(transitionsOf).map((one) => one.target);
    front = parent.children.filter(
      ({ path }) => !steps.has(path) && targets.some((target) => target !== null && isWithin(target, path)),
    );
  }
  const rows: ChartState[][] = [];
  for (const child of parent.children) {
    const step = steps.get(child.path) ?? steps.size;
    rows[step] = [...(rows[step] ?? []), child];
  }
  return rows.filter(Boolean);
}

export interface Edge {
  readonly source: string;
  readonly target: string;
  readonly transitions: readonly ChartTransition[];
}

/** One edge per pair of states, however many transitions run along it. The machine's own are told in words only. */
export function edgesOf(chart: ChartState): readonly Edge[] {
  const edges = new Map<string, Edge>();
  for (const one of transitionsOf(chart)) {
    if (one.target === null || one.target === '' || one.source === '') continue;
    const key = `${one.source} ${one.target}`;
    const before = edges.get(key)?.transitions ?? [];
    edges.set(key, { source: one.source, target: one.target, transitions: [...before, one] });
  }
  return [...edges.values()];
}

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface Curve {
  /** SVG path data. */
  readonly path: string;
  /** The middle, where a number may stand. */
  readonly x: number;
  readonly y: number;
}

type Point = readonly [x: number, y: number];

const middleX = (box: Box): number => (box.left + box.right) / 2;
const middleY = (box: Box): number => (box.top + box.bottom) / 2;
const contains = (outer: Box, inner: Box): boolean =>
  outer.left <= inner.left &&
  outer.top <= inner.top &&
  outer.right >= inner.right &&
  outer.bottom >= inner.bottom;

/** A little room between curves that share a side of a box. */
const APART = 9;

/**
 * Down from bottom to top; up around the side; sideways straight, or in an arc over what stands between.
 *
 * @param place - tells apart the edges of one source: 0, 1, 2 …
 */
export function curveBetween(source: Box, target: Box, place: number): Curve {
  const shift = (place % 2 === 0 ? 1 : -1) * Math.ceil(place / 2) * APART;
  if (source === target) return loop(source);
  if (contains(target, source))
    return bezier([source.right, middleY(source)], [target.right, middleY(source)], 0, 0);
  if (contains(source, target))
    return bezier([source.left, middleY(target)], [target.left, middleY(target)], 0, 0);
  if (target.top >= source.bottom - 2) return downward(source, target, shift);
  if (target.bottom <= source.top + 2) return upward(source, target, shift);
  return sideways(source, target, shift);
}

function downward(source: Box, target: Box, shift: number): Curve {
  const from: Point = [clamp(middleX(source) + shift, source), source.bottom];
  const to: Point = [
    clamp(middleX(target) + shift / 2 + (from[0] < middleX(target) ? -6 : 6), target),
    target.top,
  ];
  const reach = Math.max(12, (to[1] - from[1]) * 0.5);
  return cubic(from, [from[0], from[1] + reach], [to[0], to[1] - reach], to);
}

function upward(source: Box, target: Box, shift: number): Curve {
  const onRight = middleX(source) >= middleX(target);
  const from: Point = [onRight ? source.right : source.left, middleY(source) + shift / 2];
  const to: Point = [onRight ? target.right : target.left, middleY(target) + shift / 2];
  const bulge = Math.min(64, 24 + Math.abs(shift) + Math.abs(from[1] - to[1]) * 0.1);
  const outX = onRight ? Math.max(from[0], to[0]) + bulge : Math.min(from[0], to[0]) - bulge;
  return cubic(from, [outX, from[1]], [outX, to[1]], to);
}

function sideways(source: Box, target: Box, shift: number): Curve {
  const toRight = target.left >= source.right;
  const lift = toRight ? -5 : 5;
  const from: Point = [toRight ? source.right : source.left, middleY(source) + lift];
  const to: Point = [toRight ? target.left : target.right, clampY(from[1], target)];
  if (Math.abs(from[0] - to[0]) < 60) return bezier(from, to, 0.5, 0);
  const start: Point = [middleX(source) + shift, source.top];
  const end: Point = [middleX(target) - shift, target.top];
  return cubic(start, [start[0], start[1] - 30], [end[0], end[1] - 30], end);
}

function loop(box: Box): Curve {
  const from: Point = [box.right, middleY(box) - 7];
  const to: Point = [box.right, middleY(box) + 7];
  return cubic(from, [box.right + 24, from[1] - 8], [box.right + 24, to[1] + 8], to);
}

const clamp = (x: number, box: Box): number => Math.min(Math.max(x, box.left + 9), box.right - 9);
const clampY = (y: number, box: Box): number => Math.min(Math.max(y, box.top + 6), box.bottom - 6);

function bezier(from: Point, to: Point, bendX: number, bendY: number): Curve {
  const dx = (to[0] - from[0]) * bendX;
  const dy = (to[1] - from[1]) * bendY;
  return cubic(from, [from[0] + dx, from[1] + dy], [to[0] - dx, to[1] - dy], to);
}

function cubic(from: Point, first: Point, second: Point, to: Point): Curve {
  const text = ([x, y]: Point) => `${x.toFixed(1)} ${y.toFixed(1)}`;
  const half = (axis: 0 | 1) => (from[axis] + 3 * first[axis] + 3 * second[axis] + to[axis]) / 8;
  return { path: `M${text(from)}C${text(first)} ${text(second)} ${text(to)}`, x: half(0), y: half(1) };
}
