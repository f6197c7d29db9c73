/** What Prometheus may ask a peer. What answers is loaded when it first does; it counts the process' own figures from then on. */
import type { Registry } from 'prom-client';
import type { Peer } from '../../actors/index.js';

export interface Metrics {
  /** Prometheus text, as things are now, and what type of content it is. */
  read(): Promise<{ readonly type: string; readonly text: string }>;
  /** Lets go of the peer. */
  close(): void;
}

export function createMetrics(peer: Peer, version: string): Metrics {
  let changes = 0;
  let last = peer.status().coordinator;
  const close = peer.on('coordinator', ({ coordinator }) => {
    if (coordinator === null || coordinator === last) return;
    last = coordinator;
    changes += 1;
  });
  let registry: Registry | undefined;
  const read = async () => {
    const { createRegistry, readCounters } = await import('./metrics-registry.js');
    registry ??= createRegistry(peer, version, () => changes);
    readCounters(registry, peer);
    return { type: registry.contentType, text: await registry.metrics() };
  };
  return { read, close };
}
