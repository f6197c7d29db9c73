/**
 * The texts of the lessons in each language there is; whatever a translation lacks is read in English.
 *
 * A key that no table has is shown as itself: the test of the lessons finds such keys, so that a learner does not.
 */
import type { TextKey, Texts } from './lesson.js';
import { english } from './texts/en/english.js';

export const LANGUAGES: Readonly<Record<string, Texts>> = { en: english };

/** The text of that key in `language`, a BCP 47 tag such as `de-CH`; English where that language lacks it. */
export function textOf(key: TextKey, language = 'en'): string {
  const [general = 'en'] = language.split('-');
  return LANGUAGES[language]?.[key] ?? LANGUAGES[general]?.[key] ?? english[key] ?? key;
}
