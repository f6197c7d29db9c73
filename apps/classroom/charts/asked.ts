/** Which guards an event was put to, and what they said: as far as the states before and after it tell. */
import { activePaths } from './active-states.js';
import { type ChartState, type ChartTransition, isWithin, transitionsOf } from './chart-model.js';
import { isCausedBy, type Step } from './taken.js';

export interface Asked {
  readonly guard: string;
  /** The state whose transition it is; '' for the machine itself. */
  readonly source: string;
  /** Null where the states do not tell: what only does something leaves none behind. */
  readonly isPassed: boolean | null;
}

/**
 * In the order in which XState asks: from the innermost states outwards, each state's transitions as they are written; a
 * parent only where none of its children went anywhere.
 */
export function guardsAsked(chart: ChartState, { was, now, event }: Step): readonly Asked[] {
  const [before, after] = [activePaths(was), activePaths(now)];
  const passing = transitionsOf(chart).filter(({ when }) => when === 'always');
  const leads = (target: string | null): target is string => target !== null && !before.has(target);
  /** Through states that are left at once: nobody sees there where it came from. */
  const passesOn = (from: string, isEnd: (path: string) => boolean, hops = 0): boolean =>
    hops < HOPS_MAX &&
    passing.some(
      ({ source, target }) =>
        target !== null &&
        (isWithin(source, from) || (isWithin(from, source) && !before.has(source))) &&
        (isEnd(target) || passesOn(target, isEnd, hops + 1)),
    );
  const isNew = (path: string) => after.has(path) && !before.has(path);
  const arrives = ({ target }: ChartTransition) =>
    leads(target) && (isNew(target) || passesOn(target, isNew));
  const staysHere = ({ target }: ChartTransition) =>
    !leads(target) || passesOn(target, (path) => before.has(path));
  const ask = (state: ChartState): Judged => {
    const inner = state.children.filter(({ path }) => before.has(path)).map(ask);
    const asked = inner.flatMap((one) => one.asked);
    if (inner.some(({ isTaken }) => isTaken)) return { asked, isTaken: true };
    const candidates = state.transitions.filter((one) => isCausedBy(one, event));
    const isUnchanged = [...before].every((path) => !isWithin(path, state.path) || after.has(path));
    const own = judged(candidates, isUnchanged ? staysHere : arrives, isUnchanged);
    return { asked: [...asked, ...own.asked], isTaken: own.isTaken };
  };
  return ask(chart).asked;
}

/** So many states may be passed through at once. */
const HOPS_MAX = 4;

interface Judged {
  readonly asked: readonly Asked[];
  /** It went this way, or may have: nobody further out was asked, for all that is known. */
  readonly isTaken: boolean;
}

/** What the transitions of one state make of it: only one of those that explain what came of it can have been taken. */
function judged(
  candidates: readonly ChartTransition[],
  explains: (one: ChartTransition) => boolean,
  isUnchanged: boolean,
): Judged {
  const open = candidates.findIndex(({ guard }) => guard === null);
  const reached = open < 0 ? candidates : candidates.slice(0, open + 1);
  const [first, ...others] = reached.filter(explains);
  const before = first === undefined ? reached : reached.slice(0, reached.indexOf(first));
  const asked = before.flatMap((one) => answer(one, false));
  if (first === undefined) return { asked, isTaken: false };
  const isPassed = others.length > 0 || isUnchanged ? null : true;
  return { asked: [...asked, ...[first, ...others].flatMap((one) => answer(one, isPassed))], isTaken: true };
}

const answer = ({ guard, source }: ChartTransition, isPassed: Asked['isPassed']): readonly Asked[] =>
  guard === null ? [] : [{ guard, source, isPassed }];
