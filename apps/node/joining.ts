/** Waiting until a peer has joined its cluster. */
import { ClusterError, discoveryOf, type Peer } from '../../actors/index.js';
import type { Configuration } from './configuration.js';
import type { Logger } from './logger.js';
import { otherTransportAmong } from './other-transport.js';

const LOOKING_FIRST_MS = 2000;
const LOOKING_EVERY_MS = 60_000;

/**
 * Waits for as long as it takes, and says so after two seconds and then once a minute.
 *
 * @returns whether it is ready; false when it was told to end first.
 * @throws ClusterError saying why it will never be.
 */
export async function becomesReady(peer: Peer, configuration: Configuration, log: Logger): Promise<boolean> {
  const { seeds, bootstrap, transport } = configuration;
  const asksNobody = seeds.length === 0 && discoveryOf(configuration).way === 'seeds';
  const remind = () => {
    const alone = asksNobody && !bootstrap;
    log.warn(
      { seeds, reason: peer.status().notReady },
      alone ? WAITING_ALONE : 'still looking for a cluster',
    );
  };
  let reminder = setTimeout(() => {
    remind();
    void otherTransportAmong({ seeds, transport }).then((found) => {
      if (found !== null) log.warn({ seeds }, found);
    });
    reminder = setInterval(remind, LOOKING_EVERY_MS);
  }, LOOKING_FIRST_MS);
  try {
    await peer.ready();
    return true;
  } catch (problem) {
    // Told to end: that is no problem.
    if (problem instanceof ClusterError && problem.code === 'stopped') return false;
    throw problem;
  } finally {
    clearTimeout(reminder);
  }
}

const WAITING_ALONE =
  'waiting for a cluster to come here: give --seed to look for one, or --bootstrap to found a new one';
