/** Each challenge is solved by acting and not without; the one that should be impossible is, as far as a few runs can tell. */
import { CHALLENGES, RIDDLE, rolesOf } from '../../apps/classroom/lessons/challenges.js';
import { withSeed } from '../../apps/classroom/lessons/counts.js';
import { loadLesson } from '../../apps/classroom/lessons/index.js';
import { attempt, play } from './lesson-stage.js';

const solvable = CHALLENGES.filter(({ solution }) => solution !== null);
const [impossible, ...others] = CHALLENGES.filter(({ solution }) => solution === null);

describe('the challenges', () => {
  it.each(solvable.map((challenge) => [challenge.id, challenge] as const))(
    'can be met, and are not met already: %s',
    (_, { start, solution, isReached }) => {
      const idle = attempt(start, [], {});
      const active = attempt(start, [], solution ?? {});

      expect(isReached(idle)).toBe(false);
      expect(isReached(active)).toBe(true);
    },
  );

  it('have a riddle whose answer is what its run shows', () => {
    const shown = CHALLENGES.find(({ id }) => id === 'explain')?.shown;
    if (!shown) throw new Error('there is no riddle');

    const reading = play(shown.script, shown.untilMs);
    const next = reading.reigns.find(({ peer }) => peer !== '5');

    expect(rolesOf(reading, '5')).toBe(RIDDLE.fifth);
    expect(next?.peer).toBe(RIDDLE.next);
    expect(Math.abs((next?.fromMs ?? 0) - RIDDLE.atMs)).toBeLessThanOrEqual(RIDDLE.withinMs);
  });

  it('have one that nobody should meet: what breaks classic mode does not break safe mode', async () => {
    const lesson = await loadLesson('09');
    const writes = ['classic-writes', 'safe-writes'].map((id) => lesson?.variants.find((v) => v.id === id));
    const conflicts = writes.map((variant) => {
      if (variant === undefined || impossible === undefined) throw new Error('there is nothing to compare');
      const { acts } = variant.script;
      const { options } = variant.script.scenario;
      const script = withSeed(variant.script, 1);
      const reading = play(script, variant.untilMs);
      // Asked as if it had been safe mode: so the predicate is seen to answer yes as well.
      const asked = {
        ...script,
        scenario: { ...script.scenario, options: { ...options, mode: 'safe' as const } },
      };
      return impossible.isReached({ variant: variant.id, script: asked, reading, place: 0, answers: {} })
        ? acts.length
        : 0;
    });

    expect(others).toEqual([]);
    expect(conflicts[0]).toBeGreaterThan(0);
    expect(conflicts[1]).toBe(0);
  });
});
