/** Reads a statechart out of XState's JSON, of whatever machine, into what is drawn and told of it. */

export interface ChartTransition {
  /** The state it leaves; '' for the machine itself. */
  readonly source: string;
  /** The event, the delay, or '' for a transition taken at once. */
  readonly trigger: string;
  readonly when: 'event' | 'after' | 'always' | 'done' | 'failed';
  readonly guard: string | null;
  /** The state it enters; null when it only does something. */
  readonly target: string | null;
  readonly reenters: boolean;
  readonly actions: readonly string[];
  readonly description: string | null;
}

export interface ChartState {
  /** The dotted path below the machine: `following.direct`; '' for the machine itself. */
  readonly path: string;
  readonly key: string;
  readonly kind: 'plain' | 'compound' | 'parallel' | 'final' | 'history';
  /** Its parent starts here. */
  readonly isInitial: boolean;
  readonly description: string | null;
  /** Whatever the author noted of it, as `name: value`. */
  readonly notes: readonly string[];
  readonly entry: readonly string[];
  readonly exit: readonly string[];
  /** What runs while it is active. */
  readonly invokes: readonly string[];
  readonly children: readonly ChartState[];
  readonly transitions: readonly ChartTransition[];
}

type Json = Readonly<Record<string, unknown>>;

const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const json = (value: unknown): Json => (isJson(value) ? value : {});
const list = (value: unknown): readonly unknown[] =>
  value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];
const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/** The path of a child. */
export const within = (parent: string, key: string): string => (parent === '' ? key : `${parent}.${key}`);
/** The path of a state's parent; '' for those at the top. */
export const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('.')));
/** Whether `path` is `ancestor` or below it. */
export const isWithin = (path: string, ancestor: string): boolean =>
  ancestor === '' || path === ancestor || path.startsWith(`${ancestor}.`);

/** Deeper than any chart that a person can read; what lies deeper is left out. */
const DEPTH_MAX = 12;
/** More states than can be laid out in reasonable time; the rest is left out. */
export const STATES_MAX = 400;

interface Reading {
  readonly ids: ReadonlyMap<string, string>;
  left: number;
}

/** The chart of a machine's definition; a machine without states becomes a chart without children. */
export function readChart(definition: unknown): ChartState {
  const root = json(definition);
  const machine = text(root.id) ?? 'machine';
  const ids = new Map<string, string>();
  collectIds(root, machine, '', ids, 0);
  return readState(root, '', machine, true, { ids, left: STATES_MAX }, 0);
}

/** XState's ids: a state's own, or the machine's id with the path below it. */
function collectIds(node: Json, machine: string, path: string, ids: Map<string, string>, depth: number) {
  if (depth > DEPTH_MAX) return;
  if (typeof node.id === 'string') ids.set(node.id, path);
  ids.set(within(machine, path), path);
  for (const [key, child] of Object.entries(json(node.states)))
    collectIds(json(child), machine, within(path, key), ids, depth + 1);
}

function readState(
  node: Json,
  path: string,
  key: string,
  isInitial: boolean,
  reading: Reading,
  depth: number,
): ChartState {
  const all = depth < DEPTH_MAX ? Object.entries(json(node.states)) : [];
  const states = all.slice(0, Math.max(0, reading.left));
  reading.left -= states.length;
  const initial = initialKey(node.initial);
  return {
    path,
    key,
    kind: kindOf(node, states.length),
    isInitial,
    description: text(node.description),
    notes: [...notesOf(node.tags), ...notesOf(node.meta)],
    entry: namesOf(node.entry),
    exit: namesOf(node.exit),
    invokes: list(node.invoke).map((one) => text(json(one).src) ?? text(json(one).id) ?? 'actor'),
    children: states.map(([name, child]) =>
      readState(json(child), within(path, name), name, name === initial, reading, depth + 1),
    ),
    transitions: readTransitions(node, path, reading.ids),
  };
}

function notesOf(value: unknown): readonly string[] {
  if (!isJson(value)) return list(value).flatMap((tag) => (typeof tag === 'string' ? [`tag: ${tag}`] : []));
  return Object.entries(value).map(
    ([name, note]) => `${name}: ${typeof note === 'string' ? note : JSON.stringify(note)}`,
  );
}

function kindOf(node: Json, children: number): ChartState['kind'] {
  if (node.type === 'final' || node.type === 'history') return node.type;
  if (children === 0) return 'plain';
  return node.type === 'parallel' ? 'parallel' : 'compound';
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
    if (event.startsWith('xstate.done')) add(written, '', 'done');
    else add(written, delay ?? event, delay !== undefined ? 'after' : event === '' ? 'always' : 'event');
  }
  for (const [delay, written] of Object.entries(json(node.after))) add(written, delay, 'after');
  add(node.always, '', 'always');
  add(node.onDone, '', 'done');
  for (const invoked of list(node.invoke)) {
    const who = text(json(invoked).id) ?? text(json(invoked).src) ?? '';
    add(json(invoked).onDone, who, 'done');
    add(json(invoked).onError, who, 'failed');
  }
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
  const guard = body.guard ?? body.cond;
  return {
    source,
    trigger,
    when,
    guard: guard === undefined ? null : guardName(guard),
    target: typeof target === 'string' ? resolve(target, source, ids) : null,
    reenters: body.reenter === true || body.internal === false,
    actions: namesOf(body.actions),
    description: text(body.description),
  };
}

const nameOf = (value: unknown): string =>
  typeof value === 'string' ? value : isJson(value) && typeof value.type === 'string' ? value.type : '…';

/** `not(isReady)`: XState's own combinations keep their guards beside their name. */
function guardName(guard: unknown): string {
  const inner = json(guard).guards;
  const name = nameOf(guard).replace(/^xstate\./, '');
  return Array.isArray(inner) ? `${name}(${inner.map(guardName).join(', ')})` : name;
}

/** XState's own actions are not the author's words. */
const namesOf = (written: unknown): readonly string[] =>
  list(written)
    .map(nameOf)
    .filter((name) => !name.startsWith('xstate.'));

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

/** All states of a chart, the machine itself first, parents before children. */
export const statesOf = (state: ChartState): readonly ChartState[] => [
  state,
  ...state.children.flatMap(statesOf),
];

/** All transitions of a chart, the machine's own first, then state by state as they are written. */
export const transitionsOf = (state: ChartState): readonly ChartTransition[] =>
  statesOf(state).flatMap(({ transitions }) => transitions);

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
      return trigger === '' ? 'when done' : `${trigger} done`;
    case 'failed':
      return `${trigger} failed`;
    default:
      return when satisfies never;
  }
}
