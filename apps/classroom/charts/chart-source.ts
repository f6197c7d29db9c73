/** Where a chart comes from and what belongs to it, shipped or not. */

/** Left, top, width, height. */
export type Rectangle = readonly [number, number, number, number];

/** All positions of a drawing, in pixels; nothing of what is written there. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  /** By box. */
  readonly boxes: Readonly<Record<string, Rectangle>>;
  /** By arrow. */
  readonly arrows: Readonly<Record<string, Course>>;
}

export interface Course {
  /** x and y by turns, from the source to the target. */
  readonly bends: readonly number[];
  /** Where its words begin; null when it has none. */
  readonly words: readonly [number, number] | null;
}

/** A statechart of ours, as the build ships it. */
export interface ShippedChart {
  /** XState's configuration as JSON, the same that a peer tells of. */
  readonly definition: unknown;
  readonly layout: Layout;
  /** What the header of its source says. */
  readonly header: string;
  /** The messages of the wire among its events. */
  readonly messages: readonly WireMessage[];
}

export interface WireMessage {
  readonly type: string;
  /** Its name in textbooks: `ELECTION`. */
  readonly label: string;
  readonly meaning: string;
  /** What it carries besides its type. */
  readonly fields: readonly string[];
}

/**
 * Tells whether two definitions are the same, whatever the order of their keys: an inspector of another make sorts them.
 * 53 bits (cyrb53), against accidents only: a page without TLS has no hash of its own to offer.
 */
export function fingerprintOf(definition: unknown): string {
  const text = JSON.stringify(sorted(definition)) ?? '';
  let [one, two] = [0xdeadbeef, 0x41c6ce57];
  for (let place = 0; place < text.length; place += 1) {
    const letter = text.charCodeAt(place);
    one = Math.imul(one ^ letter, 2654435761);
    two = Math.imul(two ^ letter, 1597334677);
  }
  one = Math.imul(one ^ (one >>> 16), 2246822507) ^ Math.imul(two ^ (two >>> 13), 3266489909);
  two = Math.imul(two ^ (two >>> 16), 2246822507) ^ Math.imul(one ^ (one >>> 13), 3266489909);
  return (4294967296 * (2097151 & two) + (one >>> 0)).toString(36);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}
