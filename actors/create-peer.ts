/**
 * The public handle: promises and iterators on the outside, one actor on the inside. The only promises below apps/.
 */
import type { Peer, PeerOptionsWithReplicas } from './api.js';
import { ClusterError } from './errors.js';
import { hostedEnvironment } from './hosted-environment.js';
import { PeerOptions } from './options.js';
import { startPeer } from './start-peer.js';

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
  const { replicas, throughTransport = (own) => own, ...rest } = input;
  const parsed = PeerOptions.safeParse(rest);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new ClusterError(
      'bad-option',
      `${issue?.path.join('.') || 'options'}: ${issue?.message ?? 'malformed'}`,
    );
  }
  const environment = hostedEnvironment(parsed.data);
  const transport = throughTransport(environment.transport);
  const handle = startPeer(parsed.data, { ...environment, transport });
  await handle.listening;
  for (const definition of replicas ?? []) handle.replica(definition);
  return handle;
}
