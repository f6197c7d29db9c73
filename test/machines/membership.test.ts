import { type MembershipEvent, membershipMachine } from '../../machines/membership.js';
import { VOTERS_MAX } from '../../machines/values/configuration.js';
import type { PeerId } from '../../transport/protocol.js';
import { expectFullCoverage } from '../support/coverage.js';
import { elapsed } from '../support/event-table.js';
import './membership/absence.js';
import './membership/disputes.js';
import './membership/leaving.js';
import './membership/strangers.js';
import { configurationOf, member } from '../support/members.js';

const three = configurationOf(['1', '2', '3']);

import {
  announcing,
  changeTimeout,
  closed,
  debounced,
  ended,
  followed,
  havingOf,
  installed,
  join,
  keeper,
  leave,
  leaveRequested,
  lost,
  measured,
  newcomer,
  opened,
  peer,
  proposed,
  reconfigured,
  refused,
  retry,
  sent,
  stable,
  started,
  suspected,
  trusted,
  us,
  viewOf,
} from '../support/memberships.js';

describe('a seat', () => {
  it('is what the configuration says of this very incarnation', () => {
    expect(havingOf(us).seat).toBe('voter');
    expect(havingOf(peer('4', configurationOf(['1'], { learners: ['4'] }))).seat).toBe('learner');
    expect(havingOf(peer('4', configurationOf(['1'], { outgoing: ['1', '4'] }))).seat).toBe('voter');
    expect(havingOf({ ...us, me: member('2', { incarnation: 'second' }) }).seat).toBe('unjoined');
    expect(havingOf(newcomer)).toMatchObject({ seat: 'unjoined', effects: [] });
  });

  it('that hears of no coordinator for long asks whether it still belongs, and stays what it is', () => {
    const seats = { voter: us, learner: peer('4', configurationOf(['1'], { learners: ['4'] })) };
    for (const [seat, input] of Object.entries(seats)) {
      const lonely: MembershipEvent = elapsed('lonelyTimeout', `membership.seat.${seat}`);
      const asked = sent(['1'], { type: 'membership.join', from: input.me.id, member: input.me });

      expect(havingOf(input, opened(member('1')), lonely)).toMatchObject({ seat, effects: [asked] });
      expect(havingOf(input, opened(member('1')), followed('1'), lonely).effects).toEqual([]);
      expect(havingOf(input, opened(member('1')), followed('1'), lost, lonely).effects).toEqual([asked]);
      expect(havingOf(input, lonely).effects).toEqual([]);
    }
  });

  it('is asked for as soon as there is somebody to ask', () => {
    const { seat, effects } = havingOf(newcomer, opened(member('1')));

    expect(seat).toBe('joining');
    expect(effects).toEqual([sent(['1'], { type: 'membership.join', from: '4', member: member('4') })]);
  });

  it('is asked for again and again, of all contacts in turn', () => {
    const contacts = [opened(member('1')), opened(member('2'))];
    const asked = [1, 2, 3].map((rounds) => {
      const retries = Array.from({ length: rounds }, () => retry('joining'));
      return havingOf(newcomer, ...contacts, ...retries);
    });
    const alone = havingOf(newcomer, ...contacts, closed('1'), closed('2'), retry('joining'));

    expect(asked).toMatchObject(
      ['1', '2', '1'].map((contact) => ({ seat: 'joining', effects: [{ to: [contact] }] })),
    );
    expect(alone).toMatchObject({ seat: 'unjoined', effects: [] });
  });

  it('is first that of a learner, then that of a voter, and may be lost again', () => {
    const learner = reconfigured(configurationOf(['1'], { learners: ['4'] }));
    const voter = reconfigured(configurationOf(['1', '4']));
    const seatAfter = (...events: MembershipEvent[]) => havingOf(newcomer, ...events).seat;

    expect(seatAfter(learner)).toBe('learner');
    expect(seatAfter(voter)).toBe('voter');
    expect(seatAfter(opened(member('1')), learner)).toBe('learner');
    expect(seatAfter(opened(member('1')), voter)).toBe('voter');
    expect(seatAfter(learner, voter)).toBe('voter');
    expect(seatAfter(voter, learner)).toBe('learner');
    expect(seatAfter(learner, reconfigured(three))).toBe('unjoined');
    expect(seatAfter(voter, reconfigured(three))).toBe('unjoined');
  });

  it('is given up for good when it is refused, and only then', () => {
    const asking = [opened(member('1'))];
    expect(havingOf(newcomer, ...asking, refused('4', 'cluster-full'))).toMatchObject({
      seat: 'refused',
      effects: [{ type: 'refused', code: 'cluster-full' }, { to: [] }],
    });
    expect(havingOf(newcomer, ...asking, refused('5')).seat).toBe('joining');
  });

  it('is left when the configuration is without us, and until then the coordinator is asked', () => {
    const leaving = [followed('3'), leaveRequested];
    const asks = [
      { type: 'leaving', member: '2' },
      sent(['3'], { type: 'membership.leave', from: '2', member: '2' }),
    ];

    expect(havingOf(us, ...leaving)).toMatchObject({ seat: 'leaving', effects: asks });
    expect(havingOf(us, ...leaving, retry('leaving'))).toMatchObject({ seat: 'leaving', effects: asks });
    expect(havingOf(us, ...leaving, reconfigured(configurationOf(['1', '3'])))).toMatchObject({
      seat: 'left',
      effects: [{ type: 'left', member: '2' }],
    });
    const learner = peer('4', configurationOf(['1'], { learners: ['4'] }));
    expect(havingOf(learner, leaveRequested).seat).toBe('leaving');
  });

  it('of a coordinator is not asked of itself: it hands over first', () => {
    const { effects } = havingOf(keeper, followed('3'), started, leaveRequested);

    expect(effects).toMatchObject([{ type: 'leaving' }, { type: 'send', to: [] }]);
  });

  it('of the last voter is just left, be it that the others left a moment ago', () => {
    expect(havingOf(peer('2', configurationOf(['2'])), leaveRequested).seat).toBe('left');
    const alone = reconfigured(configurationOf(['2']));
    expect(havingOf(us, leaveRequested, alone).seat).toBe('leaving');
    expect(havingOf(us, leaveRequested, alone, retry('leaving')).seat).toBe('left');
  });

  it('of the last voter is kept while those who go need its vote', () => {
    const half = configurationOf(['2'], { outgoing: ['1', '2'] });

    expect(havingOf(peer('2', half), leaveRequested, retry('leaving')).seat).toBe('leaving');
  });
});

describe('a member that does not coordinate', () => {
  it('passes requests on to the coordinator, once', () => {
    for (const request of [join(member('4')), leave('1')]) {
      const { effects } = havingOf(us, followed('3'), request);
      expect(effects).toEqual([sent(['3'], { ...request, from: '2' })]);
    }
    for (const history of [[], [followed('2')]])
      expect(havingOf(us, ...history, leave('1')).effects).toMatchObject([{ to: [] }]);
    expect(havingOf(us, followed('3'), join(member('4'), '1')).effects).toMatchObject([{ to: [] }]);
  });

  it('passes a refusal back to whom it concerns', () => {
    expect(havingOf(us, refused('4')).effects).toEqual([sent(['4'], { ...refused('4'), from: '2' })]);
  });
});

describe('the register', () => {
  it('makes a newcomer a learner', () => {
    const { register, effects } = havingOf(keeper, ...stable, join(member('4')));

    expect(register).toBe('proposing');
    expect(effects).toEqual([proposed(configurationOf(['1', '2', '3'], { learners: ['4'] }))]);
  });

  it('gives a learner that has caught up a vote, jointly', () => {
    const learning = [...stable, reconfigured(configurationOf(['1', '2', '3'], { learners: ['4'] }))];

    expect(havingOf(keeper, ...learning, measured('4', 35)).effects).toEqual([]);
    expect(havingOf(keeper, ...learning, measured('4', 36)).effects).toEqual([
      proposed(configurationOf(['1', '2', '3', '4'], { outgoing: ['1', '2', '3'] })),
    ]);
    const other = { ...member('4'), incarnation: 'second' };
    const stale = reconfigured({ ...three, learners: [other] });
    expect(havingOf(keeper, ...stable, stale, measured('4', 100)).effects).toEqual([]);
  });

  it('has no more than so many voters', () => {
    const voters = Array.from({ length: VOTERS_MAX }, (_, i) => `${i + 1}`);
    const full = reconfigured(configurationOf(voters, { learners: ['0'] }));

    expect(havingOf(keeper, ...stable, full, measured('0', 100)).register).not.toBe('proposing');
  });

  it('gives a learner that outranks a voter the seat of the lowest, where all are taken', () => {
    const voters = Array.from({ length: VOTERS_MAX }, (_, i) => `${i + 1}`);
    const full = reconfigured(configurationOf(voters, { learners: ['8', '9'] }));

    expect(havingOf(keeper, ...stable, full, measured('9', 100)).effects).toEqual([
      proposed(configurationOf([...voters.slice(1), '9'], { outgoing: voters, learners: ['8', '1'] })),
    ]);
  });

  it('gives a learner the seat of a voter that has been announced as down, where all are taken', () => {
    const voters = Array.from({ length: VOTERS_MAX }, (_, i) => `${i + 2}`);
    const full = reconfigured(configurationOf(voters, { learners: ['1'] }));
    const members = voters.map((id) => ({
      ...member(id),
      role: 'voter' as const,
      state: id === '5' ? ('suspected' as const) : ('alive' as const),
    }));
    const announced = installed({ number: 9, coordinator: '3', members });
    const [down, level] = [suspected('5'), measured('1', 100)];

    expect(havingOf(keeper, ...stable, full, down, level).register).not.toBe('proposing');
    expect(havingOf(keeper, ...stable, full, announced, level).register).not.toBe('proposing');
    expect(havingOf(keeper, ...stable, full, down, announced, level).effects).toEqual([
      proposed(
        configurationOf([...voters.filter((id) => id !== '5'), '1'], { outgoing: voters, learners: ['5'] }),
      ),
    ]);
  });

  it('finishes a change before it begins another, and sees each through to its commit', () => {
    const half = configurationOf(['1', '3'], { outgoing: ['1', '2', '3'] });
    const changing = havingOf(keeper, ...stable, leave('2'), reconfigured(half, false), join(member('4')));
    const settling = havingOf(keeper, ...stable, leave('2'), join(member('4')), reconfigured(half));

    expect(havingOf(keeper, ...stable, leave('2')).effects).toEqual([proposed(half)]);
    expect(changing).toMatchObject({ register: 'changing', effects: [] });
    expect(settling.effects).toEqual([proposed(configurationOf(['1', '3']))]);
  });

  it('lets go before it lets in, and forgets what has been done', () => {
    const requests = [...announcing, join(member('4')), leave('2'), changeTimeout('announcing')];
    const done = [...requests, reconfigured(configurationOf(['1', '3'], { learners: ['4'] }))];

    expect(havingOf(keeper, ...requests).effects).toEqual([
      proposed(configurationOf(['1', '3'], { outgoing: ['1', '2', '3'] })),
    ]);
    expect(havingOf(keeper, ...done).context).toMatchObject({ applicants: [], leavers: [] });
  });

  it('never takes the last voter out', () => {
    const alone = peer('3', configurationOf(['3']));

    expect(havingOf(alone, started, leave('3')).register).not.toBe('proposing');
  });

  it('proposes again what found no ear', () => {
    const { register, effects } = havingOf(keeper, ...stable, leave('2'), changeTimeout('proposing'));

    expect(register).toBe('proposing');
    expect(effects).toHaveLength(1);
  });

  it('writes down a member that has come back at another address', () => {
    const moved = member('1', { address: 'elsewhere:7000' });

    expect(havingOf(keeper, ...stable, opened(member('1'))).register).toBe('stable');
    expect(havingOf(keeper, ...stable, opened(moved)).effects).toEqual([
      proposed({ ...three, voters: [moved, member('2'), member('3')] }),
    ]);
  });

  it('replaces the seat of a member that has lost its disk, jointly, by that of a learner', () => {
    const wiped = member('2', { incarnation: 'second' });

    expect(havingOf(keeper, ...stable, join(wiped)).effects).toEqual([
      proposed({ ...configurationOf(['1', '3'], { outgoing: ['1', '2', '3'] }), learners: [wiped] }),
    ]);
  });

  it('refuses a second process that goes by the id of a live one, ourselves included', () => {
    const connected = [...stable, opened(member('2'))];
    const refusal = (id: PeerId) =>
      sent(['1'], { type: 'membership.refuse', from: '3', member: id, code: 'duplicate-id' });
    const second = (id: PeerId) => join(member(id, { incarnation: 'second' }), '1');

    expect(havingOf(keeper, ...connected, second('2')).effects).toEqual([refusal('2')]);
    expect(havingOf(keeper, ...connected, second('3')).effects).toEqual([refusal('3')]);
    expect(havingOf(keeper, ...connected, suspected('2'), second('2')).register).toBe('proposing');
  });

  it('refuses a stranger when the cluster is full, but no member', () => {
    const learners = Array.from({ length: 97 }, (_, i) => `${i + 10}`);
    const full = [...stable, reconfigured(configurationOf(['1', '2', '3'], { learners }))];
    const moved = member('10', { address: 'elsewhere:7000' });

    expect(havingOf(keeper, ...full, join(member('4'), '1')).effects).toEqual([
      sent(['1'], { type: 'membership.refuse', from: '3', member: '4', code: 'cluster-full' }),
    ]);
    expect(havingOf(keeper, ...full, join(moved)).register).toBe('proposing');
  });

  it('is another coordinator’s as soon as our reign has ended: requests are forgotten', () => {
    const { register, context } = havingOf(keeper, ...announcing, join(member('4')), ended);

    expect(register).toBe('resting');
    expect(context.applicants).toEqual([]);
  });
});

describe('a view', () => {
  it('is announced when somebody has taken office', () => {
    expect(havingOf(keeper, ...announcing)).toMatchObject({
      register: 'announcing',
      effects: [{ type: 'propose', draft: { kind: 'view', body: viewOf(1) } }],
    });
    expect(havingOf(keeper, ...stable)).toMatchObject({ register: 'stable', effects: [] });
  });

  it('is announced when a suspicion lasts, and not when it was withdrawn meanwhile', () => {
    const body = viewOf(2, ['1']);

    expect(havingOf(keeper, ...stable, suspected('1'), debounced).effects).toMatchObject([
      { draft: { body } },
    ]);
    expect(havingOf(keeper, ...stable, suspected('1'), trusted('1')).register).toBe('stable');
  });

  it('waits behind a change of the configuration', () => {
    const { register } = havingOf(keeper, ...stable, suspected('2'), leave('2'));

    expect(register).toBe('proposing');
  });

  it('is proposed again when it is not installed in time, and no two have one number', () => {
    const again = havingOf(keeper, ...announcing, changeTimeout('announcing'), suspected('1'), debounced);

    expect(again.effects).toMatchObject([{ draft: { body: viewOf(2, ['1']) } }]);
    expect(havingOf(keeper, installed(viewOf(7)), started, suspected('1'), debounced).effects).toMatchObject([
      { draft: { body: { number: 8 } } },
    ]);
  });

  it('shows a member that was suspected when it left as alive when it joins again', () => {
    const left = reconfigured(configurationOf(['1', '3']));
    const { effects } = havingOf(keeper, ...stable, suspected('2'), left, reconfigured(three), debounced);

    expect(effects).toEqual([]);
  });
});

it('is covered: every state, every transition', () => expectFullCoverage(membershipMachine));
