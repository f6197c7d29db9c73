import Elk from 'elkjs';
import { definitionOf } from '../../actors/index.js';
import { activePaths, stateText } from '../../apps/classroom/charts/active-states.js';
import { layoutOf } from '../../apps/classroom/charts/arrangement.js';
import {
  type ChartState,
  readChart,
  statesOf,
  transitionsOf,
} from '../../apps/classroom/charts/chart-model.js';
import { kindOfSign } from '../../apps/classroom/charts/chart-signs.js';
import { fingerprintOf, type Layout, type Rectangle } from '../../apps/classroom/charts/chart-source.js';
import { columnLayout } from '../../apps/classroom/charts/column-layout.js';
import { type Box, drawingOf } from '../../apps/classroom/charts/drawing.js';
import { nearest } from '../../apps/classroom/charts/nearest.js';
import { SHIPPED } from '../../apps/classroom/charts/shipped.js';
import { takenArrows } from '../../apps/classroom/charts/taken.js';
import { foreignMachines } from './charts-machines.js';

const elk = new (Elk as unknown as new () => { layout(graph: object): Promise<never> })();
const arrange = (graph: object) => elk.layout(graph);

const chartOf = (name: string): ChartState => {
  const machine = SHIPPED.find(({ id }) => id === name);
  return readChart(definitionOf(machine?.config ?? {}));
};

const LIGHT = foreignMachines.light;

const isInside = ([x, y, width, height]: Rectangle, [left, top, wide, high]: Rectangle): boolean =>
  x >= left && y >= top && x + width <= left + wide && y + height <= top + high;
const overlap = (one: Rectangle, other: Rectangle): boolean =>
  one[0] < other[0] + other[2] &&
  other[0] < one[0] + one[2] &&
  one[1] < other[1] + other[3] &&
  other[1] < one[1] + one[3];

/** What is wrong with where boxes stand: one outside its parent, two in each other's place. */
function misplaced(box: Box, { boxes }: Layout): readonly string[] {
  const mine = boxes[box.id];
  if (mine === undefined) return [`${box.id} is nowhere`];
  const wrong = box.children.flatMap((child, place) => {
    const at = boxes[child.id];
    if (at === undefined) return [`${child.id} is nowhere`];
    const clashes = box.children.slice(place + 1).filter(({ id }) => boxes[id] && overlap(at, boxes[id]));
    return [
      ...(isInside(at, mine) ? [] : [`${child.id} is outside ${box.id}`]),
      ...clashes.map(({ id }) => `${child.id} covers ${id}`),
    ];
  });
  return [...wrong, ...box.children.flatMap((child) => misplaced(child, { boxes } as Layout))];
}

describe('a chart is read out of XState’s JSON', () => {
  it('with its states, what they do, and where transitions lead', () => {
    const chart = chartOf('election');
    const challenging = statesOf(chart).find(({ path }) => path === 'challenging');

    expect(statesOf(chart).find(({ isInitial, path }) => isInitial && path !== '')?.path).toBe('waiting');
    expect(challenging?.entry).toContain('noteFlap');
    expect(challenging?.transitions).toContainEqual(
      expect.objectContaining({ when: 'after', trigger: 'answerTimeout', target: 'winning' }),
    );
    const yielding = statesOf(chart).find(({ path }) => path === 'coordinating.yielding');
    expect(yielding?.transitions.map(({ target }) => target)).toContain('handedOver');
  });

  it('whatever is written there: a machine of XState 4, nonsense, a thousand states', () => {
    const older = readChart({
      id: 'm',
      initial: 'a',
      states: { a: { on: { GO: { target: 'b', cond: 'may' } } }, b: {} },
    });
    const huge = Object.fromEntries(Array.from({ length: 1000 }, (_, place) => [`s${place}`, {}]));

    expect(transitionsOf(older)).toMatchObject([{ trigger: 'GO', guard: 'may', target: 'b' }]);
    expect(readChart(null).children).toEqual([]);
    expect(readChart({ states: { a: 7, b: { on: [] } } }).children).toHaveLength(2);
    expect(readChart({ states: huge }).children.length).toBeLessThan(1000);
  });

  it('and is the same chart when an inspector has sorted its keys', () => {
    const one = { id: 'm', states: { b: { on: { X: 'a' } }, a: {} } };
    const sorted = { states: { a: {}, b: { on: { X: 'a' } } }, id: 'm' };

    expect(fingerprintOf(sorted)).toBe(fingerprintOf(one));
    expect(fingerprintOf({ ...one, id: 'n' })).not.toBe(fingerprintOf(one));
  });
});

describe('a state written by a trace', () => {
  it('is what XState has of it, and lights every parent', () => {
    const state = stateText({ coordinating: { office: 'serving', pulse: 'beating' } });

    expect(state).toBe('coordinating.{office.serving,pulse.beating}');
    expect([...activePaths(state)]).toEqual([
      '',
      'coordinating',
      'coordinating.office',
      'coordinating.office.serving',
      'coordinating.pulse',
      'coordinating.pulse.beating',
    ]);
  });
});

describe('a layout', () => {
  it.each(['failure-detector', 'reads', 'peer'])(
    'gives everything of %s a place of its own',
    async (name) => {
      const drawing = drawingOf(chartOf(name));

      const layout = await layoutOf(drawing, arrange);

      expect(misplaced(drawing.root, layout)).toEqual([]);
      const missing = drawing.arrows.filter(({ id }) => (layout.arrows[id]?.bends.length ?? 0) < 4);
      expect(missing).toEqual([]);
      const unsaid = drawing.arrows.filter(
        ({ id, labels }) => labels.length > 0 && !layout.arrows[id]?.words,
      );
      expect(unsaid).toEqual([]);
    },
  );

  it('without a library is a column that covers nothing', () => {
    const drawing = drawingOf(chartOf('election'));

    const layout = columnLayout(drawing);

    expect(misplaced(drawing.root, layout)).toEqual([]);
    expect(Object.keys(layout.arrows)).toHaveLength(drawing.arrows.length);
  });

  it('draws every change of state of every shipped chart', () => {
    for (const { id, config } of SHIPPED) {
      const chart = readChart(definitionOf(config));
      const drawn = new Set(drawingOf(chart).arrows.flatMap(({ transitions }) => transitions));
      const changes = transitionsOf(chart).filter(({ target }) => target !== null && target !== '');
      const left = changes.filter((one) => ![...drawn].some((other) => isSame(one, other)));
      expect([id, left]).toEqual([id, []]);
    }
  });

  it('is gone through by arrow keys, from state to state', async () => {
    const layout = await layoutOf(drawingOf(readChart(LIGHT)), arrange);

    const below = nearest(layout, 'green', [0, 1]);

    expect(below).toBe('yellow');
    expect(nearest(layout, below, [0, -1])).toBe('green');
    expect(kindOfSign(nearest(layout, 'green', [0, -1]))).toBe(null);
  });
});

const isSame = (one: object, other: object): boolean => JSON.stringify(one) === JSON.stringify(other);

describe('the arrows of a step', () => {
  const { arrows } = drawingOf(chartOf('election'));
  const taken = (was: string, event: string, now: string) =>
    takenArrows(arrows, { was, event, now }).map(
      (id) => arrows.find((arrow) => arrow.id === id)?.transitions[0],
    );

  it('are the one of the event', () => {
    expect(taken('challenging', 'election.answer', 'awaitingCoordinator')).toMatchObject([
      { source: 'challenging', trigger: 'election.answer' },
    ]);
  });

  it('are the one of a delay, by the state that had set it', () => {
    expect(taken('challenging', 'xstate.after.answerTimeout.election.challenging', 'winning')).toMatchObject([
      { source: 'challenging', target: 'winning' },
    ]);
  });

  it('are those taken at once behind it, too', () => {
    const step = taken('waiting', 'xstate.after.joinGrace.election.waiting', 'isolated');

    expect(step.map((one) => one?.target)).toEqual(['deciding', 'isolated']);
  });

  it('are none for an event the chart does not know', () => {
    expect(taken('waiting', 'nobody.knows', 'resting')).toEqual([]);
  });
});
