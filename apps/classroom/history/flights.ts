/**
 * Matches what was sent with what arrived. A simulator names every message; real peers do not, and there the oldest of a
 * pair and type arrives first, for a connection keeps its order.
 */
import type { PeerId } from '../contract.js';
import { type Entry, killedBy } from './entry.js';
import type { Flight } from './flight.js';
import { placeAbove } from './search.js';

/** In an unnamed trace, a message that is older than this while a younger one may be meant never arrived, ms. */
const STALE_MS = 1000;
/** Nobody waits longer for an end that real peers cannot tell, ms. */
const SILENT_MS = 5000;
/** So long it is shown on its way, ms. */
const SEEN_MS = 1000;

export interface Flights {
  /** In the order of sending. */
  readonly all: readonly Flight[];
  readonly find: (id: string) => Flight | undefined;
  /** Of a send, a receive or a loss. */
  readonly ofEvent: (index: number) => Flight | undefined;
  /** Takes an event in: a send, a receive, a loss, or the end of a process. Answers the flight as it is now, if there is one. */
  readonly note: (entry: Entry) => Flight | undefined;
  /** Under way at a place. What nobody names and nobody is heard to receive is shown for a second. */
  readonly aloft: (index: number, ms: number) => readonly Flight[];
  /** Under way at some time between the two, ms. */
  readonly between: (from: number, to: number) => readonly Flight[];
  /** Messages sent up to a place, by wire type, and how many were lost. */
  readonly saidBy: (index: number) => Readonly<Record<string, number>>;
  readonly lostBy: (index: number) => number;
}

/** A greeting is written before there is a link that could be observed sending it. */
const isGreeting = (type: string): boolean => type.startsWith('link.');

/** An APPEND that carries nothing keeps the office warm, and so does its answer. */
export const isRoutine = (type: string, load: number): boolean =>
  type === 'failure.heartbeat' ||
  ((type === 'sequencer.append' || type === 'sequencer.appended') && load === 0);

export const loadOf = ({ n }: Entry): number => (typeof n === 'number' ? n : 0);

export function createFlights(): Flights {
  const all: Flight[] = [];
  const placeOf = new Map<string, number>();
  const byEvent = new Map<number, number>();
  /** Unnamed and under way, oldest first, by pair and type. */
  const open = new Map<string, number[]>();
  const counts = new Map<string, number>();
  /** Without an end so far, by place. */
  const endless = new Set<number>();
  const said = new Map<string, number[]>();
  const losses: number[] = [];
  const unnamed = new Set<string>();
  let longestMs = 0;

  const at = (place: number | undefined): Flight | undefined =>
    place === undefined ? undefined : all[place];
  const add = (flight: Flight): number => {
    all.push(flight);
    placeOf.set(flight.id, all.length - 1);
    return all.length - 1;
  };
  const end = (place: number, ending: Pick<Flight, 'fate' | 'why' | 'endAt' | 'endIndex'>) => {
    const flight = all[place];
    if (flight === undefined) return undefined;
    const next: Flight = { ...flight, ...ending };
    all[place] = next;
    if (next.fate !== 'silent') endless.delete(place);
    if (next.fate === 'lost' && next.endIndex !== null) losses.push(next.endIndex);
    if (next.endAt !== null) longestMs = Math.max(longestMs, next.endAt - next.sentAt);
    return next;
  };
  const freshId = (from: PeerId, to: PeerId): string => {
    const pair = `${from}>${to}`;
    const number = (counts.get(pair) ?? 0) + 1;
    counts.set(pair, number);
    return `${pair}#${number}`;
  };
  const lane = (from: PeerId, to: PeerId, type: string): number[] => {
    const key = `${from}>${to} ${type}`;
    const known = open.get(key) ?? [];
    open.set(key, known);
    return known;
  };

  const sent = (entry: Entry): Flight => {
    const { p: from, to = '', ev: type = '', m, due = null, t, index } = entry;
    const flight: Flight = {
      id: m ?? freshId(from, to),
      from,
      to,
      type,
      load: loadOf(entry),
      term: typeof entry.term === 'number' ? entry.term : null,
      sentAt: t,
      sentIndex: index,
      due,
      endAt: null,
      endIndex: null,
      fate: 'under way',
      why: null,
      isCopy: false,
    };
    const place = add(flight);
    byEvent.set(index, place);
    endless.add(place);
    const name = isRoutine(type, flight.load) ? 'heartbeat' : type;
    const places = said.get(name) ?? [];
    said.set(name, places);
    places.push(index);
    if (m === undefined) {
      lane(from, to, type).push(place);
      unnamed.add(flight.id);
    }
    return flight;
  };
  /** Gives the oldest up for lost while there is a younger one that fits better. */
  const oldestOf = (queue: number[], t: number): number | undefined => {
    for (;;) {
      const [first, second] = queue;
      if (first === undefined) return undefined;
      const age = t - (all[first]?.sentAt ?? t);
      const isYoungerThere = second !== undefined && (all[second]?.sentAt ?? t) <= t;
      if (age <= (isYoungerThere ? STALE_MS : SILENT_MS)) return queue.shift();
      queue.shift();
      end(first, { fate: 'silent', why: null, endAt: null, endIndex: null });
    }
  };
  const received = (entry: Entry): Flight | undefined => {
    const { p: to, fr: from = '', ev: type = '', m, t, index } = entry;
    const place = m === undefined ? oldestOf(lane(from, to, type), t) : placeOf.get(m);
    const flight = at(place);
    if (place === undefined || flight === undefined) return undefined;
    const arrival = { fate: 'delivered' as const, why: null, endAt: t, endIndex: index };
    if (flight.endAt === null) {
      byEvent.set(index, place);
      return end(place, arrival);
    }
    const copy: Flight = { ...flight, ...arrival, id: `${flight.id}·${index}`, isCopy: true };
    byEvent.set(index, add(copy));
    return copy;
  };
  const lost = ({ m = '', why, t, index }: Entry): Flight | undefined => {
    const place = placeOf.get(m);
    const flight = at(place);
    if (place === undefined || flight === undefined || flight.endAt !== null) return undefined;
    byEvent.set(index, place);
    return end(place, { fate: 'lost', why: why ?? null, endAt: t, endIndex: index });
  };

  const breakOff = (peer: PeerId, { t, index }: Entry): void => {
    for (const [key, queue] of open) {
      if (!key.startsWith(`${peer}>`) && !key.includes(`>${peer} `)) continue;
      for (const place of queue.splice(0))
        end(place, { fate: 'lost', why: 'down', endAt: t, endIndex: index });
    }
  };
  const isNamed = ({ id }: Flight) => unnamed.has(id) === false;
  const isSeenAt = (flight: Flight, ms: number): boolean =>
    flight.endAt !== null || isNamed(flight) || ms - flight.sentAt < SEEN_MS;
  /** Those that may be in the air between two times: sent late enough, or without an end. */
  const candidates = (from: number, to: number): readonly Flight[] => {
    const first = placeAbove(all, from - longestMs - 0.001, sentAtOf);
    const past = placeAbove(all, to, sentAtOf);
    const old = [...endless].filter((place) => place < first).flatMap((place) => all[place] ?? []);
    return [...old, ...all.slice(first, past)];
  };

  return {
    all,
    find: (id) => at(placeOf.get(id)),
    ofEvent: (index) => at(byEvent.get(index)),
    note: (entry) => {
      const killed = killedBy(entry);
      if (killed !== undefined) breakOff(killed, entry);
      if (entry.k === 'send') return isGreeting(entry.ev ?? '') ? undefined : sent(entry);
      if (entry.k === 'receive') return isGreeting(entry.ev ?? '') ? undefined : received(entry);
      return entry.k === 'lost' ? lost(entry) : undefined;
    },
    aloft: (index, ms) =>
      candidates(ms, ms).filter(
        (flight) =>
          flight.sentIndex <= index &&
          (flight.endIndex === null || flight.endIndex > index) &&
          !flight.isCopy &&
          isSeenAt(flight, ms),
      ),
    between: (from, to) =>
      candidates(from, to).filter(
        (flight) => (flight.endAt ?? (isNamed(flight) ? to : flight.sentAt)) >= from,
      ),
    saidBy: (index) => {
      const counts: Record<string, number> = {};
      for (const [type, places] of said) {
        const count = placeAbove(places, index, same);
        if (count > 0) counts[type] = count;
      }
      return counts;
    },
    lostBy: (index) => placeAbove(losses, index, same),
  };
}

const same = (value: number): number => value;
const sentAtOf = ({ sentAt }: Flight): number => sentAt;
