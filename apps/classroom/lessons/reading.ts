/**
 * What a lesson asks of a trace: who led when, what was sent, which elections were held.
 *
 * Pure, and read once: goals, predictions and the table of numbers all ask the same reading, so they cannot differ in what
 * they count.
 */
import type { Act, PeerId, TraceEvent } from '../contract.js';

/** A stretch of virtual time, ms: from its first moment, to just before its last. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The time a peer took itself for the coordinator, ran, and was not stopped. */
export interface Reign extends Span {
  readonly peer: PeerId;
  readonly term: number;
}

export interface Reading {
  readonly events: readonly TraceEvent[];
  /** How far it goes, ms. */
  readonly endMs: number;
  readonly sends: readonly TraceEvent[];
  readonly receipts: readonly TraceEvent[];
  readonly deliveries: readonly TraceEvent[];
  /** Transitions in which a chart of the election changed its state. */
  readonly elections: readonly TraceEvent[];
  readonly statuses: readonly TraceEvent[];
  readonly faults: readonly TraceEvent[];
  /** In order of their beginnings. Of one peer they never overlap. */
  readonly reigns: readonly Reign[];
}

/** Reads lines as the engine and peers write them; the header, and what is no record, is passed over. */
export function eventsOf(lines: readonly string[]): readonly TraceEvent[] {
  return lines.map((line) => JSON.parse(line) as TraceEvent).filter(({ s, k }) => s > 0 && k !== undefined);
}

/** @param playedToMs - how far the run has been played, where that is known; default: its last record. */
export function readingOf(events: readonly TraceEvent[], playedToMs?: number): Reading {
  const of = (kind: TraceEvent['k']) => events.filter(({ k }) => k === kind);
  const endMs = playedToMs ?? events.at(-1)?.t ?? 0;
  return {
    events,
    endMs,
    sends: of('send'),
    receipts: of('receive'),
    deliveries: of('delivery'),
    elections: of('transition').filter(({ a, was }) => a === 'election' && was !== undefined),
    statuses: of('status'),
    faults: of('fault'),
    reigns: reignsOf(events, endMs),
  };
}

/** Kinds of acts that take a peer's process away, from their beginning to their end. */
const DEADLY: readonly Act['kind'][] = ['crash', 'wipe', 'damage', 'disk-failure'];

interface Office {
  readonly term: number;
  readonly since: number | null;
}

function reignsOf(events: readonly TraceEvent[], endMs: number): readonly Reign[] {
  const reigns: Reign[] = [];
  const offices = new Map<PeerId, Office>();
  const asleep = new Set<PeerId>();
  const close = (peer: PeerId, at: number) => {
    const { term = 0, since = null } = offices.get(peer) ?? {};
    if (since !== null && since < at) reigns.push({ peer, term, fromMs: since, toMs: at });
  };
  const note = (peer: PeerId, at: number, office: Office | null) => {
    close(peer, at);
    if (office === null) offices.delete(peer);
    else offices.set(peer, office);
  };
  for (const event of events) {
    if (event.k === 'status') {
      const isLeading = event.role === 'coordinator';
      const term = Number(event.term);
      const held = offices.get(event.p);
      if (!isLeading) note(event.p, event.t, null);
      else if (held?.term !== term)
        note(event.p, event.t, { term, since: asleep.has(event.p) ? null : event.t });
    }
    const { act, phase, t } = event;
    if (event.k !== 'fault' || act === undefined || !('peer' in act)) continue;
    if (DEADLY.includes(act.kind)) note(act.peer, t, null);
    if (act.kind !== 'pause') continue;
    if (phase === 'end') asleep.delete(act.peer);
    else asleep.add(act.peer);
    const held = offices.get(act.peer);
    if (held !== undefined) note(act.peer, t, { ...held, since: phase === 'end' ? t : null });
  }
  for (const peer of [...offices.keys()]) close(peer, endMs);
  return reigns.sort((a, b) => a.fromMs - b.fromMs);
}

const isIn =
  ({ fromMs, toMs }: Span) =>
  ({ t }: TraceEvent) =>
    t >= fromMs && t < toMs;

/** How many messages of that wire type were sent within the span. */
export const sent = (reading: Reading, type: string, span: Span): number =>
  reading.sends.filter(({ ev }) => ev === type).filter(isIn(span)).length;

/** A peer that begins to run for the office: by challenging those above it, or at once where there is none. */
export const isElectionBegun = ({ st = '', was = '', ev }: TraceEvent): boolean =>
  isRunning(st) && !isRunning(was) && ev !== 'handover.offered';

const isRunning = (state: string): boolean => state === 'challenging' || state === 'winning';

export const electionsIn = (reading: Reading, span: Span): readonly TraceEvent[] =>
  reading.elections.filter(isElectionBegun).filter(isIn(span));

/** Who led at that moment, by a god's eye: those that took themselves for it. */
export const leadersAt = ({ reigns }: Reading, at: number): readonly PeerId[] =>
  reigns.filter(({ fromMs, toMs }) => fromMs <= at && at < toMs).map(({ peer }) => peer);

/** How long, within the span, `isIt` held of the number of leaders, ms. */
export function timeWith(reading: Reading, span: Span, isIt: (leaders: number) => boolean): number {
  const moments = [span.fromMs, span.toMs, ...reading.reigns.flatMap(({ fromMs, toMs }) => [fromMs, toMs])];
  const inside = [...new Set(moments)].filter((t) => t >= span.fromMs && t <= span.toMs);
  const ordered = inside.sort((a, b) => a - b);
  const lengths = ordered.slice(1).map((end, place) => {
    const begin = ordered[place] ?? end;
    return isIt(leadersAt(reading, begin).length) ? end - begin : 0;
  });
  return Math.round(lengths.reduce((sum, length) => sum + length, 0) * 1000) / 1000;
}

export const leaderless = (reading: Reading, span: Span): number =>
  timeWith(reading, span, (leaders) => leaders === 0);

export const multiLeader = (reading: Reading, span: Span): number =>
  timeWith(reading, span, (leaders) => leaders > 1);

/** What the peer said of itself last, at that moment; undefined before its first word. */
export const statusAt = ({ statuses }: Reading, peer: PeerId, at: number): TraceEvent | undefined =>
  statuses.findLast(({ p, t }) => p === peer && t <= at);

/** Whom the peer followed at that moment; null when nobody, or unknown. */
export function followedAt(reading: Reading, peer: PeerId, at: number): PeerId | null {
  const coordinator = statusAt(reading, peer, at)?.coordinator;
  return typeof coordinator === 'string' ? coordinator : null;
}
