/**
 * Traces of several peers, each by its own clock, made one. Clocks are set by what the peers said to each other; where that is
 * not enough, a receive is moved behind its send, and how far at most is told.
 */
import type { PeerId, TraceEvent } from '../contract.js';
import { type Correspondence, correspondencesOf, type Pairing, pair } from './clock-offsets.js';
import { createReader } from './entry.js';
import { createHistory, type History, type Refusals } from './history.js';

export interface Merged {
  readonly lines: readonly string[];
  /** By how much a receive was moved at most, ms. */
  readonly adjustedMs: number;
  /** How much each peer's clock is ahead of the first one's, ms. */
  readonly offsets: ReadonlyMap<PeerId, number>;
  /** Peers that spoke with none of the others, so that nothing tells how their clocks stand. */
  readonly unrelated: readonly PeerId[];
  readonly refusals: Refusals;
}

interface Track {
  readonly peer: PeerId;
  readonly events: readonly TraceEvent[];
  readonly letters: ReadonlyMap<PeerId, Correspondence>;
}

/** @param traces - lines of one peer each, headers and all. A single trace keeps its own clock. */
export function mergeTraces(traces: readonly (readonly string[])[]): Merged {
  const { byPeer, members, refusals } = readTraces(traces);
  const { header, events, zeroMs: _, ...merged } = merge(byPeer, members);
  return { ...merged, refusals, lines: [header, ...events.map((event) => JSON.stringify(event))] };
}

/** The same, as a history. */
export function historyOf(traces: readonly (readonly string[])[]): History & { readonly merged: Merged } {
  const merged = mergeTraces(traces);
  const history = createHistory({ adjustedMs: traces.length > 1 ? merged.adjustedMs : undefined });
  history.append(merged.lines);
  return Object.assign(history, { merged });
}

/** How the clocks of peers stand, and what is 0 on the page's: both by that of whichever peer came first. */
export interface Clocks {
  readonly offsets: ReadonlyMap<PeerId, number>;
  readonly zeroMs: number;
}

/**
 * The same of records that were read before: whoever merges again and again need not read everything again, nor write it.
 *
 * @param isOver - whether a list may be taken to have ended, by its place; one that is only slow has not.
 * @param before - the clocks of the last time, so that a moment keeps its time while old records go.
 */
export function historyOfRecords(
  records: readonly (readonly TraceEvent[])[],
  isOver: (place: number) => boolean,
  before?: Clocks | undefined,
): { readonly history: History; readonly clocks: Clocks } {
  const byPeer = new Map<PeerId, TraceEvent[]>();
  for (const list of records) sortIn(byPeer, list);
  const members = [...byPeer.keys()].filter((id) => id !== '');
  const goingOn = new Set(records.flatMap((list, place) => (isOver(place) ? [] : (list.at(-1)?.p ?? []))));
  const { header, events, adjustedMs, ...clocks } = merge(byPeer, members, goingOn, before);
  const history = createHistory({ adjustedMs: byPeer.size > 1 ? adjustedMs : undefined });
  history.append([header]);
  history.take(events);
  return { history, clocks };
}

function sortIn(byPeer: Map<PeerId, TraceEvent[]>, list: readonly TraceEvent[]): void {
  for (const event of list) {
    const events = byPeer.get(event.p) ?? [];
    byPeer.set(event.p, events);
    events.push(event);
  }
}

/** @param goingOn - peers whose traces have no end yet, however late they are. */
function merge(
  byPeer: ReadonlyMap<PeerId, readonly TraceEvent[]>,
  members: readonly PeerId[],
  goingOn: ReadonlySet<PeerId> = new Set(),
  before?: Clocks | undefined,
) {
  const tracks = [...byPeer].map(
    ([peer, events]): Track => ({ peer, events, letters: correspondencesOf(events) }),
  );
  const pairings = pairingsOf(tracks);
  const offsets = offsetsOf(tracks, pairings, before?.offsets ?? new Map(), goingOn);
  const unrelated = tracks.map(({ peer }) => peer).filter((peer) => !offsets.has(peer));
  const whole = tracks.map((track) => (goingOn.has(track.peer) ? track : withEnd(track, tracks, offsets)));
  const { events, adjustedMs, zeroMs } = woven(
    whole,
    offsets,
    lettersOf(tracks, before === undefined ? pairings : pairings.filter(agrees(offsets))),
    before?.zeroMs,
  );
  const header = JSON.stringify({ v: 1, kind: 'header', source: 'peers', members, machines: {}, config: {} });
  return { header, events, adjustedMs, offsets, zeroMs, unrelated };
}

function readTraces(traces: readonly (readonly string[])[]) {
  const members = new Set<PeerId>();
  let refusals: Refusals = { count: 0, first: null };
  const byPeer = new Map<PeerId, TraceEvent[]>();
  for (const lines of traces) {
    const read = createReader();
    const events: TraceEvent[] = [];
    lines.forEach((text, number) => {
      if (text.trim() === '') return;
      const line = read(text);
      if (line.kind === 'header') for (const id of line.header.members) members.add(id);
      else if (line.kind === 'refused')
        refusals = {
          count: refusals.count + 1,
          first: refusals.first ?? { line: number + 1, why: line.why },
        };
      else events.push(line.event);
    });
    sortIn(byPeer, events);
  }
  return {
    byPeer,
    members: [...new Set([...members, ...byPeer.keys()])].filter((id) => id !== ''),
    refusals,
  };
}

interface Known {
  readonly one: Track;
  readonly other: Track;
  readonly pairing: Pairing;
}

function pairingsOf(tracks: readonly Track[]): readonly Known[] {
  return tracks.flatMap((one, place) =>
    tracks.slice(place + 1).flatMap((other): readonly Known[] => {
      const [mine, yours] = [one.letters.get(other.peer), other.letters.get(one.peer)];
      const pairing = mine === undefined || yours === undefined ? undefined : pair(mine, yours);
      return pairing === undefined ? [] : [{ one, other, pairing }];
    }),
  );
}

const weightOf = ({ pairing }: Known): number => pairing.there.length + pairing.back.length;

/**
 * From one peer on, along the pairs that have said most to each other. Where all stood before is known, whose trace has ended
 * stands as it did: by now it may have nothing in common with the others' records.
 */
function offsetsOf(
  tracks: readonly Track[],
  pairings: readonly Known[],
  before: ReadonlyMap<PeerId, number>,
  goingOn: ReadonlySet<PeerId>,
): ReadonlyMap<PeerId, number> {
  const offsets = new Map<PeerId, number>();
  const isFixed = (peer: PeerId) => before.has(peer) && !goingOn.has(peer);
  const stand = ({ peer }: Track) => offsets.set(peer, before.get(peer) ?? 0);
  const known = tracks.filter(({ peer }) => before.has(peer));
  const first = known.find(({ peer }) => !isFixed(peer)) ?? known[0] ?? tracks[0];
  if (first === undefined) return offsets;
  stand(first);
  const usable = pairings
    .filter(({ one, other }) => !isFixed(one.peer) && !isFixed(other.peer))
    .sort((a, b) => weightOf(b) - weightOf(a));
  for (;;) {
    const edge = usable.find(({ one, other }) => offsets.has(one.peer) !== offsets.has(other.peer));
    if (edge !== undefined) {
      const { one, other, pairing } = edge;
      const placed = offsets.get(one.peer);
      if (placed === undefined) offsets.set(one.peer, (offsets.get(other.peer) ?? 0) - pairing.offset);
      else offsets.set(other.peer, placed + pairing.offset);
      continue;
    }
    const stray = known.find(({ peer }) => !offsets.has(peer));
    if (stray === undefined) return offsets;
    stand(stray);
  }
}

/** A matching by which clocks would stand so differently, ms, was one of messages that only look alike. */
const CONTRADICTION_MS = 500;

const agrees =
  (offsets: ReadonlyMap<PeerId, number>) =>
  ({ one, other, pairing }: Known): boolean =>
    Math.abs((offsets.get(other.peer) ?? 0) - (offsets.get(one.peer) ?? 0) - pairing.offset) <
    CONTRADICTION_MS;

interface Sender {
  readonly peer: PeerId;
  readonly place: number;
  /** The message's, from now on. */
  readonly name: string;
}

/** What is known of the messages of each peer, by the places of its events. */
interface Letters {
  readonly senders: ReadonlyMap<PeerId, ReadonlyMap<number, Sender>>;
  readonly names: ReadonlyMap<PeerId, ReadonlyMap<number, string>>;
}

function lettersOf(tracks: readonly Track[], pairings: readonly Known[]): Letters {
  const senders = new Map(tracks.map(({ peer }) => [peer, new Map<number, Sender>()]));
  const names = new Map(tracks.map(({ peer }) => [peer, new Map<number, string>()]));
  const note = (from: Track, to: Track, places: Pairing['there']) => {
    for (const [sent, received] of places) {
      const name = `${from.peer}>${to.peer}#${sent}`;
      names.get(from.peer)?.set(sent, name);
      senders.get(to.peer)?.set(received, { peer: from.peer, place: sent, name });
    }
  };
  for (const { one, other, pairing } of pairings) {
    note(one, other, pairing.there);
    note(other, one, pairing.back);
  }
  return { senders, names };
}

/** A trace that ends so much earlier than the others, ms, was cut short: its peer's process ended without a word. */
const CUT_SHORT_MS = 1000;

/** So that nobody takes a peer that was killed for one that still leads. */
function withEnd(track: Track, tracks: readonly Track[], offsets: ReadonlyMap<PeerId, number>): Track {
  const endOf = ({ peer, events }: Track) => (events.at(-1)?.t ?? 0) - (offsets.get(peer) ?? 0);
  const last = track.events.at(-1);
  const isLast = Math.max(...tracks.map(endOf)) - endOf(track) < CUT_SHORT_MS;
  const life = track.events.findLast(({ k, a }) => k === 'transition' && a === 'peer')?.st ?? '';
  const end =
    last === undefined || isLast || !offsets.has(track.peer) || endsInFault(track)
      ? null
      : silentEndOf(last, life);
  return end === null ? track : { ...track, events: [...track.events, end] };
}

/**
 * What is told behind the last record of a process that has ended; null when it has said goodbye.
 *
 * @param life - the last state of its chart `peer`.
 */
export function silentEndOf({ s, t, p }: TraceEvent, life: string): TraceEvent | null {
  if (/^stop|leaving/.test(life)) return null;
  return {
    s: s + 1,
    t,
    p,
    k: 'fault',
    act: { kind: 'crash', at: 0, forMs: 0, peer: p, isPowerCut: false },
    phase: 'begin',
    words: `The trace of ${p} ends here, without a goodbye`,
  };
}

/** It tells itself why nothing follows: its process was killed, or is stopped. */
function endsInFault({ events }: Track): boolean {
  const fault = events.findLast(({ k }) => k === 'fault');
  const isSilencing = fault?.phase === 'begin' && ['crash', 'pause'].includes(fault.act?.kind ?? '');
  return isSilencing && (events.at(-1)?.t ?? 0) - fault.t < CUT_SHORT_MS;
}

/** A track, as far as it has been told. */
interface Thread {
  readonly track: Track;
  readonly offset: number;
  readonly senders: ReadonlyMap<number, Sender>;
  readonly names: ReadonlyMap<number, string>;
  /** When each event was told, and the new number of each old one. */
  readonly told: number[];
  readonly numbers: Map<number, number>;
}

/** All in one order: by the clocks, and no receive before its send. */
function woven(
  tracks: readonly Track[],
  offsets: ReadonlyMap<PeerId, number>,
  { senders, names }: Letters,
  zeroMs: number | undefined,
) {
  const threads = new Map(
    tracks.map((track): readonly [PeerId, Thread] => [
      track.peer,
      {
        track,
        offset: offsets.get(track.peer) ?? 0,
        senders: senders.get(track.peer) ?? new Map(),
        names: names.get(track.peer) ?? new Map(),
        told: [],
        numbers: new Map(),
      },
    ]),
  );
  const all = [...threads.values()];
  const events: TraceEvent[] = [];
  let adjustedMs = 0;
  let now = Number.NEGATIVE_INFINITY;
  /** Unless it is known, the clock of the page begins at 0. */
  let start = zeroMs;
  const sentAt = ({ senders: own, told }: Thread): number | null | undefined => {
    const sender = own.get(told.length);
    return sender === undefined ? null : threads.get(sender.peer)?.told[sender.place];
  };
  for (;;) {
    const thread = earliest(all, (one) => sentAt(one) !== undefined);
    if (thread === undefined) break;
    const place = thread.told.length;
    const event = thread.track.events[place];
    if (event === undefined) break;
    const clock = event.t - thread.offset;
    const least = sentAt(thread) ?? clock;
    if (least > clock) adjustedMs = Math.max(adjustedMs, least - clock);
    now = Math.max(now, clock, least);
    start ??= now;
    thread.told.push(now);
    thread.numbers.set(event.s, events.length + 1);
    const cause = event.c === undefined ? undefined : thread.numbers.get(event.c);
    const name = thread.senders.get(place)?.name ?? thread.names.get(place);
    events.push({
      ...event,
      s: events.length + 1,
      t: Math.round((now - start) * 1000) / 1000,
      // Its number in its own peer's trace: by that it is found again when all of it is merged anew.
      own: event.s,
      // Names and causes are those of the merged trace, or none.
      c: cause,
      m: name,
    } as TraceEvent);
  }
  return { events, zeroMs: start ?? 0, adjustedMs: Math.round(adjustedMs * 1000) / 1000 };
}

/** Whose next event comes first. Where everybody waits for another the matching was wrong somewhere: the earliest goes on. */
function earliest(threads: readonly Thread[], isFree: (thread: Thread) => boolean): Thread | undefined {
  let best: Thread | undefined;
  let bestAt = Number.POSITIVE_INFINITY;
  let isBestFree = false;
  for (const thread of threads) {
    const next = thread.track.events[thread.told.length];
    if (next === undefined) continue;
    const [at, free] = [next.t - thread.offset, isFree(thread)];
    if (isBestFree && !free) continue;
    if (best !== undefined && free === isBestFree && at >= bestAt) continue;
    best = thread;
    bestAt = at;
    isBestFree = free;
  }
  return best;
}
