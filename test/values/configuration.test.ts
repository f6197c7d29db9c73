import fc from 'fast-check';
import * as configurations from '../../machines/values/configuration.js';
import { isQuorum } from '../../machines/values/quorum.js';
import type { Configuration, Member } from '../../transport/protocol.js';
import { configurationOf, member } from '../support/members.js';

const {
  admit,
  foundingConfiguration,
  isJoint,
  isSeated,
  isVoter,
  memberOf,
  membersOf,
  promote,
  recount,
  remove,
  settle,
  tieOf,
  withTie,
} = configurations;

const ids = ['1', '2', '3', '4', '5'];

/** Somebody comes, moves, comes back with another disk, catches up, or leaves. */
type Change = (before: Configuration) => Configuration | undefined;
const changes: fc.Arbitrary<Change> = fc
  .tuple(fc.constantFrom(...ids), fc.constantFrom('first', 'second'), fc.constantFrom('here', 'there'))
  .chain(([id, incarnation, address]) => {
    const somebody = member(id, { incarnation, address });
    const learner = (c: Configuration) => c.learners.find((l) => l.id === id);
    return fc.constantFrom<Change>(
      (before) => admit(before, somebody),
      (before) => {
        const ready = learner(before);
        return ready && promote(before, ready);
      },
      (before) => remove(before, id),
      (before) => recount(before),
    );
  })
  .chain((change) =>
    // The next coordinator may want a tie-breaker, or none.
    fc.constantFrom<Change>(change, (before) => {
      const after = change(before);
      return after && isJoint(after) ? withTie(after) : after;
    }),
  );

/** As the register goes: what is joint is settled before anything else changes. */
function historyOf(steps: readonly Change[]): readonly Configuration[] {
  const history = [foundingConfiguration('c', member('1'))];
  for (const change of steps) {
    const last = history.at(-1) as Configuration;
    const next = isJoint(last) ? settle(last) : change(last);
    if (next !== undefined) history.push(next);
  }
  return history;
}
const histories = fc.array(changes, { maxLength: 30 }).map(historyOf);
const neighbours = (history: readonly Configuration[]) =>
  history.slice(1).map((next, i) => [history[i] as Configuration, next] as const);

const subsets = Array.from({ length: 2 ** ids.length }, (_, bits) => ids.filter((_, i) => bits & (1 << i)));
const seats = (members: readonly Member[]) => members.map((m) => `${m.id}/${m.incarnation}`);

describe('a history of configurations', () => {
  it('has at least one voter in each, and everybody once', () => {
    fc.assert(
      fc.property(histories, (history) => {
        for (const configuration of history) {
          const all = membersOf(configuration).map((m) => m.id);
          expect(configuration.voters.length).toBeGreaterThan(0);
          expect(new Set(all).size).toBe(all.length);
        }
      }),
    );
  });

  it('is linked jointly: voters change only towards a configuration that needs the old ones too, and from it', () => {
    fc.assert(
      fc.property(histories, (history) => {
        for (const [before, after] of neighbours(history)) {
          if (isJoint(before)) expect(after).toEqual({ ...before, outgoing: [], outgoingTie: undefined });
          else if (isJoint(after))
            expect([after.outgoing, after.outgoingTie]).toEqual([before.voters, before.tie]);
          else expect([after.tie, ...seats(after.voters)]).toEqual([before.tie, ...seats(before.voters)]);
          expect(configurations.isNeighbour(before, after)).toBe(true);
        }
      }),
    );
  });

  // I16, by brute force: what one configuration commits, the next cannot overlook.
  it('has no two neighbours with quorums that do not meet', () => {
    fc.assert(
      fc.property(histories, (history) => {
        for (const [before, after] of neighbours(history)) {
          const quorums = (c: Configuration) => subsets.filter((ids) => isQuorum(c, new Set(ids)));
          const apart = quorums(before).some((a) =>
            quorums(after).some((b) => !a.some((id) => b.includes(id))),
          );
          expect(apart).toBe(false);
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe('a configuration', () => {
  it('is founded by one voter, alone', () => {
    expect(foundingConfiguration('c', member('1'))).toEqual(configurationOf(['1']));
  });

  it('takes a stranger in as a learner', () => {
    expect(admit(configurationOf(['1']), member('2'))).toEqual(configurationOf(['1'], { learners: ['2'] }));
  });

  it('does not change for a member that is known as it is', () => {
    expect(admit(configurationOf(['1'], { learners: ['2'] }), member('2'))).toBeUndefined();
  });

  it('takes the vote from a member that has lost its disk, and lets it learn anew', () => {
    const wiped = member('2', { incarnation: 'second' });
    const reseated = admit(configurationOf(['1', '2', '3']), wiped) as Configuration;

    expect(reseated).toEqual({
      ...configurationOf(['1', '3'], { outgoing: ['1', '2', '3'] }),
      learners: [wiped],
    });
    expect(isSeated(reseated, '2', member('2').incarnation)).toBe(true);
    expect(isSeated(reseated, '2', 'second')).toBe(false);
    expect(admit(configurationOf(['1'], { learners: ['2'] }), wiped)).toEqual({
      ...configurationOf(['1']),
      learners: [wiped],
    });
  });

  it('gives a vote only jointly, and takes one only jointly, but a learner goes at once', () => {
    const learning = configurationOf(['1', '2'], { learners: ['3'] });

    expect(promote(learning, member('3'))).toEqual(
      configurationOf(['1', '2', '3'], { outgoing: ['1', '2'] }),
    );
    expect(remove(learning, '2')).toEqual(configurationOf(['1'], { outgoing: ['1', '2'], learners: ['3'] }));
    expect(remove(learning, '3')).toEqual(configurationOf(['1', '2']));
  });

  it('has the highest of an even number of voters break the tie, whoever that is when they begin to vote', () => {
    const two = configurationOf(['1', '2'], { outgoing: ['1'] });
    const risen = member('1', { priority: 9 });

    expect(withTie(two)).toEqual({ ...two, tie: '2' });
    expect(withTie(configurationOf(['1', '2', '3'], { outgoing: ['1', '2'] })).tie).toBeUndefined();
    expect(tieOf([risen, member('2')])).toBe('1');
    expect(admit(settle(withTie(two)), risen)?.tie).toBe('2');
    expect(tieOf([])).toBeUndefined();
  });

  it('keeps the tie of its voters while a change of them is half done, and loses that of the outgoing ones with them', () => {
    const two = configurationOf(['1', '2'], { tie: '2', learners: ['3', '4'] });
    const three = promote(two, member('3'));

    expect([three.tie, three.outgoingTie]).toEqual([undefined, '2']);
    expect(settle(three)).not.toHaveProperty('outgoingTie');
    const four = withTie(promote(settle(three), member('4')));
    expect([four.tie, four.outgoingTie]).toEqual(['4', undefined]);
    expect(settle(four).tie).toBe('4');
  });

  it('has a neighbour that counts the same voters otherwise only jointly', () => {
    const [plain, first, second] = [undefined, '1', '2'].map((tie) => configurationOf(['1', '2'], { tie }));
    const joint = configurationOf(['1', '2'], { outgoing: ['1', '2'], tie: '2', outgoingTie: '1' });
    const { isNeighbour } = configurations;

    for (const a of [plain, first, second])
      for (const b of [plain, first, second])
        expect(isNeighbour(a as Configuration, b as Configuration)).toBe(a === b);
    expect(isNeighbour(first as Configuration, joint)).toBe(true);
    expect(isNeighbour(joint, second as Configuration)).toBe(true);
    expect(isNeighbour(second as Configuration, joint)).toBe(false);
    expect(isNeighbour(joint, first as Configuration)).toBe(false);
    expect(isNeighbour(joint, { ...joint, tie: '1' })).toBe(false);
  });

  it('keeps its last voter, and knows nothing of strangers', () => {
    expect(remove(configurationOf(['1']), '1')).toBeUndefined();
    expect(admit(configurationOf(['1']), member('1', { incarnation: 'second' }))).toBeUndefined();
    expect(remove(configurationOf(['1', '2']), '9')).toBeUndefined();
    expect(memberOf(configurationOf(['1', '2']), '9')).toBeUndefined();
  });

  it('counts the outgoing voters among its members, and as voters, until it is settled', () => {
    const joint = configurationOf(['1', '3'], { outgoing: ['1', '2'], learners: ['4'] });

    expect(membersOf(joint).map((m) => m.id)).toEqual(['1', '3', '2', '4']);
    expect(configurations.votersOf(joint).map((m) => m.id)).toEqual(['1', '3', '2']);
    expect(isVoter(settle(joint), '2')).toBe(false);
  });
});
