/** The builder's rules are those of every peer: what one refuses the other refuses. */
import fc from 'fast-check';
import { PeerOptions } from '../../actors/index.js';
import { judged, lossesBorne, type Timings } from '../../apps/classroom/screens/stability.js';

const ms = (least: number, most: number) => fc.integer({ min: least, max: most });
const timings = fc.record({
  heartbeatIntervalMs: ms(10, 300),
  suspectTimeoutMs: ms(50, 1500),
  verifyTimeoutMs: ms(1, 100),
  answerTimeoutMs: ms(10, 300),
  coordinatorTimeoutMs: ms(30, 1000),
  stickinessMs: ms(30, 1500),
});

const EVEN = { from: 20, to: 20 };

it('refuses exactly the timings that a peer refuses', () => {
  fc.assert(
    fc.property(timings, (some: Timings) => {
      const peer = PeerOptions.safeParse({ id: '1', preset: 'fast', ...some });
      const refused = judged(some, EVEN).filter(({ weight }) => weight === 'refused');

      expect([...new Set(refused.map(({ of }) => of))].sort()).toEqual(
        [...new Set(peer.error?.issues.map(({ path }) => String(path[0])))].sort(),
      );
    }),
    { numRuns: 300 },
  );
});

// CLASSROOM, lesson 8: suspect > k · heartbeat + (d_max − d_min) bears k − 1 losses; 172 ms for k = 1, 272 ms for k = 2.
it.each([
  [171, -1],
  [173, 0],
  [273, 1],
  [373, 2],
])('a suspect time-out of %i ms bears %i losses at 40 ± 36 ms', (suspectTimeoutMs, losses) => {
  const some = { heartbeatIntervalMs: 100, suspectTimeoutMs } as Timings;

  expect(lossesBorne(some, { from: 4, to: 76 })).toBe(losses);
});

it('warns where an OK cannot be back in time', () => {
  const some: Timings = {
    heartbeatIntervalMs: 100,
    suspectTimeoutMs: 400,
    verifyTimeoutMs: 50,
    answerTimeoutMs: 30,
    coordinatorTimeoutMs: 180,
    stickinessMs: 300,
  };

  expect(judged(some, EVEN)).toEqual([expect.objectContaining({ of: 'answerTimeoutMs', weight: 'risky' })]);
});
