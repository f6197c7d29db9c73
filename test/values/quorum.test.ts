import fc from 'fast-check';
import { isMajority, isQuorum, quorumIndex } from '../../machines/values/quorum.js';
import { configurationOf, member } from '../support/members.js';

const ids = ['1', '2', '3', '4', '5', '6'];
const some = fc.subarray(ids, { minLength: 1 });
/** Joint or not. */
const configurations = fc
  .tuple(some, fc.subarray(ids))
  .map(([voters, outgoing]) => configurationOf(voters, { outgoing }));

describe('a quorum', () => {
  it.each([
    [1, 1],
    [2, 2],
    [3, 2],
    [4, 3],
    [5, 3],
    [7, 4],
  ])('of %i voters takes %i of them', (count, needed) => {
    const voters = Array.from({ length: count }, (_, i) => member(`${i}`));
    const first = (n: number) => new Set(voters.slice(0, n).map((voter) => voter.id));

    expect(isMajority(first(needed), voters)).toBe(true);
    expect(isMajority(first(needed - 1), voters)).toBe(false);
  });

  it('of nobody is never reached', () => {
    expect(isQuorum(configurationOf([]), new Set(ids))).toBe(false);
  });

  it('of a joint configuration takes a majority of the old and of the new voters', () => {
    const joint = configurationOf(['3', '4', '5'], { outgoing: ['1', '2', '3'] });

    expect(isQuorum(joint, new Set(['4', '5']))).toBe(false);
    expect(isQuorum(joint, new Set(['1', '2']))).toBe(false);
    expect(isQuorum(joint, new Set(['2', '3', '4']))).toBe(true);
  });

  it('counts nobody who is not a voter', () => {
    const configuration = configurationOf(['1', '2', '3'], { learners: ['4', '5'] });

    expect(isQuorum(configuration, new Set(['1', '4', '5']))).toBe(false);
  });

  it('meets every other quorum of its configuration', () => {
    fc.assert(
      fc.property(configurations, fc.subarray(ids), fc.subarray(ids), (configuration, a, b) => {
        fc.pre(isQuorum(configuration, new Set(a)) && isQuorum(configuration, new Set(b)));

        expect(a.filter((id) => b.includes(id))).not.toEqual([]);
      }),
    );
  });
});

describe('the index that a quorum holds', () => {
  it('is held by a quorum, and the next one is not', () => {
    const matches = fc.array(fc.nat(5), { minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(configurations, matches, (configuration, held) => {
        const match = (id: string) => held[ids.indexOf(id)] ?? 0;
        const holders = (index: number) => new Set(ids.filter((id) => match(id) >= index));
        const index = quorumIndex(configuration, match);

        expect(isQuorum(configuration, holders(index))).toBe(true);
        expect(isQuorum(configuration, holders(index + 1))).toBe(false);
      }),
    );
  });

  it('is none where nobody votes', () => {
    expect(quorumIndex(configurationOf([]), () => 9)).toBe(0);
  });
});
