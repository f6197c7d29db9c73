/**
 * A chart as the text of a Mermaid state diagram, for documents.
 *
 * Mermaid cannot draw an edge to a composite state inside a region of a parallel one (its issue 4052): such an edge goes
 * to where the composite starts, and begins at its first state, with a note in its label.
 */
import {
  type ChartState,
  type ChartTransition,
  causeOf,
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
      if (one.target === null || one.target === '' || !states.has(one.target)) return [];
      // From anywhere in the machine: from each of its states, the diagram would say nothing else.
      const sources = one.source === '' ? chart.children.map(({ path }) => path) : [one.source];
      return sources
        .filter((source) => !isWithinEither(source, one.target ?? ''))
        .map((source) => `${endOf(source, states)} --> ${endOf(one.target ?? '', states)} : ${labelOf(one)}`);
    }),
  );
}

/** Mermaid draws no edge between a state and one around it, other than to itself. */
const isWithinEither = (one: string, other: string): boolean =>
  one !== other && (one.startsWith(`${other}.`) || other.startsWith(`${one}.`));

/** The node that stands for a state in an edge. */
const endOf = (path: string, states: States): string => {
  const state = states.get(path);
  return state === undefined || state.children.length === 0 || !isInRegion(path, states)
    ? nameOf(path)
    : startOf(state, states);
};

/** The plain state in which it starts; the state itself when it is plain, or is no matter to Mermaid. */
function startOf(state: ChartState, states: States): string {
  if (state.children.length === 0 || !isInRegion(state.path, states)) return nameOf(state.path);
  const first = state.children.find(({ isInitial }) => isInitial) ?? state.children[0];
  return first === undefined ? nameOf(state.path) : startOf(first, states);
}

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
