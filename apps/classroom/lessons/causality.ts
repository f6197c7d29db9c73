/** Happened-before (Lamport 1978) among the sends and receipts of a trace, by vector clocks (Fidge, Mattern 1988). */
import type { PeerId, TraceEvent } from '../contract.js';

export type Relation = 'before' | 'after' | 'concurrent';

type Clock = ReadonlyMap<PeerId, number>;

/**
 * How two records of sends or receipts stand to each other, as far as messages tell.
 *
 * A receipt is matched with its send by the message's id, `m`; without one it counts as a step of its own.
 */
export function relationOf(events: readonly TraceEvent[], a: TraceEvent, b: TraceEvent): Relation {
  const clocks = clocksUpTo(events, Math.max(a.s, b.s));
  const isBefore = (one: TraceEvent, other: TraceEvent) =>
    (clocks.get(one.s)?.get(one.p) ?? Number.POSITIVE_INFINITY) <= (clocks.get(other.s)?.get(one.p) ?? 0);
  if (isBefore(a, b)) return 'before';
  return isBefore(b, a) ? 'after' : 'concurrent';
}

function clocksUpTo(events: readonly TraceEvent[], last: number): ReadonlyMap<number, Clock> {
  const now = new Map<PeerId, Clock>();
  const ofMessage = new Map<string, Clock>();
  const clocks = new Map<number, Clock>();
  for (const { s, p, k, m } of events) {
    if (s > last) break;
    if (k !== 'send' && k !== 'receive') continue;
    const said = k === 'receive' && m !== undefined ? ofMessage.get(m) : undefined;
    const clock = stepped(merged(now.get(p), said), p);
    now.set(p, clock);
    clocks.set(s, clock);
    if (k === 'send' && m !== undefined) ofMessage.set(m, clock);
  }
  return clocks;
}

function merged(one: Clock = new Map(), other: Clock = new Map()): Clock {
  const both = new Map(one);
  for (const [peer, count] of other) both.set(peer, Math.max(count, both.get(peer) ?? 0));
  return both;
}

const stepped = (clock: Clock, peer: PeerId): Clock => new Map(clock).set(peer, (clock.get(peer) ?? 0) + 1);
