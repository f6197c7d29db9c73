/**
 * Replicas: pure state machines that every member runs over the same commands, in the same order.
 *
 * A replica's commands are submissions on a topic of its own; its state follows from the deliveries alone.
 */
import type { Peer, ReplicaDefinition, ReplicaHandle } from './api.js';
import type { Deliveries } from './deliveries.js';
import { ClusterError } from './errors.js';

/**
 * Declares a replicated state machine.
 *
 * @param definition - its name (at most 50 characters), the zod schema of its commands, its initial state, and the pure
 *   function that applies a command. All members must run the same definition.
 */
export const defineReplica = <State, Command, Result>(
  definition: ReplicaDefinition<State, Command, Result>,
): ReplicaDefinition<State, Command, Result> => definition;

export const topicOf = (name: string): string => `replica:${name}`;

/** Runs `definition` over everything `deliveries` has and will have. */
export function hostReplica<State, Command, Result>(
  definition: ReplicaDefinition<State, Command, Result>,
  deliveries: Deliveries,
  submit: Peer['submit'],
): ReplicaHandle<State, Command, Result> {
  const topic = topicOf(definition.name);
  const results = new Map<string, Result>();
  let state = definition.initial();
  let executing = 0;

  const apply = (delivered: ReturnType<Deliveries['after']>) => {
    for (const { topic: of, payload, sequence, at, origin, id } of delivered) {
      if (of !== topic) continue;
      const command = definition.command.safeParse(payload);
      if (!command.success) continue;
      const outcome = definition.apply(state, command.data, { sequence, at, origin });
      state = outcome.state;
      if (executing > 0) results.set(id, outcome.result);
    }
  };
  apply(deliveries.after(0, Number.MAX_SAFE_INTEGER, topic));
  deliveries.listen(apply);

  return {
    state: () => state,
    async execute(command) {
      const parsed = definition.command.safeParse(command);
      if (!parsed.success)
        throw new ClusterError('bad-command', `${definition.name}: ${parsed.error.issues[0]?.message}`);
      executing++;
      try {
        const receipt = await submit(topic, command);
        const result = results.get(receipt.id) as Result;
        return { result, sequence: receipt.sequence };
      } finally {
        executing--;
        if (executing === 0) results.clear();
      }
    },
  };
}
