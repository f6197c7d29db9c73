/** Starts the peer actor with its public handle around it. */
import { type Actor, createActor } from 'xstate';
import { Deliveries } from './deliveries.js';
import type { Environment, Outlet } from './environment.js';
import { type PeerOptions, takeoverOf, timingsOf } from './options.js';
import { peerMachine } from './peer.js';
import { PeerHandle } from './peer-handle.js';

/**
 * Starts a peer on an environment of one's own: the simulator's, a test's, a browser's. Synchronous and deterministic.
 */
export function startPeer(options: PeerOptions, environment: Environment): PeerHandle {
  const deliveries = new Deliveries();
  const counters = new Map<string, number>();
  const handleBox: { handle?: PeerHandle } = {};
  const outlet: Outlet = {
    deliveries,
    settled: (number, receipt) => handleBox.handle?.settle(number, receipt),
    skipped: (upTo) => handleBox.handle?.skip(upTo),
    report: (report) => handleBox.handle?.hear(report),
    count: (name, by = 1) => counters.set(name, (counters.get(name) ?? 0) + by),
  };
  const actor: Actor<typeof peerMachine> = createActor(peerMachine, {
    input: { options, timings: timingsOf(options), takeover: takeoverOf(options), environment, outlet },
    clock: environment.clock as never,
    systemId: 'peer',
  });
  const handle = new PeerHandle(actor, options, environment, deliveries, counters);
  handleBox.handle = handle;
  actor.start();
  return handle;
}
