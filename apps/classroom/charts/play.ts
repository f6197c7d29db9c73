/**
 * A game with one chart: where it is, what it may be told now, and the way there. Ours are played with their real code
 * and filled events; any other by its structure, the guards being the player's choice.
 */
import type { AnyStateMachine } from 'xstate';
import { activePaths } from './active-states.js';
import { type ChartState, transitionsOf } from './chart-model.js';
import type { WireMessage } from './chart-source.js';
import { choiceOf } from './drawing-arrows.js';
import { exampleOf, inputOf } from './examples.js';
import { PLAYABLE } from './playable.js';
import { beginning, following, type Moment, mayTake } from './simulation.js';
import { eventOfChoice, structuralMachine } from './structure.js';

export interface Game {
  /** Whether its own code decides; else the player does. */
  readonly isReal: boolean;
  begin(): Moment;
  /** What it may be told: events by type, delays as `after …`. The second is whether anything would happen. */
  choicesAt(moment: Moment): ReadonlyMap<string, boolean>;
  /** What is told it for a choice. */
  eventFor(choice: string, moment: Moment): { readonly type: string };
  /** @throws what the machine throws at an event it cannot bear. */
  next(moment: Moment, event: { readonly type: string }): Moment;
}

/** @param messages - of the wire, among the machine's events. */
export function gameOf(
  chart: ChartState,
  definition: unknown,
  messages: readonly WireMessage[] | null,
): Game {
  const real = messages === null ? undefined : PLAYABLE.find(({ id }) => id === chart.key);
  return real === undefined ? structuralGame(chart, definition) : realGame(real, chart, messages ?? []);
}

function realGame(machine: AnyStateMachine, chart: ChartState, messages: readonly WireMessage[]): Game {
  const fieldsOf = new Map(messages.map(({ type, fields }) => [type, fields]));
  const example = (type: string) => exampleOf(type, fieldsOf.get(type));
  const choicesAt = (moment: Moment) => {
    const active = activePaths(moment.state);
    const heard = transitionsOf(chart).filter(({ source, when }) => when === 'event' && active.has(source));
    const types = [...new Set(heard.map(({ trigger }) => trigger))];
    const events = types.map((type) => [type, mayTake(moment, example(type))] as const);
    const timers = Object.values(moment.timers).map(({ type }) => [choiceOfTimer(type), true] as const);
    return new Map([...timers, ...events]);
  };
  return {
    isReal: true,
    begin: () => beginning(machine, inputOf(chart.key)),
    choicesAt,
    eventFor: (choice, { timers }) => {
      const timer = Object.values(timers).find(({ type }) => choiceOfTimer(type) === choice);
      return timer === undefined ? example(choice) : { type: timer.type };
    },
    next: (moment, event) => following(machine, moment, event),
  };
}

/** `xstate.after.answerTimeout.election.challenging` is `after answerTimeout` in the drawing. */
function choiceOfTimer(type: string): string {
  const [, delay = type] = type.match(/^xstate\.after\.([^.]+)/) ?? [];
  return /^\d+$/.test(delay) ? `after ${delay} ms` : `after ${delay}`;
}

function structuralGame(chart: ChartState, definition: unknown): Game {
  const machine = structuralMachine(definition);
  return {
    isReal: false,
    begin: () => beginning(machine, undefined),
    choicesAt: (moment) => {
      const active = activePaths(moment.state);
      const choices = transitionsOf(chart)
        .filter(({ source }) => active.has(source))
        .map(choiceOf);
      return new Map(
        [...new Set(choices)].flatMap((choice) =>
          mayTake(moment, eventOfChoice(choice)) ? [[choice, true] as const] : [],
        ),
      );
    },
    eventFor: (choice) => eventOfChoice(choice),
    next: (moment, event) => following(machine, moment, event),
  };
}
