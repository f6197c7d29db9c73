/** Chance, as a value: machines may not roll dice, so they carry a seed and draw from it. */

/** The next number in [0, 1) and the seed to draw the one after it from (mulberry32). */
export function draw(seed: number): { readonly value: number; readonly seed: number } {
  const next = (seed + 0x6d2b79f5) | 0;
  let bits = Math.imul(next ^ (next >>> 15), next | 1);
  bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
  return { value: ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32, seed: next };
}
