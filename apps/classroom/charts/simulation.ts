/**
 * A machine played by hand: XState's pure `transition` on the very machine that peers run, without a clock or a network.
 *
 * Nothing is executed: effects are listed, and timers that are set wait to be chosen.
 */
import { type AnyMachineSnapshot, type AnyStateMachine, initialTransition, transition } from 'xstate';
import { stateText } from './active-states.js';

/** An action that was asked for. */
export interface Effect {
  readonly type: string;
  readonly params: unknown;
}

/** Where the machine is after an event. */
export interface Moment {
  /** What it was given; XState's own at the start. */
  readonly event: { readonly type: string };
  readonly state: string;
  readonly snapshot: AnyMachineSnapshot;
  readonly effects: readonly Effect[];
  /** Events of timers that are set, by XState's id of them. */
  readonly timers: Readonly<Record<string, { readonly type: string; readonly afterMs: number | null }>>;
}

type Asked = readonly { readonly type: string; readonly params?: unknown }[];

/** @throws when the machine cannot begin with that input. */
export function beginning(machine: AnyStateMachine, input: unknown): Moment {
  const [snapshot, actions] = initialTransition(machine, input);
  return momentOf({ type: 'xstate.init' }, snapshot, actions, {});
}

/** @throws when the machine chokes on the event; then `before` is as it was. */
export function following(
  machine: AnyStateMachine,
  before: Moment,
  event: { readonly type: string },
): Moment {
  const [snapshot, actions] = transition(machine, before.snapshot, event);
  const left = Object.entries(before.timers).filter(([, { type }]) => type !== event.type);
  return momentOf(event, snapshot, actions, Object.fromEntries(left));
}

/** Whether the event would do anything: some transition of what is active, its guard included. */
export function mayTake({ snapshot }: Moment, event: { readonly type: string }): boolean {
  try {
    return snapshot.can(event);
  } catch {
    return false;
  }
}

function momentOf(
  event: { readonly type: string },
  snapshot: AnyMachineSnapshot,
  actions: Asked,
  before: Moment['timers'],
): Moment {
  const timers = { ...before };
  for (const { type, params } of actions) {
    if (type === 'xstate.raise') setTimer(timers, params);
    else if (type === 'xstate.cancel') delete timers[(params as { sendId: string }).sendId];
  }
  const effects = actions
    .filter(({ type }) => type !== 'xstate.raise' && type !== 'xstate.cancel' && type !== 'xstate.assign')
    .map(({ type, params }) => ({ type, params }));
  return { event, state: stateText(snapshot.value), snapshot, effects, timers };
}

function setTimer(timers: Record<string, { type: string; afterMs: number | null }>, params: unknown): void {
  const { id, delay, event } = params as { id?: string; delay?: unknown; event?: { type: string } };
  if (delay === undefined || event === undefined) return;
  timers[id ?? event.type] = { type: event.type, afterMs: typeof delay === 'number' ? delay : null };
}
