/** What is made of the raw times: medians, percentiles, and how fast all three have delivered. */

/** At `ms` a process had delivered `count` messages. */
export type Mark = readonly [ms: number, count: number];

/** The value below which `share` of them lie (nearest rank); `NaN` when there are none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** The middle one, or the mean of the middle two; `NaN` when there are none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const upper = sorted[half] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? Number.NaN) + upper) / 2;
}

/** How many messages every process had delivered at `ms`: the count of the one that was furthest behind. */
export function deliveredByAll(marksOfEach: readonly (readonly Mark[])[], ms: number): number {
  return Math.min(...marksOfEach.map((marks) => countAt(marks, ms)));
}

/** Between two marks the count is taken to have grown evenly. */
function countAt(marks: readonly Mark[], ms: number): number {
  let before: Mark = [Number.NEGATIVE_INFINITY, 0];
  for (const mark of marks) {
    if (mark[0] > ms) {
      const share = (ms - before[0]) / (mark[0] - before[0]);
      return Number.isFinite(before[0]) ? before[1] + share * (mark[1] - before[1]) : 0;
    }
    before = mark;
  }
  return before[1];
}

/**
 * Messages per second delivered by all, slice by slice.
 *
 * @param from - where the first slice begins, ms.
 * @param slices - how many there are, each of `sliceMs`.
 */
export function ratesOf(
  marksOfEach: readonly (readonly Mark[])[],
  from: number,
  slices: number,
  sliceMs: number,
): readonly number[] {
  return Array.from({ length: slices }, (_, slice) => {
    const start = from + slice * sliceMs;
    const delivered = deliveredByAll(marksOfEach, start + sliceMs) - deliveredByAll(marksOfEach, start);
    return (delivered * 1000) / sliceMs;
  });
}

/** A value measured at some moment. */
export type Point = readonly [at: number, value: number];

/** How much the values grow for each unit of time: the straight line nearest to all of them; `NaN` for fewer than two. */
export function slopeOf(points: readonly Point[]): number {
  const mean = (pick: (point: Point) => number) =>
    points.reduce((sum, point) => sum + pick(point), 0) / points.length;
  const [at, value] = [mean((point) => point[0]), mean((point) => point[1])];
  const covariance = mean((point) => (point[0] - at) * (point[1] - value));
  const variance = mean((point) => (point[0] - at) ** 2);
  return points.length < 2 ? Number.NaN : covariance / variance;
}
