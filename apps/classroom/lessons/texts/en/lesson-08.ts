/** Lesson 8 in English. */
import type { Texts } from '../../lesson.js';

export const lesson08: Texts = {
  '08.title': 'Impatience',
  '08.line': 'Nobody dies, and there are elections all the same.',
};
