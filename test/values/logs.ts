/** Logs for property tests, as a cluster could have written them: terms never go down along a log. */
import fc from 'fast-check';
import { Log } from '../../machines/values/log.js';
import type { Entry, Term } from '../../transport/protocol.js';
import { configurationOf, term } from '../support/members.js';

export const owners = ['1', '2', '3'] as const;

export const terms: fc.Arbitrary<Term> = fc
  .record({ n: fc.integer({ min: 1, max: 4 }), owner: fc.constantFrom(...owners) })
  .map(({ n, owner }) => term(n, owner));

const view = { number: 1, coordinator: '1', members: [] };

/** Any entry; `at` makes it one of its own. */
export const entries: fc.Arbitrary<Entry> = fc
  .tuple(terms, fc.nat(), fc.constantFrom('noop', 'configuration', 'view'))
  .map(([of, at, kind]): Entry => {
    if (kind === 'configuration') return { kind, term: of, at, body: configurationOf(owners) };
    return kind === 'view' ? { kind, term: of, at, body: view } : { kind: 'noop', term: of, at, body: null };
  });

export const contentOf = (log: Log): readonly Entry[] => log.slice(1, log.lastIndex);

/**
 * What each reign wrote: a reign begins with the head of an older reign's log and adds entries of its own term. Peers hold
 * heads of these, so any two logs drawn from here match (I3): it is what the rules of replication preserve.
 */
export const histories: fc.Arbitrary<readonly Log[]> = fc
  .array(fc.record({ from: fc.nat(), kept: fc.nat(), added: fc.integer({ min: 1, max: 4 }) }), {
    minLength: 1,
    maxLength: 6,
  })
  .map((reigns) =>
    reigns.reduce<readonly Log[]>(
      (all, { from, kept, added }, place) => {
        const base = all[from % all.length] ?? Log.of([]);
        const head = base.truncate((kept % (base.lastIndex + 1)) + 1);
        const of = term(place + 1, owners[place % owners.length] ?? '1');
        const news = Array.from(
          { length: added },
          (_, at): Entry => ({ kind: 'noop', term: of, at, body: null }),
        );
        return all.concat([head.append(news)]);
      },
      [Log.of([])],
    ),
  );

/** One of those logs, cut anywhere: how far a peer got. */
export const heads = (history: readonly Log[]): fc.Arbitrary<Log> =>
  fc
    .tuple(fc.constantFrom(...history), fc.nat({ max: 24 }))
    .map(([log, length]) => log.truncate(Math.min(length, log.lastIndex) + 1));
