/**
 * Timekeeper: the deadlines of the replicas that run here, and what is submitted when one has passed.
 *
 * A passed deadline is a submission on its replica's topic, so it stands in the log like any command. It takes effect if that
 * deadline is still set and the log's own time has reached it; so it does no harm twice, or too early, or from a stranger.
 */
import * as z from 'zod';

/** How soon a deadline that is due is submitted again, if the log does not say so by then, ms. */
const AGAIN_MS = 1000;
/** Deadlines of one replica; what is set beyond is not set. */
export const DEADLINES_MAX = 10_000;

/** What `apply` and `expire` may ask for. */
export interface TimerSetting {
  /** Setting one of the same name again moves it. */
  readonly name: string;
  /** Ms since 1970, by the time of the log; null takes it away. */
  readonly at: number | null;
}

const Passed = z.strictObject({ $timer: z.strictObject({ name: z.string(), at: z.number() }) });

/** The deadlines of one replica: part of its state. */
export class Deadlines {
  readonly #byName: Map<string, number>;

  constructor(entries: readonly (readonly [string, number])[] = []) {
    this.#byName = new Map(entries);
  }

  entries(): readonly (readonly [string, number])[] {
    return [...this.#byName];
  }

  set(settings: readonly TimerSetting[] = []): void {
    for (const { name, at } of settings) {
      if (at === null) this.#byName.delete(name);
      else if (this.#byName.has(name) || this.#byName.size < DEADLINES_MAX) this.#byName.set(name, at);
    }
  }

  /** The deadline that `payload` says has passed, if it has by `now`, the time of the log; it is not set any more then. */
  pass(payload: unknown, now: number): { readonly name: string; readonly at: number } | null {
    const passed = Passed.safeParse(payload).data?.$timer;
    if (passed === undefined || this.#byName.get(passed.name) !== passed.at || passed.at > now) return null;
    this.#byName.delete(passed.name);
    return passed;
  }
}

/** Whether a payload is the word of a coordinator about a deadline, and no command. */
export const isTimer = (payload: unknown): boolean =>
  typeof payload === 'object' && payload !== null && '$timer' in payload;

export class Timekeeper {
  readonly #wallClock: () => number;
  readonly #submit: (topic: string, payload: unknown) => void;
  readonly #tell: (inMs: number | null) => void;
  readonly #kept = new Map<string, () => Deadlines>();
  #earliest: number | null = null;

  /** @param tell - how long until somebody should look again; null when there is nothing to look for. */
  constructor(
    wallClock: () => number,
    submit: (topic: string, payload: unknown) => void,
    tell: (inMs: number | null) => void,
  ) {
    this.#wallClock = wallClock;
    this.#submit = submit;
    this.#tell = tell;
  }

  keep(topic: string, deadlines: () => Deadlines): void {
    this.#kept.set(topic, deadlines);
    this.changed();
  }

  /** Something may have been set: whoever waits for the earliest is told when that is another one. */
  changed(): void {
    const [earliest] = this.#all().map(({ at }) => at);
    if ((earliest ?? null) === this.#earliest) return;
    this.#earliest = earliest ?? null;
    this.#tell(earliest === undefined ? null : Math.max(0, earliest - this.#wallClock()));
  }

  /** This peer coordinates: what is due is submitted. */
  look(): void {
    const now = this.#wallClock();
    const due = this.#all().filter(({ at }) => at <= now);
    for (const { topic, name, at } of due) this.#submit(topic, { $timer: { name, at } });
    const next = this.#all().find(({ at }) => at > now);
    const nextMs = next === undefined ? null : next.at - now;
    this.#tell(due.length === 0 ? nextMs : Math.min(AGAIN_MS, nextMs ?? AGAIN_MS));
  }

  /** The earliest first. */
  #all(): readonly { readonly topic: string; readonly name: string; readonly at: number }[] {
    return [...this.#kept]
      .flatMap(([topic, deadlines]) =>
        deadlines()
          .entries()
          .map(([name, at]) => ({ topic, name, at })),
      )
      .sort((a, b) => a.at - b.at);
  }
}
