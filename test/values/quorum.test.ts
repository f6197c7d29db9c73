import fc from 'fast-check';
import { isMajority, isQuorum, quorumIndex } from '../../machines/values/quorum.js';
import { configurationOf, member } from '../support/members.js';

const ids = ['1', '2', '3', '4', '5', '6'];
const some = fc.subarray(ids, { minLength: 1 });
/** One of them breaks the tie, or somebody else does, or nobody. */
const tie = fc.option(fc.constantFrom(...ids), { nil: undefined });
/** Joint or not, with ties or without. */
const configurations = fc
  .tuple(some, fc.subarray(ids), tie, tie)
  .map(([voters, outgoing, tie, outgoingTie]) => configurationOf(voters, { outgoing, tie, outgoingTie }));

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

  it.each([
    [2, 1],
    [4, 2],
    [6, 3],
  ])('of %i voters takes %i of them, if who breaks the tie is among these', (count, needed) => {
    const voters = Array.from({ length: count }, (_, i) => member(`${i}`));
    const last = (n: number) => new Set(voters.slice(-n).map((voter) => voter.id));
    const [highest, lowest] = [`${count - 1}`, '0'];

    expect(isMajority(last(needed), voters, highest)).toBe(true);
    expect(isMajority(last(needed), voters, lowest)).toBe(false);
    expect(isMajority(last(needed), voters)).toBe(false);
    expect(isMajority(new Set([highest]), voters, highest)).toBe(count === 2);
  });

  it('of an odd number of voters has no tie', () => {
    const three = configurationOf(['1', '2', '3'], { tie: '3' });

    expect(isQuorum(three, new Set(['3']))).toBe(false);
    expect(isQuorum(three, new Set(['1', '2']))).toBe(true);
  });

  it('has no tie broken by somebody who does not vote', () => {
    const two = configurationOf(['1', '2'], { tie: '3' });

    expect(isQuorum(two, new Set(['1', '3']))).toBe(false);
  });

  it('of a joint configuration breaks the tie of each half by its own', () => {
    const joint = configurationOf(['1', '2'], { outgoing: ['1', '2'], tie: '1', outgoingTie: '2' });

    expect(isQuorum(joint, new Set(['1']))).toBe(false);
    expect(isQuorum(joint, new Set(['2']))).toBe(false);
    expect(isQuorum(joint, new Set(['1', '2']))).toBe(true);
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

  it('of two voters is that of the one who breaks the tie, or more', () => {
    const two = configurationOf(['1', '2'], { tie: '2' });
    const held = (one: number, other: number) => (id: string) => (id === '1' ? one : other);

    expect(quorumIndex(two, held(3, 7))).toBe(7);
    expect(quorumIndex(two, held(7, 3))).toBe(3);
  });

  it('is none where nobody votes', () => {
    expect(quorumIndex(configurationOf([]), () => 9)).toBe(0);
  });
});
