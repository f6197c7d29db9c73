/** What is active in a chart: states as traces write them, as XState has them, and what changed between two. */

/**
 * A state value as peers and traces write it: `following.direct`; regions side by side in braces, as in
 * `coordinating.{office.serving,pulse.beating}`.
 *
 * @param value - XState's; what is none becomes ''.
 */
export function stateText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return '';
  const parts = Object.entries(value).map(([key, inner]) => {
    const rest = stateText(inner);
    return rest === '' ? key : `${key}.${rest}`;
  });
  return parts.length === 1 ? (parts[0] ?? '') : `{${parts.join(',')}}`;
}

/** Every active path of such a state. Parents are active with their children; '' is the machine itself. */
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
