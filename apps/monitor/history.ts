/** What the monitor has seen, newest last and bounded: for scrubbing, and for the strip of who led when. */
import { leaderOf } from './rows.js';
import type { Cluster, MonitorEvent } from './state.js';

/** The cluster as it was from one moment to the next. */
export interface Moment {
  /** The monitor's clock, ms since 1970. */
  readonly at: number;
  readonly cluster: Cluster;
  readonly leader: string | null;
  /** How many events had happened by then, since the monitor began. */
  readonly events: number;
}

export interface TimedEvent extends MonitorEvent {
  readonly at: number;
  /** From 1. */
  readonly number: number;
}

const MOMENTS_MAX = 2000;
const EVENTS_MAX = 2000;

export class History {
  #moments: Moment[] = [];
  #events: TimedEvent[] = [];
  #told = 0;

  /** Takes note of the cluster as it is from `at` on, and of what has just happened. */
  add(at: number, cluster: Cluster, events: readonly MonitorEvent[]): void {
    for (const event of events) {
      this.#told += 1;
      this.#events.push({ ...event, at, number: this.#told });
    }
    const leader = leaderOf(cluster)?.id ?? null;
    this.#moments.push({ at, cluster, leader, events: this.#told });
    // Cut now and then, so that it costs nothing per moment.
    if (this.#moments.length > 2 * MOMENTS_MAX) this.#moments = this.#moments.slice(-MOMENTS_MAX);
    if (this.#events.length > 2 * EVENTS_MAX) this.#events = this.#events.slice(-EVENTS_MAX);
  }

  get moments(): readonly Moment[] {
    return this.#moments;
  }

  /** The newest `most` events that had happened by that moment, oldest first. */
  eventsBy(moment: Moment, most: number): readonly TimedEvent[] {
    const first = this.#events[0]?.number ?? 1;
    const end = moment.events - first + 1;
    return this.#events.slice(Math.max(0, end - most), Math.max(0, end));
  }
}

/** A part of the strip: so many columns long, under one leader or none. */
export interface Band {
  readonly leader: string | null;
  readonly columns: number;
}

/**
 * Who led, from the first moment to `now`, each column standing for the same time.
 *
 * @param columns - how wide the strip is, at least 1.
 */
export function bandsOf(moments: readonly Moment[], now: number, columns: number): readonly Band[] {
  const first = moments[0];
  if (first === undefined) return [];
  const width = Math.max(1, now - first.at);
  const bands: { leader: string | null; columns: number }[] = [];
  let place = 0;
  for (let column = 0; column < columns; column++) {
    const end = first.at + (width * (column + 1)) / columns;
    while ((moments[place + 1]?.at ?? Number.POSITIVE_INFINITY) <= end) place += 1;
    const leader = moments[place]?.leader ?? null;
    const last = bands.at(-1);
    if (last !== undefined && last.leader === leader) last.columns += 1;
    else bands.push({ leader, columns: 1 });
  }
  return bands;
}

/** `3━━━━`, or `·····` while nobody led; the id is there as far as there is room. */
export const bandText = ({ leader, columns }: Band): string =>
  leader === null ? '·'.repeat(columns) : leader.slice(0, columns).padEnd(columns, '━');
