/** The ballot as pure rules: who is better, and who has won. */
import fc from 'fast-check';
import {
  bestOf,
  isBetter,
  isElected,
  judgeCollect,
  type Promised,
  withPromise,
} from '../../machines/values/ballot.js';
import { compareTerms } from '../../machines/values/term.js';
import { configurationOf, member, term } from '../support/members.js';
import { owners, terms } from './logs.js';

const voters = configurationOf(owners);
const promised = (
  peer: string,
  lastIndex = 1,
  lastTerm = term(1, '1'),
  configuration = voters,
): Promised => ({
  peer,
  incarnation: member(peer).incarnation,
  lastIndex,
  lastTerm,
  configuration,
});

const promises: fc.Arbitrary<readonly Promised[]> = fc.uniqueArray(
  fc
    .tuple(fc.constantFrom('1', '2', '3', '4', '5'), fc.nat({ max: 5 }), terms)
    .map(([peer, lastIndex, lastTerm]) => promised(peer, lastIndex, lastTerm)),
  { minLength: 1, selector: ({ peer }) => peer },
);

describe('a ballot', () => {
  // §6: e < promised → NACK; = → repeat; > → promise.
  it('promises the higher, repeats the same, and refuses the lower', () => {
    fc.assert(
      fc.property(terms, terms, (have, asked) => {
        const order = compareTerms(asked, have);
        expect(judgeCollect(have, asked)).toBe(order > 0 ? 'promise' : order < 0 ? 'refuse' : 'repeat');
      }),
    );
  });

  it('finds a best log that no other beats', () => {
    fc.assert(
      fc.property(promises, (all) => {
        const best = bestOf(all);

        expect(best).toBeDefined();
        for (const other of all) expect(best !== undefined && isBetter(other, best)).toBe(false);
      }),
    );
  });

  it('prefers the earlier of equals, so the candidate its own', () => {
    expect(bestOf([promised('2'), promised('1')])?.peer).toBe('2');
    expect(bestOf([])).toBeUndefined();
  });

  // Never by length alone (mutant `lenonly`).
  it('calls a shorter log of a higher term the better one', () => {
    expect(isBetter(promised('1', 2, term(2, '1')), promised('2', 9, term(1, '3')))).toBe(true);
    expect(isBetter(promised('1', 9, term(1, '1')), promised('2', 2, term(1, '2')))).toBe(false);
  });

  // Two elections of one configuration share a promise.
  it('is won by a majority of seats, whatever else has promised', () => {
    fc.assert(
      fc.property(promises, (all) => {
        const seated = all.filter(({ peer }) => owners.some((id) => id === peer));

        expect(isElected(all)).toBe(seated.length >= 2);
      }),
    );
  });

  it('counts a seat only for the incarnation that has it', () => {
    const forgetful = { ...promised('2'), incarnation: 'second-of-2' };

    expect(isElected([promised('1'), forgetful])).toBe(false);
    expect(isElected([promised('1'), forgetful, promised('3')])).toBe(true);
  });

  // Mutant `owncfg`.
  it('is judged by the configuration of the best log', () => {
    const moved = promised('2', 2, term(1, '1'), configurationOf(['2', '3', '4']));

    expect(isElected([promised('1'), moved])).toBe(false);
    expect(isElected([promised('1'), moved, promised('4')])).toBe(true);
    expect(isElected([])).toBe(false);
  });

  it('keeps the latest promise of each peer', () => {
    const grown = promised('2', 7);

    expect(withPromise([promised('1'), promised('2')], grown)).toEqual([promised('1'), grown]);
  });
});
