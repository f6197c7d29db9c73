/**
 * Vector clocks: who has seen how many messages of whom (Fidge 1988, Mattern 1989). They tick when a message is broadcast,
 * and at no other time, so that a clock says exactly which messages came before.
 *
 * A peer that starts anew counts anew: each start is a life, and of two the later counts. What an earlier life has sent and
 * nobody has got is nobody's to wait for any more.
 */
import type { PeerId } from '../../transport/protocol.js';

export interface Seen {
  readonly peer: PeerId;
  /** When that peer started, ms since 1970. */
  readonly life: number;
  /** Its first so many messages. */
  readonly count: number;
}

/** One line for each peer of which anything has been seen. */
export type VectorClock = readonly Seen[];

/** What has not been seen of a life: those after `after`, up to `upTo`. */
export interface Missing {
  readonly peer: PeerId;
  readonly life: number;
  readonly after: number;
  readonly upTo: number;
}

export const seenOf = (clock: VectorClock, peer: PeerId): Seen =>
  clock.find((seen) => seen.peer === peer) ?? { peer, life: 0, count: 0 };

/** True when whoever has seen `a` of a peer has seen all of `b`, or `b` is of an earlier life. */
export const covers = (a: Seen, b: Seen): boolean =>
  a.life > b.life || (a.life === b.life && a.count >= b.count);

const withSeen = (clock: VectorClock, seen: Seen): VectorClock => [
  ...clock.filter(({ peer }) => peer !== seen.peer),
  seen,
];

/** `clock` once it has one message more of `peer`. */
export const ticked = (clock: VectorClock, peer: PeerId, life: number): VectorClock => {
  const known = seenOf(clock, peer);
  return withSeen(clock, { peer, life, count: known.life === life ? known.count + 1 : 1 });
};

/** All that either has seen. */
export const merged = (a: VectorClock, b: VectorClock): VectorClock =>
  b.reduce((clock, seen) => (covers(seenOf(clock, seen.peer), seen) ? clock : withSeen(clock, seen)), a);

export const missing = (clock: VectorClock, stamp: VectorClock): readonly Missing[] =>
  stamp.flatMap((told) => {
    const seen = seenOf(clock, told.peer);
    const { peer, life, count: upTo } = told;
    return covers(seen, told) ? [] : [{ peer, life, after: seen.life === life ? seen.count : 0, upTo }];
  });

/** True when `peer`'s message of that stamp is the next of its life, and all that its sender had seen has been seen. */
export function isNext(clock: VectorClock, peer: PeerId, stamp: VectorClock): boolean {
  const lacking = missing(clock, stamp);
  const [own] = lacking;
  return lacking.length === 1 && own?.peer === peer && own.upTo === own.after + 1;
}
