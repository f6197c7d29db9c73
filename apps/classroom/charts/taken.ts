/** Which arrows of a drawing a step went along. */
import { activePaths } from './active-states.js';
import { type ChartTransition, isWithin } from './chart-model.js';
import type { Arrow } from './drawing-arrows.js';

/** A step of a machine, as traces tell it: states as text. `event` is XState's. */
export interface Step {
  readonly was: string;
  readonly now: string;
  readonly event: string;
}

/** Whether an event, as XState names it, sets a transition off. */
export function isCausedBy({ when, trigger, source }: ChartTransition, event: string): boolean {
  switch (when) {
    case 'event':
      if (trigger.endsWith('*')) return event.startsWith(trigger.slice(0, -1));
      return trigger === event;
    case 'after':
      return event.startsWith(`xstate.after.${trigger}.`) && (source === '' || event.endsWith(`.${source}`));
    case 'done':
      return event.startsWith('xstate.done.');
    case 'failed':
      return event.startsWith('xstate.error.');
    case 'always':
      return false;
    default:
      return when satisfies never;
  }
}

/**
 * The ids of the arrows: the one the event set off, of the innermost state that had one; and those taken at once after it.
 * Nothing tells which guard let it through, so of several it is the one that leads to where the machine is now.
 */
export function takenArrows(arrows: readonly Arrow[], { was, now, event }: Step): readonly string[] {
  const before = activePaths(was);
  const after = activePaths(now);
  const first = likeliest(arrows, after, (one) => before.has(one.source) && isCausedBy(one, event));
  const taken = first === null ? [] : [first.arrow.id];
  let isAt = first === null ? (path: string) => before.has(path) : reachedBy(first.one);
  for (let hops = 0; hops < HOPS_MAX; hops += 1) {
    const left = arrows.filter(({ id }) => !taken.includes(id));
    const next = likeliest(
      left,
      after,
      (one) => one.when === 'always' && isAt(one.source) && !after.has(one.source),
    );
    if (next === null) break;
    taken.push(next.arrow.id);
    isAt = reachedBy(next.one);
  }
  return taken;
}

const HOPS_MAX = 4;

interface Found {
  readonly arrow: Arrow;
  readonly one: ChartTransition;
}

/** Of all that may have been taken the innermost, and rather one whose target is active now. */
function likeliest(
  arrows: readonly Arrow[],
  after: ReadonlySet<string>,
  may: (one: ChartTransition) => boolean,
): Found | null {
  const found = arrows.flatMap((arrow) =>
    arrow.transitions.filter(may).map((one): Found => ({ arrow, one })),
  );
  const worth = ({ one: { source, target } }: Found) =>
    (after.has(target ?? '') ? 100 : 0) + (source === '' ? 0 : source.split('.').length);
  return found.reduce<Found | null>(
    (best, one) => (best === null || worth(one) > worth(best) ? one : best),
    null,
  );
}

/** The target with its parents, and whatever lies below it: nobody knows which child it started in. */
const reachedBy =
  ({ target }: ChartTransition) =>
  (path: string): boolean =>
    target !== null && (isWithin(path, target) || isWithin(target, path));
