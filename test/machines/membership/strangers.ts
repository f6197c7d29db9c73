/** Whoever was taken out while it was away: who tells it, and what it makes of that. */
import type { MembershipEvent } from '../../../machines/membership.js';
import type { PeerId } from '../../../transport/protocol.js';
import { configurationOf, member } from '../../support/members.js';
import { followed, havingOf, keeper, opened, peer, sent, stable, us } from '../../support/memberships.js';

describe('a seat that is gone', () => {
  it('that a coordinator does not know of is asked for again; others say nothing to us', () => {
    const seats = { voter: us, learner: peer('4', configurationOf(['1'], { learners: ['4'] })) };
    const gone = (id: PeerId): MembershipEvent => ({ type: 'membership.gone', from: '1', member: id });
    for (const [seat, input] of Object.entries(seats)) {
      const asked = sent(['1'], { type: 'membership.join', from: input.me.id, member: input.me });

      expect(havingOf(input, opened(member('1')), followed('1'), gone(input.me.id))).toMatchObject({ seat });
      expect(havingOf(input, opened(member('1')), followed('1'), gone(input.me.id)).effects).toContainEqual(
        asked,
      );
      expect(havingOf(input, opened(member('1')), followed('1'), gone('9')).effects).not.toContainEqual(
        asked,
      );
    }
  });

  it('tells whoever speaks as a member and is none, when it coordinates', () => {
    const heard: MembershipEvent = { type: 'stranger.heard', member: '9' };

    expect(havingOf(keeper, ...stable, heard).effects).toEqual([
      sent(['9'], { type: 'membership.gone', from: '3', member: '9' }),
    ]);
    expect(havingOf(us, heard).effects).toEqual([]);
  });
});
