/** Everything the lessons say, in English. */
import type { Texts } from '../../lesson.js';
import { challengeTexts } from './challenges.js';
import { glossary } from './glossary.js';
import { lesson01 } from './lesson-01.js';
import { lesson02 } from './lesson-02.js';
import { lesson03 } from './lesson-03.js';
import { lesson04 } from './lesson-04.js';
import { lesson05 } from './lesson-05.js';
import { lesson06 } from './lesson-06.js';
import { lesson07 } from './lesson-07.js';
import { lesson08 } from './lesson-08.js';
import { lesson09 } from './lesson-09.js';
import { lesson10 } from './lesson-10.js';
import { lesson11 } from './lesson-11.js';
import { lesson12 } from './lesson-12.js';
import { lesson13 } from './lesson-13.js';
import { lesson14 } from './lesson-14.js';

export const english: Texts = {
  ...glossary,
  ...challengeTexts,
  ...lesson01,
  ...lesson02,
  ...lesson03,
  ...lesson04,
  ...lesson05,
  ...lesson06,
  ...lesson07,
  ...lesson08,
  ...lesson09,
  ...lesson10,
  ...lesson11,
  ...lesson12,
  ...lesson13,
  ...lesson14,
};
