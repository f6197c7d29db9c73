/** What was delivered where, and whether all agree: the log as the lessons see it. */
import type { PeerId, TraceEvent } from '../contract.js';
import type { Reading } from './reading.js';

/** One message as one peer delivered it. */
export interface Delivered {
  readonly peer: PeerId;
  readonly at: number;
  readonly sequence: number;
  readonly term: number;
  readonly text: string;
}

/** Those of the log, one for each message and peer, in the order of the trace. What was taken back and delivered again is told again. */
export const deliveredIn = ({ deliveries }: Reading): readonly Delivered[] =>
  deliveries
    .filter(({ sequence }) => typeof sequence === 'number')
    .map((event) => ({
      peer: event.p,
      at: event.t,
      sequence: Number(event.sequence),
      term: Number(event.term),
      text: String(event.text),
    }));

/** Numbers under which two peers have delivered different messages. */
export function conflictsIn(reading: Reading): readonly number[] {
  const texts = new Map<number, Set<string>>();
  for (const { sequence, text } of deliveredIn(reading))
    texts.set(sequence, (texts.get(sequence) ?? new Set()).add(text));
  return [...texts].filter(([, said]) => said.size > 1).map(([sequence]) => sequence);
}

/** The texts a peer shows at the end, in order: of each number, what it delivered last. */
export function shownAt(reading: Reading, peer: PeerId): readonly string[] {
  const texts = new Map<number, string>();
  for (const { peer: by, sequence, text } of deliveredIn(reading)) if (by === peer) texts.set(sequence, text);
  return [...texts].sort(([a], [b]) => a - b).map(([, text]) => text);
}

/** Whether all of them show the very same, and something. */
export function agree(reading: Reading, peers: readonly PeerId[]): boolean {
  const [first, ...others] = peers.map((peer) => JSON.stringify(shownAt(reading, peer)));
  return first !== undefined && first !== '[]' && others.every((shown) => shown === first);
}

/** Texts somebody has delivered and nobody shows any more: acknowledged, and lost. */
export function lostIn(reading: Reading, peers: readonly PeerId[]): readonly string[] {
  const shown = new Set(peers.flatMap((peer) => shownAt(reading, peer)));
  return [...new Set(deliveredIn(reading).map(({ text }) => text))].filter((text) => !shown.has(text));
}

/** Messages of the causal channel, as they were delivered at that peer. */
export const causalAt = ({ deliveries }: Reading, peer: PeerId): readonly TraceEvent[] =>
  deliveries.filter(({ p, channel }) => p === peer && channel === 'causal');
