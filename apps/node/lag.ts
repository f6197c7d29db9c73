/** How far a peer is behind. */
import type { Peer } from '../../actors/index.js';

/**
 * How far the coordinator's log is ahead of what was applied here, in entries; null when nobody is known to coordinate, or not how far
 * it has come.
 */
export function lagOf(peer: Pick<Peer, 'status' | 'beliefs'>): number | null {
  const { id, coordinator, last, applied } = peer.status();
  if (coordinator === null) return null;
  const theirs = coordinator === id ? last : peer.beliefs().find((one) => one.id === coordinator)?.lastIndex;
  return theirs === null || theirs === undefined ? null : Math.max(0, theirs - applied);
}
