/** Progress: how far each follower is, as the coordinator sees it, and what to send it next (PROTOCOL §7, R4). */
import type { Entry, PeerId } from '../../transport/protocol.js';
import { LIMITS } from './limits.js';
import type { Log } from './log.js';
import { remembered } from './remembered.js';
import { headWithin } from './size.js';

/** Batches on their way to one follower at a time: enough to keep link and disk busy, few enough to stay fair. */
export const WINDOW_MAX = 4;

export interface Follower {
  readonly id: PeerId;
  readonly incarnation: string;
  /** Its log equals ours up to here, on its disk. */
  readonly match: number;
  /** The index it is sent next. */
  readonly next: number;
  /** The last index of each batch on its way. */
  readonly sent: readonly number[];
}

export interface Batch {
  readonly to: readonly PeerId[];
  readonly prevIndex: number;
  readonly entries: readonly Entry[];
}

/** A new follower is presumed level: the first answer tells. */
export const follower = (id: PeerId, incarnation: string, lastIndex: number): Follower => ({
  id,
  incarnation,
  match: 0,
  next: lastIndex + 1,
  sent: [],
});

export const acknowledged = (follower: Follower, match: number): Follower => ({
  ...follower,
  match: Math.max(follower.match, match),
  next: Math.max(follower.next, match + 1),
  sent: follower.sent.filter((last) => last > match),
});

/** Its log does not join ours where we thought: begin again at `hint`, but never below what it has acknowledged. */
export const rewound = (follower: Follower, hint: number): Follower => ({
  ...follower,
  next: Math.max(follower.match + 1, Math.min(hint, follower.next)),
  sent: [],
});

const mayBeSent = (follower: Follower, log: Log): boolean =>
  follower.next <= log.lastIndex && follower.sent.length < WINDOW_MAX;

/** The next batches: followers that stand at one place share one, so that it is encoded once. */
export const batchesFor = remembered((followers: readonly Follower[], log: Log): readonly Batch[] => {
  const groups = new Map<number, PeerId[]>();
  for (const { id, next } of followers.filter((f) => mayBeSent(f, log)))
    groups.set(next, [...(groups.get(next) ?? []), id]);
  return [...groups].map(([next, to]) => ({
    to,
    prevIndex: next - 1,
    entries: headWithin(
      log.slice(next, LIMITS.batchEntriesMax),
      LIMITS.batchEntriesMax,
      LIMITS.batchBytesMax,
    ),
  }));
});

/** The same followers once those batches are on their way. */
export function withSent(followers: readonly Follower[], batches: readonly Batch[]): readonly Follower[] {
  if (batches.length === 0) return followers;
  return followers.map((follower) => {
    const batch = batches.find(({ to }) => to.includes(follower.id));
    if (batch === undefined) return follower;
    const last = batch.prevIndex + batch.entries.length;
    return { ...follower, next: last + 1, sent: [...follower.sent, last] };
  });
}
