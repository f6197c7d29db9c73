/**
 * Writes apps/classroom/lessons/numbers.ts anew: `node test/run.mjs test/classroom/lesson-numbers.ts`, and then format it.
 *
 * With ids of lessons behind it only theirs are played, and the others stay as they are.
 */
import { writeFileSync } from 'node:fs';
import { NUMBERS } from '../../apps/classroom/lessons/numbers.js';
import { allLessons, rowsOf } from './lesson-stage.js';

const PATH = 'apps/classroom/lessons/numbers.ts';
const wanted = process.argv.slice(2);
const isWanted = (id: string) => wanted.length === 0 || wanted.includes(id);

const lessons = await allLessons();
const numbers = Object.fromEntries(
  lessons.map((lesson) => [lesson.id, isWanted(lesson.id) ? rowsOf(lesson) : (NUMBERS[lesson.id] ?? {})]),
);
const head = [
  '/** What the runs of the lessons come to, by lesson, variant and seed; columns as in counts.ts. Written by test/classroom/lesson-numbers.ts. */',
  "import type { Numbers } from './counts.js';",
  '',
];
writeFileSync(PATH, `${head.join('\n')}\nexport const NUMBERS: Numbers = ${JSON.stringify(numbers)};\n`);
