/** Where things stand in the arena: the ring, the ladder, and the ways between. */
import { laneBetween, type Size, type Spot } from '../../page/geometry.js';
import type { Layout } from '../stage.js';

export type { Lane, Size, Spot } from '../../page/geometry.js';
export { laneBetween } from '../../page/geometry.js';

export interface Plan {
  readonly spots: ReadonlyMap<string, Spot>;
  /** The line they stand on, as an SVG path. */
  readonly line: string;
}

const RADIUS_LEAST = 10;
const RADIUS_MOST = 29;
const WORDS = 118;
const WORDS_NARROW = 100;
const NARROW = 420;
/** Room above the highest for its crown, and below the lowest for its words. */
const CROWN = 24;
const WORDS_BELOW = 46;
/** The ring is at most so much wider than high. */
const ROUND_MOST = 1.75;

/** @param ids - in order of rank, the lowest first. */
export function planOf(ids: readonly string[], size: Size, layout: Layout): Plan {
  return layout === 'ring' ? ringOf(ids, size) : ladderOf(ids, size);
}

/** Rank matters in Bully: the highest id stands at twelve o'clock, the others follow clockwise from the lowest. */
function ringOf(ids: readonly string[], { width, height }: Size): Plan {
  const count = Math.max(1, ids.length);
  const words = width < NARROW ? WORDS_NARROW : WORDS;
  const crowd = ((Math.min(width - 2 * words, height * 1.6) + height) / 4) * (Math.PI / count) * 0.72;
  const disc = Math.max(RADIUS_LEAST, Math.min(RADIUS_MOST, height / 9, width / 14, crowd));
  const angles = ids.map((_, rank) => (((rank + 1) % count) / count) * 2 * Math.PI - Math.PI / 2);
  // At least so low that the ring itself is not cut off.
  const lowest = Math.max(0.8, ...angles.map(Math.sin));
  const top = disc + CROWN;
  const acrossY = Math.max(40, (height - top - disc - (lowest > 0.95 ? WORDS_BELOW : 20)) / (1 + lowest));
  const acrossX = Math.max(40, Math.min(width / 2 - disc - words, acrossY * ROUND_MOST));
  const [centreX, centreY] = [width / 2, top + acrossY];
  const spots = new Map<string, Spot>();
  ids.forEach((id, rank) => {
    const angle = angles[rank] ?? 0;
    const [outX, outY] = [Math.cos(angle), Math.sin(angle)];
    const radius = disc * (0.82 + (0.18 * (rank + 1)) / count);
    spots.set(id, { x: centreX + acrossX * outX, y: centreY + acrossY * outY, radius, outX, outY });
  });
  const line = `M${centreX - acrossX} ${centreY}a${acrossX} ${acrossY} 0 1 0 ${2 * acrossX} 0a${acrossX} ${acrossY} 0 1 0 ${-2 * acrossX} 0`;
  return { spots, line };
}

/** Ids by height, the highest on top, along a bow: so no way between two of them leads through a third. */
function ladderOf(ids: readonly string[], { width, height }: Size): Plan {
  const count = Math.max(1, ids.length);
  const words = width < NARROW ? WORDS_NARROW : WORDS;
  const disc = Math.max(RADIUS_LEAST, Math.min(RADIUS_MOST, (height / count) * 0.34, width / 12));
  const top = disc + 18;
  const reach = height - 2 * top;
  const bow = Math.max(30, Math.min(width - 2 * words - 2 * disc, reach));
  const left = (width - bow) / 2;
  const at = (rank: number) => (count === 1 ? 0.5 : 1 - rank / (count - 1));
  const spots = new Map<string, Spot>();
  ids.forEach((id, rank) => {
    const way = at(rank);
    spots.set(id, {
      x: left + bow * (1 - (2 * way - 1) ** 2),
      y: top + reach * way,
      radius: disc * (0.82 + (0.18 * (rank + 1)) / count),
      // Words stand outside the bow: what is said passes within.
      outX: Math.abs(2 * way - 1) > 0.7 ? -1 : 1,
      outY: 0,
    });
  });
  const end = top + reach;
  // A parabola through both ends and the middle.
  return { spots, line: `M${left} ${top}Q${left + 2 * bow} ${(top + end) / 2} ${left} ${end}` };
}

/** A point between the ends of a lane; 0 is where it begins. */
export function alongLane(
  from: Spot,
  to: Spot,
  progress: number,
): { readonly x: number; readonly y: number } {
  const lane = laneBetween(from, to);
  return {
    x: lane.fromX + (lane.toX - lane.fromX) * progress,
    y: lane.fromY + (lane.toY - lane.fromY) * progress,
  };
}

type Point = readonly [number, number];

/** The convex hull of discs, as a smooth closed path with `margin` around them. */
export function hullOf(spots: readonly Spot[], margin: number): string {
  const points = spots.flatMap(({ x, y, radius }): readonly Point[] =>
    Array.from({ length: 12 }, (_, step): Point => {
      const angle = (step / 12) * 2 * Math.PI;
      return [x + (radius + margin) * Math.cos(angle), y + (radius + margin) * Math.sin(angle)];
    }),
  );
  const hull = convex(points);
  return hull.length === 0 ? '' : `M${hull.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join('L')}Z`;
}

const turn = ([ax, ay]: Point, [bx, by]: Point, [cx, cy]: Point): number =>
  (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);

/** Andrew's monotone chain. */
function convex(points: readonly Point[]): readonly Point[] {
  const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const half = (list: readonly Point[]): readonly Point[] => {
    const chain: Point[] = [];
    for (const point of list) {
      for (;;) {
        const [before, last] = [chain.at(-2), chain.at(-1)];
        if (before === undefined || last === undefined || turn(before, last, point) > 0) break;
        chain.pop();
      }
      chain.push(point);
    }
    return chain.slice(0, -1);
  };
  return [...half(sorted), ...half(sorted.toReversed())];
}

/** Whether a point lies within a drawn loop. */
export function isWithin(x: number, y: number, loop: readonly Point[]): boolean {
  let inside = false;
  loop.forEach(([ax, ay], place) => {
    const [bx, by] = loop[(place + 1) % loop.length] ?? [ax, ay];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  });
  return inside;
}
