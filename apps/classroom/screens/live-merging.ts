/**
 * Several live traces as one history: the newest records of each, merged again now and then.
 *
 * Merging looks at all of it, for later messages tell more about the clocks; so it is done no more often than it can be
 * afforded, and only as far back as somebody may want to look.
 */
import type { TraceEvent } from '../contract.js';
import {
  type Clocks,
  createHistory,
  createLives,
  createReader,
  type History,
  historyOfRecords,
  type Lives,
} from '../history/index.js';

/** Records kept of each source. */
const RECORDS_KEPT = 4000;
/** A single source's are added one by one, up to so many; then it begins anew with those that are kept. */
const SINGLE_MOST = 20_000;
/** Merging and drawing take at most about this share of the time. */
const SHARE = 0.2;
const MERGE_EVERY_MS = 700;

export interface Merger {
  add(source: number, lines: readonly string[]): void;
  /** Hands over what there is, soon: at once when there is one source alone. */
  tell(): void;
  close(): void;
}

/**
 * @param show - is handed a history when there is a newer one; while nobody can see the page, only once that has changed.
 * @param isOver - whether a source tells nothing any more.
 */
export function createMerger(show: (history: History) => void, isOver: (source: number) => boolean): Merger {
  const traces = new Map<number, readonly TraceEvent[]>();
  const lives = new Map<number, Lives>();
  /** Every line is read once, however often its record is merged. */
  const read = createReader();
  let single: History | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let costMs = 0;

  let isOwed = false;
  let clocks: Clocks | undefined;
  /** Of who tells nothing any more, what is older than all that is kept of the others: between the two nothing is known of anybody. */
  const forgetDead = ({ offsets }: Clocks) => {
    const at = (event: TraceEvent | undefined): number =>
      event === undefined ? Number.POSITIVE_INFINITY : event.t - (offsets.get(event.p) ?? 0);
    const begins = [...traces].map(([source, records]) =>
      isOver(source) ? Number.POSITIVE_INFINITY : at(records[0]),
    );
    const from = Math.min(...begins);
    for (const [source, records] of traces)
      if (isOver(source) && Number.isFinite(from) && at(records.at(-1)) < from) traces.delete(source);
  };
  const merge = () => {
    timer = undefined;
    isOwed = document.hidden;
    if (isOwed) return;
    const began = performance.now();
    const told = [...traces];
    const merged = historyOfRecords(
      told.map(([, records]) => records),
      (place) => isOver(told[place]?.[0] ?? 0),
      clocks,
    );
    clocks = merged.clocks;
    forgetDead(clocks);
    show(merged.history);
    costMs = performance.now() - began;
  };
  const tell = () => {
    isOwed = document.hidden;
    if (isOwed) return;
    if (single !== null) show(single);
    else timer ??= setTimeout(merge, Math.max(MERGE_EVERY_MS, costMs / SHARE));
  };
  const wake = () => {
    if (isOwed) tell();
  };
  document.addEventListener('visibilitychange', wake);
  return {
    add: (source, lines) => {
      const told = lives.get(source) ?? createLives();
      lives.set(source, told);
      const records = lines.map(read).flatMap((line) => (line.kind === 'entry' ? line.event : []));
      const fresh = told(records, performance.now());
      const kept = [...(traces.get(source) ?? []), ...fresh].slice(-RECORDS_KEPT);
      traces.set(source, kept);
      if (traces.size > 1) single = null;
      else if (single === null || single.length > SINGLE_MOST) {
        single = createHistory();
        single.take(kept);
      } else single.take(fresh);
    },
    tell,
    close: () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', wake);
    },
  };
}
