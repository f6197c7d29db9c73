/**
 * What a chart does with every event in every state, as one table that people can read.
 *
 * A cell names the state that follows, with `!` if anything is asked for as well; what, the tests of the sentences say.
 * `·` is an event that is no more than noted: the state stays, and nothing is asked for.
 */
import type { AnyStateMachine, EventFromLogic, InputFrom, SnapshotFrom } from 'xstate';
import { start, step } from './step.js';

/** The machine after these events, and what the last of them made it ask for. */
export function having<M extends AnyStateMachine>(
  machine: M,
  input: InputFrom<M>,
  events: readonly EventFromLogic<M>[],
): ReturnType<typeof step<M>> {
  return events.reduce<ReturnType<typeof step<M>>>(
    ([snapshot], event) => step(machine, snapshot, event),
    start(machine, input),
  );
}

/** The event by which a delay ends: `elapsed('answerTimeout', 'election.challenging')`. */
export const elapsed = (delay: string, stateId: string): never =>
  ({ type: `xstate.after.${delay}.${stateId}` }) as never;

/** One line per event, one column per state, both by the names given to them. */
export function eventTable<M extends AnyStateMachine>(
  machine: M,
  input: InputFrom<M>,
  states: Readonly<Record<string, readonly EventFromLogic<M>[]>>,
  events: Readonly<Record<string, EventFromLogic<M>>>,
  nameOf: (snapshot: SnapshotFrom<M>) => string,
): string {
  const rows = Object.entries(events).map(([name, event]) => [
    name,
    ...Object.values(states).map((history) => {
      const [before] = having(machine, input, history);
      const [next, effects] = step(machine, before, event);
      const isQuiet = nameOf(next) === nameOf(before) && effects.length === 0;
      return isQuiet ? '·' : `${nameOf(next)}${effects.length > 0 ? '!' : ''}`;
    }),
  ]);
  const table = [['', ...Object.keys(states)], ...rows];
  const widths =
    table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? [];
  const lines = table.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return `\n${lines.join('\n')}\n`;
}
