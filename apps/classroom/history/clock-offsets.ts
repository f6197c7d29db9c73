/**
 * How far two peers' clocks are apart, from the messages between them.
 *
 * Nobody names a message, so which receive belongs to which send is not known at first: every pair that might belong
 * together votes for the difference it would mean, and the true one gets most votes. Then they are matched in order, and
 * the smallest one-way differences in both directions tell the offset to half the shortest round trip (Cristian 1989).
 */
import type { PeerId, TraceEvent } from '../contract.js';
import { isRoutine } from './flights.js';

/** A send or a receive, by its owner's clock. */
export interface Moment {
  readonly at: number;
  readonly signature: string;
  readonly isRoutine: boolean;
  /** Its place in its peer's trace. */
  readonly place: number;
}

/** What one peer told, towards one other. */
export interface Correspondence {
  readonly sent: readonly Moment[];
  readonly received: readonly Moment[];
}

export interface Pairing {
  /** How much the other's clock is ahead, ms. */
  readonly offset: number;
  /** Places of sends and of the receives they led to; first from one to the other, then back. */
  readonly there: readonly (readonly [number, number])[];
  readonly back: readonly (readonly [number, number])[];
}

/** Voters of either kind: enough to tell, few enough to be quick. */
const RARE_MOST = 250;
const ROUTINE_MOST = 120;
const RARE_WEIGHT = 20;
const BIN_MS = 8;
/** After the vote a message may seem to arrive so much too early, and take so long at most, ms. */
const EARLY_MS = 60;
const LATE_MS = 3000;

/** The correspondence of one peer with every other, read off its trace. */
export function correspondencesOf(events: readonly TraceEvent[]): ReadonlyMap<PeerId, Correspondence> {
  const found = new Map<PeerId, { sent: Moment[]; received: Moment[] }>();
  events.forEach((event, place) => {
    const other = event.k === 'send' ? event.to : event.k === 'receive' ? event.fr : undefined;
    const type = event.ev ?? '';
    if (other === undefined || type.startsWith('link.')) return;
    const known = found.get(other) ?? { sent: [], received: [] };
    found.set(other, known);
    const load = typeof event.n === 'number' ? event.n : 0;
    const moment: Moment = {
      at: event.t,
      signature: `${type} ${String(event.term ?? '')} ${load}`,
      isRoutine: isRoutine(type, load),
      place,
    };
    if (event.k === 'send') known.sent.push(moment);
    else known.received.push(moment);
  });
  return found;
}

/** @returns undefined when nothing tells: they did not speak with each other. */
export function pair(one: Correspondence, other: Correspondence): Pairing | undefined {
  const votes = new Map<number, number>();
  // A message takes time: from one to the other it makes the difference seem larger, on the way back smaller.
  vote(votes, one.sent, other.received, 1);
  vote(votes, other.sent, one.received, -1);
  const rough = winner(votes);
  if (rough === undefined) return undefined;
  const there = matched(one.sent, other.received, rough);
  const back = matched(other.sent, one.received, -rough);
  const [least, leastBack] = [shortest(there), shortest(back)];
  if (least === undefined && leastBack === undefined) return undefined;
  const offset =
    least === undefined ? -(leastBack ?? 0) : leastBack === undefined ? least : (least - leastBack) / 2;
  const places = (pairs: readonly Matched[]) =>
    pairs.map(([sent, received]) => [sent.place, received.place] as const);
  return { offset, there: places(there), back: places(back) };
}

type Matched = readonly [sent: Moment, received: Moment];

const voters = (moments: readonly Moment[]): readonly Moment[] => [
  ...moments.filter((moment) => !moment.isRoutine).slice(-RARE_MOST),
  ...moments.filter((moment) => moment.isRoutine).slice(-ROUTINE_MOST),
];

function bySignatureOf(moments: readonly Moment[]): ReadonlyMap<string, readonly Moment[]> {
  const groups = new Map<string, Moment[]>();
  for (const moment of moments) {
    const group = groups.get(moment.signature) ?? [];
    groups.set(moment.signature, group);
    group.push(moment);
  }
  return groups;
}

function vote(
  votes: Map<number, number>,
  sent: readonly Moment[],
  received: readonly Moment[],
  sign: 1 | -1,
): void {
  const bySignature = bySignatureOf(voters(received));
  for (const send of voters(sent))
    for (const receive of bySignature.get(send.signature) ?? []) {
      const bin = Math.round((sign * (receive.at - send.at)) / BIN_MS);
      votes.set(bin, (votes.get(bin) ?? 0) + (send.isRoutine ? 1 : RARE_WEIGHT));
    }
}

/** The bin that has most votes together with its neighbours, in ms. */
function winner(votes: ReadonlyMap<number, number>): number | undefined {
  let best: number | undefined;
  let most = 0;
  for (const bin of votes.keys()) {
    const count = [-2, -1, 0, 1, 2].reduce(
      (sum, step) => sum + (votes.get(bin + step) ?? 0) / (1 + Math.abs(step)),
      0,
    );
    if (count > most || (count === most && Math.abs(bin) < Math.abs(best ?? Number.POSITIVE_INFINITY))) {
      best = bin;
      most = count;
    }
  }
  return best === undefined ? undefined : best * BIN_MS;
}

/** In order, within each signature; what has no counterpart near is passed over. */
function matched(sent: readonly Moment[], received: readonly Moment[], offset: number): readonly Matched[] {
  const waiting = bySignatureOf(received);
  const next = new Map<string, number>();
  return sent.flatMap((send): readonly Matched[] => {
    const queue = waiting.get(send.signature) ?? [];
    let place = next.get(send.signature) ?? 0;
    while ((queue[place]?.at ?? Number.POSITIVE_INFINITY) - send.at - offset < -EARLY_MS) place++;
    const receive = queue[place];
    const isNear = receive !== undefined && receive.at - send.at - offset <= LATE_MS;
    next.set(send.signature, isNear ? place + 1 : place);
    return isNear ? [[send, receive]] : [];
  });
}

function shortest(pairs: readonly Matched[]): number | undefined {
  if (pairs.length === 0) return undefined;
  return pairs.reduce(
    (least, [sent, received]) => Math.min(least, received.at - sent.at),
    Number.POSITIVE_INFINITY,
  );
}
