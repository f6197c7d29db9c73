/** When heartbeats of each peer were heard lately, by whichever watched peer heard them. */

/** Seconds of the past that are shown. */
export const BEAT_SECONDS = 8;
const KEPT_MS = 10 * 60 * 1000;
const PEERS_MAX = 64;

/** Counts per second, so that its size does not grow with how fast hearts beat. */
export class Beats {
  readonly #seconds = new Map<string, Map<number, number>>();
  readonly #last = new Map<string, number[]>();

  /** @param at - the monitor's clock, ms. */
  hear(id: string, at: number): void {
    const second = Math.floor(at / 1000);
    const counts = this.#seconds.get(id) ?? new Map<number, number>();
    if (!this.#seconds.has(id) && this.#seconds.size >= PEERS_MAX) return;
    this.#seconds.set(id, counts);
    counts.set(second, (counts.get(second) ?? 0) + 1);
    const lasts = this.#last.get(id) ?? [];
    // The last of each second is enough to say how old it is at any later moment.
    if (Math.floor((lasts.at(-1) ?? 0) / 1000) === second) lasts.pop();
    lasts.push(at);
    this.#last.set(id, lasts);
    this.#forget(counts, lasts, at);
  }

  /** How many were heard in each of the seconds before `now`, oldest first. */
  perSecond(id: string, now: number): readonly number[] {
    const counts = this.#seconds.get(id);
    const end = Math.floor(now / 1000);
    return Array.from({ length: BEAT_SECONDS }, (_, place) => counts?.get(end - BEAT_SECONDS + place) ?? 0);
  }

  /** How long before `now` the last one was heard; null when none was. */
  ageMs(id: string, now: number): number | null {
    const last = this.#last.get(id)?.findLast((at) => at <= now);
    return last === undefined ? null : now - last;
  }

  #forget(counts: Map<number, number>, lasts: number[], now: number): void {
    const oldest = Math.floor((now - KEPT_MS) / 1000);
    for (const second of counts.keys()) {
      if (second >= oldest) break;
      counts.delete(second);
    }
    while ((lasts[0] ?? now) < now - KEPT_MS && lasts.length > 1) lasts.shift();
  }
}

const BARS = '▁▂▃▄▅▆▇█';

/** One sign per second; a space for a second without any. */
export function sparkline(counts: readonly number[]): string {
  const most = Math.max(1, ...counts);
  return counts
    .map((count) => (count === 0 ? ' ' : (BARS[Math.ceil((count / most) * BARS.length) - 1] ?? ' ')))
    .join('');
}
