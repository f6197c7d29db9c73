import fc from 'fast-check';
import { type FailureDetectorEvent, failureDetectorMachine } from '../../machines/failure-detector.js';
import { expectFullCoverage } from '../support/coverage.js';
import { elapsed, having as havingIn } from '../support/event-table.js';
import { start, step } from '../support/step.js';

const input = {
  me: '1',
  member: '3',
  heartbeatIntervalMs: 50,
  suspectTimeoutMs: 250,
  verifyTimeoutMs: 25,
  absenceMs: 5000,
};
const heard: FailureDetectorEvent = { type: 'member.heard' };
const gone: FailureDetectorEvent = { type: 'member.gone' };
const dismissed: FailureDetectorEvent = { type: 'member.dismissed' };
const tick: FailureDetectorEvent = elapsed('heartbeatInterval', 'failure-detector.trusted');
const silence = Array.from({ length: 5 }, () => tick);
const unanswered: FailureDetectorEvent = elapsed('verifyTimeout', 'failure-detector.verifying');
const lost = [...silence, unanswered];
const absence: FailureDetectorEvent = elapsed('absence', 'failure-detector.suspected');
const asked = (...ids: string[]): FailureDetectorEvent => ({ type: 'probe.sent', asked: ids });
const says = (by: string, alive: boolean, round = 1): FailureDetectorEvent => ({
  type: 'probe.answered',
  by,
  alive,
  round,
});
const askedBy = (by: string, round = 7): FailureDetectorEvent => ({ type: 'probe.asked', by, round });
const unproved: FailureDetectorEvent = elapsed('verifyTimeout', 'failure-detector.proving');

const doubted = { type: 'doubted', member: '3', round: 1 };
const answer = (by: string, alive: boolean) => ({
  to: [by],
  message: { type: 'failure.probe-result', from: '1', member: '3', round: 7, alive },
});

const having = (...events: readonly FailureDetectorEvent[]) => {
  const [snapshot, effects] = havingIn(failureDetectorMachine, input, events);
  return { state: snapshot.value, status: snapshot.status, effects };
};

describe('a failure detector', () => {
  it('trusts a member to begin with, and says nothing of it', () => {
    expect(having()).toMatchObject({ state: 'trusted', effects: [] });
  });

  it('asks others before it suspects a member that has been silent for the suspect time-out', () => {
    expect(having(...silence.slice(1))).toMatchObject({ state: 'trusted', effects: [] });
    expect(having(...silence)).toMatchObject({ state: 'verifying', effects: [doubted] });
    expect(having(...lost)).toMatchObject({
      state: { suspected: 'missing' },
      effects: [{ type: 'suspected', member: '3' }],
    });
  });

  it('asks others at once about a member that is gone, however lately it was heard', () => {
    expect(having(heard, gone)).toMatchObject({ state: 'verifying', effects: [doubted] });
  });

  it('suspects as soon as all that were asked have denied, or nobody could be asked', () => {
    expect(having(gone, asked('2', '4'), says('2', false)).state).toBe('verifying');
    expect(having(gone, asked('2', '4'), says('2', false), says('2', false)).state).toBe('verifying');
    expect(having(gone, asked('2', '4'), says('2', false), says('4', false)).state).toEqual({
      suspected: 'missing',
    });
    expect(having(gone, asked()).state).toEqual({ suspected: 'missing' });
  });

  it('takes no notice of answers to an earlier question', () => {
    const again = [gone, heard, gone, asked('2')];

    expect(having(...again, says('2', true, 1)).state).toBe('verifying');
    expect(having(...again, says('2', false, 1)).state).toBe('verifying');
    expect(having(...again, says('2', false, 2)).state).toEqual({ suspected: 'missing' });
  });

  it('blames the link, not the member, when one of the others hears it', () => {
    expect(having(...silence, asked('2', '4'), says('2', false), says('4', true))).toMatchObject({
      state: 'unreachable',
      effects: [{ type: 'unreached', member: '3' }],
    });
  });

  it('asks again about an unreachable member after as long, and tries a new channel', () => {
    const later: FailureDetectorEvent = elapsed('suspectTimeout', 'failure-detector.unreachable');

    expect(having(...silence, says('2', true), later)).toMatchObject({
      state: 'verifying',
      effects: [
        { type: 'missed', member: '3' },
        { ...doubted, round: 2 },
      ],
    });
  });

  it('takes everything back as soon as the member is heard, and counts its silence anew', () => {
    expect(having(...silence, heard)).toMatchObject({ state: 'trusted', effects: [] });
    for (const history of [lost, [gone, says('2', true)]])
      expect(having(...history, heard)).toMatchObject({
        state: 'trusted',
        effects: [{ type: 'trusted', member: '3' }],
      });
    expect(having(...lost, heard, ...silence.slice(1)).state).toBe('trusted');
    expect(having(...lost, heard, ...silence).state).toBe('verifying');
  });

  it('blames itself when its own process stood still: the silence is counted anew', () => {
    const stalled: FailureDetectorEvent = { type: 'self.stalled' };

    expect(having(...silence.slice(1), stalled, ...silence.slice(1)).state).toBe('trusted');
    expect(having(...silence, stalled)).toMatchObject({ state: 'trusted', effects: [] });
    expect(having(...lost, stalled)).toMatchObject({ state: { suspected: 'missing' }, effects: [] });
  });

  it('says once that it suspects, however long the silence lasts', () => {
    expect(having(...lost, tick)).toMatchObject({ state: { suspected: 'missing' }, effects: [] });
    expect(having(...lost, gone)).toMatchObject({ state: { suspected: 'missing' }, effects: [] });
  });

  it('says that a suspected member is still missed, for its connection may be dead', () => {
    const later: FailureDetectorEvent = elapsed('suspectTimeout', 'failure-detector.suspected.missing');
    const muchLater: FailureDetectorEvent = elapsed('suspectTimeout', 'failure-detector.suspected.absent');

    expect(having(...lost, later)).toMatchObject({
      state: { suspected: 'missing' },
      effects: [{ type: 'missed', member: '3' }],
    });
    expect(having(...lost, later, absence, muchLater)).toMatchObject({
      state: { suspected: 'absent' },
      effects: [{ type: 'missed', member: '3' }],
    });
  });

  it('says once that a suspected member has been absent for long, and takes that back too', () => {
    expect(having(...lost, absence)).toMatchObject({
      state: { suspected: 'absent' },
      effects: [
        { type: 'missed', member: '3' },
        { type: 'absent', member: '3' },
      ],
    });
    expect(having(...lost, absence, heard)).toMatchObject({
      state: 'trusted',
      effects: [{ type: 'trusted', member: '3' }],
    });
  });

  it('never comes back to a member that has been dismissed, trusted or suspected', () => {
    for (const history of [[], silence, lost]) {
      expect(having(...history, dismissed)).toMatchObject({ state: 'failed', status: 'done', effects: [] });
      expect(having(...history, dismissed, heard)).toMatchObject({ state: 'failed', effects: [] });
    }
  });

  // The tick is not re-armed by a frame, so a silence is taken for one interval longer than it was, at most.
  it('doubts within the time-out, and not a whole interval before it, whatever was heard when', () => {
    const gapsMs = fc.array(fc.integer({ min: 1, max: 260 }), { maxLength: 10 });
    fc.assert(
      fc.property(gapsMs, (gaps) => {
        const { doubtedAt, heardAt } = firstDoubt(gaps);
        const silentMs = doubtedAt - heardAt;

        expect(silentMs).toBeLessThanOrEqual(input.suspectTimeoutMs);
        expect(silentMs).toBeGreaterThanOrEqual(input.suspectTimeoutMs - input.heartbeatIntervalMs);
      }),
    );
  });
});

describe('a failure detector that learns a rhythm', () => {
  const learning = { ...input, detector: 'phi' as const };
  const arrivals = (...gaps: number[]) => {
    let at = 0;
    return [0, ...gaps].map((gap): FailureDetectorEvent => {
      at += gap;
      return { type: 'member.heard', at };
    });
  };
  const irregular = arrivals(...Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? 20 : 200)));
  const toleranceOf = (of: typeof input, ...events: readonly FailureDetectorEvent[]) =>
    havingIn(failureDetectorMachine, of, events)[0].context.toleranceMs;

  it('bears with a member that is heard irregularly, and only when it is asked to', () => {
    expect(toleranceOf(learning, ...irregular)).toBeGreaterThan(500);
    expect(toleranceOf(learning, ...arrivals(50, 50, 50))).toBe(250);
    expect(toleranceOf(input, ...irregular)).toBe(250);
  });

  it('does not count the gap in which it was missed', () => {
    const regular = arrivals(...Array.from({ length: 20 }, () => 50));
    const at = (ms: number): FailureDetectorEvent => ({ type: 'member.heard', at: ms });

    expect(toleranceOf(learning, ...regular, ...lost, at(99_000), at(99_050))).toBe(250);
    expect(toleranceOf(learning, ...regular, ...lost, heard, at(99_000), at(99_050))).toBe(250);
    expect(toleranceOf(learning, ...regular, { type: 'self.stalled' }, at(99_000), at(99_050))).toBe(250);
    expect(toleranceOf(learning, ...regular, heard, at(99_000), at(99_050))).toBeGreaterThan(500);
  });
});

describe('a failure detector that others ask', () => {
  const probe = {
    type: 'send',
    to: ['3'],
    message: { type: 'failure.probe', from: '1', member: '3', round: 0 },
  };

  it('asks the member for a sign of life before it vouches for it', () => {
    expect(having(askedBy('2'))).toMatchObject({ state: 'proving', effects: [probe] });
    expect(having(askedBy('2'), askedBy('4'), heard)).toMatchObject({
      state: 'trusted',
      effects: [{ type: 'sendEach', letters: [answer('2', true), answer('4', true)] }],
    });
  });

  it('denies the member when it is gone while it is proved, and asks about it itself', () => {
    expect(having(askedBy('2'), gone)).toMatchObject({
      state: 'verifying',
      effects: [{ type: 'sendEach', letters: [answer('2', false)] }, doubted],
    });
  });

  it('answers nothing when it hears nothing, and counts the silence', () => {
    expect(having(askedBy('2'), unproved)).toMatchObject({ state: 'trusted', effects: [] });
    expect(having(...silence.slice(1), askedBy('2'), unproved)).toMatchObject({
      state: 'verifying',
      effects: [doubted],
    });
    expect(having(askedBy('2'), unproved, askedBy('4'), heard).effects).toEqual([
      { type: 'sendEach', letters: [answer('4', true)] },
    ]);
  });

  it('answers each asker once, to its last question', () => {
    expect(having(askedBy('2', 6), askedBy('2', 7), heard).effects).toEqual([
      { type: 'sendEach', letters: [answer('2', true)] },
    ]);
  });

  it('denies a member at once that it misses itself', () => {
    for (const history of [silence, lost, [gone, says('2', true)]])
      expect(having(...history, askedBy('4')).effects).toEqual([{ type: 'send', ...answer('4', false) }]);
  });
});

/** Lets time pass, a tick at every interval, with the member heard after each of these gaps: when is it doubted? */
function firstDoubt(gapsMs: readonly number[]): { doubtedAt: number; heardAt: number } {
  let [snapshot] = start(failureDetectorMachine, input);
  let heardAt = 0;
  const hearings = gapsMs.map((_, i) => gapsMs.slice(0, i + 1).reduce((sum, gapMs) => sum + gapMs));
  const end = (hearings.at(-1) ?? 0) + 2 * input.suspectTimeoutMs;
  for (let now = 1; now <= end; now++) {
    const isHeard = hearings.includes(now);
    if (isHeard) [snapshot] = step(failureDetectorMachine, snapshot, heard);
    if (isHeard) heardAt = now;
    if (now % input.heartbeatIntervalMs === 0) [snapshot] = step(failureDetectorMachine, snapshot, tick);
    if (snapshot.value === 'verifying') return { doubtedAt: now, heardAt };
  }
  return { doubtedAt: Number.POSITIVE_INFINITY, heardAt };
}

it('is covered: every state, every transition', () => expectFullCoverage(failureDetectorMachine));
