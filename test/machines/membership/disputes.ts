/** Two processes by one id, or one that was killed a moment ago (PROTOCOL §9, J2). */

import { elapsed } from '../../support/event-table.js';
import { member } from '../../support/members.js';
import { havingOf, leaveRequested, newcomer, opened, refused } from '../../support/memberships.js';

const asking = [opened(member('1'))];
const again = elapsed('joinRetry', 'membership.seat.disputed');
const disputed = [refused('4'), again] as const;

describe('a seat that is refused because the id is taken', () => {
  it('is asked for again: it may be our own last life that is meant', () => {
    expect(havingOf(newcomer, ...asking, refused('4')).seat).toBe('disputed');
    expect(havingOf(newcomer, ...asking, ...disputed).seat).toBe('joining');
  });

  it('is given up when that goes on', () => {
    const thrice = [...disputed, ...disputed, ...disputed];

    expect(havingOf(newcomer, ...asking, ...thrice).seat).toBe('joining');
    expect(havingOf(newcomer, ...asking, ...thrice, refused('4'))).toMatchObject({
      seat: 'refused',
      effects: [{ type: 'refused', code: 'duplicate-id' }, { to: [] }],
    });
  });

  it('is left at once when that is asked for meanwhile', () => {
    expect(havingOf(newcomer, ...asking, refused('4'), leaveRequested).seat).toBe('left');
  });
});
