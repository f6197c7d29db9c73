/**
 * What came before an event, and what came of it: along each peer's own row, and along messages (Lamport 1978). All else is
 * concurrent with it, wherever the clocks put it.
 */
import type { PeerId } from '../contract.js';
import type { Entry } from './entry.js';
import type { Flight } from './flight.js';

export interface Cone {
  readonly index: number;
  /** Per peer: its last event that came before, and its first that came of it. */
  readonly past: ReadonlyMap<PeerId, number>;
  readonly future: ReadonlyMap<PeerId, number>;
}

interface Events {
  readonly length: number;
  readonly at: (index: number) => Entry | undefined;
  readonly flightOf: (index: number) => Flight | undefined;
}

/** @param low - and `high`: indices beyond which nothing is looked at; what is outside is taken for neither. */
export function coneOf(events: Events, index: number, low: number, high: number): Cone {
  const { p = '' } = events.at(index) ?? {};
  const past = new Map<PeerId, number>([[p, index]]);
  for (let earlier = index; earlier >= Math.max(0, low); earlier--) {
    const entry = events.at(earlier);
    if (entry?.k !== 'receive' || earlier > (past.get(entry.p) ?? -1)) continue;
    const flight = events.flightOf(earlier);
    if (flight === undefined) continue;
    past.set(flight.from, Math.max(past.get(flight.from) ?? -1, flight.sentIndex));
  }
  const future = new Map<PeerId, number>([[p, index]]);
  for (let later = index + 1; later <= Math.min(events.length - 1, high); later++) {
    const entry = events.at(later);
    if (entry?.k !== 'receive') continue;
    const flight = events.flightOf(later);
    const since = flight === undefined ? undefined : future.get(flight.from);
    if (flight === undefined || since === undefined || flight.sentIndex < since || future.has(entry.p))
      continue;
    future.set(entry.p, later);
  }
  return { index, past, future };
}

/** How an event stands to the one of the cone. */
export function relationTo(
  { index, past, future }: Cone,
  peer: PeerId,
  event: number,
): 'past' | 'future' | 'itself' | 'concurrent' {
  if (event === index) return 'itself';
  if (event <= (past.get(peer) ?? -1)) return 'past';
  return event >= (future.get(peer) ?? Number.POSITIVE_INFINITY) ? 'future' : 'concurrent';
}
