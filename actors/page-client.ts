/** A client in a browser: the page's own time, chance and WebSockets. */
import { PageTransport } from '../transport/websocket-page.js';
import type { Client } from './api.js';
import type { ClientOptionsInput } from './client-options.js';
import { ClusterError } from './errors.js';
import { startClient } from './start-client.js';

/**
 * Starts a client in a web page; see `createClient` of Node. Peers let a page in that they were told of (`clientOrigins`).
 *
 * @throws ClusterError `bad-option`: nothing runs then.
 */
export function createClient(input: ClientOptionsInput): Client {
  if (input.transport === 'udp')
    throw new ClusterError('bad-option', 'transport: a web page has no datagrams, only ws');
  return startClient(input, {
    clock: {
      now: () => performance.now(),
      setTimeout: (task, delayMs) => setTimeout(task, delayMs),
      clearTimeout: (timer) => clearTimeout(timer as number),
    },
    random: Math.random,
    transport: new PageTransport(),
  });
}
