/**
 * Where a chart can be brought by given events: XState's graph utilities find the shortest path to every state that
 * behaves differently, and from each of them every event is tried.
 */
import type { AnyMachineSnapshot, AnyStateMachine, EventObject } from 'xstate';
import { getShortestPaths } from 'xstate/graph';
import { start, step } from '../support/step.js';

/** A machine, how it may begin, and what may happen to it. Delays that are running may always end. */
export interface Journey {
  readonly machine: AnyStateMachine;
  /** The test that takes every way of it. Default: that of its name in test/machines. */
  readonly test?: string;
  readonly inputs: readonly unknown[];
  readonly events: (snapshot: AnyMachineSnapshot) => readonly EventObject[];
  /** What of the context makes a difference that the next event does not show. */
  readonly tellApart?: (snapshot: AnyMachineSnapshot) => unknown;
}

/** Walks all shortest paths, noting what is taken (support/coverage.ts); answers how many there are. */
export function walk({ machine, inputs, events, tellApart }: Journey): number {
  const eventsAt = (snapshot: AnyMachineSnapshot) => [...events(snapshot), ...delaysOf(snapshot)];
  // Snapshots of one value and one context behave alike: they are tried once.
  const known = new Map<string, string>();
  const behaviourOf = (snapshot: AnyMachineSnapshot): string => {
    const content = JSON.stringify([snapshot.value, snapshot.context]);
    const behaviour =
      known.get(content) ?? JSON.stringify([snapshot.value, tellApart?.(snapshot), tryAll(snapshot)]);
    known.set(content, behaviour);
    return behaviour;
  };
  const tryAll = (snapshot: AnyMachineSnapshot): unknown =>
    eventsAt(snapshot).map((event) => {
      const [next, effects] = step(machine, snapshot, event);
      return [event.type, next.value, effects.map(({ type }) => type)];
    });
  return inputs
    .map((input) => {
      const [first] = start(machine, input as never);
      const options = { events: eventsAt, serializeState: behaviourOf, fromState: first };
      return getShortestPaths(machine, options as never).length;
    })
    .reduce((sum, paths) => sum + paths, 0);
}

/** The ends of all delays that run in this state. */
const delaysOf = (snapshot: AnyMachineSnapshot): readonly EventObject[] =>
  snapshot._nodes.flatMap((node) => node.after.map(({ eventType }) => ({ type: eventType })));
