/** What lasts and what is marked, gathered while a history grows: bars, reigns, marks, and where steps go. */
import type { PeerId } from '../contract.js';
import type { Bar, Mark, Reign, StepKind } from './bands.js';
import { isElectionBegun, isTelling, lookOf } from './charts.js';
import { actOf, type Entry } from './entry.js';
import type { Flight } from './flight.js';
import { isRoutine } from './flights.js';
import type { Core } from './world.js';

/** `heartbeat` are the messages that `message` leaves out. */
export type Stop = StepKind | 'heartbeat';

export interface Timeline {
  readonly bars: ReadonlyMap<PeerId, readonly Bar[]>;
  readonly reigns: readonly Reign[];
  readonly marks: readonly Mark[];
  /** Where somebody began to run for the office. */
  readonly elections: readonly number[];
  /** Lamport's number of every event that is a stop, by its index. */
  readonly lamport: ReadonlyMap<number, number>;
  /** Indices of events, ascending. */
  readonly stops: Readonly<Record<Stop, readonly number[]>>;
  readonly note: (before: Core, after: Core, entry: Entry, flight: Flight | undefined) => void;
}

type Growing<Item> = Item[];

/** A peer tells its office and its term one after the other: for so long the older term is no reign of its own. */
const TOLD_WITHIN_MS = 100;

export function createTimeline(): Timeline {
  const bars = new Map<PeerId, Growing<Bar>>();
  const reigns: Reign[] = [];
  const marks: Mark[] = [];
  const elections: number[] = [];
  const lamport = new Map<number, number>();
  const clocks = new Map<PeerId, number>();
  const stops: Record<Stop, number[]> = {
    event: [],
    message: [],
    heartbeat: [],
    state: [],
    leader: [],
    fault: [],
    violation: [],
  };

  const noteBar = (after: Core, id: PeerId, { t, index }: Entry) => {
    const face = after.peers[id];
    if (face === undefined) return;
    const { look, word } = lookOf(face);
    const row = bars.get(id) ?? [];
    bars.set(id, row);
    const last = row.at(-1);
    if (last?.look === look && last.word === word) return;
    // What lasted no time was never seen.
    if (last !== undefined && last.from === t) row.pop();
    else if (last !== undefined) row[row.length - 1] = { ...last, to: t };
    row.push({ index, from: t, to: null, look, word });
  };
  const noteReigns = (before: Core, after: Core, { t, index }: Entry) => {
    const terms = after.leaders.map((leader) => ({ leader, term: after.peers[leader]?.term ?? 0 }));
    const isCurrent = (one: Reign) =>
      terms.some(({ leader, term }) => leader === one.leader && term === one.term);
    for (const one of reigns.filter((reign) => reign.to === null && !isCurrent(reign))) {
      const place = reigns.indexOf(one);
      const now = terms.find(({ leader }) => leader === one.leader);
      if (now !== undefined && t - one.from <= TOLD_WITHIN_MS) reigns[place] = { ...one, term: now.term };
      else if (one.from === t) reigns.splice(place, 1);
      else reigns[place] = { ...one, to: t };
    }
    for (const { leader, term } of terms)
      if (!reigns.some((one) => one.to === null && one.leader === leader && one.term === term))
        reigns.push({ leader, term, from: t, to: null });
    if (before.leaders !== after.leaders) stops.leader.push(index);
  };
  const mark = (entry: Entry, kind: Mark['kind'], peer: PeerId | null, words: string) => {
    marks.push({ at: entry.t, index: entry.index, kind, peer, words });
    if (kind === 'candidate') elections.push(entry.index);
  };

  return {
    bars,
    reigns,
    marks,
    elections,
    lamport,
    stops,
    note: (before, after, entry, flight) => {
      const touched =
        entry.k === 'fault' ? after.ids.filter((id) => before.peers[id] !== after.peers[id]) : [entry.p];
      for (const id of touched) if (id !== '') noteBar(after, id, entry);
      if (
        before.peers !== after.peers &&
        (before.leaders !== after.leaders ||
          after.leaders.some((id) => before.peers[id]?.term !== after.peers[id]?.term))
      )
        noteReigns(before, after, entry);
      if (noteStops(stops, entry, flight)) {
        const peer = entry.p === '' ? (actOf(entry)?.peer ?? flight?.to ?? '') : entry.p;
        const sent = entry.k === 'send' ? 0 : (lamport.get(flight?.sentIndex ?? -1) ?? 0);
        const number = Math.max(clocks.get(String(peer)) ?? 0, sent) + 1;
        lamport.set(entry.index, number);
        clocks.set(String(peer), number);
      }
      noteMarks(entry, mark);
    },
  };
}

/** Answers whether it is an event that one steps to. */
function noteStops(stops: Record<Stop, number[]>, entry: Entry, flight: Flight | undefined): boolean {
  const kind = stopOf(entry, flight);
  if (kind === null) return false;
  if (kind !== 'event') stops[kind].push(entry.index);
  if (kind !== 'heartbeat') stops.event.push(entry.index);
  return kind !== 'heartbeat';
}

function stopOf({ k, a = '', was, st = '', n }: Entry, flight: Flight | undefined): Stop | null {
  switch (k) {
    case 'send':
    case 'receive':
    case 'lost':
      if (flight === undefined) return null;
      return isRoutine(flight.type, k === 'send' && typeof n === 'number' ? n : flight.load)
        ? 'heartbeat'
        : 'message';
    case 'transition':
      return isTelling(a, was, st) ? 'state' : null;
    case 'violation':
    case 'fault':
      return k;
    case 'delivery':
    case 'gap':
    case 'mark':
      return 'event';
    default:
      return null;
  }
}

function noteMarks(
  entry: Entry,
  mark: (entry: Entry, kind: Mark['kind'], peer: PeerId | null, words: string) => void,
): void {
  const { k, p, a = '', was, st = '', ev = '' } = entry;
  if (k === 'fault') {
    const peer = actOf(entry)?.peer;
    const words = entry.words ?? ev;
    mark(entry, entry.phase === 'end' ? 'fault-end' : 'fault', typeof peer === 'string' ? peer : null, words);
  } else if (k === 'violation') mark(entry, 'violation', null, entry.words ?? ev);
  else if (k === 'mark') mark(entry, 'bookmark', null, entry.words ?? 'a mark');
  else if (k === 'gap') mark(entry, 'gap', p === '' ? null : p, 'records were left out here');
  else if (k === 'transition' && was !== undefined && isElectionBegun(a, was, st, ev))
    mark(entry, 'candidate', p, `${p} starts an election`);
}
