/** Where things are on the ring, in CSS pixels. */

export interface Spot {
  readonly x: number;
  readonly y: number;
  /** Radius of the member's disc. */
  readonly radius: number;
  /** Which way is outward, as a unit vector. */
  readonly outX: number;
  readonly outY: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

const RADIUS_LEAST = 9;
const RADIUS_MOST = 30;
/** Room for the words beside and above the discs. */
const MARGIN_X = 104;
const MARGIN_Y = 62;
/** Opposite traffic keeps to its own side of the line. */
const LANE = 6;

/** Rank matters in Bully: the highest id stands at twelve o'clock, the others follow clockwise from the lowest. */
export function placeMembers(ids: readonly string[], size: Size): ReadonlyMap<string, Spot> {
  const count = ids.length;
  const across = Math.max(44, Math.min(size.width / 2 - MARGIN_X, size.height / 2 - MARGIN_Y));
  const crowded = count > 1 ? (Math.PI * across) / count - 5 : RADIUS_MOST;
  const room = Math.max(RADIUS_LEAST, Math.min(RADIUS_MOST, crowded, across * 0.34));
  const spots = new Map<string, Spot>();
  ids.forEach((id, rank) => {
    const angle = (((rank + 1) % count) / count) * 2 * Math.PI - Math.PI / 2;
    const outX = Math.cos(angle);
    const outY = Math.sin(angle);
    const radius = room * (0.84 + (0.16 * (rank + 1)) / count);
    spots.set(id, {
      x: size.width / 2 + across * outX,
      y: size.height / 2 + across * outY,
      radius,
      outX,
      outY,
    });
  });
  return spots;
}

export interface Lane {
  readonly fromX: number;
  readonly fromY: number;
  readonly toX: number;
  readonly toY: number;
}

/** The straight way from edge to edge of two discs, on the right-hand side. */
export function laneBetween(from: Spot, to: Spot): Lane {
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  const length = Math.hypot(dx, dy) || 1;
  const alongX = dx / length;
  const alongY = dy / length;
  const start = from.radius + 8;
  const end = Math.max(start, length - to.radius - 8);
  return {
    fromX: from.x + alongX * start - alongY * LANE,
    fromY: from.y + alongY * start + alongX * LANE,
    toX: from.x + alongX * end - alongY * LANE,
    toY: from.y + alongY * end + alongX * LANE,
  };
}
