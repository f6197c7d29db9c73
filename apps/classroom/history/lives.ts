/**
 * The records of one peer that is followed while it runs, dies and runs again. Every process numbers from 1 and begins its
 * clock at 0; here each goes on where the one before ended, so that all of them are one trace.
 */
import type { TraceEvent } from '../contract.js';
import { killedBy } from './entry.js';
import { silentEndOf } from './merging.js';

/** Takes the records that have just come, at `nowMs` of the page's clock; answers them as one trace with those before. */
export type Lives = (records: readonly TraceEvent[], nowMs: number) => readonly TraceEvent[];

export function createLives(): Lives {
  /** The last record as it was told here, and as it came; the last that says what its chart `peer` is in. */
  let last: TraceEvent | undefined;
  let raw: TraceEvent | undefined;
  let life: TraceEvent | undefined;
  /** It has told itself that it is being killed. */
  let isKilled = false;
  let heardAt = 0;
  let [aheadMs, numbers] = [0, 0];

  /** What came with it began earlier, for its newest is of now. */
  const begin = (first: TraceEvent, newest: TraceEvent, before: TraceEvent, nowMs: number) => {
    const end = isKilled ? null : silentEndOf(before, life?.st ?? '');
    isKilled = false;
    const passedMs = nowMs - heardAt - (newest.t - first.t);
    numbers = (end ?? before).s;
    aheadMs = before.t + Math.max(1, passedMs) - first.t;
    return end === null ? [] : [end];
  };
  const shifted = (event: TraceEvent): TraceEvent => {
    if (numbers === 0) return event;
    const { s, t, c, due } = event;
    return {
      ...event,
      s: s + numbers,
      t: t + aheadMs,
      ...(c !== undefined && { c: c + numbers }),
      ...(typeof due === 'number' && { due: due + aheadMs }),
    };
  };
  return (records, nowMs) => {
    const told = records.flatMap((event): readonly TraceEvent[] => {
      const isAnother = raw !== undefined && event.k !== 'gap' && event.s <= raw.s && event.t < raw.t;
      const end = isAnother && last !== undefined ? begin(event, records.at(-1) ?? event, last, nowMs) : [];
      const one = shifted(event);
      if (event.k !== 'gap') {
        raw = event;
        last = one;
      }
      if (killedBy(event) === event.p) isKilled = true;
      if (event.a === 'peer' && event.st !== undefined) life = event;
      return [...end, one];
    });
    heardAt = nowMs;
    return told;
  };
}
