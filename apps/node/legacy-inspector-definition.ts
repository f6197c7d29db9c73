/** A definition of XState 5 as XState 4 would have been given it, for viewers that know only that one. */

type Json = Readonly<Record<string, unknown>>;

const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const json = (value: unknown): Json => (isJson(value) ? value : {});
const list = (value: unknown): readonly unknown[] =>
  value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];

/**
 * @param definition - XState's configuration as JSON; null for an actor without a chart.
 * @param actor - what it is called then.
 */
export function legacyDefinition(definition: unknown, actor: string): Json {
  // Without it XState 4 has something to say about every machine.
  const quiet = { predictableActionArguments: true };
  return isJson(definition) ? { id: actor, ...legacyNode(definition), ...quiet } : { id: actor, ...quiet };
}

/** What both versions call alike. */
const KEPT = ['id', 'initial', 'type', 'history', 'description', 'tags', 'meta', 'target'];

function legacyNode(node: Json): Json {
  const { entry, exit, on, after, always, onDone, invoke, states } = node;
  const kept = KEPT.filter((key) => node[key] !== undefined).map((key) => [key, node[key]]);
  return {
    ...Object.fromEntries(kept),
    ...given('entry', entry, actionsOf),
    ...given('exit', exit, actionsOf),
    ...given('on', on, (table) => eachOf(table, transitionsOf)),
    ...given('after', after, (table) => eachOf(table, transitionsOf)),
    ...given('always', always, transitionsOf),
    ...given('onDone', onDone, transitionsOf),
    ...given('invoke', invoke, (written) => list(written).map((one) => legacyInvocation(json(one)))),
    ...given('states', states, (table) => eachOf(table, (state) => legacyNode(json(state)))),
  };
}

const given = (name: string, value: unknown, turned: (value: unknown) => unknown): Json =>
  value === undefined ? {} : { [name]: turned(value) };

const eachOf = (table: unknown, turned: (value: unknown) => unknown): Json =>
  Object.fromEntries(Object.entries(json(table)).map(([key, value]) => [key, turned(value)]));

const typeOf = (value: unknown): string =>
  typeof value === 'string' ? value : String(json(value).type ?? 'computed');

/** By their names: what they were given is XState 5's affair. */
const actionsOf = (written: unknown): readonly Json[] => list(written).map((one) => ({ type: typeOf(one) }));

const transitionsOf = (written: unknown): readonly Json[] =>
  list(written).map((one) => legacyTransition(isJson(one) ? one : { target: one }));

/** What was internal unless it said so is external unless it says so; from a state into itself both can be told. */
function legacyTransition({ target, guard, actions, reenter, description }: Json): Json {
  const [goal] = list(target);
  const isInside = typeof goal === 'string' && goal.startsWith('.');
  return {
    ...(goal === undefined ? {} : { target: goal }),
    ...(isInside ? { internal: reenter !== true } : {}),
    ...(guard === undefined ? {} : { cond: typeOf(guard) }),
    ...(actions === undefined ? {} : { actions: actionsOf(actions) }),
    ...(description === undefined ? {} : { description }),
  };
}

const legacyInvocation = ({ id, src, onDone, onError }: Json): Json => ({
  ...(id === undefined ? {} : { id }),
  src: typeOf(src),
  ...given('onDone', onDone, transitionsOf),
  ...given('onError', onError, transitionsOf),
});
