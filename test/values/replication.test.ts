/** Replication as pure rules: whatever is offered, logs go on matching, and nothing older than the term is counted. */
import fc from 'fast-check';
import { Log } from '../../machines/values/log.js';
import {
  adoptionOf,
  applied,
  changeFor,
  committedBy,
  committedUpTo,
  hintFor,
  isEmpty,
  joins,
  type Offer,
} from '../../machines/values/replication.js';
import type { Entry } from '../../transport/protocol.js';
import { configurationOf, term } from '../support/members.js';
import { contentOf, heads, histories, owners } from './logs.js';

/** Part of a coordinator's log, as an APPEND carries it. */
const offerOf = (log: Log, prevIndex: number, count: number): Offer => ({
  prevIndex,
  prevTerm: log.termAt(prevIndex) ?? term(0, '0'),
  entries: log.slice(prevIndex + 1, count),
});

/** A peer's log, and what it is offered from somebody's. */
const offered = histories.chain((history) =>
  fc
    .record({ own: heads(history), theirs: heads(history), from: fc.nat(), count: fc.nat({ max: 6 }) })
    .map(({ own, theirs, from, count }) => {
      const prevIndex = from % (theirs.lastIndex + 1);
      return { own, theirs, offer: offerOf(theirs, prevIndex, count) };
    }),
);

/** I3 */
function expectMatching(a: Log, b: Log): void {
  const isShared = (index: number) => b.holds(index, a.termAt(index) ?? term(9, '9'));
  let last = Math.min(a.lastIndex, b.lastIndex);
  while (last > 0 && !isShared(last)) last--;
  expect(a.slice(1, last)).toEqual(b.slice(1, last));
}

const commonEnd = (a: Log, b: Log): number => {
  let index = 0;
  while (index < a.lastIndex && b.holds(index + 1, a.termAt(index + 1) ?? term(9, '9'))) index++;
  return index;
};

describe('an offer of entries', () => {
  // I3, by induction over offers.
  it('leaves logs that match', () => {
    fc.assert(
      fc.property(offered, ({ own, theirs, offer }) => {
        expectMatching(own, theirs);
        if (!joins(own, offer)) return;

        const after = applied(own, changeFor(own, offer, 0));

        expectMatching(after, theirs);
        const end = offer.prevIndex + offer.entries.length;
        expect(after.slice(1, end)).toEqual(theirs.slice(1, end));
      }),
    );
  });

  it('cuts only what differs, and never below the common part', () => {
    fc.assert(
      fc.property(offered, ({ own, theirs, offer }) => {
        if (!joins(own, offer)) return;
        const common = commonEnd(own, theirs);

        const change = changeFor(own, offer, common);

        expect(change.truncateFrom ?? common + 1).toBe(common + 1);
        expect(change.first).toBeGreaterThan(offer.prevIndex);
        expect(applied(own, change).slice(1, common)).toEqual(own.slice(1, common));
      }),
    );
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(offered, ({ own, offer }) => {
        if (!joins(own, offer)) return;
        const after = applied(own, changeFor(own, offer, 0));

        expect(isEmpty(changeFor(after, offer, after.lastIndex))).toBe(true);
      }),
    );
  });

  // I8: a broken invariant, never a stranger's mistake.
  it('is an error when it would cut what is committed', () => {
    fc.assert(
      fc.property(offered, ({ own, offer }) => {
        if (!joins(own, offer)) return;
        const { truncateFrom } = changeFor(own, offer, 0);
        if (truncateFrom !== null)
          expect(() => changeFor(own, offer, truncateFrom)).toThrow(/invariant broken/);
      }),
    );
  });

  it('that does not join comes to join by its hints', () => {
    fc.assert(
      fc.property(offered, ({ own, theirs, offer }) => {
        let next = offer.prevIndex + 1;
        while (!joins(own, offerOf(theirs, next - 1, 0))) {
          const hint = hintFor(own, offerOf(theirs, next - 1, 0));
          expect(hint).toBeGreaterThanOrEqual(1);
          expect(hint).toBeLessThan(next);
          next = hint;
        }
      }),
    );
  });
});

describe('the adoption of a log', () => {
  it('ends, in whatever parts it comes, with that very log', () => {
    const cases = histories.chain((history) =>
      fc.record({ own: heads(history), best: heads(history), size: fc.integer({ min: 1, max: 3 }) }),
    );
    fc.assert(
      fc.property(cases, ({ own, best, size }) => {
        let log = own;
        let prevIndex = commonEnd(own, best);
        const committed = prevIndex;
        do {
          const part = offerOf(best, prevIndex, size);
          log = applied(log, adoptionOf(log, part, best.lastIndex, committed));
          prevIndex += part.entries.length;
        } while (prevIndex < best.lastIndex);

        expect(contentOf(log)).toEqual(contentOf(best));
      }),
    );
  });
});

describe('what is committed', () => {
  const cases = histories.chain((history) => {
    const last = history.at(-1) ?? Log.of([]);
    const match = fc.nat({ max: last.lastIndex + 2 });
    return fc
      .record({ match: fc.tuple(match, match, match), commit: fc.nat({ max: last.lastIndex }) })
      .map((more) => ({
        ...more,
        log: last,
      }));
  });
  const configuration: Entry = {
    kind: 'configuration',
    term: term(0, '1'),
    at: 0,
    body: configurationOf(owners),
  };
  /** The same log, behind the configuration that says who counts. */
  const governed = (log: Log) => Log.of([configuration, ...contentOf(log)]);

  // R2: never count older terms.
  it('is of the present term, on a majority, and never taken back', () => {
    fc.assert(
      fc.property(cases, ({ log: ungoverned, match, commit }) => {
        const log = governed(ungoverned);
        const now = committedBy(log, log.lastTerm, commit, (id) => match[Number(id) - 1] ?? 0);

        expect(now).toBeGreaterThanOrEqual(commit);
        if (now === commit) return;
        expect(log.termAt(now)).toEqual(log.lastTerm);
        expect(match.filter((index) => index >= now).length).toBeGreaterThanOrEqual(2);
      }),
    );
  });

  it('is all that a majority has of the present term', () => {
    fc.assert(
      fc.property(cases, ({ log: ungoverned, match }) => {
        const log = governed(ungoverned);
        const now = committedBy(log, log.lastTerm, 0, (id) => match[Number(id) - 1] ?? 0);

        for (let index = now + 1; index <= log.lastIndex; index++) {
          const isHeld = match.filter((reached) => reached >= index).length >= 2;
          expect(isHeld && log.holds(index, log.lastTerm)).toBe(false);
        }
      }),
    );
  });

  it('needs both majorities while a change is joint', () => {
    const body = configurationOf(['1', '2', '3'], { outgoing: ['3', '4', '5'] });
    const joint = Log.of([{ kind: 'configuration', term: term(1, '1'), at: 0, body }]);
    const by = (...ids: string[]) => committedBy(joint, term(1, '1'), 0, (id) => (ids.includes(id) ? 1 : 0));

    expect(by('1', '2')).toBe(0);
    expect(by('4', '5')).toBe(0);
    expect(by('1', '3', '4')).toBe(1);
  });

  it('is nothing when nobody votes', () => {
    const log = Log.of([{ kind: 'noop', term: term(1, '1'), at: 0, body: null }]);

    expect(committedBy(log, term(1, '1'), 0, () => 9)).toBe(0);
  });

  // R1: commitI := max(commitI, min(c, prevI + |es|)).
  it('is for a replica what it has verified, and no more', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.nat(), (commit, told, verified) => {
        expect(committedUpTo(commit, told, verified)).toBe(Math.max(commit, Math.min(told, verified)));
      }),
    );
  });
});
