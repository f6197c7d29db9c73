/**
 * Arrivals: how regularly a member is heard, and how long its silence may last before it means something.
 *
 * The φ-accrual detector (Hayashibara, Défago, Yared & Katayama 2004) asks how unlikely a silence is after the gaps seen
 * so far, taken as normally distributed. Asked the other way round it is a time-out: the silence at which φ reaches its
 * threshold. Then it can be compared with a count of ticks, like a fixed one.
 */

/** Gaps that are remembered. */
export const GAPS_MAX = 100;
/** As many as this tell nothing yet. */
const GAPS_MIN = 10;
/** Standard deviations at which a later arrival has a chance of 10⁻⁸: φ = 8. */
const DEVIATIONS = 5.612;
/** A member that was very irregular may not be silent for ever. */
const STRETCH_MAX = 8;

export const withGap = (gapsMs: readonly number[], gapMs: number): readonly number[] => [
  ...gapsMs.slice(1 - GAPS_MAX),
  gapMs,
];

/** How long a silence may last, ms: never less than `floorMs`, nor more than eight times that. */
export function toleranceOf(gapsMs: readonly number[], floorMs: number): number {
  if (gapsMs.length < GAPS_MIN) return floorMs;
  const mean = gapsMs.reduce((sum, gap) => sum + gap, 0) / gapsMs.length;
  const variance = gapsMs.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gapsMs.length;
  const tolerance = mean + DEVIATIONS * Math.sqrt(variance);
  return Math.min(STRETCH_MAX * floorMs, Math.max(floorMs, tolerance));
}
