/**
 * A trace, read into what panes ask for. It only grows; whatever it answers about a place is a function of the lines before
 * that place, so scrubbing never runs anything again.
 */
import { byId } from '../../page/order.js';
import type { PeerId, TraceEvent } from '../contract.js';
import type { Bar, Lamp, Mark, Reign, StepKind } from './bands.js';
import { createReader, type Entry, type Header, type TimingName } from './entry.js';
import type { Flight } from './flight.js';
import { createFlights, isRoutine } from './flights.js';
import { fold } from './fold.js';
import { type Break, createLamps } from './lamps.js';
import { placeAbove } from './search.js';
import { createTimeline, type Stop } from './timeline.js';
import { createTracks } from './tracks.js';
import { type Aloft, type Core, NO_CORE, type PeerFace, type Place, type World } from './world.js';

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
  /** How long a peer may be silent before it is doubted, say, ms; null where the trace does not tell. */
  readonly timing: (name: TimingName) => number | null;
  /** Traces of several peers: by how much a receive was moved at most, so that none comes before its send, ms; null for one clock. */
  readonly adjustedMs: number | null;

  readonly at: (index: number) => Entry | undefined;
  /** The place in which all events up to `ms` have happened. */
  readonly placeAt: (ms: number) => Place;
  readonly worldAt: (place: Place) => World;
  readonly lampsAt: (place: Place) => readonly Lamp[];
  /** The first event that broke each lamp that is broken, in order. */
  readonly breaks: readonly Break[];
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
  /** Lamport's number of an event that is a stop: its place in the logical order; null for others. */
  readonly lamportOf: (index: number) => number | null;
  /** The next event of a kind after `index`, or the one before it. */
  readonly next: (kind: StepKind, index: number, direction: 1 | -1) => number | null;
  /** Until when nothing but heartbeats happens; `ms` itself when something is under way. */
  readonly quietUntil: (ms: number) => number;
  /** The event of a record's number, `s`, of one peer's trace or of the whole. */
  readonly byNumber: (number: number, peer: PeerId) => Entry | undefined;

  /** When `observer` last received anything of `subject`, up to a place, ms; null when it never did. */
  readonly heardAt: (observer: PeerId, subject: PeerId, index: number) => number | null;

  /** Takes lines in, in order; what is no record is counted, not thrown. An event earlier than the last is told to be at its time. */
  readonly append: (lines: readonly string[]) => void;
  /** The same of records that were read before; they stay as they are. */
  readonly take: (events: readonly TraceEvent[]) => void;
  /** Nothing else happens up to `ms`. */
  readonly reach: (ms: number) => void;
}

export interface HistoryOptions {
  readonly adjustedMs?: number | undefined;
}

const same = (value: number): number => value;

export function createHistory({ adjustedMs }: HistoryOptions = {}): History {
  const entries: Entry[] = [];
  const read = createReader();
  const flights = createFlights();
  const timeline = createTimeline();
  const lamps = createLamps();
  const tracks = createTracks((index) => entries[index]);
  /** Every core there was, with the event that made it. */
  const cores: { readonly index: number; readonly core: Core }[] = [];
  const numbers = new Map<number, number>();
  const telling = new Set<PeerId>();
  let header: Header | null = null;
  let head = NO_CORE;
  let reachedMs = 0;
  let lines = 0;
  let refusals: Refusals = { count: 0, first: null };

  const takeOne = (event: TraceEvent) => {
    const t = Math.max(event.t, entries.at(-1)?.t ?? Number.NEGATIVE_INFINITY);
    const entry: Entry = { ...event, t, index: entries.length };
    entries.push(entry);
    numbers.set(entry.s, entry.index);
    if (entry.k === 'status') telling.add(entry.p);
    const flight = flights.note(entry);
    const before = head;
    head = fold(before, entry, telling.has(entry.p));
    if (head !== before) cores.push({ index: entry.index, core: head });
    tracks.note(entry);
    timeline.note(before, head, entry, flight);
    lamps.note(head, entry);
  };

  const begin = (first: Header) => {
    header = first;
    head = { ...head, ids: [...new Set([...head.ids, ...first.members])].sort(byId) };
    cores.push({ index: entries.length - 1, core: head });
  };
  const coreAt = (index: number): Core =>
    cores[placeAbove(cores, index, (one) => one.index) - 1]?.core ?? NO_CORE;
  const worldAt = ({ index: wanted, ms }: Place): World => {
    const index = Math.min(wanted, entries.length - 1);
    const core = coreAt(index);
    const peers: Record<PeerId, PeerFace> = {};
    for (const id of core.ids) {
      const peer = core.peers[id];
      if (peer !== undefined) peers[id] = tracks.faceOf(peer, index);
    }
    return {
      ...core,
      peers,
      place: { index, ms },
      aloft: flights.aloft(index, ms).map(aloftOf),
      said: flights.saidBy(index),
      lost: flights.lostBy(index),
      elections: placeAbove(timeline.elections, index, same),
    };
  };

  const flightsIn = (from: number, to: number): readonly Flight[] => flights.between(from, to);
  const next: History['next'] = (kind, index, direction) => {
    const stops = timeline.stops[kind];
    const above = placeAbove(stops, direction === 1 ? index : index - 1, same);
    return stops[direction === 1 ? above : above - 1] ?? null;
  };
  const quietUntil = (ms: number): number => {
    const isBusy = flightsIn(ms, ms).some(({ type, load }) => !isRoutine(type, load));
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
    timing: (name) => header?.timings[name] ?? null,
    adjustedMs: adjustedMs ?? null,
    at: (index) => entries[index],
    placeAt: (ms) => ({ index: placeAbove(entries, ms, ({ t }) => t) - 1, ms }),
    worldAt,
    lampsAt: (place) => lamps.at(place, worldAt(place)),
    breaks: lamps.breaks,
    flights: flights.all,
    flight: flights.find,
    flightOf: flights.ofEvent,
    flightsIn,
    bars: (peer) => timeline.bars.get(peer) ?? [],
    reigns: timeline.reigns,
    marks: timeline.marks,
    stops: (kind) => timeline.stops[kind],
    lamportOf: (index) => timeline.lamport.get(index) ?? null,
    next,
    quietUntil,
    byNumber: (number) => entries[numbers.get(number) ?? -1],
    heardAt: tracks.heardAt,
    append: (added) => {
      for (const text of added) {
        lines += 1;
        if (text.trim() === '') continue;
        const line = read(text);
        if (line.kind === 'refused') {
          const earliest = refusals.first ?? { line: lines, why: line.why };
          refusals = { count: refusals.count + 1, first: earliest };
        } else if (line.kind === 'header') {
          if (header === null) begin(line.header);
        } else takeOne(line.event);
      }
    },
    take: (events) => {
      for (const event of events) takeOne(event);
    },
    reach: (ms) => {
      if (Number.isFinite(ms)) reachedMs = Math.max(reachedMs, ms);
    },
  };
}

const aloftOf = ({ id, from, to, type, sentAt, due }: Flight): Aloft => ({ id, from, to, type, sentAt, due });
