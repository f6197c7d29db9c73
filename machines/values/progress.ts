/** Progress: how far each follower is, as the coordinator sees it, and what to send it next (PROTOCOL §7, R4). */
import type { Entry, PeerId } from '../../transport/protocol.js';
import { LIMITS } from './limits.js';
import type { Log } from './log.js';
import { remembered } from './remembered.js';
import { headWithin } from './size.js';
import { isSameSnapshot, partAt, type SnapshotName, type SnapshotPart } from './snapshot.js';

/** Batches on their way to one follower at a time: enough to keep link and disk busy, few enough to stay fair. */
export const WINDOW_MAX = 4;

/** How far a coordinator's followers have come, all in one moment. */
export interface Measurement {
  readonly lastIndex: number;
  readonly commit: number;
  readonly followers: readonly {
    readonly id: PeerId;
    readonly incarnation: string;
    readonly match: number;
  }[];
}

export interface Follower {
  readonly id: PeerId;
  readonly incarnation: string;
  /** Its log equals ours up to here, on its disk. */
  readonly match: number;
  /** The index it is sent next. */
  readonly next: number;
  /** The last index of each batch on its way. */
  readonly sent: readonly number[];
  /** What it says it has derived from the entries up to a place. */
  readonly state?: { readonly index: number; readonly hash: string };
  /** Its disk lacks what it had acknowledged: what it holds does not count. */
  readonly isDamaged?: true;
  /** It says that it lacks what it had acknowledged: until it takes a heartbeat it is sent no entries. */
  readonly isDenying?: true;
  /** While what it needs is gone from our log: the snapshot it is sent, how much of it is there, and is more on its way. */
  readonly receiving?: Receiving;
}

interface Receiving {
  readonly head: SnapshotName;
  readonly offset: number;
  readonly isSent: boolean;
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

/** It has so much on its disk. What it said before is no news, and no reason to send it a snapshot once more. */
export const acknowledged = (
  { receiving, isDamaged: _, isDenying: __, ...follower }: Follower,
  match: number,
  isDamaged = false,
): Follower => ({
  ...follower,
  ...(receiving && match <= follower.match && { receiving }),
  ...(isDamaged && { isDamaged }),
  match: Math.max(follower.match, match),
  next: Math.max(follower.next, match + 1),
  sent: follower.sent.filter((last) => last > match),
});

/** How far it counts. */
export const countedOf = ({ match, isDamaged }: Follower): number => (isDamaged ? 0 : match);

/**
 * Its log does not join ours where we thought: begin again at `hint`, but never below what it has acknowledged. Who lost the
 * disk it acknowledged with refuses that too, as often as it is sent: that waits for a heartbeat to be taken.
 */
export const rewound = ({ isDenying: _, ...follower }: Follower, hint: number): Follower => ({
  ...follower,
  next: Math.max(follower.match + 1, Math.min(hint, follower.next)),
  sent: [],
  ...(hint <= follower.match && { isDenying: true }),
  ...(follower.receiving && { receiving: { ...follower.receiving, isSent: false } }),
});

/** What it is to be sent next is gone from the log: a snapshot stands for it. */
export const needsSnapshot = (follower: Follower, log: Log): boolean => follower.next <= log.base.lastIndex;

/** It has so much of that snapshot. Said again, it is no news: the part behind it is on its way. */
export function receivedBy(follower: Follower, head: SnapshotName, offset: number): Follower {
  const before = follower.receiving;
  const isNews = before !== undefined && isSameSnapshot(before.head, head) && before.offset !== offset;
  return isNews ? { ...follower, receiving: { head: before.head, offset, isSent: false } } : follower;
}

/** The next part for each follower that needs one and has none under way: one at a time, so that live traffic goes on. */
export const partsFor = remembered(
  (followers: readonly Follower[], { base }: Log): readonly { to: PeerId; part: SnapshotPart }[] =>
    followers
      .filter((f) => f.next <= base.lastIndex)
      .filter(({ receiving }) => !receiving?.isSent || !isSameSnapshot(receiving.head, base))
      .map(({ id, receiving }) => {
        const offset = receiving !== undefined && isSameSnapshot(receiving.head, base) ? receiving.offset : 0;
        return { to: id, part: partAt(base, offset) };
      }),
);

const mayBeSent = (follower: Follower, log: Log): boolean =>
  follower.next <= log.lastIndex &&
  follower.sent.length < WINDOW_MAX &&
  !follower.isDenying &&
  !needsSnapshot(follower, log);

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

/** The same followers once those parts are on their way. */
export function withParts(
  followers: readonly Follower[],
  parts: ReturnType<typeof partsFor>,
): readonly Follower[] {
  if (parts.length === 0) return followers;
  return followers.map((follower) => {
    const part = parts.find(({ to }) => to === follower.id)?.part;
    if (part === undefined) return follower;
    const { lastIndex, hash } = part.head;
    return { ...follower, receiving: { head: { lastIndex, hash }, offset: part.offset, isSent: true } };
  });
}
