/** Each lesson, played: its questions are answered by its runs, its goals are reached by acting and only so, its numbers hold. */
import { falseSuspicions, impatience } from '../../apps/classroom/lessons/08-impatience.js';
import { withSeed } from '../../apps/classroom/lessons/counts.js';
import type { Lesson, Question } from '../../apps/classroom/lessons/index.js';
import { NUMBERS } from '../../apps/classroom/lessons/numbers.js';
import { SEEDS } from '../../apps/classroom/lessons/scripts.js';
import { allLessons, attempt, play, rowsOf } from './lesson-stage.js';

/** With how many of the three seeds of its numbers a lesson is played again. */
const PLAYED = Number(process.env.LESSON_SEEDS ?? 1);

const lessons = await allLessons();

const questionsOf = ({ beats }: Lesson): readonly Question[] =>
  beats.flatMap((beat) => ('question' in beat ? [beat.question] : []));

function variantOf({ id, variants }: Lesson, wanted: string) {
  const variant = variants.find((one) => one.id === wanted);
  if (variant === undefined) throw new Error(`lesson ${id} has no variant ${wanted}`);
  return variant;
}

describe.each(lessons.map((lesson) => [lesson.id, lesson] as const))('lesson %s', (id, lesson) => {
  it('is answered by its own runs', () => {
    const runs = (wanted: string) => {
      const { script, untilMs } = variantOf(lesson, wanted);
      return play(script, untilMs);
    };
    const asked = questionsOf(lesson).filter(({ ofRuns }) => ofRuns !== null);

    const answers = asked.map((question) => [question.id, question.ofRuns?.(runs)]);

    expect(answers).toEqual(asked.map((question) => [question.id, question.right]));
    expect(asked.length).toBeGreaterThan(0);
  });

  it.each(lesson.goals.map((goal) => [goal.id, goal] as const))(
    'has a goal, %s, that is reached by acting and not without',
    (_, { solution, isReached }) => {
      const variant = variantOf(lesson, solution.variant);
      const untilMs = solution.untilMs ?? variant.untilMs;

      const idle = attempt(variant, lesson.parameters, { untilMs });
      const active = attempt(variant, lesson.parameters, solution);

      expect(isReached(idle)).toBe(false);
      expect(isReached(active)).toBe(true);
    },
  );

  it('comes to the numbers that are written down', () => {
    const written = Object.entries(NUMBERS[id] ?? {}).map(([variant, rows]) => [
      variant,
      rows.slice(0, PLAYED),
    ]);

    expect(rowsOf(lesson, PLAYED)).toEqual(Object.fromEntries(written));
    expect(written.length).toBeGreaterThan(0);
  });
});

describe('the limits of lesson 8', () => {
  const alarmsOf = (id: string) => {
    const { script, untilMs } = variantOf(impatience, id);
    return SEEDS.slice(0, PLAYED).map((seed) => falseSuspicions(play(withSeed(script, seed), untilMs)));
  };

  it('accuse somebody, or nobody, with every seed', () => {
    expect(Math.min(...alarmsOf('tight'))).toBeGreaterThan(0);
    expect(Math.max(...alarmsOf('roomy'))).toBe(0);
  });
});
