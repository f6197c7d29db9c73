/**
 * A machine made of a definition alone, for playing charts whose code is not here: whoever plays decides which guard
 * holds. Every transition becomes an event of its own, named as `choiceOf` names it; XState does the rest.
 */
import { type AnyStateMachine, createMachine } from 'xstate';
import { type ChartState, type ChartTransition, readChart } from './chart-model.js';
import { choiceOf } from './drawing-arrows.js';

type Node = Record<string, unknown>;

/** @throws when XState refuses the definition. */
export function structuralMachine(definition: unknown): AnyStateMachine {
  const chart = readChart(definition);
  return createMachine({ id: chart.key, ...nodeOf(chart) } as never);
}

function nodeOf(state: ChartState): Node {
  const on: Record<string, { target?: string; reenter: boolean; actions: string[] }[]> = {};
  const always: Node[] = [];
  for (const one of state.transitions) {
    // What is taken at once and unasked stays so, unless something guarded may be taken before it.
    const isUnasked =
      one.when === 'always' && one.guard === null && always.length === 0 && !hasGuarded(state);
    if (isUnasked) always.push(bodyOf(one));
    else {
      const name = eventName(one);
      on[name] = [...(on[name] ?? []), bodyOf(one)];
    }
  }
  return {
    id: idOf(state.path),
    ...(state.kind === 'parallel' || state.kind === 'final' || state.kind === 'history'
      ? { type: state.kind }
      : {}),
    ...initialOf(state),
    entry: [...state.entry],
    exit: [...state.exit],
    on,
    ...(always.length === 0 ? {} : { always }),
    ...(state.children.length === 0
      ? {}
      : { states: Object.fromEntries(state.children.map((child) => [child.key, nodeOf(child)])) }),
  };
}

const hasGuarded = ({ transitions }: ChartState): boolean =>
  transitions.some(({ when, guard }) => when === 'always' && guard !== null);

function initialOf(state: ChartState): Node {
  if (state.kind !== 'compound') return {};
  const first = state.children.find(({ isInitial }) => isInitial) ?? state.children[0];
  return first === undefined ? {} : { initial: first.key };
}

/** Stars mean something to XState, which the name of one event must not. */
const eventName = (one: ChartTransition): string => choiceOf(one).replaceAll('*', '…');

/** What a choice of the drawing is called here. */
export const eventOfChoice = (choice: string): { readonly type: string } => ({
  type: choice.replaceAll('*', '…'),
});

const idOf = (path: string): string => `state:${path}`;

const bodyOf = ({ target, reenters, actions }: ChartTransition) => ({
  ...(target === null ? {} : { target: `#${idOf(target)}` }),
  reenter: reenters,
  actions: [...actions],
});
