/** Tie-breaker and last man standing: what a coordinator does about voters unasked (PROTOCOL §9, M6). */
import type { MembershipEvent, MembershipInput } from '../../../machines/membership.js';
import { configurationOf, member } from '../../support/members.js';
import {
  absent,
  havingOf,
  join,
  keeper,
  leave,
  measured,
  peer,
  proposed,
  reconfigured,
  stable,
  started,
  suspected,
  trusted,
} from '../../support/memberships.js';

type Policy = MembershipInput['policy'];
type Seats = Parameters<typeof configurationOf>[1];

/** A coordinator of these voters, the highest of them, that is asked to do so. */
const keeperOf = (policy: Partial<Policy>, voters: readonly string[], seats: Seats = {}): MembershipInput => {
  const highest = peer(voters.at(-1) ?? '', configurationOf(voters, seats));
  return { ...highest, policy: { ...highest.policy, ...policy } };
};
const tieBreaker = { tieBreaker: true };
const shrinking = { lastManStanding: true };
const gone = (...ids: string[]): MembershipEvent[] => ids.flatMap((id) => [suspected(id), absent(id)]);
/** What it proposes when it takes office after these events. */
const changesOf = (input: MembershipInput, ...events: MembershipEvent[]) =>
  havingOf(input, ...events, started).effects.filter(
    (effect) => (effect as { draft?: { kind: string } }).draft?.kind === 'configuration',
  );

describe('a coordinator with a tie-breaker', () => {
  it('lets the highest of an even number of voters break the tie, jointly', () => {
    const pair = { outgoing: ['1', '2'], tie: '2' };

    expect(changesOf(keeperOf(tieBreaker, ['1', '2']))).toEqual([
      proposed(configurationOf(['1', '2'], pair)),
    ]);
    expect(changesOf(keeperOf(tieBreaker, ['1', '2'], { tie: '2' }))).toEqual([]);
    expect(changesOf(keeperOf(tieBreaker, ['1', '2', '3']))).toEqual([]);
  });

  it('takes the tie from whoever is not the highest any more, and one without takes it from anybody', () => {
    const before = { outgoing: ['1', '2'], outgoingTie: '1' };

    expect(changesOf(keeperOf(tieBreaker, ['1', '2'], { tie: '1' }))).toEqual([
      proposed(configurationOf(['1', '2'], { ...before, tie: '2' })),
    ]);
    expect(changesOf(keeperOf({}, ['1', '2'], { tie: '1' }))).toEqual([
      proposed(configurationOf(['1', '2'], before)),
    ]);
  });

  it('counts new voters so from the first, and an odd number of them without', () => {
    const alone = keeperOf(tieBreaker, ['1'], { learners: ['2'] });
    const pair = keeperOf(tieBreaker, ['1', '2'], { learners: ['3'], tie: '2' });

    expect(changesOf(alone, measured('2', 100))).toEqual([
      proposed(configurationOf(['1', '2'], { outgoing: ['1'], tie: '2' })),
    ]);
    expect(changesOf(pair, measured('3', 100))).toEqual([
      proposed(configurationOf(['1', '2', '3'], { outgoing: ['1', '2'], outgoingTie: '2' })),
    ]);
  });

  it('settles a change with the tie of the new voters alone', () => {
    const joint = { outgoing: ['1', '2', '3', '4'], tie: '3', outgoingTie: '4' };

    expect(changesOf(keeperOf(tieBreaker, ['2', '3'], joint))).toEqual([
      proposed(configurationOf(['2', '3'], { tie: '3' })),
    ]);
  });

  it('does not recount while too few are heard for both ways of counting', () => {
    expect(changesOf(keeperOf(tieBreaker, ['1', '2']), suspected('1'))).toEqual([]);
    expect(changesOf(keeperOf(tieBreaker, ['1', '2']), suspected('1'), trusted('1'))).toHaveLength(1);
  });

  it('lets a voter go when who is left breaks the tie', () => {
    const three = keeperOf(tieBreaker, ['1', '2', '3']);
    const without = proposed(configurationOf(['2', '3'], { outgoing: ['1', '2', '3'], tie: '3' }));

    expect(havingOf(three, suspected('2'), started, leave('1')).effects).toContainEqual(without);
    expect(havingOf(keeper, suspected('2'), started, leave('1')).register).not.toBe('proposing');
  });
});

describe('last man standing', () => {
  const five = ['1', '2', '3', '4', '5'];

  it('takes the vote from whoever has been down for long, and from nobody that is only suspected', () => {
    const without = configurationOf(['1', '3'], { outgoing: ['1', '2', '3'] });

    expect(changesOf(keeperOf(shrinking, ['1', '2', '3']), suspected('2'))).toEqual([]);
    expect(changesOf(keeperOf(shrinking, ['1', '2', '3']), ...gone('2'))).toEqual([proposed(without)]);
    expect(changesOf(keeperOf(shrinking, ['1', '2', '3']), absent('2'))).toEqual([]);
    expect(changesOf(keeperOf({}, ['1', '2', '3']), ...gone('2'))).toEqual([]);
    expect(changesOf(keeperOf(shrinking, ['1', '2', '3']), ...gone('2'), trusted('2'))).toEqual([]);
  });

  it('goes one by one, the lowest first', () => {
    const input = keeperOf(shrinking, five);
    const four = configurationOf(['2', '3', '4', '5'], { outgoing: five });
    const settled = [reconfigured(four, false), reconfigured(configurationOf(['2', '3', '4', '5']))];

    expect(havingOf(input, ...gone('2', '1'), started).effects).toEqual([proposed(four)]);
    expect(havingOf(input, ...gone('2', '1'), started, ...settled).effects).toEqual([
      proposed(configurationOf(['3', '4', '5'], { outgoing: ['2', '3', '4', '5'] })),
    ]);
  });

  it('goes on while a quorum of the voters is heard, and no further', () => {
    expect(changesOf(keeperOf(shrinking, five), ...gone('1', '2', '3'))).toEqual([]);
    expect(changesOf(keeperOf(shrinking, ['4', '5']), ...gone('4'))).toEqual([]);
    expect(changesOf(keeperOf(shrinking, ['4', '5'], { tie: '4' }), ...gone('4'))).toEqual([]);
  });

  it('ends with two voters, or with one that breaks the tie', () => {
    const two = keeperOf({ ...shrinking, ...tieBreaker }, ['4', '5'], { tie: '5' });

    expect(havingOf(two, ...gone('4'), started).effects).toEqual([
      proposed(configurationOf(['5'], { outgoing: ['4', '5'], outgoingTie: '5' })),
    ]);
  });

  it('leaves so many voters their seats as it is told to', () => {
    const policy = { ...shrinking, minVoters: 3 };

    expect(changesOf(keeperOf(policy, ['3', '4', '5']), ...gone('3'))).toEqual([]);
    expect(havingOf(keeperOf(policy, ['2', '3', '4', '5']), ...gone('3'), started).effects).toEqual([
      proposed(configurationOf(['2', '4', '5'], { outgoing: ['2', '3', '4', '5'] })),
    ]);
  });

  it('lets whoever it has taken out begin again as a learner', () => {
    const alone = keeperOf(shrinking, ['2', '3']);

    expect(havingOf(alone, ...stable, reconfigured(alone.configuration), join(member('1'))).effects).toEqual([
      proposed(configurationOf(['2', '3'], { learners: ['1'] })),
    ]);
  });

  // Found by seed 5050 of four peers.
  it('gives a coordinator its vote back that was taken out while it was away', () => {
    const learner = peer('3', configurationOf(['1', '2'], { learners: ['3'] }));

    expect(changesOf(learner)).toEqual([
      proposed(configurationOf(['1', '2', '3'], { outgoing: ['1', '2'] })),
    ]);
  });

  it('forgets an absence with the seat', () => {
    const back = [reconfigured(configurationOf(['1', '3'])), reconfigured(configurationOf(['1', '2', '3']))];
    const { context } = havingOf(keeperOf(shrinking, ['1', '2', '3']), ...gone('2'), ...back);

    expect([context.suspects, context.absent]).toEqual([[], []]);
  });
});
