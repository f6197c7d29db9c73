/**
 * Coverage of a chart: which states were entered and which transitions taken, by pure steps or by actors that run.
 *
 * On first sight of a machine every state's entry and every transition gets one more action, a mark, which XState hands
 * back among the actions of the step that took it, or carries out. So XState itself says what was taken, `always` and
 * `after` included.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AnyStateMachine, AnyStateNode, AnyTransitionDefinition } from 'xstate';

const MARK = 'xstate.coverage';

/** A state, or a transition within it. */
export interface Place {
  readonly name: string;
  readonly kind: 'state' | 'transition';
}

/** What a machine has, in the chart's order, and what of it has been seen, by name. */
export interface Coverage {
  readonly places: readonly Place[];
  readonly seen: Set<string>;
}

/** Where `npm run coverage` has the tests leave what they took. */
export const FOLDER_VARIABLE = 'COVERAGE_FOLDER';

const coverages = new WeakMap<AnyStateMachine, Coverage>();

type Step<Snapshot> = readonly [Snapshot, readonly { readonly type: string; readonly params: unknown }[]];

/** Takes a step of `machine`, and notes which way it went. */
export function cover<Snapshot>(machine: AnyStateMachine, take: () => Step<Snapshot>): Step<Snapshot> {
  const { seen } = coverageOf(machine);
  const [next, actions] = take();
  for (const { type, params } of actions) if (type === MARK) seen.add((params as { place: string }).place);
  return [next, actions];
}

/** Has actors that run this very machine note their ways from now on; they may be many. */
export function watch(machine: AnyStateMachine): Coverage {
  const coverage = coverageOf(machine);
  const note = (_: unknown, { place }: { place: string }) => void coverage.seen.add(place);
  Object.assign(machine.implementations.actions, { [MARK]: note });
  return coverage;
}

/**
 * Fails unless the tests of this file have entered every state of `machine` and taken every transition.
 *
 * @param except - what none can take, by its name in the failure message, with the reason; it must not be taken.
 */
export function expectFullCoverage(
  machine: AnyStateMachine,
  except: Readonly<Record<string, string>> = {},
): void {
  const { places, seen } = coverageOf(machine);
  const names = places.map(({ name }) => name);
  leave(machine.id, { places, seen: [...seen], except });
  const untaken = names.filter((name) => !seen.has(name));
  expect({ untaken }).toEqual({ untaken: names.filter((name) => name in except) });
  expect(names).toEqual(expect.arrayContaining(Object.keys(except)));
}

function leave(machine: string, taken: object): void {
  const folder = process.env[FOLDER_VARIABLE];
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${machine}.json`), JSON.stringify(taken));
}

export function coverageOf(machine: AnyStateMachine): Coverage {
  const coverage = coverages.get(machine) ?? { places: mark(machine.root), seen: new Set() };
  coverages.set(machine, coverage);
  return coverage;
}

/** Marks a state and all below it; answers all places. */
function mark(node: AnyStateNode): Place[] {
  const state = node.path.join('.') || '(anywhere)';
  const groups = [...node.transitions.values(), node.always ?? []];
  const ways = groups.flatMap((group) =>
    group.map((way, branch) => {
      const place = `${state} -- ${eventOf(way)}${group.length > 1 ? ` #${branch + 1}` : ''}${guardOf(way)}`;
      Object.assign(way, { actions: [...way.actions, { type: MARK, params: { place } }] });
      return { name: place, kind: 'transition' as const };
    }),
  );
  const below = Object.values(node.states).flatMap(mark);
  if (node.parent === undefined) return [...ways, ...below];
  node.entry = [...node.entry, { type: MARK, params: { place: state } }];
  return [{ name: state, kind: 'state' }, ...ways, ...below];
}

const eventOf = ({ eventType, source }: AnyTransitionDefinition): string =>
  eventType === '' ? 'always' : eventType.replace('xstate.after.', 'after ').replace(`.${source.id}`, '');

const guardOf = ({ guard }: AnyTransitionDefinition): string => {
  const name = typeof guard === 'object' ? guard.type : guard;
  return name === undefined ? '' : ` [${String(name)}]`;
};
