/** A real peer of one, in this process, with what programs attach to it. */
import type { Peer } from '../../actors/index.js';
import { type Attachments, attach } from '../../apps/node/attachments.js';
import { Configuration } from '../../apps/node/configuration.js';
import { hostPeer } from '../../apps/node/hosted-peer.js';
import { createLogger } from '../../apps/node/logger.js';

export interface AttendedPeer {
  readonly peer: Peer;
  readonly attached: Attachments;
  close(): Promise<void>;
}

/** Founds a cluster of one and attaches what `options` ask for. */
export async function peerWith(options: Partial<Configuration>): Promise<AttendedPeer> {
  const asked = { id: '1', bootstrap: true, preset: 'fast', logLevel: 'silent', ...options };
  const configuration = Configuration.parse(asked);
  const { peer, cuts } = await hostPeer(configuration);
  const attached = await attach(peer, configuration, await createLogger('silent', '1'), [], cuts);
  await peer.ready({ timeoutMs: 20_000 });
  const close = async () => {
    await attached.close();
    await peer.stop();
  };
  return { peer, attached, close };
}
