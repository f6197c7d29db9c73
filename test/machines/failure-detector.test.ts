import fc from 'fast-check';
import { type FailureDetectorEvent, failureDetectorMachine } from '../../machines/failure-detector.js';
import { expectFullCoverage } from '../support/coverage.js';
import { elapsed, having as havingIn } from '../support/event-table.js';
import { start, step } from '../support/step.js';

const input = { member: '3', heartbeatIntervalMs: 50, suspectTimeoutMs: 250 };
const heard: FailureDetectorEvent = { type: 'member.heard' };
const dismissed: FailureDetectorEvent = { type: 'member.dismissed' };
const tick: FailureDetectorEvent = elapsed('heartbeatInterval', 'failure-detector.trusted');
const silence = Array.from({ length: 5 }, () => tick);

const having = (...events: readonly FailureDetectorEvent[]) => {
  const [snapshot, effects] = havingIn(failureDetectorMachine, input, events);
  return { state: snapshot.value, status: snapshot.status, effects };
};

describe('a failure detector', () => {
  it('trusts a member to begin with, and says nothing of it', () => {
    expect(having()).toMatchObject({ state: 'trusted', effects: [] });
  });

  it('suspects a member that has been silent for the suspect time-out', () => {
    expect(having(...silence.slice(1))).toMatchObject({ state: 'trusted', effects: [] });
    expect(having(...silence)).toMatchObject({
      state: 'suspected',
      effects: [{ type: 'suspected', member: '3' }],
    });
  });

  it('takes suspicion back as soon as the member is heard, and counts its silence anew', () => {
    expect(having(...silence, heard)).toMatchObject({
      state: 'trusted',
      effects: [{ type: 'trusted', member: '3' }],
    });
    expect(having(...silence, heard, ...silence.slice(1)).state).toBe('trusted');
    expect(having(...silence, heard, ...silence).state).toBe('suspected');
  });

  it('says once that it suspects, however long the silence lasts', () => {
    expect(having(...silence, tick)).toMatchObject({ state: 'suspected', effects: [] });
  });

  it('says that a suspected member is still missed, for its connection may be dead', () => {
    const later: FailureDetectorEvent = elapsed('suspectTimeout', 'failure-detector.suspected');

    expect(having(...silence, later)).toMatchObject({
      state: 'suspected',
      effects: [{ type: 'missed', member: '3' }],
    });
  });

  it('never comes back to a member that has been dismissed, trusted or suspected', () => {
    for (const history of [[], silence]) {
      expect(having(...history, dismissed)).toMatchObject({ state: 'failed', status: 'done', effects: [] });
      expect(having(...history, dismissed, heard)).toMatchObject({ state: 'failed', effects: [] });
    }
  });

  // The tick is not re-armed by a frame, so a silence is taken for one interval longer than it was, at most.
  it('suspects within the time-out, and not a whole interval before it, whatever was heard when', () => {
    const gapsMs = fc.array(fc.integer({ min: 1, max: 260 }), { maxLength: 10 });
    fc.assert(
      fc.property(gapsMs, (gaps) => {
        const { suspectedAt, heardAt } = firstSuspicion(gaps);
        const silentMs = suspectedAt - heardAt;

        expect(silentMs).toBeLessThanOrEqual(input.suspectTimeoutMs);
        expect(silentMs).toBeGreaterThanOrEqual(input.suspectTimeoutMs - input.heartbeatIntervalMs);
      }),
    );
  });
});

/** Lets time pass, a tick at every interval, with the member heard after each of these gaps: when is it suspected? */
function firstSuspicion(gapsMs: readonly number[]): { suspectedAt: number; heardAt: number } {
  let [snapshot] = start(failureDetectorMachine, input);
  let heardAt = 0;
  const hearings = gapsMs.map((_, i) => gapsMs.slice(0, i + 1).reduce((sum, gapMs) => sum + gapMs));
  const end = (hearings.at(-1) ?? 0) + 2 * input.suspectTimeoutMs;
  for (let now = 1; now <= end; now++) {
    const isHeard = hearings.includes(now);
    if (isHeard) [snapshot] = step(failureDetectorMachine, snapshot, heard);
    if (isHeard) heardAt = now;
    if (now % input.heartbeatIntervalMs === 0) [snapshot] = step(failureDetectorMachine, snapshot, tick);
    if (snapshot.value === 'suspected') return { suspectedAt: now, heardAt };
  }
  return { suspectedAt: Number.POSITIVE_INFINITY, heardAt };
}

it('is covered: every state, every transition', () => expectFullCoverage(failureDetectorMachine));
