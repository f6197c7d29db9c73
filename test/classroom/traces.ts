/** Traces for the tests of the classroom: made by hand, or told by the engine. */

import type { Act, TraceEvent } from '../../apps/classroom/contract.js';
import { headless, scriptOf } from '../../apps/classroom/engine/index.js';
import { type PeerId, vocabulary } from '../../transport/index.js';

// The page's build puts the words of the protocol there.
Object.assign(globalThis, { __VOCABULARY__: Object.fromEntries(vocabulary) });

/** Lines as a trace has them: numbered from 1, each at its time. */
export function linesOf(
  records: readonly (Partial<TraceEvent> & Pick<TraceEvent, 't' | 'p' | 'k'>)[],
): readonly string[] {
  return records.map((record, place) => JSON.stringify({ s: place + 1, ...record }));
}

export const HEADER = (...members: readonly PeerId[]): string =>
  JSON.stringify({ v: 1, kind: 'header', source: 'simulator', members, machines: {}, config: { seed: 1 } });

/** A peer that is there, with a role. */
export const statusOf = (t: number, p: PeerId, role: string, coordinator: PeerId | null, term: number) => ({
  t,
  p,
  k: 'status' as const,
  role,
  coordinator,
  term,
  view: 1,
  members: ['1', '2', '3'],
  commit: 0,
});

/** A run of the real peers under the engine: 20 ms a hop. */
export function runOf(
  seed: number,
  acts: readonly Act[],
  { peers = 3, untilMs = 700, loss = 0 }: { peers?: number; untilMs?: number; loss?: number } = {},
): readonly string[] {
  const script = scriptOf({
    scenario: {
      seed,
      peers: Array.from({ length: peers }, (_, place) => String(place + 1)),
      options: { preset: 'fast', mode: 'classic' },
      network: { latency: 20, loss },
    },
    acts: [...acts],
  } as Parameters<typeof scriptOf>[0]);
  return headless(script, untilMs);
}
