/**
 * Coverage of a chart: which states were entered and which transitions taken by the pure steps of one test file.
 *
 * On first sight of a machine every state's entry and every transition gets one more action, a mark, which XState hands
 * back among the actions of the step that took it. So XState itself says what was taken, `always` and `after` included.
 */
import type { AnyStateMachine, AnyStateNode, AnyTransitionDefinition } from 'xstate';

const MARK = 'xstate.coverage';

/** What a machine has, in the chart's order, and what of it has been seen. */
interface Coverage {
  readonly places: readonly string[];
  readonly seen: Set<string>;
}

const coverages = new WeakMap<AnyStateMachine, Coverage>();

type Step<Snapshot> = readonly [Snapshot, readonly { readonly type: string; readonly params: unknown }[]];

/** Takes a step of `machine`, and notes which way it went. */
export function cover<Snapshot>(machine: AnyStateMachine, take: () => Step<Snapshot>): Step<Snapshot> {
  const { seen } = coverageOf(machine);
  const [next, actions] = take();
  for (const { type, params } of actions) if (type === MARK) seen.add((params as { place: string }).place);
  return [next, actions];
}

/**
 * Fails unless the tests of this file have entered every state of `machine` and taken every transition.
 *
 * @param except - what no pure step can take, by its name in the failure message, with the reason; it must not be taken.
 */
export function expectFullCoverage(
  machine: AnyStateMachine,
  except: Readonly<Record<string, string>> = {},
): void {
  const { places, seen } = coverageOf(machine);
  const untaken = places.filter((place) => !seen.has(place));
  expect({ untaken }).toEqual({ untaken: places.filter((place) => place in except) });
  expect(places).toEqual(expect.arrayContaining(Object.keys(except)));
}

function coverageOf(machine: AnyStateMachine): Coverage {
  const coverage = coverages.get(machine) ?? { places: mark(machine.root), seen: new Set() };
  coverages.set(machine, coverage);
  return coverage;
}

/** Marks a state and all below it; answers the names of all places: states, and transitions within them. */
function mark(node: AnyStateNode): string[] {
  const state = node.path.join('.') || '(anywhere)';
  const groups = [...node.transitions.values(), node.always ?? []];
  const ways = groups.flatMap((group) =>
    group.map((way, branch) => {
      const place = `${state} -- ${eventOf(way)}${group.length > 1 ? ` #${branch + 1}` : ''}${guardOf(way)}`;
      Object.assign(way, { actions: [...way.actions, { type: MARK, params: { place } }] });
      return place;
    }),
  );
  const below = Object.values(node.states).flatMap(mark);
  if (node.parent === undefined) return [...ways, ...below];
  node.entry = [...node.entry, { type: MARK, params: { place: state } }];
  return [state, ...ways, ...below];
}

const eventOf = ({ eventType, source }: AnyTransitionDefinition): string =>
  eventType === '' ? 'always' : eventType.replace('xstate.after.', 'after ').replace(`.${source.id}`, '');

const guardOf = ({ guard }: AnyTransitionDefinition): string => {
  const name = typeof guard === 'object' ? guard.type : guard;
  return name === undefined ? '' : ` [${String(name)}]`;
};
