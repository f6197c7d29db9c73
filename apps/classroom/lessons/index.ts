/** The lessons, each loaded when it is opened: what a list of them needs is here, the rest is not. */
import type { Lesson, TextKey } from './lesson.js';

export * from './lesson.js';
export { eventsOf, type Reading, readingOf } from './reading.js';

export interface LessonEntry {
  readonly id: string;
  readonly title: TextKey;
  /** One line about it. */
  readonly line: TextKey;
}

const LOADERS: Readonly<Record<string, () => Promise<Lesson>>> = {
  '01': async () => (await import('./01-cluster.js')).cluster,
  '02': async () => (await import('./02-election.js')).election,
  '03': async () => (await import('./03-crowd.js')).crowd,
  '04': async () => (await import('./04-return.js')).comeback,
  '05': async () => (await import('./05-lost-ok.js')).lostOkLesson,
  '06': async () => (await import('./06-lost-coordinator.js')).lostCoordinator,
  '07': async () => (await import('./07-counting.js')).counting,
  '08': async () => (await import('./08-impatience.js')).impatience,
  '09': async () => (await import('./09-sleeper.js')).sleeper,
  '10': async () => (await import('./10-split.js')).splitBrain,
  '11': async () => (await import('./11-one-way.js')).oneWay,
  '12': async () => (await import('./12-causality.js')).causality,
  '13': async () => (await import('./13-order.js')).order,
  '14': async () => (await import('./14-failover.js')).failover,
};

/** In the order in which they build on one another. */
export const LESSONS: readonly LessonEntry[] = Object.keys(LOADERS)
  .sort()
  .map((id) => ({ id, title: `${id}.title`, line: `${id}.line` }));

/** The lesson of that id; undefined when there is none. */
export const loadLesson = async (id: string): Promise<Lesson | undefined> => LOADERS[id]?.();

export type { Challenge } from './challenges.js';

export const loadChallenges = async () => (await import('./challenges.js')).CHALLENGES;
