/** Traces of the classroom's engine, as its tests read them. */

import type { Act, TraceEvent } from '../../apps/classroom/contract.js';
import { headless, type ScriptInput, scriptOf } from '../../apps/classroom/engine/index.js';
import { traceHash } from '../../apps/simulator/index.js';

export const three = ['1', '2', '3'];
export const five = ['1', '2', '3', '4', '5'];

/** Peers on a network that always takes 20 ms. */
export const script = (
  peers: readonly string[],
  acts: readonly Act[] = [],
  more: Partial<ScriptInput['scenario']> = {},
) => scriptOf({ scenario: { seed: 1, peers: [...peers], network: { latency: 20 }, ...more }, acts });

export const classic = { options: { preset: 'lan', mode: 'classic' } } as const;

export const read = (lines: readonly string[]): readonly TraceEvent[] =>
  lines.slice(1).map((line) => JSON.parse(line) as TraceEvent);

export const eventsOf = (
  peers: readonly string[],
  acts: readonly Act[],
  untilMs: number,
  more: Partial<ScriptInput['scenario']> = {},
): readonly TraceEvent[] => read(headless(script(peers, acts, more), untilMs));

export function hashOf(lines: readonly string[]): string {
  const hash = traceHash();
  for (const line of lines) hash.add(line);
  return hash.digest();
}

/** The last status of each peer by `atMs`. */
export function statusesAt(events: readonly TraceEvent[], atMs: number): ReadonlyMap<string, TraceEvent> {
  return new Map(events.filter(({ k, t }) => k === 'status' && t <= atMs).map((event) => [event.p, event]));
}

/** Who takes itself for the coordinator at `atMs`. */
export const leadersAt = (events: readonly TraceEvent[], atMs: number): readonly string[] =>
  [...statusesAt(events, atMs).values()].filter(({ role }) => role === 'coordinator').map(({ p }) => p);

/** The first message of that kind from `atMs` on. */
export function sentAt(events: readonly TraceEvent[], atMs: number, type: string, from?: string): TraceEvent {
  const sent = events.find(
    ({ k, t, ev, p, to }) =>
      k === 'send' && t >= atMs && ev === type && p !== to && (from === undefined || p === from),
  );
  if (sent === undefined) throw new Error(`nobody says ${type} after ${atMs} ms`);
  return sent;
}

/** What became of a message. */
export const endsOf = (events: readonly TraceEvent[], message: string | undefined): readonly TraceEvent[] =>
  events.filter(({ k, m }) => m === message && (k === 'receive' || k === 'lost'));
