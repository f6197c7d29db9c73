/** Reads a statechart out of XState's JSON, of whatever machine, into what the page draws. */

export interface ChartTransition {
  /** The state it leaves; '' for the machine itself. */
  readonly source: string;
  /** The event, the delay, or '' for a transition taken at once. */
  readonly trigger: string;
  readonly when: 'event' | 'after' | 'always' | 'done';
  readonly guard: string | null;
  /** The state it enters; null when it only does something. */
  readonly target: string | null;
  readonly actions: readonly string[];
}

export interface ChartState {
  /** The dotted path below the machine: `following.direct`; '' for the machine itself. */
  readonly path: string;
  readonly key: string;
  readonly kind: 'plain' | 'compound' | 'parallel' | 'final' | 'history';
  /** Its parent starts here. */
  readonly isInitial: boolean;
  readonly description: string | null;
  readonly children: readonly ChartState[];
  readonly transitions: readonly ChartTransition[];
}

type Json = Readonly<Record<string, unknown>>;

const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const json = (value: unknown): Json => (isJson(value) ? value : {});
const list = (value: unknown): readonly unknown[] =>
  value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];
const within = (parent: string, key: string): string => (parent === '' ? key : `${parent}.${key}`);
const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('.')));

/** The chart of a machine's definition; a machine without states becomes a chart without children. */
export function readChart(definition: unknown): ChartState {
  const root = json(definition);
  const ids = new Map<string, string>();
  collectIds(root, typeof root.id === 'string' ? root.id : '', '', ids);
  return readState(root, '', typeof root.id === 'string' ? root.id : 'machine', true, ids);
}

/** XState's ids: a state's own, or the machine's id with the path below it. */
function collectIds(node: Json, machine: string, path: string, ids: Map<string, string>): void {
  if (typeof node.id === 'string') ids.set(node.id, path);
  ids.set(within(machine, path), path);
  for (const [key, child] of Object.entries(json(node.states)))
    collectIds(json(child), machine, within(path, key), ids);
}

function readState(
  node: Json,
  path: string,
  key: string,
  isInitial: boolean,
  ids: ReadonlyMap<string, string>,
): ChartState {
  const states = Object.entries(json(node.states));
  const initial = initialKey(node.initial);
  return {
    path,
    key,
    kind: kindOf(node, states.length),
    isInitial,
    description: typeof node.description === 'string' ? node.description : null,
    children: states.map(([name, child]) =>
      readState(json(child), within(path, name), name, name === initial, ids),
    ),
    transitions: readTransitions(node, path, ids),
  };
}

function kindOf(node: Json, children: number): ChartState['kind'] {
  if (node.type === 'final' || node.type === 'history' || node.type === 'parallel') return node.type;
  return children > 0 ? 'compound' : 'plain';
}

function initialKey(initial: unknown): string | null {
  const target = isJson(initial) ? list(initial.target)[0] : initial;
  return typeof target === 'string' ? (target.split('.').at(-1) ?? null) : null;
}

function readTransitions(node: Json, path: string, ids: ReadonlyMap<string, string>): ChartTransition[] {
  const found: ChartTransition[] = [];
  const add = (written: unknown, trigger: string, when: ChartTransition['when']) => {
    for (const one of list(written)) found.push(readTransition(one, path, trigger, when, ids));
  };
  for (const [event, written] of Object.entries(json(node.on))) {
    const delay = event.match(/^xstate\.after\.([^.]+)/)?.[1];
    const done = event.startsWith('xstate.done');
    add(written, done ? '' : (delay ?? event), done ? 'done' : delay ? 'after' : event ? 'event' : 'always');
  }
  for (const [delay, written] of Object.entries(json(node.after))) add(written, delay, 'after');
  add(node.always, '', 'always');
  add(node.onDone, '', 'done');
  return found;
}

function readTransition(
  written: unknown,
  source: string,
  trigger: string,
  when: ChartTransition['when'],
  ids: ReadonlyMap<string, string>,
): ChartTransition {
  const body = isJson(written) ? written : { target: written };
  const target = list(body.target)[0];
  return {
    source,
    trigger,
    when,
    guard: body.guard === undefined ? null : nameOf(body.guard),
    target: typeof target === 'string' ? resolve(target, source, ids) : null,
    actions: list(body.actions)
      .map(nameOf)
      .filter((name) => !name.startsWith('xstate.')),
  };
}

const nameOf = (value: unknown): string =>
  typeof value === 'string' ? value : isJson(value) && typeof value.type === 'string' ? value.type : '…';

/** `#id`, `#id.below`, `.child` or a sibling, as a path below the machine. */
function resolve(target: string, source: string, ids: ReadonlyMap<string, string>): string {
  if (target.startsWith('.')) return within(source, target.slice(1));
  if (!target.startsWith('#')) return within(parentOf(source), target);
  const name = target.slice(1);
  for (let end = name.length; end > 0; end = name.lastIndexOf('.', end - 1)) {
    const path = ids.get(name.slice(0, end));
    if (path !== undefined) return end === name.length ? path : within(path, name.slice(end + 1));
  }
  return name;
}

/**
 * Every active path of a state as peers write it: dotted, regions side by side in braces, as in
 * `coordinating.{office.serving,pulse.beating}`. Parents are active with their children; '' is the machine itself.
 */
export function activePaths(state: string): ReadonlySet<string> {
  const active = new Set<string>(['']);
  for (const leaf of leaves(state)) {
    const keys = leaf.split('.');
    for (let depth = 1; depth <= keys.length; depth += 1) active.add(keys.slice(0, depth).join('.'));
  }
  return active;
}

function leaves(state: string): readonly string[] {
  return splitRegions(state).flatMap((region) => {
    const brace = region.indexOf('{');
    if (brace < 0) return region === '' ? [] : [region];
    return leaves(region.slice(brace + 1, -1)).map((leaf) => region.slice(0, brace) + leaf);
  });
}

/** At the commas outside braces. */
function splitRegions(state: string): readonly string[] {
  const regions = [''];
  let depth = 0;
  for (const letter of state) {
    if (letter === '{') depth += 1;
    if (letter === '}') depth -= 1;
    if (letter === ',' && depth === 0) regions.push('');
    else regions.push((regions.pop() ?? '') + letter);
  }
  return regions;
}

/** What is active in `state` and not in `other`, the innermost; of several regions, the one that differs. */
export function changedLeaf(state: string, other: string): string {
  const others = activePaths(other);
  return [...activePaths(state)].filter((path) => !others.has(path)).at(-1) ?? state;
}

/** A state for reading: `coordinating (office.serving, pulse.beating)`. */
export const stateInWords = (state: string): string =>
  state
    .replace(/^\{(.*)\}$/, '$1')
    .replaceAll('.{', ' (')
    .replaceAll('}', ')')
    .replaceAll(',', ', ');

/** All transitions of a chart, the machine's own first, then state by state as they are written. */
export const transitionsOf = (state: ChartState): readonly ChartTransition[] => [
  ...state.transitions,
  ...state.children.flatMap(transitionsOf),
];

/** What sets a transition off, in words. */
export function causeOf({ when, trigger }: ChartTransition): string {
  switch (when) {
    case 'event':
      return trigger === '*' ? 'anything else' : trigger;
    case 'after':
      return `after ${/^\d+$/.test(trigger) ? `${trigger} ms` : trigger}`;
    case 'always':
      return 'at once';
    case 'done':
      return 'when done';
    default:
      return when satisfies never;
  }
}
