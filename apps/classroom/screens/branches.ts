/**
 * Branches of a run: scripts that were one until somebody acted in the past. Pure; the run plays whichever is current.
 *
 * An act where nothing later has been seen yet goes into the current branch. An act before something that was seen makes a new
 * one, and the old stays as it was.
 */
import type { Act, Script } from '../contract.js';

export interface Branch {
  readonly id: string;
  readonly name: string;
  readonly script: Script;
  /** The branch it came from; null for the first. */
  readonly from: string | null;
  /** Where it leaves that one, virtual ms; null when it differs from the start. */
  readonly atMs: number | null;
}

export interface Tree {
  readonly branches: readonly Branch[];
  readonly current: Branch;
  /** For the next id. */
  readonly count: number;
}

/** More than these nobody compares; the oldest fork that is not current goes first. */
const BRANCHES_MAX = 12;
const NAME_CHARACTERS_MAX = 60;

export function plant(script: Script, name = 'main'): Tree {
  const root: Branch = { id: 'b1', name, script, from: null, atMs: null };
  return { branches: [root], current: root, count: 1 };
}

/** The current branch with another script, in its place. */
export function changed(tree: Tree, script: Script): Tree {
  const current = { ...tree.current, script };
  return { ...tree, current, branches: tree.branches.map((one) => (one.id === current.id ? current : one)) };
}

/** A new branch with `script`, which becomes current. */
export function forked(tree: Tree, script: Script, name: string, atMs: number | null): Tree {
  const count = tree.count + 1;
  const branch: Branch = {
    id: `b${count}`,
    name: uniqueName(tree, name.slice(0, NAME_CHARACTERS_MAX)),
    script,
    from: tree.current.id,
    atMs,
  };
  return { branches: kept([...tree.branches, branch], branch), current: branch, count };
}

function kept(branches: readonly Branch[], current: Branch): readonly Branch[] {
  if (branches.length <= BRANCHES_MAX) return branches;
  const oldest = branches.find(({ id, from }) => from !== null && id !== current.id);
  return branches.filter((one) => one !== oldest);
}

function uniqueName({ branches }: Tree, name: string): string {
  const taken = new Set(branches.map((one) => one.name));
  let unique = name;
  for (let number = 2; taken.has(unique); number += 1) unique = `${name} (${number})`;
  return unique;
}

export function switched(tree: Tree, id: string): Tree {
  const current = tree.branches.find((one) => one.id === id);
  return current === undefined ? tree : { ...tree, current };
}

export function renamed(tree: Tree, id: string, name: string): Tree {
  const words = name.trim().slice(0, NAME_CHARACTERS_MAX);
  if (words === '') return tree;
  const rename = (one: Branch) => (one.id === id ? { ...one, name: words } : one);
  return { ...tree, branches: tree.branches.map(rename), current: rename(tree.current) };
}

/** Without one of the forks; the first, and the current one, stay. */
export function cutOff(tree: Tree, id: string): Tree {
  if (tree.current.id === id) return tree;
  return { ...tree, branches: tree.branches.filter((one) => one.id !== id || one.from === null) };
}

const ON_MESSAGES_OR_TIMERS: readonly string[] = ['drop', 'hold', 'duplicate', 'delay', 'deliver', 'timer'];

/** The calendar of faults is in whole ms, while a playhead may stand between two: then it is the next. */
function inWholeMs(act: Act): Act {
  if (ON_MESSAGES_OR_TIMERS.includes(act.kind)) return act;
  const whole = { ...act, at: Math.ceil(act.at) };
  return 'forMs' in whole ? { ...whole, forMs: Math.ceil(whole.forMs) } : whole;
}

/** The script with one more act, in order of time; one that ends a lasting act takes that one's place. */
export function withAct(script: Script, exact: Act): Script {
  const act = inWholeMs(exact);
  const same = script.acts.findIndex((one) => isEndOf(act, one));
  const acts = same < 0 ? [...script.acts, act] : script.acts.with(same, act);
  return { ...script, acts: [...acts].sort((one, other) => one.at - other.at) };
}

export const withoutAct = (script: Script, act: Act): Script => ({
  ...script,
  acts: script.acts.filter((one) => one !== act),
});

/** Same kind, beginning and subject, but for another time: a restart, a resumption, a healing. */
function isEndOf(act: Act, one: Act): boolean {
  const [until, before] = [lastingMs(act), lastingMs(one)];
  return until !== null && before !== null && until <= before && subjectOf(act) === subjectOf(one);
}

/** How long it lasts, ms; a rule about messages says so where it says which. Null for what has no end. */
function lastingMs(act: Act): number | null {
  if ('forMs' in act) return act.forMs;
  return 'which' in act && 'forMs' in act.which ? (act.which.forMs ?? null) : null;
}

const subjectOf = (act: Act): string =>
  JSON.stringify('which' in act ? { ...act, which: { ...act.which, forMs: 0 } } : { ...act, forMs: 0 });

/** When it makes a difference: an act that ends another does so at its end. */
export const momentOf = (script: Script, act: Act): number =>
  script.acts.some((one) => isEndOf(act, one)) ? act.at + (lastingMs(act) ?? 0) : act.at;
