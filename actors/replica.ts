/**
 * Replicas: pure state machines that every member runs over the same commands, in the same order.
 *
 * A replica's commands are submissions on a topic of its own; its state follows from the deliveries alone.
 */
import type { Peer, ReplicaChange, ReplicaDefinition, ReplicaHandle } from './api.js';
import type { Deliveries } from './deliveries.js';
import { ClusterError } from './errors.js';
import type { Carried } from './replicated-state.js';
import { Deadlines, isTimer, type Timekeeper } from './timekeeper.js';

/**
 * Declares a replicated state machine.
 *
 * @param definition - its name (at most 50 characters), the zod schema of its commands, its initial state, and the pure
 *   function that applies a command. All members must run the same definition.
 */
export const defineReplica = <State, Command, Result>(
  definition: ReplicaDefinition<State, Command, Result>,
): ReplicaDefinition<State, Command, Result> => definition;

/** What a definition threw: on every member alike, so the state stays what it was. */
class Failed {
  readonly why: string;

  constructor(problem: unknown) {
    this.why = problem instanceof Error ? problem.message : String(problem);
  }
}

function attempt<Outcome>(step: () => Outcome): Outcome | Failed {
  try {
    return step();
  } catch (problem) {
    return new Failed(problem);
  }
}

export const topicOf = (name: string): string => `replica:${name}`;

/**
 * Runs `definition` over everything `deliveries` has and will have.
 *
 * @throws ClusterError `history-gone` when commands are gone and no snapshot brought the state they had led to.
 */
export function hostReplica<State, Command, Result>(
  definition: ReplicaDefinition<State, Command, Result>,
  deliveries: Deliveries,
  submit: Peer['submit'],
  timekeeper: Timekeeper,
): ReplicaHandle<State, Command, Result> {
  const topic = topicOf(definition.name);
  const results = new Map<string, Result | Failed>();
  let state = definition.initial();
  let upTo = 0;
  let deadlines = new Deadlines();
  let executing = 0;
  const watchers = new Set<(change: ReplicaChange<State, Result>) => void>();
  const tell = (change: ReplicaChange<State, Result>) => {
    for (const watcher of [...watchers]) watcher(change);
  };

  const apply = (delivered: ReturnType<Deliveries['after']>) => {
    for (const { topic: of, payload, sequence, topicSequence, at, origin, id } of delivered) {
      if (of !== topic || isLost()) continue;
      upTo = topicSequence;
      const context = { sequence, at, origin };
      const passed = deadlines.pass(payload, at);
      const before = state;
      if (passed !== null) {
        const { expire } = definition;
        const after = expire === undefined ? null : attempt(() => expire(state, passed, context));
        if (after !== null && !(after instanceof Failed)) {
          state = after.state;
          deadlines.set(after.timers);
        }
        tell({ ...context, before, state, cause: 'deadline' });
      }
      if (isTimer(payload)) continue;
      const command = definition.command.safeParse(payload);
      if (!command.success) continue;
      const outcome = attempt(() => definition.apply(state, command.data, context));
      if (outcome instanceof Failed) {
        if (executing > 0) results.set(id, outcome);
        continue;
      }
      state = outcome.state;
      deadlines.set(outcome.timers);
      deliveries.results.keep(id, outcome.result);
      if (executing > 0) results.set(id, outcome.result);
      tell({ ...context, before, state, cause: 'command', result: outcome.result });
    }
    timekeeper.changed();
  };
  /** Commands that it has not seen are gone. */
  const isLost = () => upTo < deliveries.dropped(topic);
  const lost = () =>
    new ClusterError(
      'history-gone',
      `${definition.name}: its first ${deliveries.dropped(topic)} commands are gone`,
    );
  const restore = (carried: Carried | undefined) => {
    const before = state;
    state = carried === undefined ? definition.initial() : (carried.state as State);
    upTo = carried?.upTo ?? 0;
    deadlines = new Deadlines(carried?.timers);
    tell({ before, state, cause: 'snapshot', sequence: 0, origin: '', at: 0 });
    apply(deliveries.after(upTo, Number.MAX_SAFE_INTEGER, topic));
  };
  restore(deliveries.host(topic, { carried: () => ({ upTo, state, timers: deadlines.entries() }), restore }));
  if (isLost()) throw lost();
  timekeeper.keep(topic, () => deadlines);
  deliveries.listen(apply);

  return {
    state: () => {
      if (isLost()) throw lost();
      return state;
    },
    watch(listener) {
      watchers.add(listener);
      return () => watchers.delete(listener);
    },
    async execute(command, options) {
      const parsed = definition.command.safeParse(command);
      if (!parsed.success)
        throw new ClusterError('bad-command', `${definition.name}: ${parsed.error.issues[0]?.message}`);
      executing++;
      try {
        const { id, sequence } = await submit(topic, command, options);
        // Of a second submission with the same key, what came of the first.
        const result = results.has(id) ? results.get(id) : deliveries.results.of(id);
        if (result instanceof Failed)
          throw new ClusterError('bad-command', `${definition.name}: ${result.why}`);
        return { result: result as Result, sequence };
      } finally {
        executing--;
        if (executing === 0) results.clear();
      }
    },
  };
}
