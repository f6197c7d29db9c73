/** What guards said to an event, told from the states before and after it: judged by XState, which knows. */
import { createMachine, getInitialSnapshot, getNextSnapshot } from 'xstate';
import { stateText } from '../../apps/classroom/charts/active-states.js';
import { guardsAsked } from '../../apps/classroom/charts/asked.js';
import { readChart } from '../../apps/classroom/charts/chart-model.js';

/** Guards are told by the event what to say. */
interface Said {
  readonly type: string;
  readonly yes?: readonly string[];
}
const saying =
  (name: string) =>
  ({ event }: { event: Said }): boolean =>
    event.yes?.includes(name) === true;

const machine = createMachine(
  {
    types: {} as { events: Said },
    id: 'door',
    type: 'parallel',
    states: {
      lock: {
        initial: 'open',
        states: {
          open: {
            on: {
              push: [
                { guard: 'isHeavy', target: 'jammed' },
                { guard: 'isClosed', target: 'locked' },
                { guard: 'isLoud', actions: 'ring' },
                { guard: 'isSlow', target: 'passing' },
              ],
              knock: [{ guard: 'isPolite', target: 'locked' }, { actions: 'ring' }],
            },
          },
          jammed: {},
          locked: {},
          passing: { always: 'locked' },
        },
      },
      light: { initial: 'off', states: { off: { on: { push: { guard: 'isDark', target: 'on' } } }, on: {} } },
    },
    on: { push: { guard: 'isAny', actions: 'ring' } },
  },
  {
    guards: Object.fromEntries(
      ['isHeavy', 'isClosed', 'isLoud', 'isSlow', 'isPolite', 'isDark', 'isAny'].map((name) => [
        name,
        saying(name),
      ]),
    ),
    actions: { ring: () => undefined },
  },
);
const chart = readChart(JSON.parse(JSON.stringify(machine.config)));

/** Everything that is asked, as `isHeavy ✗`, when these guards say yes. */
function asked(type: string, ...yes: string[]): readonly string[] {
  const first = getInitialSnapshot(machine);
  const next = getNextSnapshot(machine, first, { type, yes });
  const [was, now] = [stateText(first.value), stateText(next.value)];
  return guardsAsked(chart, { was, now, event: type }).map(
    ({ guard, isPassed }) => `${guard} ${isPassed === null ? '?' : isPassed ? '✓' : '✗'}`,
  );
}

describe('the guards that were asked', () => {
  it('are those up to the one that let it through', () => {
    expect(asked('push', 'isHeavy')).toEqual(['isHeavy ✓', 'isDark ✗']);
    expect(asked('push', 'isClosed')).toEqual(['isHeavy ✗', 'isClosed ?', 'isSlow ?', 'isDark ✗']);
  });

  it('said no where everything stays as it was, unless they only do something', () => {
    expect(asked('push')).toEqual(['isHeavy ✗', 'isClosed ✗', 'isLoud ?', 'isDark ✗']);
  });

  it('are not told of what nobody had to ask', () => {
    expect(asked('knock')).toEqual(['isPolite ✗']);
    // What follows at once leaves no trace of where it came from.
    expect(asked('push', 'isSlow')).toEqual(['isHeavy ✗', 'isClosed ?', 'isSlow ?', 'isDark ✗']);
    expect(asked('knock', 'isPolite')).toEqual(['isPolite ✓']);
    expect(asked('ring')).toEqual([]);
  });
});
