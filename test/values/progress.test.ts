/** What a coordinator knows of its followers: nothing acknowledged is sent again, nothing is left out. */
import fc from 'fast-check';
import { LIMITS } from '../../machines/values/limits.js';
import { Log } from '../../machines/values/log.js';
import {
  acknowledged,
  batchesFor,
  type Follower,
  follower,
  rewound,
  WINDOW_MAX,
  withSent,
} from '../../machines/values/progress.js';
import type { Entry } from '../../transport/protocol.js';
import { term } from '../support/members.js';

const LAST = 40;
const logOf = (length: number) =>
  Log.of(Array.from({ length }, (_, at): Entry => ({ kind: 'noop', term: term(1, '1'), at, body: null })));

const happenings = fc.array(
  fc.oneof(
    fc.record({ what: fc.constant('grow' as const), by: fc.integer({ min: 1, max: 5 }) }),
    fc.record({ what: fc.constant('acknowledge' as const), by: fc.nat({ max: LAST }) }),
    fc.record({ what: fc.constant('reject' as const), by: fc.nat({ max: LAST }) }),
  ),
  { maxLength: 40 },
);

/** Everything that happens to one follower; `check` sees every moment, with what is sent then. */
function follow(
  steps: typeof happenings extends fc.Arbitrary<infer S> ? S : never,
  check: (now: Follower, before: Follower, log: Log) => void,
): Follower {
  let log = logOf(1);
  let now = follower('2', 'i', 1);
  for (const { what, by } of steps) {
    const before = now;
    if (what === 'grow') log = logOf(Math.min(LAST, log.lastIndex + by));
    if (what === 'acknowledge') now = acknowledged(now, Math.min(by, log.lastIndex));
    if (what === 'reject') now = rewound(now, by);
    const batches = batchesFor([now], log);
    for (const { prevIndex, entries } of batches)
      expect(log.slice(prevIndex + 1, entries.length)).toEqual(entries);
    now = withSent([now], batches)[0] ?? now;
    check(now, before, log);
  }
  return now;
}

describe('a follower', () => {
  it('never loses what it has acknowledged, nor is sent what lies below', () => {
    fc.assert(
      fc.property(happenings, (steps) => {
        follow(steps, (now, before, log) => {
          expect(now.match).toBeGreaterThanOrEqual(before.match);
          expect(now.next).toBeGreaterThan(now.match);
          expect(now.next).toBeLessThanOrEqual(log.lastIndex + 1);
          expect(now.sent.length).toBeLessThanOrEqual(WINDOW_MAX);
        });
      }),
    );
  });

  it('gets everything, as long as it answers', () => {
    fc.assert(
      fc.property(happenings, (steps) => {
        let log = logOf(1);
        let now = follow(steps, (_now, _before, latest) => {
          log = latest;
        });
        now = rewound(now, 1);
        for (let rounds = 0; rounds < LAST && now.match < log.lastIndex; rounds++) {
          now = withSent([now], batchesFor([now], log))[0] ?? now;
          now = acknowledged(now, now.next - 1);
        }

        expect(now.match).toBe(log.lastIndex);
      }),
    );
  });

  // Found by a seed: with a slow disk it says so at every APPEND, and got the same part each time.
  it('is not sent a part once more for saying what it had said before', () => {
    const head = { lastIndex: 9, hash: 'h' };
    const receiving = { head, offset: 0, isSent: true };
    const waiting: Follower = { ...follower('2', 'i', 3), match: 3, receiving };

    expect(acknowledged(waiting, 3).receiving).toEqual(receiving);
    expect(acknowledged(waiting, 4).receiving).toBeUndefined();
  });

  it('is presumed level at first', () => {
    expect(follower('2', 'i', 7)).toEqual({ id: '2', incarnation: 'i', match: 0, next: 8, sent: [] });
  });
});

describe('batches', () => {
  it('are shared by followers that stand at one place', () => {
    const log = logOf(4);
    const at = (id: string, next: number): Follower => ({ ...follower(id, 'i', 0), next });

    expect(batchesFor([at('2', 2), at('3', 2), at('4', 4), at('5', 5)], log)).toEqual([
      { to: ['2', '3'], prevIndex: 1, entries: log.slice(2, 3) },
      { to: ['4'], prevIndex: 3, entries: log.slice(4, 1) },
    ]);
  });

  it('are bounded in number and in bytes', () => {
    const many = logOf(LIMITS.batchEntriesMax + 10);
    expect(batchesFor([follower('2', 'i', 0)], many)[0]?.entries).toHaveLength(LIMITS.batchEntriesMax);

    const payload = 'x'.repeat(LIMITS.batchBytesMax / 4);
    const submission = { number: 1, topic: 't', payload };
    const large: Entry = { kind: 'submission', term: term(1, '1'), at: 0, body: { session: 1, submission } };
    expect(batchesFor([follower('2', 'i', 0)], Log.of([large, large, large]))[0]?.entries).toHaveLength(1);
  });
});
