/** Chance as a value: the same seed draws the same numbers. */

export interface Draw {
  /** In [0, 1). */
  readonly value: number;
  /** What the next draw starts from. */
  readonly seed: number;
}

/** One number, from any seed. Source: T. Ettinger, "mulberry32", 2017; good enough to spread peers out, not for secrets. */
export function draw(seed: number): Draw {
  const next = (seed + 0x6d2b79f5) | 0;
  const first = Math.imul(next ^ (next >>> 15), next | 1);
  const second = first ^ (first + Math.imul(first ^ (first >>> 7), first | 61));
  return { value: ((second ^ (second >>> 14)) >>> 0) / 2 ** 32, seed: next };
}
