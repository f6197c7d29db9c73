/**
 * A chart as the text of a Mermaid state diagram, for documents.
 *
 * Mermaid cannot draw an edge to a composite state inside a region of a parallel one (its issue 4052), nor one between a
 * state and one within it: such an edge goes to where the composite starts, and from each of the states inside.
 */
import {
  type ChartState,
  type ChartTransition,
  causeOf,
  isWithin,
  parentOf,
  readChart,
  statesOf,
} from './chart-model.js';

/** @param definition - XState's configuration as JSON. */
export function toMermaid(definition: unknown): string {
  const chart = readChart(definition);
  const states = new Map(statesOf(chart).map((state) => [state.path, state]));
  return ['stateDiagram-v2', ...bodyOf(chart, states, 1)].join('\n').concat('\n');
}

type States = ReadonlyMap<string, ChartState>;

function bodyOf(state: ChartState, states: States, depth: number): readonly string[] {
  const indent = '  '.repeat(depth);
  const lines = state.children.flatMap((child, place) => [
    ...(state.kind === 'parallel' && place > 0 ? [`${indent}--`] : []),
    ...oneState(child, state, states, depth),
  ]);
  return state.path === '' ? [...lines, ...edgesOf(state, states).map((line) => indent + line)] : lines;
}

/** A region cannot be a node: what is in it stands between the lines. */
function oneState(child: ChartState, parent: ChartState, states: States, depth: number): readonly string[] {
  const indent = '  '.repeat(depth);
  const isRegion = parent.kind === 'parallel';
  const start = child.isInitial && !isRegion ? [`${indent}[*] --> ${startOf(child, states)}`] : [];
  if (child.children.length === 0) {
    const final = child.kind === 'final' ? [`${indent}${nameOf(child.path)} --> [*]`] : [];
    return [
      `${indent}state "${child.key}" as ${nameOf(child.path)}`,
      ...start,
      ...notesOf(child, indent),
      ...final,
    ];
  }
  const inside = bodyOf(child, states, depth + 1);
  return [
    `${indent}state "${child.key}" as ${nameOf(child.path)} {`,
    ...inside,
    `${indent}}`,
    ...start,
    ...notesOf(child, indent),
  ];
}

const notesOf = ({ path, entry, children }: ChartState, indent: string): readonly string[] =>
  entry.length === 0 || children.length > 0
    ? []
    : [`${indent}${nameOf(path)} : entry / ${said(entry.join(', '))}`];

function edgesOf(chart: ChartState, states: States): readonly string[] {
  return statesOf(chart).flatMap(({ transitions }) =>
    transitions.flatMap((one) => {
      const goal = states.get(one.target ?? '');
      if (one.target === null || goal === undefined || goal.path === '') return [];
      return sourcesOf(one.source, goal.path, states).map((source) => {
        // Mermaid draws no edge into a state around its source: it is entered anew, and so at its start.
        const isAround = source !== goal.path && isWithin(source, goal.path);
        const end = isAround ? nameOf(leafOf(goal).path) : endOf(goal.path, states);
        return `${endOf(source, states)} --> ${end} : ${labelOf(one)}`;
      });
    }),
  );
}

/** A state that leads into itself does so from each state inside: no edge may lead from a state to one within it. */
function sourcesOf(source: string, target: string, states: States): readonly string[] {
  const children = states.get(source)?.children ?? [];
  if (source === target || children.length === 0 || !isWithin(target, source)) return [source];
  return children.flatMap(({ path }) => sourcesOf(path, target, states));
}

/** The plain state in which a state starts. */
function leafOf(state: ChartState): ChartState {
  const first = state.children.find(({ isInitial }) => isInitial) ?? state.children[0];
  return first === undefined ? state : leafOf(first);
}

/** The node that stands for a state in an edge: in a region a composite one is entered at its start. */
function endOf(path: string, states: States): string {
  const state = states.get(path);
  return nameOf(state !== undefined && isInRegion(path, states) ? leafOf(state).path : path);
}

/** Where its parent's start leads. */
const startOf = (state: ChartState, states: States): string => endOf(state.path, states);

function isInRegion(path: string, states: States): boolean {
  for (let at = path; at !== ''; at = parentOf(at))
    if (states.get(parentOf(at))?.kind === 'parallel') return true;
  return false;
}

const nameOf = (path: string): string => path.replaceAll(/[^A-Za-z0-9]/g, '_');

function labelOf(one: ChartTransition): string {
  const guard = one.guard === null ? '' : ` [${one.guard}]`;
  const does = one.actions.length === 0 ? '' : ` / ${one.actions.join(', ')}`;
  return said(`${causeOf(one)}${guard}${does}`);
}

/** Signs that would end a label, or open something, are told by others. */
const said = (text: string): string => text.replaceAll(/[;{}\n]/g, ' ').replaceAll(':', '∶');
