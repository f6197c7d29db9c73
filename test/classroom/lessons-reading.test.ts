/** What the lessons read in a trace, from traces written by hand. */
import type { TraceEvent } from '../../apps/classroom/contract.js';
import { relationOf } from '../../apps/classroom/lessons/causality.js';
import { conflictsIn, lostIn, shownAt } from '../../apps/classroom/lessons/deliveries.js';
import {
  electionsIn,
  eventsOf,
  leaderless,
  leadersAt,
  multiLeader,
  readingOf,
} from '../../apps/classroom/lessons/reading.js';

type Told = Omit<TraceEvent, 's'>;
const trace = (...told: readonly Told[]): readonly TraceEvent[] =>
  told.map((one, place) => ({ ...one, s: place + 1 }) as TraceEvent);
const status = (t: number, p: string, role: string, term: number): Told => ({
  t,
  p,
  k: 'status',
  role,
  term,
});
const fault = (t: number, phase: 'begin' | 'end', act: TraceEvent['act']): Told => ({
  t,
  p: '',
  k: 'fault',
  phase,
  act,
});
const crash = { kind: 'crash', at: 100, forMs: 400, peer: '2', isPowerCut: true } as const;
const pause = { kind: 'pause', at: 100, forMs: 400, peer: '2' } as const;
const whole = { fromMs: 0, toMs: 1000 };

describe('a reading', () => {
  it('passes over headers', () => {
    const lines = ['{"v":1,"kind":"header"}', '{"s":1,"t":0,"p":"1","k":"actor"}'];

    expect(eventsOf(lines)).toHaveLength(1);
  });

  it('counts the time without a leader from a crash to the next reign', () => {
    const reading = readingOf(
      trace(status(0, '2', 'coordinator', 1), fault(100, 'begin', crash), status(350, '1', 'coordinator', 2)),
      1000,
    );

    expect(leaderless(reading, whole)).toBe(250);
    expect(leadersAt(reading, 200)).toEqual([]);
    expect(leadersAt(reading, 999)).toEqual(['1']);
  });

  it('counts a sleeper as no leader while it sleeps, and as one when it wakes', () => {
    const reading = readingOf(
      trace(
        status(0, '2', 'coordinator', 1),
        fault(100, 'begin', pause),
        status(300, '1', 'coordinator', 2),
        fault(500, 'end', pause),
        status(540, '2', 'follower', 2),
      ),
      1000,
    );

    expect(leaderless(reading, whole)).toBe(200);
    expect(multiLeader(reading, whole)).toBe(40);
    expect(leadersAt(reading, 520)).toEqual(['1', '2']);
  });

  it('takes a run for the office for an election, and a handover for none', () => {
    const step = (t: number, was: string, st: string, ev: string): Told => ({
      t,
      p: '1',
      k: 'transition',
      a: 'election',
      was,
      st,
      ev,
    });
    const reading = readingOf(
      trace(
        step(1, 'following.direct', 'challenging', 'member.suspected'),
        step(2, 'challenging', 'winning', 'xstate.after.answerTimeout.election.challenging'),
        step(3, 'following.direct', 'winning', 'handover.offered'),
      ),
    );

    expect(electionsIn(reading, whole).map(({ t }) => t)).toEqual([1]);
  });
});

describe('what was delivered', () => {
  const delivered = (t: number, p: string, sequence: number, text: string): Told => ({
    t,
    p,
    k: 'delivery',
    sequence,
    term: 1,
    text,
  });
  const reading = readingOf(
    trace(
      delivered(1, '1', 1, 'a'),
      delivered(2, '2', 1, 'b'),
      delivered(3, '2', 1, 'a'),
      delivered(4, '2', 2, 'c'),
    ),
  );

  it('shows one number with two meanings, and what is gone', () => {
    expect(conflictsIn(reading)).toEqual([1]);
    expect(shownAt(reading, '2')).toEqual(['a', 'c']);
    expect(lostIn(reading, ['1', '2'])).toEqual(['b']);
  });
});

describe('happened before', () => {
  const events = trace(
    { t: 1, p: '1', k: 'send', to: '2', m: '1>2#1' },
    { t: 2, p: '3', k: 'send', to: '2', m: '3>2#1' },
    { t: 3, p: '2', k: 'receive', fr: '1', m: '1>2#1' },
    { t: 4, p: '2', k: 'send', to: '3', m: '2>3#1' },
    { t: 5, p: '3', k: 'receive', fr: '2', m: '2>3#1' },
  );
  const relation = (a: number, b: number) => {
    const [one, other] = [events[a], events[b]];
    if (one === undefined || other === undefined) throw new Error('no such event');
    return relationOf(events, one, other);
  };

  it('goes along messages and along one peer, and is silent otherwise', () => {
    expect(relation(0, 4)).toBe('before');
    expect(relation(4, 0)).toBe('after');
    expect(relation(1, 3)).toBe('concurrent');
    expect(relation(1, 4)).toBe('before');
  });
});
