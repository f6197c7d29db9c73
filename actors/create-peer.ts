/**
 * The public handle: promises and iterators on the outside, one actor on the inside. The only promises below apps/.
 */
import { type Actor, createActor } from 'xstate';
import type { Peer, PeerOptionsWithReplicas } from './api.js';
import { Deliveries } from './deliveries.js';
import type { Environment, Outlet } from './environment.js';
import { ClusterError } from './errors.js';
import { hostedEnvironment } from './hosted-environment.js';
import { PeerOptions, takeoverOf, timingsOf } from './options.js';
import { peerMachine } from './peer.js';
import { PeerHandle } from './peer-handle.js';

/**
 * Starts a peer and resolves once it listens.
 *
 * @param input - see `PeerOptions`; only `id` is required. `replicas` are hosted from the first entry on.
 * @returns the running peer. It may not have joined yet: await `ready()`.
 * @throws ClusterError `bad-option`, `port-in-use`, `bad-address`, `data-unusable`, `data-in-use`, `data-of-another`,
 *   `journal-failed`: nothing runs then, and nothing on disk was changed.
 *
 * @example
 * const peer = await createPeer({ id: '1', bootstrap: true, data: './data/1' });
 * await peer.ready();
 */
export async function createPeer(input: PeerOptionsWithReplicas): Promise<Peer> {
  const { replicas, ...rest } = input;
  const parsed = PeerOptions.safeParse(rest);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new ClusterError(
      'bad-option',
      `${issue?.path.join('.') || 'options'}: ${issue?.message ?? 'malformed'}`,
    );
  }
  const handle = startPeer(parsed.data, hostedEnvironment(parsed.data));
  await handle.listening;
  for (const definition of replicas ?? []) handle.replica(definition);
  return handle;
}

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
