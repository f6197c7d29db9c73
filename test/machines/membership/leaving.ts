/** Who leaves is told that it has left, also when it could not hear it at once (PROTOCOL §9, M5). */
import { configurationOf, member } from '../../support/members.js';
import {
  havingOf,
  join,
  keeper,
  leave,
  leaveRequested,
  measured,
  newcomer,
  opened,
  reconfigured,
  sent,
  stable,
  us,
} from '../../support/memberships.js';

const three = configurationOf(['1', '2', '3']);
const gone = (id: string) => ({ type: 'membership.gone', from: '3', member: id }) as const;
const lost = { type: 'coordinator.lost' } as const;

describe('a peer on its way out', () => {
  it('leaves a seat at once that nobody has given it', () => {
    const left = { type: 'left', member: '4' };
    const withdrawn = sent(['1'], { type: 'membership.leave', from: '4', member: '4' });

    expect(havingOf(newcomer, leaveRequested)).toMatchObject({ seat: 'left', effects: [left] });
    // What was asked for may be granted any moment.
    const asked = [opened(member('1'))];
    expect(havingOf(newcomer, ...asked, leaveRequested)).toMatchObject({
      seat: 'left',
      effects: [withdrawn, left],
    });
  });

  it('asks whoever is there when it knows no coordinator', () => {
    const { effects } = havingOf(us, opened(member('1')), lost, leaveRequested);

    expect(effects).toContainEqual(sent(['1'], { type: 'membership.leave', from: '2', member: '2' }));
  });

  it('has left once it hears that it is no member, and nobody else has', () => {
    expect(havingOf(us, leaveRequested, gone('1')).seat).toBe('leaving');
    expect(havingOf(us, leaveRequested, gone('2')).seat).toBe('left');
  });

  it('has left once the configuration without it is committed, and not before: it might be taken back', () => {
    const without = configurationOf(['1', '3']);

    expect(havingOf(us, leaveRequested, reconfigured(without, false)).seat).toBe('leaving');
    expect(havingOf(us, leaveRequested, reconfigured(without, false), reconfigured(without)).seat).toBe(
      'left',
    );
  });

  it('is told so as soon as that is committed', () => {
    const joint = reconfigured(configurationOf(['1', '3'], { outgoing: ['1', '2', '3'] }));
    const without = configurationOf(['1', '3']);
    const left = [...stable, leave('2'), joint, reconfigured(without, false), reconfigured(without)];

    expect(havingOf(keeper, ...left).effects[0]).toEqual({
      type: 'sendEach',
      letters: [{ to: ['2'], message: gone('2') }],
    });
  });

  it('does not come any more, though it had asked to: twice, for it did not know that it belonged already', () => {
    const learning = configurationOf(['1', '2', '3'], { learners: ['4'] });
    const asked = [join(member('4')), reconfigured(learning), join(member('4')), measured('4', 100)];
    const left = [leave('4'), reconfigured(three, false), reconfigured(three)];
    const { register, context } = havingOf(keeper, ...stable, ...asked, ...left);

    expect(register).toBe('stable');
    expect(context).toMatchObject({ applicants: [], leavers: [], level: [] });
  });

  it('is not let in any more when it has thought better of it', () => {
    const busy = [...stable, leave('2'), join(member('4'))];
    const { context, effects } = havingOf(keeper, ...busy, leave('4'));

    expect(context.applicants).toEqual([]);
    expect(effects).toEqual([sent(['4'], gone('4'))]);
  });

  it('is told so by the coordinator, through whoever passed its request on', () => {
    const told = havingOf(keeper, ...stable, leave('9', '1'));
    const passed = havingOf(us, gone('9'));

    expect(told.effects).toEqual([sent(['1'], gone('9'))]);
    expect(passed.effects).toEqual([sent(['9'], { ...gone('9'), from: '2' })]);
  });

  it('is not told so before the configuration without it is committed', () => {
    const without = reconfigured(configurationOf(['3'], { outgoing: ['2', '3'] }), false);

    expect(havingOf(keeper, ...stable, without, leave('1')).effects).toEqual([]);
  });
});
