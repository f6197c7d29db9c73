/** The log against a plain array: whatever is branched off it, each version stays what it was. */
import fc from 'fast-check';
import { NO_CONFIGURATION } from '../../machines/values/configuration.js';
import { Log } from '../../machines/values/log.js';
import { isSameTerm } from '../../machines/values/term.js';
import type { Entry } from '../../transport/protocol.js';
import { term } from '../support/members.js';
import { contentOf, entries } from './logs.js';

interface Version {
  readonly log: Log;
  readonly model: readonly Entry[];
}

/** A change of one of the versions so far: they branch as they like. */
const changes = fc.array(
  fc.oneof(
    fc.record({ of: fc.nat(), append: fc.array(entries, { maxLength: 4 }) }),
    fc.record({ of: fc.nat(), truncate: fc.integer({ min: 1, max: 20 }) }),
  ),
  { maxLength: 30 },
);
type Changes = typeof changes extends fc.Arbitrary<infer C> ? C : never;

function versionsOf(steps: Changes): readonly Version[] {
  const versions: Version[] = [{ log: Log.of([]), model: [] }];
  for (const step of steps) {
    const { log, model } = versions[step.of % versions.length] as Version;
    versions.push(
      'append' in step
        ? { log: log.append(step.append), model: [...model, ...step.append] }
        : { log: log.truncate(step.truncate), model: model.slice(0, step.truncate - 1) },
    );
  }
  return versions;
}

const property = (holds: (version: Version) => void) =>
  fc.assert(
    fc.property(changes, (steps) => {
      for (const version of versionsOf(steps)) holds(version);
    }),
  );

const placeOf = (model: readonly Entry[], kind: Entry['kind']) =>
  model.findLastIndex((entry) => entry.kind === kind) + 1;

describe('a log', () => {
  it('holds what a plain array would, in every version at once', () => {
    property(({ log, model }) => {
      expect(contentOf(log)).toEqual(model);
      expect(log.lastIndex).toBe(model.length);
      expect(log.at(0)).toBeUndefined();
      expect(log.at(model.length + 1)).toBeUndefined();
      expect(log.lastAt).toBe(model.at(-1)?.at ?? 0);
    });
  });

  it('answers any part of itself, and nothing beyond its end', () => {
    const part = fc.tuple(changes, fc.integer({ min: 1, max: 30 }), fc.nat({ max: 10 }));
    fc.assert(
      fc.property(part, ([steps, first, count]) => {
        for (const { log, model } of versionsOf(steps))
          expect(log.slice(first, count)).toEqual(model.slice(first - 1, first - 1 + count));
      }),
    );
  });

  // M3: the latest configuration holds, and truncation restores the previous one.
  it('knows its latest configuration and view', () => {
    property(({ log, model }) => {
      expect(log.configurationIndex).toBe(placeOf(model, 'configuration'));
      expect(log.viewIndex).toBe(placeOf(model, 'view'));
      expect(log.configuration).toBe(model[log.configurationIndex - 1]?.body ?? NO_CONFIGURATION);
      expect(log.view).toBe(model[log.viewIndex - 1]?.body);
    });
  });

  it('tells terms by place, and begins before all of them', () => {
    property(({ log, model }) => {
      model.forEach((entry, place) => {
        expect(log.termAt(place + 1)).toEqual(entry.term);
        expect(log.holds(place + 1, entry.term)).toBe(true);
        expect(log.holds(place + 1, term(9, '9'))).toBe(false);
      });
      expect(log.holds(0, term(9, '9'))).toBe(true);
      expect(log.holds(model.length + 1, term(0, '0'))).toBe(false);
      expect(log.lastTerm).toEqual(model.at(-1)?.term ?? term(0, '0'));
    });
  });

  it('finds where the run of a term begins', () => {
    property(({ log, model }) => {
      model.forEach((entry, place) => {
        const before = model.slice(0, place).findLastIndex((other) => !isSameTerm(other.term, entry.term));
        expect(log.firstOfTerm(place + 1)).toBe(before + 2);
      });
    });
  });

  it('is shown by its end, not by its entries', () => {
    const log = Log.of([{ kind: 'noop', term: term(1, '1'), at: 5, body: null }]);

    expect(JSON.parse(JSON.stringify(log))).toEqual({
      base: 0,
      lastIndex: 1,
      lastTerm: term(1, '1'),
      configurationIndex: 0,
    });
  });
});
