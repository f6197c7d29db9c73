/** Everything the lessons say, in English. */
import type { Texts } from '../../lesson.js';
import { glossary } from './glossary.js';

export const english: Texts = { ...glossary };
