/** What the runs of the lessons come to, by lesson, variant and seed; columns as in counts.ts. Written by test/classroom/lesson-numbers.ts. */
import type { Numbers } from './counts.js';

export const NUMBERS: Numbers = {};
