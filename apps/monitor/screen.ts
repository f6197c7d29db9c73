/** What is on the terminal at this moment, and what keys make of it. Drawn anew a few times a second at most, and only when something differs. */
import type { Beats } from './beats.js';
import { History, type Moment, type TimedEvent } from './history.js';
import { type Row, rowsOf } from './rows.js';
import type { Cluster, MonitorEvent } from './state.js';
import type { TreeLine } from './tree.js';

/** At most 8 drawings a second. */
const FRAME_MS = 125;
/** Heartbeats and ages move on by themselves. */
const PULSE_MS = 1000;
const EVENTS_DRAWN_MAX = 200;

/** The statechart that is shown of the selected peer. */
export interface ShownChart {
  readonly peer: string;
  readonly machine: string;
  readonly lines: readonly TreeLine[];
}

export interface Picture {
  /** When what is shown was so. */
  readonly at: number;
  readonly rows: readonly Row[];
  readonly events: readonly TimedEvent[];
  readonly moments: readonly Moment[];
  /** The moment that is shown; the newest while nothing is frozen. */
  readonly place: number;
  readonly isFrozen: boolean;
  /** Of the selected row, from 0. */
  readonly selected: number;
  readonly chart: ShownChart | null;
  /** The answer to the last key. */
  readonly note: string;
  readonly over: boolean;
}

/** Makes the chart of a peer at a moment; null when there is none to show. */
export type ChartMaker = (row: Row, cluster: Cluster) => ShownChart | null;

export class Screen {
  readonly #history = new History();
  readonly #beats: Beats;
  readonly #pulse: NodeJS.Timeout;
  #chartOf: ChartMaker | null = null;
  #frozenAt: Moment | null = null;
  #selected = 0;
  #note = '';
  #over = false;
  #picture: Picture;
  #drawnAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #onlooker: () => void = () => {};

  constructor(beats: Beats) {
    this.#beats = beats;
    this.#picture = this.#paint();
    this.#pulse = setInterval(() => {
      if (this.#frozenAt === null) this.#drawSoon();
    }, PULSE_MS);
  }

  readonly picture = (): Picture => this.#picture;

  readonly watch = (onlooker: () => void): (() => void) => {
    this.#onlooker = onlooker;
    return () => {
      this.#onlooker = () => {};
    };
  };

  happened(at: number, cluster: Cluster, events: readonly MonitorEvent[]): void {
    this.#history.add(at, cluster, events);
    if (this.#frozenAt === null) this.#drawSoon();
  }

  /** Stops the picture where it is, or lets it go on. */
  freeze(): void {
    this.#frozenAt = this.#frozenAt === null ? (this.#history.moments.at(-1) ?? null) : null;
    this.#draw();
  }

  /** Goes `steps` moments on, or back; past the newest it is live again. */
  scrub(steps: number): void {
    const { moments } = this.#history;
    const place = this.#placeOf(this.#frozenAt) + steps;
    this.#frozenAt = place >= moments.length - 1 && steps > 0 ? null : (moments[Math.max(0, place)] ?? null);
    this.#draw();
  }

  select(row: number): void {
    if (row < this.#picture.rows.length) this.#selected = row;
    this.#draw();
  }

  /** The row that keys speak of. */
  selectedRow(): Row | null {
    return this.#picture.rows[this.#selected] ?? null;
  }

  /** @param chartOf - null for none. */
  show(chartOf: ChartMaker | null): void {
    this.#chartOf = chartOf;
    this.#draw();
  }

  get hasChart(): boolean {
    return this.#chartOf !== null;
  }

  say(note: string): void {
    this.#note = note;
    this.#draw();
  }

  finish(): void {
    clearInterval(this.#pulse);
    this.#over = true;
    this.#draw();
  }

  #placeOf(moment: Moment | null): number {
    const { moments } = this.#history;
    const place = moment === null ? -1 : moments.indexOf(moment);
    // One that is not kept any more was the oldest.
    return place >= 0 ? place : moment === null ? moments.length - 1 : 0;
  }

  #paint(): Picture {
    const { moments } = this.#history;
    const place = this.#placeOf(this.#frozenAt);
    const moment = this.#frozenAt ?? moments[place];
    const at = this.#frozenAt === null ? Date.now() : this.#frozenAt.at;
    const rows = moment === undefined ? [] : rowsOf(moment.cluster, this.#beats, at);
    const row = rows[Math.min(this.#selected, rows.length - 1)];
    return {
      at,
      rows,
      events: moment === undefined ? [] : this.#history.eventsBy(moment, EVENTS_DRAWN_MAX),
      moments,
      place,
      isFrozen: this.#frozenAt !== null,
      selected: this.#selected,
      chart:
        row === undefined || moment === undefined ? null : (this.#chartOf?.(row, moment.cluster) ?? null),
      note: this.#note,
      over: this.#over,
    };
  }

  #drawSoon(): void {
    if (this.#timer !== undefined) return;
    const rest = this.#drawnAt + FRAME_MS - performance.now();
    this.#timer = setTimeout(() => this.#draw(), Math.max(0, rest));
  }

  #draw(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#drawnAt = performance.now();
    this.#picture = this.#paint();
    this.#onlooker();
  }
}
