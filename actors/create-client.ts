/** A client on Node: real time, real chance, real sockets. */
import type { Client } from './api.js';
import type { ClientOptionsInput } from './client-options.js';
import { hostedClientEnvironment } from './hosted-environment.js';
import { startClient } from './start-client.js';

/**
 * Starts a client. It looks for a peer at once and for ever; what is submitted meanwhile waits.
 *
 * @param input - see `ClientOptions`; only `seeds` is required, of which one live peer suffices.
 * @throws ClusterError `bad-option`: nothing runs then.
 *
 * @example
 * const client = createClient({ seeds: ['127.0.0.1:7001', '127.0.0.1:7002'] });
 * const { sequence } = await client.submit('general', { text: 'hello' });
 */
export const createClient = (input: ClientOptionsInput): Client =>
  startClient(input, hostedClientEnvironment(input.transport));
