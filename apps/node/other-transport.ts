/** Looks for the commonest reason why nobody answers though somebody is there: one uses `--transport udp`, the other does not. */
import { type Transport, UdpTransport, WebSocketTransport } from '../../transport/index.js';
import type { Configuration } from './configuration.js';

/**
 * Dials the seeds with the transport that this peer does not use, and hangs up when one answers.
 *
 * @returns what to tell the user; null when none answers so either.
 */
export async function otherTransportAmong({
  seeds,
  transport,
}: Pick<Configuration, 'seeds' | 'transport'>): Promise<string | null> {
  const [other, dialler]: [string, Transport] =
    transport === 'ws' ? ['udp', new UdpTransport()] : ['ws', new WebSocketTransport()];
  const answers = await Promise.all(seeds.map((seed) => isAnswered(dialler, seed)));
  await new Promise<void>((done) => dialler.close(done));
  const seed = seeds.find((_, at) => answers[at]);
  return seed === undefined
    ? null
    : `${seed} uses transport ${other}, and this peer ${transport}: give all peers of a cluster the same --transport`;
}

/** Dialling ends by itself: after some seconds nobody is there. */
const isAnswered = (transport: Transport, address: string): Promise<boolean> =>
  new Promise((resolve) =>
    transport.dial(address, {
      opened: () => resolve(true),
      received: () => {},
      closed: () => resolve(false),
    }),
  );
