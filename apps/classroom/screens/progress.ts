/** How far a learner has come: on this device only, without certificates, and easily forgotten. */
import { createStore, reconcile } from 'solid-js/store';
import { forget, isRecord, keep, recall } from './memory.js';

export interface LessonProgress {
  /** The beat last seen. */
  beat: number;
  /** Choices committed to, by question. */
  answers: Record<string, string>;
  /** Ids of goals that were reached once. */
  goals: string[];
}

type AllProgress = Record<string, LessonProgress>;

const NAME = 'progress';
const nothing = (): LessonProgress => ({ beat: 0, answers: {}, goals: [] });

function isAllProgress(value: unknown): value is AllProgress {
  return isRecord(value) && Object.values(value).every(isLessonProgress);
}

function isLessonProgress(value: unknown): boolean {
  return (
    isRecord(value) &&
    Number.isSafeInteger(value.beat) &&
    isRecord(value.answers) &&
    Object.values(value.answers).every((answer) => typeof answer === 'string') &&
    Array.isArray(value.goals) &&
    value.goals.every((goal) => typeof goal === 'string')
  );
}

const [all, setAll] = createStore<AllProgress>(recall(NAME, isAllProgress, {}));

/** Of one lesson; nothing yet for one that was never opened. */
export const progressOf = (lesson: string): LessonProgress => all[lesson] ?? nothing();

/** Whether anything is kept. */
export const hasProgress = (): boolean => Object.keys(all).length > 0;

export function note(lesson: string, change: Partial<LessonProgress>): void {
  setAll(lesson, { ...progressOf(lesson), ...change });
  keep(NAME, all);
}

/** Of one lesson, or of all. */
export function reset(lesson?: string): void {
  if (lesson === undefined) {
    setAll(reconcile({}));
    forget(NAME);
  } else {
    setAll(lesson, nothing());
    keep(NAME, all);
  }
}
