/** What a worker's process takes: memory, and how much of the log its peer keeps. */
import { constants, type PerformanceEntry, PerformanceObserver } from 'node:perf_hooks';
import type { Peer } from '../../actors/index.js';
import type { Weight } from './worker-orders.js';

/** What Node's `gc` entries have besides. */
type Collection = PerformanceEntry & { readonly detail?: { readonly kind?: number } };

const MIB = 1024 * 1024;
let heapAfterCollection: number | undefined;

/** Begins to look at the heap after each full collection: between two of them it holds what nobody needs any more. */
export function watchHeap(): void {
  const observer = new PerformanceObserver((list) => {
    const kinds = list.getEntries().map((entry) => (entry as Collection).detail?.kind);
    if (kinds.includes(constants.NODE_PERFORMANCE_GC_MAJOR))
      heapAfterCollection = process.memoryUsage().heapUsed;
  });
  observer.observe({ entryTypes: ['gc'] });
}

export function weigh(peer: Peer): Weight {
  const { rss, heapUsed } = process.memoryUsage();
  const { sequence } = peer.status();
  const [oldest] = peer.history({ after: peer.dropped(), limit: 1 });
  return {
    rssMiB: rss / MIB,
    heapMiB: (heapAfterCollection ?? heapUsed) / MIB,
    kept: sequence - peer.dropped(),
    entryBytes: oldest === undefined ? 0 : JSON.stringify(oldest).length,
  };
}
