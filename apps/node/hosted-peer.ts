/** Starts the peer that a configuration asks for, on a network that can be cut where faults are allowed. */
import { createPeer, type Peer, type PeerOptionsWithReplicas } from '../../actors/index.js';
import { type Configuration, peerOptionsOf } from './configuration.js';
import { Cuts } from './cuts.js';

export interface HostedPeer {
  readonly peer: Peer;
  /** Of its network; null where no faults are allowed. */
  readonly cuts: Cuts | null;
}

/** @throws ClusterError as `createPeer`: nothing runs then. */
export async function hostPeer(
  configuration: Configuration,
  replicas: NonNullable<PeerOptionsWithReplicas['replicas']> = [],
): Promise<HostedPeer> {
  const options = { ...peerOptionsOf(configuration), replicas };
  if (!configuration.allowFaults) return { peer: await createPeer(options), cuts: null };
  const cuts = new Cuts();
  const peer = await createPeer({ ...options, throughTransport: (own) => cuts.over(own) });
  return { peer, cuts };
}
