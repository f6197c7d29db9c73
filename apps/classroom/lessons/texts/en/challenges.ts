/** The challenges in English. */
import type { Texts } from '../../lesson.js';

export const challengeTexts: Texts = {};
