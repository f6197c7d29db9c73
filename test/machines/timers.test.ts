import { type TimersEvent, timersMachine } from '../../machines/timers.js';
import { expectFullCoverage } from '../support/coverage.js';
import { elapsed, eventTable, having as havingIn } from '../support/event-table.js';

const started: TimersEvent = { type: 'coordination.started' };
const ended: TimersEvent = { type: 'term.ended' };
const told = (inMs: number | null): TimersEvent => ({ type: 'deadlines.told', inMs });
const due: TimersEvent = elapsed('wait', 'timers.coordinating.waiting');

const having = (...events: readonly TimersEvent[]) => {
  const [{ value, context }, effects] = havingIn(timersMachine, undefined as never, events);
  return { state: nameOf({ value }), waitMs: context.waitMs, effects };
};
const nameOf = ({ value }: { value: unknown }): string =>
  typeof value === 'string' ? value : (Object.values(value as object)[0] as string);

describe('timers', () => {
  it('are looked at by whoever coordinates, and by nobody else', () => {
    expect(having(told(5))).toMatchObject({ state: 'resting', effects: [] });
    expect(having(started)).toMatchObject({ state: 'looking', effects: [{ type: 'look' }] });
    expect(having(started, told(5), ended)).toMatchObject({ state: 'resting' });
  });

  it('are looked at again when the next deadline has come', () => {
    expect(having(started, told(700))).toMatchObject({ state: 'waiting', waitMs: 700 });
    expect(having(started, told(700), due)).toMatchObject({ state: 'looking', effects: [{ type: 'look' }] });
    expect(having(started, told(700), told(20))).toMatchObject({ state: 'waiting', waitMs: 20 });
  });

  it('are looked at within the hour, however far the next deadline is', () => {
    expect(having(started, told(1e12)).waitMs).toBe(3_600_000);
  });

  it('have an answer to every event in every state', () => {
    const states = {
      resting: [],
      looking: [started],
      idle: [started, told(null)],
      waiting: [started, told(9)],
    };
    const events = {
      'coordination started': started,
      'term ended': ended,
      'a deadline': told(9),
      none: told(null),
    };

    expect(eventTable(timersMachine, undefined as never, states, events, nameOf)).toBe(`
                      resting   looking  idle     waiting
coordination started  looking!  ·        ·        ·
term ended            ·         resting  resting  resting
a deadline            ·         waiting  waiting  ·
none                  ·         idle     ·        idle
`);
  });
});

it('is covered: every state, every transition', () => expectFullCoverage(timersMachine));
