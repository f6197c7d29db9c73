/**
 * The arrows of a drawing. Of all transitions between the same two boxes one is drawn, with all their words.
 *
 * In a crowded chart an arrow that would run far back goes to a small sign that names its target instead.
 */

import {
  type ChartState,
  type ChartTransition,
  causeOf,
  isWithin,
  parentOf,
  transitionsOf,
  within,
} from './chart-model.js';
import { anyOf, dotOf, kindOfSign, onwardOf } from './chart-signs.js';
import { fitted, SIZES, widthOf } from './text-width.js';

/** A line beside an arrow: one cause with its guard, or what is done then. */
export interface Label {
  readonly cause: string;
  readonly guard: string;
  readonly effect: string;
  readonly when: ChartTransition['when'];
  readonly trigger: string;
  /** What a simulation calls it: see `choiceOf`. */
  readonly choice: string;
}

export interface Arrow {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly transitions: readonly ChartTransition[];
  readonly labels: readonly Label[];
  readonly width: number;
  readonly height: number;
  /** How much it wants to point downwards. */
  readonly priority: 0 | 10 | 20;
}

const LABEL_WIDTH_MAX = 180;
/** Room beside a delay for what is left of it. */
const COUNTDOWN_WIDTH = Math.ceil(widthOf(' 0000 ms', SIZES.small));
/** From so many arrows on a chart is crowded. */
const CROWDED = 16;

type States = ReadonlyMap<string, ChartState>;

/** @param states - of `chart`, by path. */
export function arrowsOf(chart: ChartState, states: States): readonly Arrow[] {
  const order = new Map([...states.keys()].map((path, place) => [path, place]));
  const found = new Map<string, { from: string; to: string; transitions: ChartTransition[] }>();
  for (const one of transitionsOf(chart)) {
    const ends = endsOf(one, states);
    if (ends === null) continue;
    const id = `${ends.from}>${ends.to}`;
    const known = found.get(id);
    if (known) known.transitions.push(one);
    else found.set(id, { ...ends, transitions: [one] });
  }
  const starts = [...states.values()]
    .filter(({ isInitial, path }) => isInitial && path !== '' && !isRegion(path, states))
    .map(({ path }) => startOf(path));
  const isCrowded = found.size > CROWDED;
  const place = (box: string) => order.get(box) ?? 0;
  const drawn = [...found.values()].map(({ from, to, transitions }): Arrow => {
    const labels = labelsOf(transitions, !isCrowded);
    const isForward = place(from) < place(to);
    const isFar = isCrowded && isWayBack(from, to, place);
    const end = isFar ? onwardOf(from, to) : to;
    const priority = kindOfSign(from) === 'any' || isFar ? 20 : isForward ? 10 : 0;
    return { id: `${from}>${end}`, from, to: end, transitions, labels, ...sizeOf(labels), priority };
  });
  return [...starts, ...drawn];
}

/** Out of its surroundings, or at the top past other states. Inside a state there is no long way. */
function isWayBack(from: string, to: string, place: (box: string) => number): boolean {
  if (kindOfSign(from) !== null || from === to || place(to) > place(from)) return false;
  return parentOf(from) !== parentOf(to) || (parentOf(from) === '' && place(from) - place(to) > 1);
}

const startOf = (path: string): Arrow => {
  const from = dotOf(parentOf(path));
  return {
    id: `${from}>${path}`,
    from,
    to: path,
    transitions: [],
    labels: [],
    width: 0,
    height: 0,
    priority: 20,
  };
};

const isRegion = (path: string, states: States): boolean =>
  path !== '' && states.get(parentOf(path))?.kind === 'parallel';

/** Whether the states below are laid out by themselves: the machine, and every region of a parallel state. */
const isScope = (path: string, states: States): boolean => path === '' || isRegion(path, states);

interface Seat {
  /** The scope in which the box is laid out. */
  readonly scope: string;
  readonly box: string;
}

/** The boxes that stand for a path, the innermost first: itself, then the parallel state around each region it is in. */
function seatsOf(path: string, states: States): readonly Seat[] {
  const seats: Seat[] = [];
  let box = path;
  while (box !== '') {
    while (isRegion(box, states)) box = parentOf(box);
    if (box === '') break;
    let scope = parentOf(box);
    while (!isScope(scope, states)) scope = parentOf(scope);
    seats.push({ scope, box });
    box = scope;
  }
  return seats;
}

/**
 * The boxes that an arrow joins, laid out together: an end inside a region that the other is not in is drawn at the
 * parallel state. From a state into itself it begins at "any state" inside. Null for what is no arrow.
 */
function endsOf({ source, target }: ChartTransition, states: States) {
  if (target === null || target === '' || !states.has(target)) return null;
  const starts = seatsOf(
    target !== source && isWithin(target, source) ? insideOf(source, target, states) : source,
    states,
  );
  const ends = seatsOf(target, states);
  for (const { scope, box } of starts) {
    const end = ends.find((seat) => seat.scope === scope);
    if (end !== undefined) return { from: box, to: end.box };
  }
  return null;
}

/** "Any state" of the state itself; of a parallel one that of the region the target is in. */
function insideOf(source: string, target: string, states: States): string {
  if (states.get(source)?.kind !== 'parallel') return anyOf(source, target);
  const [region = ''] = (source === '' ? target : target.slice(source.length + 1)).split('.');
  return region === '' || within(source, region) === target
    ? source
    : insideOf(within(source, region), target, states);
}

/** One label per cause and guard. In a crowded chart what is done is left to the words beside the chart. */
function labelsOf(transitions: readonly ChartTransition[], withEffects: boolean): readonly Label[] {
  const labels = transitions.map((one): Label => {
    const effects = withEffects ? one.actions : [];
    return {
      cause: fitted(causeOf(one), SIZES.small, LABEL_WIDTH_MAX),
      guard: one.guard === null ? '' : fitted(`[${one.guard}]`, SIZES.small, LABEL_WIDTH_MAX),
      effect: effects.length === 0 ? '' : fitted(`/ ${effects.join(', ')}`, SIZES.small, LABEL_WIDTH_MAX),
      when: one.when,
      trigger: one.trigger,
      choice: choiceOf(one),
    };
  });
  return labels.filter((label, place) => labels.findIndex((other) => isSame(label, other)) === place);
}

/** A transition as something to choose: its cause, and the guard that is taken to let it through. */
export const choiceOf = (one: ChartTransition): string =>
  `${causeOf(one)}${one.guard === null ? '' : ` [${one.guard}]`}`;

const isSame = (one: Label, other: Label): boolean =>
  one.cause === other.cause && one.guard === other.guard && one.effect === other.effect;

/** Whether cause and guard stand in one line. */
export const isOneLine = ({ cause, guard, when }: Label): boolean =>
  guard === '' ||
  widthOf(`${cause} ${guard}`, SIZES.small) + (when === 'after' ? COUNTDOWN_WIDTH : 0) <= LABEL_WIDTH_MAX;

/** Lines a label takes. */
export const linesIn = (label: Label): number =>
  1 + (label.guard !== '' && !isOneLine(label) ? 1 : 0) + (label.effect === '' ? 0 : 1);

function sizeOf(labels: readonly Label[]): { readonly width: number; readonly height: number } {
  const widths = labels.flatMap((label) => [
    widthOf(isOneLine(label) ? `${label.cause} ${label.guard}` : label.cause, SIZES.small) +
      (label.when === 'after' ? COUNTDOWN_WIDTH : 0),
    widthOf(label.guard, SIZES.small),
    widthOf(label.effect, SIZES.small),
  ]);
  const lines = labels.reduce((sum, label) => sum + linesIn(label), 0);
  return { width: Math.ceil(Math.max(0, ...widths)) + 8, height: lines * SIZES.lineHeight + 2 };
}
