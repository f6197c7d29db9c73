/** Going from state to state by arrow keys. */
import { kindOfSign } from './chart-signs.js';
import type { Layout, Rectangle } from './chart-source.js';

const middle = ([x, y, width, height]: Rectangle): readonly [number, number] => [
  x + width / 2,
  y + height / 2,
];

/**
 * The state next to `from` in one direction; `from` itself when there is none.
 *
 * @param way - of length 1, along an axis.
 */
export function nearest(layout: Layout, from: string, way: readonly [number, number]): string {
  const start = layout.boxes[from];
  if (start === undefined) return from;
  const [x, y] = middle(start);
  let [best, least] = [from, Number.POSITIVE_INFINITY];
  for (const [id, box] of Object.entries(layout.boxes)) {
    if (id === '' || id === from || kindOfSign(id) !== null) continue;
    const [dx, dy] = [middle(box)[0] - x, middle(box)[1] - y];
    const along = dx * way[0] + dy * way[1];
    const aside = Math.abs(dx * way[1]) + Math.abs(dy * way[0]);
    if (along <= 1) continue;
    // What lies aside counts double, so that a key goes where it points.
    const far = along + 2 * aside;
    if (far < least) [best, least] = [id, far];
  }
  return best;
}
