import fc from 'fast-check';
import { compareTerms, higherTerm, isSameTerm, termAbove, termZero } from '../../machines/values/term.js';
import { term } from '../support/members.js';

const owner = fc.constantFrom('1', '2', '10', 'a');
const terms = fc.tuple(fc.nat(3), owner).map(([n, whose]) => term(n, whose));

describe('terms', () => {
  it('are ordered by number, then by owner in natural order', () => {
    const ordered = [term(1, '2'), term(1, '10'), term(2, '1')];

    expect([...ordered].reverse().sort(compareTerms)).toEqual(ordered);
  });

  it('are the same only when number and owner are', () => {
    fc.assert(
      fc.property(terms, terms, (a, b) => {
        expect(isSameTerm(a, b)).toBe(compareTerms(a, b) === 0);
      }),
    );
  });

  it('have a higher one, whichever comes first', () => {
    fc.assert(
      fc.property(terms, terms, (a, b) => {
        expect(higherTerm(a, b)).toEqual(higherTerm(b, a));
        expect(compareTerms(higherTerm(a, b), a)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('are opened above everything seen, by one owner each: no two peers ever open the same', () => {
    fc.assert(
      fc.property(terms, owner, terms, owner, (seen, me, seenByOther, other) => {
        const opened = termAbove(seen, me);

        expect(compareTerms(opened, seen)).toBeGreaterThan(0);
        expect(opened.owner).toBe(me);
        fc.pre(me !== other);
        expect(isSameTerm(opened, termAbove(seenByOther, other))).toBe(false);
      }),
    );
  });

  it('begin below every term that anybody opened', () => {
    expect(compareTerms(termZero('z'), termAbove(termZero('1'), '1'))).toBeLessThan(0);
  });
});
