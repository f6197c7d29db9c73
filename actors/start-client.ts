/** Starts the client actor with its public handle around it. */
import { createActor } from 'xstate';
import type { Client } from './api.js';
import { clientMachine } from './client.js';
import { ClientHandle } from './client-handle.js';
import { ClientOptions, type ClientOptionsInput } from './client-options.js';
import { type ClientEnvironment, nonceOf } from './environment.js';
import { ClusterError } from './errors.js';

/**
 * Starts a client on an environment of one's own: the simulator's, a test's, a browser's. Synchronous and deterministic.
 *
 * @throws ClusterError `bad-option`: nothing runs then.
 */
export function startClient(input: ClientOptionsInput, environment: ClientEnvironment): ClientHandle {
  const parsed = ClientOptions.safeParse(input);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new ClusterError(
      'bad-option',
      `${issue?.path.join('.') || 'options'}: ${issue?.message ?? 'malformed'}`,
    );
  }
  const options = parsed.data;
  const client = `~${nonceOf(environment.random)}`;
  const nonce = nonceOf(environment.random);
  const handle = new ClientHandle(client, options, environment);
  handle.run(
    createActor(clientMachine, {
      input: { client, nonce, options, environment, outlet: handle },
      clock: environment.clock as never,
      systemId: 'client',
    }),
  );
  return handle;
}

export type { Client };
