/**
 * Moments that somebody has marked. A mark hangs on a record of a peer, not on a time: live, traces are merged anew again and
 * again, clocks are set a little better each time, and among events of one moment it is one that was meant.
 */
import { type Accessor, createMemo, createSignal } from 'solid-js';
import type { TraceEvent } from './contract.js';
import type { Entry, History, Place } from './history/index.js';

export interface Bookmark {
  /** Where it is now; null when what it hangs on is no longer kept. */
  readonly place: Place | null;
  readonly words: string;
  /** Told by the trace itself: it was saved with it, and stays in it. */
  readonly isSaved: boolean;
  /** Its number among those made here; of a saved one its event. */
  readonly key: number;
}

export interface Bookmarks {
  /** In the order of their times; those that are no longer kept come first. */
  readonly bookmarks: Accessor<readonly Bookmark[]>;
  /** Marks the playhead. @param words - default: `Mark 1`, and so on. False when there is no event to hang it on, or more than can be kept. */
  readonly mark: (words?: string) => boolean;
  /** Takes one back that was made here. */
  readonly unmark: (key: number) => void;
}

/** What a mark hangs on: the last record before the playhead, by what its own peer wrote. */
export interface Anchor {
  readonly key: number;
  readonly number: number;
  readonly record: Pick<Entry, 'p' | 'k' | 'a' | 'ev'>;
  /** So long after it, ms. */
  readonly afterMs: number;
  readonly words: string;
}

const MARKS_MAX = 50;
const WORDS_MAX = 200;

/** In a merged trace records are numbered anew, and keep their own number beside that. */
const ownNumberOf = ({ s, own }: Entry): number => (typeof own === 'number' ? own : s);

/** @param place - of the playhead. */
export function createBookmarks(history: Accessor<History>, place: Accessor<Place>): Bookmarks {
  const [anchors, setAnchors] = createSignal<readonly Anchor[]>([]);
  let made = 0;
  return {
    bookmarks: createMemo(() => bookmarksIn(history(), anchors())),
    mark: (words = '') => {
      const anchor = anchorAt(history(), place(), words.trim() || `Mark ${made + 1}`, made + 1);
      if (anchor === null || anchors().length >= MARKS_MAX) return false;
      made += 1;
      setAnchors((before) => [...before, anchor]);
      return true;
    },
    unmark: (key) => void setAnchors((before) => before.filter((one) => one.key !== key)),
  };
}

/** What a mark at a place hangs on; null where nothing has happened yet. */
export function anchorAt(history: History, { index, ms }: Place, words: string, key: number): Anchor | null {
  const event = history.at(index);
  if (event === undefined) return null;
  const { p, k, a, ev, t } = event;
  return {
    key,
    number: ownNumberOf(event),
    record: { p, k, ...(a !== undefined && { a }), ...(ev !== undefined && { ev }) },
    afterMs: ms - t,
    words: words.slice(0, WORDS_MAX),
  };
}

/** Those that the trace tells of, and those that hang on its records. */
export function bookmarksIn(history: History, anchors: readonly Anchor[]): readonly Bookmark[] {
  const saved = history.marks
    .filter(({ kind }) => kind === 'bookmark')
    .map(({ at, index, words }) => ({ place: { index, ms: at }, words, isSaved: true, key: index }));
  const own = anchors.map((anchor) => ({
    place: placeOf(history, anchor),
    words: anchor.words,
    isSaved: false,
    key: anchor.key,
  }));
  return [...saved, ...own].sort((one, other) => timeOf(one) - timeOf(other));
}

const timeOf = ({ place }: Bookmark): number => place?.ms ?? Number.NEGATIVE_INFINITY;

/** A peer that was started again numbers from 1 again; most likely it is another kind of record that has the number then. */
function placeOf(history: History, { number, record, afterMs }: Anchor): Place | null {
  const isIt = (entry: Entry | undefined): boolean =>
    entry !== undefined &&
    ownNumberOf(entry) === number &&
    entry.p === record.p &&
    entry.k === record.k &&
    entry.a === record.a &&
    entry.ev === record.ev;
  const direct = history.byNumber(number, record.p);
  const found = isIt(direct) ? direct : lastIn(history, isIt);
  if (found === undefined) return null;
  // Of events at one time, the one it was made at; later, whatever has happened by then.
  return afterMs === 0 ? { index: found.index, ms: found.t } : history.placeAt(found.t + afterMs);
}

function lastIn(history: History, isIt: (entry: Entry | undefined) => boolean): Entry | undefined {
  for (let index = history.length - 1; index >= 0; index -= 1)
    if (isIt(history.at(index))) return history.at(index);
  return undefined;
}

/** The marks made here as records, each to stand behind the event at its index. */
export function recordsOf(
  bookmarks: readonly Bookmark[],
  firstNumber: number,
): readonly { readonly after: number; readonly record: TraceEvent }[] {
  const kept = bookmarks.flatMap(({ place, isSaved, words }) =>
    place === null || isSaved ? [] : [{ place, words }],
  );
  return kept.map(({ place, words }, count) => ({
    after: place.index,
    record: { s: firstNumber + count, t: place.ms, p: '', k: 'mark', words },
  }));
}
