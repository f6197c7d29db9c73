/**
 * A trace, read into what panes ask for. It only grows; whatever it answers about a place is a function of the lines before
 * that place, so scrubbing never runs anything again.
 */
import { byId } from '../../page/order.js';
import type { PeerId } from '../contract.js';
import type { Bar, Lamp, Mark, Reign, StepKind } from './bands.js';
import { createReader, type Entry, type Header, killedBy } from './entry.js';
import type { Flight } from './flight.js';
import { createFlights, isRoutine } from './flights.js';
import { fold } from './fold.js';
import { createLamps } from './lamps.js';
import { createTimeline, type Stop } from './timeline.js';
import { NO_WORLD, type Place, type World } from './world.js';

/** Worlds kept on the way: between two of them a place is reached by folding at most so many events. */
const KEYFRAME_EVERY = 256;

export interface Refusals {
  readonly count: number;
  /** The first of them: its number among all lines, from 1, and what is wrong with it. */
  readonly first: { readonly line: number; readonly why: string } | null;
}

export interface History {
  readonly header: Header | null;
  /** How many events there are. */
  readonly length: number;
  readonly startMs: number;
  /** So far it is known what happened, ms: the last event, or where the engine has got to. */
  readonly endMs: number;
  /** Everybody the trace names, in order of rank, the lowest first. */
  readonly ids: readonly PeerId[];
  readonly refusals: Refusals;
  /** Traces of several peers: by how much a receive was moved at most, so that none comes before its send, ms; null for one clock. */
  readonly adjustedMs: number | null;

  readonly at: (index: number) => Entry | undefined;
  /** The place in which all events up to `ms` have happened. */
  readonly placeAt: (ms: number) => Place;
  readonly worldAt: (place: Place) => World;
  readonly lampsAt: (place: Place) => readonly Lamp[];
  /** In the order of sending. */
  readonly flights: readonly Flight[];
  readonly flight: (id: string) => Flight | undefined;
  /** Of a send, a receive or a loss. */
  readonly flightOf: (index: number) => Flight | undefined;
  /** Those that are under way at some time between the two, ms. */
  readonly flightsIn: (from: number, to: number) => readonly Flight[];
  readonly bars: (peer: PeerId) => readonly Bar[];
  readonly reigns: readonly Reign[];
  readonly marks: readonly Mark[];
  /** Indices of the events of a kind, ascending. */
  readonly stops: (kind: Stop) => readonly number[];
  /** The next event of a kind after `index`, or the one before it. */
  readonly next: (kind: StepKind, index: number, direction: 1 | -1) => number | null;
  /** Until when nothing but heartbeats happens; `ms` itself when something is under way. */
  readonly quietUntil: (ms: number) => number;
  /** The event of a record's number, `s`, of one peer's trace or of the whole. */
  readonly byNumber: (number: number, peer: PeerId) => Entry | undefined;

  /** Takes lines in, in order; what is no record is counted, not thrown. An event earlier than the last is told to be at its time. */
  readonly append: (lines: readonly string[]) => void;
  /** Nothing else happens up to `ms`. */
  readonly reach: (ms: number) => void;
}

export interface HistoryOptions {
  readonly adjustedMs?: number | undefined;
}

/** The first place whose value is above `value`, in an ascending list. */
export function placeAbove<Item>(list: readonly Item[], value: number, of: (item: Item) => number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const item = list[middle];
    if (item !== undefined && of(item) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

const same = (value: number): number => value;

export function createHistory({ adjustedMs }: HistoryOptions = {}): History {
  const entries: Entry[] = [];
  const read = createReader();
  const flights = createFlights();
  const timeline = createTimeline();
  const lamps = createLamps();
  const keyframes: World[] = [];
  const numbers = new Map<number, number>();
  const telling = new Map<PeerId, number>();
  /** Unnamed messages that ended with a process, by the event that ended it. */
  const broken = new Map<number, readonly string[]>();
  let header: Header | null = null;
  let first = NO_WORLD;
  let head = first;
  let recent = NO_WORLD;
  let reachedMs = 0;
  let lines = 0;
  let refusals: Refusals = { count: 0, first: null };

  const meaningOf = (entry: Entry) => ({
    flight: flights.ofEvent(entry.index),
    broken: broken.get(entry.index) ?? [],
    tellsStatus: (telling.get(entry.p) ?? Number.POSITIVE_INFINITY) <= entry.index,
  });
  const noteBreaks = (entry: Entry) => {
    const peer = killedBy(entry);
    if (peer === undefined) return;
    const flown = flights.breakOff(peer, entry).map(({ id }) => id);
    if (flown.length > 0) broken.set(entry.index, flown);
  };
  const take = (entry: Entry) => {
    entries.push(entry);
    numbers.set(entry.s, entry.index);
    if (entry.k === 'status' && !telling.has(entry.p)) telling.set(entry.p, entry.index);
    flights.note(entry);
    noteBreaks(entry);
    const before = head;
    const meaning = meaningOf(entry);
    head = fold(before, entry, meaning);
    timeline.note(before, head, entry, meaning.flight);
    lamps.note(head, entry);
    if (entry.index % KEYFRAME_EVERY === 0) keyframes.push(head);
  };

  const worldAt = (place: Place): World => {
    const index = Math.min(place.index, entries.length - 1);
    if (index < 0) return { ...first, place };
    const keyframe = keyframes[Math.floor(index / KEYFRAME_EVERY)] ?? first;
    const isNear = recent.place.index <= index && recent.place.index > keyframe.place.index;
    let world = isNear ? recent : keyframe;
    for (let next = world.place.index + 1; next <= index; next++) {
      const entry = entries[next];
      if (entry === undefined) break;
      world = fold(world, entry, meaningOf(entry));
    }
    recent = world;
    return { ...world, place: { index, ms: place.ms } };
  };

  const flightsIn = (from: number, to: number): readonly Flight[] => {
    const first = placeAbove(flights.all, from - flights.longestMs() - 0.001, ({ sentAt }) => sentAt);
    const end = placeAbove(flights.all, to, ({ sentAt }) => sentAt);
    return flights.all
      .slice(first, end)
      .filter(({ endAt, sentAt, fate }) => (endAt ?? (fate === 'under way' ? to : sentAt)) >= from);
  };
  const next: History['next'] = (kind, index, direction) => {
    const stops = timeline.stops[kind];
    const above = placeAbove(stops, direction === 1 ? index : index - 1, same);
    return stops[direction === 1 ? above : above - 1] ?? null;
  };
  const quietUntil = (ms: number): number => {
    const isBusy = flightsIn(ms, ms).some(
      ({ type, load, fate, sentAt }) => !isRoutine(type, load) && fate !== 'silent' && sentAt <= ms,
    );
    if (isBusy) return ms;
    const place = placeAbove(entries, ms, ({ t }) => t) - 1;
    const following = next('event', place, 1);
    return following === null ? Math.max(ms, endMs()) : (entries[following]?.t ?? ms);
  };
  const endMs = () => Math.max(reachedMs, entries.at(-1)?.t ?? 0);

  return {
    get header() {
      return header;
    },
    get length() {
      return entries.length;
    },
    get startMs() {
      return entries[0]?.t ?? 0;
    },
    get endMs() {
      return endMs();
    },
    get ids() {
      return head.ids;
    },
    get refusals() {
      return refusals;
    },
    adjustedMs: adjustedMs ?? null,
    at: (index) => entries[index],
    placeAt: (ms) => ({ index: placeAbove(entries, ms, ({ t }) => t) - 1, ms }),
    worldAt,
    lampsAt: (place) => lamps.at(place, worldAt(place)),
    flights: flights.all,
    flight: flights.find,
    flightOf: flights.ofEvent,
    flightsIn,
    bars: (peer) => timeline.bars.get(peer) ?? [],
    reigns: timeline.reigns,
    marks: timeline.marks,
    stops: (kind) => timeline.stops[kind],
    next,
    quietUntil,
    byNumber: (number) => entries[numbers.get(number) ?? -1],
    append: (added) => {
      for (const text of added) {
        lines += 1;
        if (text.trim() === '') continue;
        const line = read(text);
        if (line.kind === 'refused') {
          const earliest = refusals.first ?? { line: lines, why: line.why };
          refusals = { count: refusals.count + 1, first: earliest };
        } else if (line.kind === 'header') {
          header ??= line.header;
          if (entries.length === 0) head = first = { ...NO_WORLD, ids: [...line.header.members].sort(byId) };
        } else {
          const t = Math.max(line.event.t, entries.at(-1)?.t ?? Number.NEGATIVE_INFINITY);
          take({ ...line.event, t, index: entries.length });
        }
      }
    },
    reach: (ms) => {
      if (Number.isFinite(ms)) reachedMs = Math.max(reachedMs, ms);
    },
  };
}
