/** Writes apps/classroom/lessons/numbers.ts anew: `node test/run.mjs test/classroom/lesson-numbers.ts`, then format it. */
import { writeFileSync } from 'node:fs';
import { allLessons, rowsOf } from './lesson-stage.js';

const PATH = 'apps/classroom/lessons/numbers.ts';
const numbers = Object.fromEntries((await allLessons()).map((lesson) => [lesson.id, rowsOf(lesson)]));
writeFileSync(
  PATH,
  `/** What the runs of the lessons come to, by lesson, variant and seed; columns as in counts.ts. Written by test/classroom/lesson-numbers.ts. */
import type { Numbers } from './counts.js';

export const NUMBERS: Numbers = ${JSON.stringify(numbers)};
`,
);
