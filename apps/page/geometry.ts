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

export interface RingPlan {
  readonly spots: ReadonlyMap<string, Spot>;
  readonly centreX: number;
  readonly centreY: number;
  readonly acrossX: number;
  readonly acrossY: number;
}

const RADIUS_LEAST = 9;
const RADIUS_MOST = 31;
/** Room for the words beside the discs, and above the highest. */
const WORDS_WIDTH = 108;
const WORDS_WIDTH_NARROW = 92;
const NARROW = 420;
const WORDS_HEIGHT = 50;
const ACROSS_LEAST = 46;
/** Opposite traffic keeps to its own side of the line. */
const LANE = 6;

/** Rank matters in Bully: the highest id stands at twelve o'clock, the others follow clockwise from the lowest. */
export function placeMembers(ids: readonly string[], { width, height }: Size): RingPlan {
  const count = Math.max(1, ids.length);
  const angles = ids.map((_, rank) => (((rank + 1) % count) / count) * 2 * Math.PI - Math.PI / 2);
  // At least so low that the ring itself is not cut off.
  const lowest = Math.max(0.8, ...angles.map(Math.sin));
  const words = width < NARROW ? WORDS_WIDTH_NARROW : WORDS_WIDTH;
  const crowded = ((width - 2 * words + height) / 4) * (Math.PI / count) * 0.8;
  const disc = Math.max(RADIUS_LEAST, Math.min(RADIUS_MOST, height / 9, width / 15, crowded));

  const top = disc + WORDS_HEIGHT;
  // Members at the very bottom have their words below them, the others beside.
  const bottom = disc + (lowest > 0.95 ? WORDS_HEIGHT : 12);
  const acrossY = Math.max(ACROSS_LEAST, (height - top - bottom) / (1 + lowest));
  const acrossX = Math.max(ACROSS_LEAST, Math.min(width / 2 - disc - words, acrossY * 1.35));
  const centreX = width / 2;
  const centreY = top + acrossY;

  const spots = new Map<string, Spot>();
  ids.forEach((id, rank) => {
    const angle = angles[rank] ?? 0;
    const outX = Math.cos(angle);
    const outY = Math.sin(angle);
    const radius = disc * (0.82 + (0.18 * (rank + 1)) / count);
    spots.set(id, { x: centreX + acrossX * outX, y: centreY + acrossY * outY, radius, outX, outY });
  });
  return { spots, centreX, centreY, acrossX, acrossY };
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
