/**
 * Figures of a stretch of a trace: how regularly peers are heard, who doubted whom, what is said, who is behind, and how long
 * elections took. Functions of the records in that stretch and of what was known where it begins: whoever asks for the last
 * ten seconds of an hour pays for ten seconds.
 */
import { byId } from '../../page/order.js';
import type { PeerId } from '../contract.js';
import type { Bar, BarLook, Mark } from './bands.js';
import { DETECTOR, suspicionIn } from './charts.js';
import { type Entry, killedBy } from './entry.js';
import { isRoutine, loadOf } from './flights.js';
import type { History } from './history.js';
import { deliveredBy } from './tracks.js';
import type { Suspicion } from './world.js';

/** A stretch of time, ms of the trace. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A quantity over time, under the name of whom or what it is about; times ascend. */
export interface Line {
  readonly name: string;
  readonly points: readonly (readonly [ms: number, value: number])[];
}

/** Of a stretch around the playhead, so much lies ahead of it, where there is so much. */
const AHEAD = 0.25;

/** The stretch around a place, `lengthMs` long where the trace is; at the end of the trace it ends there. */
export function spanAround({ startMs, endMs }: History, atMs: number, lengthMs: number): Span {
  const to = Math.min(endMs, Math.max(atMs + AHEAD * lengthMs, startMs + lengthMs));
  return { from: Math.max(startMs, to - lengthMs), to };
}

/** What happened in it, in order: after its beginning, up to its end. */
export function recordsIn(history: History, { from, to }: Span): readonly Entry[] {
  const first = history.placeAt(from).index + 1;
  const count = Math.max(0, history.placeAt(to).index + 1 - first);
  return Array.from({ length: count }, (_, place) => history.at(first + place)).filter(
    (entry) => entry !== undefined,
  );
}

const isHopeful = (state: Suspicion): boolean => state === 'trusted' || state === 'verifying';

const linesOf = (points: ReadonlyMap<string, Line['points']>): readonly Line[] =>
  [...points].map(([name, list]) => ({ name, points: list }));

/**
 * How long after the one before each heartbeat came to `observer`, ms; a line for every peer that it heard twice. A gap in which
 * it suspected that peer, or did not run itself, tells of a failure and not of a rhythm: it is left out.
 */
export function heartbeatGaps(records: readonly Entry[], observer: PeerId): readonly Line[] {
  const lastAt = new Map<PeerId, number>();
  const gaps = new Map<PeerId, (readonly [number, number])[]>();
  for (const entry of records) {
    const { k, p, fr = '', ev, a = '', st = '', t } = entry;
    if (killedBy(entry) === observer) lastAt.clear();
    if (p === observer && k === 'transition' && a.startsWith(DETECTOR) && !isHopeful(suspicionIn(st)))
      lastAt.delete(a.slice(DETECTOR.length));
    if (k !== 'receive' || p !== observer || ev !== 'failure.heartbeat') continue;
    const before = lastAt.get(fr);
    lastAt.set(fr, t);
    if (before === undefined) continue;
    const points = gaps.get(fr) ?? [];
    gaps.set(fr, points);
    points.push([t, t - before]);
  }
  return linesOf(gaps);
}

/** Types that have a line of their own; the rest are one. */
const TYPES_MOST = 5;
export const OTHER_TYPES = 'others';

/**
 * Messages sent in a second, by wire type, the most frequent ones; what carries nothing and is said all the time is `heartbeat`.
 *
 * @param binMs - how long is counted together. Whole ones only, and always cut at the same moments, so that a count stays
 * what it is while the stretch moves on.
 */
export function messageRates(records: readonly Entry[], { from, to }: Span, binMs: number): readonly Line[] {
  const first = Math.ceil(from / binMs);
  const bins = Math.max(0, Math.floor(to / binMs) - first);
  const counts = new Map<string, number[]>();
  for (const entry of records) {
    const bin = Math.floor(entry.t / binMs) - first;
    if (entry.k !== 'send' || bin < 0 || bin >= bins) continue;
    const { ev: type = '' } = entry;
    const name = isRoutine(type, loadOf(entry)) ? 'heartbeat' : type;
    const counted = counts.get(name) ?? Array.from({ length: bins }, () => 0);
    counts.set(name, counted);
    counted[bin] = (counted[bin] ?? 0) + 1;
  }
  const pointsOf = (counted: readonly number[]): Line['points'] =>
    counted.map((count, bin) => [(first + bin + 0.5) * binMs, (count * 1000) / binMs]);
  const sorted = [...counts].sort(([, one], [, other]) => sum(other) - sum(one));
  const rest = sorted.slice(TYPES_MOST).map(([, counted]) => counted);
  // In an order of names: by number, lines would change places, and with them their colours, again and again.
  const shown = sorted
    .slice(0, TYPES_MOST)
    .map(([name, counted]) => ({ name, points: pointsOf(counted) }))
    .sort((one, other) => byId(one.name, other.name));
  if (rest.length === 0) return shown;
  const together = Array.from({ length: bins }, (_, bin) => sum(rest.map((counted) => counted[bin] ?? 0)));
  return [...shown, { name: OTHER_TYPES, points: pointsOf(together) }];
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/**
 * How many entries of the log every peer has still to deliver of those that somebody has: the coordinator, who is first, if
 * its trace is here. Every line has a value whenever one of them changes, from where that peer's own records begin to where
 * they end. What was delivered before all records is known by the next delivery; of whom there is none it is taken to have had
 * all before the first of anybody.
 */
export function deliveryLags(history: History, span: Span, records: readonly Entry[]): readonly Line[] {
  const deliveries = records.filter((entry) => entry.k === 'delivery' && deliveredBy(entry) > 0);
  const faces = history.worldAt(history.placeAt(span.from)).peers;
  const last = history.worldAt(history.placeAt(span.to)).peers;
  const followed = history.ids.filter((id) => (last[id]?.lastIndex ?? -1) >= 0);
  const applied = new Map(
    followed.map((id) => {
      const known = faces[id]?.delivered ?? 0;
      const next = deliveries.find(({ p }) => p === id) ?? deliveries[0];
      return [id, known > 0 ? known : firstOf(next) - 1];
    }),
  );
  const beginsAt = (id: PeerId): number =>
    (faces[id]?.lastIndex ?? -1) >= 0 ? span.from : (records.find(({ p }) => p === id)?.t ?? span.to);
  const begins = new Map(followed.map((id) => [id, beginsAt(id)]));
  const lags = new Map(followed.map((id) => [id, [] as (readonly [number, number])[]]));
  const note = (ms: number) => {
    const furthest = Math.max(0, ...applied.values());
    for (const [id, points] of lags) {
      const face = last[id];
      const isOver = face?.condition !== 'up' && ms > (face?.lastMs ?? 0);
      if (isOver || ms < (begins.get(id) ?? span.from)) continue;
      points.push([ms, Math.max(0, furthest - (applied.get(id) ?? 0))]);
    }
  };
  note(span.from);
  for (const entry of deliveries) {
    applied.set(entry.p, Math.max(applied.get(entry.p) ?? 0, deliveredBy(entry)));
    note(entry.t);
  }
  note(span.to);
  return linesOf(lags).filter(({ points }) => points.length > 0);
}

/** The first number that a delivery tells of; 1 without one, as if nothing had been delivered before. */
const firstOf = (entry: Entry | undefined): number => {
  if (entry === undefined) return 1;
  return typeof entry.first === 'number' ? entry.first : deliveredBy(entry);
};

/** What one peer held of another, for a while. */
export interface Doubt extends Span {
  readonly state: Suspicion;
}

export interface DoubtRow {
  readonly observer: PeerId;
  readonly subject: PeerId;
  /** In order, without a hole between them. */
  readonly bands: readonly Doubt[];
}

const isCalm = (state: Suspicion): boolean => state === 'trusted' || state === 'unknown';

/** What peers held of each other over time; only of pairs in which somebody was doubted. */
export function doubtsIn(history: History, span: Span, records: readonly Entry[]): readonly DoubtRow[] {
  const faces = history.worldAt(history.placeAt(span.from)).peers;
  const changes = new Map<string, { readonly t: number; readonly state: Suspicion }[]>();
  const changesOf = (observer: PeerId, subject: PeerId) => {
    const key = JSON.stringify([observer, subject]);
    const known = changes.get(key) ?? [];
    changes.set(key, known);
    return known;
  };
  for (const { id, suspicion } of Object.values(faces))
    for (const [subject, state] of Object.entries(suspicion))
      changesOf(id, subject).push({ t: span.from, state });
  for (const { k, p, a = '', st = '', t } of records) {
    if ((k !== 'transition' && k !== 'actor') || !a.startsWith(DETECTOR)) continue;
    const state = suspicionIn(st);
    const known = changesOf(p, a.slice(DETECTOR.length));
    if (known.at(-1)?.state !== state) known.push({ t, state });
  }
  return [...changes].flatMap(([key, list]) => {
    if (list.every(({ state }) => isCalm(state))) return [];
    const [observer, subject] = JSON.parse(key) as [PeerId, PeerId];
    const bands = list.map(({ t, state }, place) => ({
      from: t,
      to: list[place + 1]?.t ?? span.to,
      state,
    }));
    return [{ observer, subject, bands }];
  });
}

export interface ElectionFigure {
  /** When the first began to run for the office, and who. */
  readonly at: number;
  readonly index: number;
  readonly by: PeerId;
  /** How many ran. */
  readonly candidates: number;
  /** Who led when it was over, or whom the first followed where the leader tells nothing; null when nobody is known to lead. */
  readonly leader: PeerId | null;
  /** Until nobody ran any more, ms: all lead, follow, have given up or are gone; null while somebody does. */
  readonly tookMs: number | null;
}

const RUNNING: ReadonlySet<BarLook> = new Set(['candidate', 'waiting']);
/** Whoever begins so shortly after the last has ended, ms, has not heard of it: it is the same election. */
const SETTLED_MS = 100;

/** All elections of a trace, in order. Those that run at the same time are one. */
export function electionsOf(history: History): readonly ElectionFigure[] {
  const groups: { readonly first: Mark; readonly runners: Set<PeerId>; endAt: number }[] = [];
  for (const mark of history.marks) {
    if (mark.kind !== 'candidate' || mark.peer === null) continue;
    const endAt = endOfRun(history.bars(mark.peer), mark.at);
    const current = groups.at(-1);
    if (current === undefined || mark.at > current.endAt + SETTLED_MS)
      groups.push({ first: mark, runners: new Set([mark.peer]), endAt });
    else {
      current.runners.add(mark.peer);
      current.endAt = Math.max(current.endAt, endAt);
    }
  }
  return groups.map(({ first, runners, endAt }) => {
    const [by, isOver] = [first.peer ?? '', Number.isFinite(endAt)];
    return {
      at: first.at,
      index: first.index,
      by,
      candidates: runners.size,
      leader: isOver ? leaderAt(history, by, endAt) : null,
      tookMs: isOver ? endAt - first.at : null,
    };
  });
}

function leaderAt(history: History, by: PeerId, ms: number): PeerId | null {
  const { leaders, peers } = history.worldAt(history.placeAt(ms));
  const starter = peers[by];
  return leaders.at(-1) ?? (starter?.condition === 'up' ? starter.follows : null);
}

/** When a peer that ran from `at` on ran no longer; infinity while it does. */
function endOfRun(bars: readonly Bar[], at: number): number {
  return bars.find(({ look, from }) => from >= at && !RUNNING.has(look))?.from ?? Number.POSITIVE_INFINITY;
}
