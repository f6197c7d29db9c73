/** How a program with a user leaves its cluster: within bounds, and with a word on how it went. */
import type { Peer } from '../../actors/index.js';

/** Leaving needs a coordinator; a peer that finds none in this time stops without having left. */
const LEFT_WITHIN_MS = 5000;

/**
 * Leaves, or stops when that takes too long.
 *
 * @param settled - resolves once what the user has asked for is done; leaving waits for it.
 * @returns how it went, in words.
 */
export async function leaveWithin(peer: Peer, settled: Promise<void>): Promise<string> {
  if (peer.status().role === 'unjoined') {
    await peer.stop();
    return 'stopped; it had not joined a cluster';
  }
  const left = settled.then(() => peer.leave()).then(() => true);
  if (await Promise.race([left, lateAfter(LEFT_WITHIN_MS)])) return 'left the cluster';
  // What it says after this is said by `stopped`.
  left.catch(() => {});
  const reason = peer.status().notReady ?? 'the others would have no quorum without it, or were too slow';
  await peer.stop();
  return `stopped without leaving: ${reason}; the others keep it as a member`;
}

/**
 * Stops and stays a member, handing over first when it coordinates.
 *
 * @param settled - as for leaving.
 * @returns how it went, in words.
 */
export async function stayWithin(peer: Peer, settled: Promise<void>): Promise<string> {
  const drained = settled.then(() => peer.drain()).then(() => true);
  const isDrained = await Promise.race([drained, lateAfter(LEFT_WITHIN_MS)]);
  drained.catch(() => {});
  if (!isDrained) await peer.stop();
  return 'stopped; the others keep it as a member';
}

function lateAfter(delayMs: number): Promise<false> {
  return new Promise((resolve) => {
    setTimeout(resolve, delayMs, false).unref();
  });
}
