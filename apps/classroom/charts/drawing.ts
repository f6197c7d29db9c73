/**
 * What of a chart is drawn, before anybody knows where: boxes with their words, and arrows with theirs.
 *
 * Transitions that change no state are no arrows: they stand in their box by their events, as a chart with eighty of
 * them could not be read. Of arrows between the same two boxes one is drawn, with all their words.
 */
import {
  type ChartState,
  type ChartTransition,
  causeOf,
  isWithin,
  parentOf,
  statesOf,
} from './chart-model.js';
import { dotOf, isBeside, kindOfSign, type SignKind, targetOfSign } from './chart-signs.js';
import { type Arrow, arrowsOf } from './drawing-arrows.js';
import { fitted, SIZES, widthOf, wrapped } from './text-width.js';

/** A line of words: what they are says how they look. */
export interface Line {
  readonly text: string;
  readonly role: 'effect' | 'hears';
}

export interface Box {
  /** The state's path, or that of a sign. */
  readonly id: string;
  readonly kind: ChartState['kind'] | SignKind;
  readonly title: string;
  readonly lines: readonly Line[];
  readonly width: number;
  readonly height: number;
  readonly children: readonly Box[];
}

export interface Drawing {
  readonly root: Box;
  readonly arrows: readonly Arrow[];
}

const LINE_WIDTH_MAX = 200;
const HEARS_LINES_MAX = 3;
const PADDING = 14;

/** @param chart - as `readChart` made it; arrows to states that are not there are left out. */
export function drawingOf(chart: ChartState): Drawing {
  const states = new Map(statesOf(chart).map((state) => [state.path, state]));
  const arrows = arrowsOf(chart, states);
  const signs = [
    ...new Set(arrows.flatMap(({ from, to }) => [from, to]).filter((id) => kindOfSign(id) !== null)),
  ];
  return { root: boxOf(chart, signs), arrows };
}

function boxOf(state: ChartState, signs: readonly string[]): Box {
  const lines = linesOf(state);
  const widths = lines.map(({ text }) => widthOf(text, SIZES.small));
  const title = widthOf(`● ${state.key}`, SIZES.title, true);
  const start = state.children.some(({ isInitial }) => isInitial) && state.kind !== 'parallel';
  const beside = (child: ChartState, kind: SignKind) =>
    signs
      .filter((id) => kindOfSign(id) === kind && isBeside(id, state.path, child.path))
      .map((id) => sign(id, kind));
  return {
    id: state.path,
    kind: state.kind,
    title: state.kind === 'history' ? `${state.key} (history)` : state.key,
    lines,
    width: Math.ceil(Math.max(title, ...widths)) + 2 * PADDING,
    height: SIZES.titleHeight + lines.length * SIZES.lineHeight + PADDING,
    children: [
      ...(start ? [{ ...EMPTY, id: dotOf(state.path), kind: 'dot' as const, width: 10, height: 10 }] : []),
      ...state.children.flatMap((child) => [
        ...beside(child, 'any'),
        boxOf(child, signs),
        ...beside(child, 'onward'),
      ]),
    ],
  };
}

const EMPTY = { title: '', lines: [], children: [] } as const;

/** A small box that stands for a state elsewhere: "any state" before an arrow, or where an arrow goes on to. */
function sign(id: string, kind: SignKind): Box {
  const title = kind === 'any' ? 'any state' : `↪ ${shortly(targetOfSign(id), parentOf(id))}`;
  return { ...EMPTY, id, kind, title, width: Math.ceil(widthOf(title, SIZES.small)) + 22, height: 22 };
}

/** A path as it is called by what is in `surroundings`. */
const shortly = (path: string, surroundings: string): string =>
  surroundings !== '' && path !== surroundings && isWithin(path, surroundings)
    ? path.slice(surroundings.length + 1)
    : path;

/** What a state does when it is entered and left, and what it hears without leaving. */
function linesOf(state: ChartState): readonly Line[] {
  const effect = (what: string, names: readonly string[]): Line[] =>
    names.length === 0
      ? []
      : [
          {
            text: fitted(`${what} / ${names.join(', ')}`, SIZES.small, LINE_WIDTH_MAX + 60),
            role: 'effect',
          },
        ];
  const hears = [...new Set(state.transitions.filter(staysOf).map(causeOf))];
  return [
    ...effect('entry', state.entry),
    ...effect('exit', state.exit),
    ...effect('runs', state.invokes),
    ...wrapped(hears, SIZES.small, LINE_WIDTH_MAX, HEARS_LINES_MAX).map((text, place): Line => {
      return { text: place === 0 ? `⟲ ${text}` : text, role: 'hears' };
    }),
  ];
}

/** Whether it does something without changing the state. One that does nothing either is only told of in words. */
const staysOf = ({ target, actions }: ChartTransition): boolean => target === null && actions.length > 0;
