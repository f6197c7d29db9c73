/** A statechart as an indented tree, with ● on the states that are active. */

import { activePaths } from '../classroom/charts/active-states.js';

/** A line of the tree. */
export interface TreeLine {
  readonly text: string;
  readonly isActive: boolean;
  /** What it lies within is active; so is the machine itself. */
  readonly isInActive: boolean;
}

const DEPTH_MAX = 8;
const LINES_MAX = 500;

/**
 * @param definition - XState's own, as JSON; whatever it is, at worst nothing comes out.
 * @param state - as peers write it: dotted, regions side by side in braces, as `coordinating.{office.serving,pulse.beating}`.
 */
export function treeOf(definition: unknown, state: string): readonly TreeLine[] {
  const lines: TreeLine[] = [];
  grow(definition, '', 0, activePaths(state), lines);
  return lines;
}

function grow(
  node: unknown,
  path: string,
  depth: number,
  active: ReadonlySet<string>,
  lines: TreeLine[],
): void {
  if (depth > DEPTH_MAX) return;
  for (const [key, child] of Object.entries(statesIn(node))) {
    if (lines.length >= LINES_MAX) return;
    const here = path === '' ? key : `${path}.${key}`;
    const isActive = active.has(here);
    const isInActive = path === '' || active.has(path);
    lines.push({ text: `${'  '.repeat(depth)}${isActive ? '●' : '○'} ${key}`, isActive, isInActive });
    grow(child, here, depth + 1, active, lines);
  }
}

const statesIn = (node: unknown): object =>
  typeof node === 'object' &&
  node !== null &&
  'states' in node &&
  typeof node.states === 'object' &&
  node.states !== null
    ? node.states
    : {};
