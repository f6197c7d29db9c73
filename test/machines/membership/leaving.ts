/** Who leaves is told that it has left, also when it could not hear it at once (PROTOCOL §9, M5). */
import { configurationOf, member } from '../../support/members.js';
import {
  havingOf,
  keeper,
  leave,
  leaveRequested,
  opened,
  reconfigured,
  sent,
  stable,
  us,
} from '../../support/memberships.js';

const gone = (id: string) => ({ type: 'membership.gone', from: '3', member: id }) as const;
const lost = { type: 'coordinator.lost' } as const;

describe('a peer on its way out', () => {
  it('asks whoever is there when it knows no coordinator', () => {
    const { effects } = havingOf(us, opened(member('1')), lost, leaveRequested);

    expect(effects).toContainEqual(sent(['1'], { type: 'membership.leave', from: '2', member: '2' }));
  });

  it('has left once it hears that it is no member, and nobody else has', () => {
    expect(havingOf(us, leaveRequested, gone('1')).seat).toBe('leaving');
    expect(havingOf(us, leaveRequested, gone('2')).seat).toBe('left');
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
