/** Pure tests of a machine: `start` it, then `step` it; each answers the snapshot and the effects it asked for. */
import {
  type AnyStateMachine,
  type EventFromLogic,
  type InputFrom,
  initialTransition,
  type SnapshotFrom,
  transition,
} from 'xstate';
import { cover } from './coverage.js';

export interface Effect {
  readonly type: string;
  readonly [param: string]: unknown;
}

type Actions = readonly { readonly type: string; readonly params: unknown }[];

/** XState's own actions (assign, raise, timers) are its business; what remains are the effects, params flattened. */
const effectsOf = (actions: Actions): Effect[] =>
  actions
    .filter((action) => !action.type.startsWith('xstate.'))
    .map((action) => ({ type: action.type, ...(action.params as object | undefined) }));

export function start<M extends AnyStateMachine>(
  machine: M,
  input: InputFrom<M>,
): [SnapshotFrom<M>, Effect[]] {
  const [snapshot, actions] = cover(machine, () => initialTransition(machine, ...([input] as never)));
  return [snapshot as SnapshotFrom<M>, effectsOf(actions)];
}

export function step<M extends AnyStateMachine>(
  machine: M,
  snapshot: SnapshotFrom<M>,
  event: EventFromLogic<M>,
): [SnapshotFrom<M>, Effect[]] {
  const [next, actions] = cover(machine, () => transition(machine, snapshot as never, event as never));
  return [next as SnapshotFrom<M>, effectsOf(actions)];
}

/** Fires a delayed transition: `after(machine, snapshot, 'answerTimeout', 'election.challenging')`. */
export const after = <M extends AnyStateMachine>(
  machine: M,
  snapshot: SnapshotFrom<M>,
  delay: string,
  stateId: string,
): [SnapshotFrom<M>, Effect[]] =>
  step(machine, snapshot, { type: `xstate.after.${delay}.${stateId}` } as EventFromLogic<M>);
