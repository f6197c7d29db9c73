/** Clients of a cluster in virtual time. */
import type { Delivery } from '../../actors/api.js';
import type { ClientHandle } from '../../actors/client-handle.js';
import type { ClientOptionsInput } from '../../actors/client-options.js';
import { startClient } from '../../actors/start-client.js';
import type { Cluster } from './cluster.js';

/** A client on a machine of its own, with every peer as a seed. */
export function clientOf(
  cluster: Cluster,
  { host = 'c', ...options }: Partial<ClientOptionsInput> & { readonly host?: string } = {},
): ClientHandle {
  const seeds = [...cluster.peers.keys()].map((id) => `${id}:7000`);
  const transport = cluster.network.transport(host);
  return startClient({ seeds, ...options }, { clock: cluster.clock, random: cluster.random, transport });
}

/** What a client was answered, in the order in which it was. */
export interface Said {
  readonly acknowledged: { readonly text: string; readonly sequence: number }[];
  readonly failed: { readonly text: string; readonly code: string }[];
}

export function say(client: ClientHandle, said: Said, texts: readonly string[], timeoutMs?: number): void {
  for (const text of texts)
    client.offer('general', text, timeoutMs === undefined ? {} : { timeoutMs }, {
      resolve: ({ sequence }) => said.acknowledged.push({ text, sequence }),
      reject: ({ code }) => said.failed.push({ text, code }),
    });
}

export const nothingSaid = (): Said => ({ acknowledged: [], failed: [] });

/**
 * Takes everything `client` delivers, as it comes. Promises run between the steps of virtual time: see `until`.
 *
 * @param onEnd - hears why nothing more comes; without it, that is a failure.
 */
export function listen(client: ClientHandle, onEnd?: (why: unknown) => void): Delivery[] {
  const heard: Delivery[] = [];
  const listening = (async () => {
    for await (const delivery of client.deliveries()) heard.push(delivery);
  })();
  if (onEnd !== undefined) listening.catch(onEnd);
  return heard;
}

/** Lets `minutes` pass by the clock of the log, and next to none by any other: every session not used meanwhile ages. */
export function passLoggedTime(cluster: Cluster, busy: string, minutes: number): void {
  for (let minute = 0; minute < minutes; minute++) {
    for (const id of cluster.peers.keys()) cluster.shiftWallClock(id, 60_000);
    const { length } = cluster.acknowledged;
    cluster.say(busy, `minute ${minute}`);
    cluster.until('the minute is logged', () => cluster.acknowledged.length > length);
  }
}
