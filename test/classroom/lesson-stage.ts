/** The lessons, played headlessly: each run once, however many tests ask for it. */

import type { Script } from '../../apps/classroom/contract.js';
import { headless } from '../../apps/classroom/engine/index.js';
import { COMPARED, type Numbers, type Row, rowOf, withSeed } from '../../apps/classroom/lessons/counts.js';
import {
  type Attempt,
  eventsOf,
  LESSONS,
  type Lesson,
  loadLesson,
  type Reading,
  readingOf,
  type Solution,
  type Variant,
} from '../../apps/classroom/lessons/index.js';
import { SEEDS } from '../../apps/classroom/lessons/scripts.js';

export async function allLessons(): Promise<readonly Lesson[]> {
  const loaded = await Promise.all(LESSONS.map(({ id }) => loadLesson(id)));
  return loaded.filter((lesson) => lesson !== undefined);
}

const played = new Map<string, Reading>();

export function play(script: Script, untilMs: number): Reading {
  const { name: _, ...what } = script;
  const key = JSON.stringify([what, untilMs]);
  const known = played.get(key);
  if (known !== undefined) return known;
  const reading = readingOf(eventsOf(headless(script, untilMs)), untilMs);
  played.set(key, reading);
  return reading;
}

/** The variant as written, or with what a solution does to it. */
export function attempt(
  variant: Variant,
  parameters: Lesson['parameters'],
  { acts = [], parameters: values = {}, answers = {}, place, untilMs = variant.untilMs }: Partial<Solution>,
): Attempt {
  const turned = parameters
    .filter(({ id }) => values[id] !== undefined)
    .reduce((script, { id, usual, applied }) => applied(script, values[id] ?? usual), variant.script);
  const script = { ...turned, acts: [...turned.acts, ...acts].sort((a, b) => a.at - b.at) };
  const reading = play(script, untilMs);
  return { variant: variant.id, script, reading, place: place?.(reading)?.s ?? 0, answers };
}

export const seedsOf = (lesson: string, variant: string): readonly number[] =>
  COMPARED[lesson]?.includes(variant) ? SEEDS : SEEDS.slice(0, 1);

/** A lesson's rows, as its runs make them now: with the first so many of the seeds that each variant is written down with. */
export function rowsOf({ id, variants }: Lesson, seedsMax: number = SEEDS.length): Numbers[string] {
  const rows = (variant: Variant): readonly Row[] =>
    seedsOf(id, variant.id)
      .slice(0, seedsMax)
      .map((seed) => rowOf(play(withSeed(variant.script, seed), variant.untilMs), variant));
  return Object.fromEntries(variants.map((variant) => [variant.id, rows(variant)]));
}
