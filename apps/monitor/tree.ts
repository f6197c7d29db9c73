/** A statechart as an indented tree, with ● on the states that are active. */

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

/** Every active path, parents with their children. */
function activePaths(state: string): ReadonlySet<string> {
  const active = new Set<string>();
  for (const leaf of leavesOf(state)) {
    const keys = leaf.split('.');
    for (let depth = 1; depth <= keys.length; depth++) active.add(keys.slice(0, depth).join('.'));
  }
  return active;
}

/** `a.{b.c,d}` is `a.b.c` and `a.d`. */
function leavesOf(state: string): readonly string[] {
  return regionsIn(state).flatMap((region) => {
    const brace = region.indexOf('{');
    if (brace < 0) return region === '' ? [] : [region];
    return leavesOf(region.slice(brace + 1, -1)).map((leaf) => region.slice(0, brace) + leaf);
  });
}

/** What stands between the commas outside of braces. */
function regionsIn(state: string): readonly string[] {
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
