/** What is counted of a lesson's run, for the table that the page shows and the tests play again. */
import type { Script } from '../contract.js';
import type { Variant } from './lesson.js';
import { electionsIn, leaderless, multiLeader, type Reading, sent } from './reading.js';

/** In the order of a row. Messages are counted where they are sent, those to the dead included. */
export const COLUMNS = [
  'ELECTION',
  'OK',
  'COORDINATOR',
  'COORDINATOR_ALIVE',
  'COLLECT',
  'elections',
  'leaderless ms',
  'multi-leader ms',
] as const;

export type Row = readonly [number, number, number, number, number, number, number, number];

/** Rows by lesson and variant; one for each seed that was played, in the order of `SEEDS`. */
export type Numbers = Readonly<Record<string, Readonly<Record<string, readonly Row[]>>>>;

/** From the beginning of the story to its end. */
export function rowOf(reading: Reading, { fromMs, untilMs }: Pick<Variant, 'fromMs' | 'untilMs'>): Row {
  const span = { fromMs, toMs: untilMs };
  const count = (type: string) => sent(reading, type, span);
  return [
    count('election.start'),
    count('election.answer'),
    count('election.coordinator'),
    count('election.alive'),
    count('sequencer.collect'),
    electionsIn(reading, span).length,
    Math.round(leaderless(reading, span)),
    Math.round(multiLeader(reading, span)),
  ];
}

/** Variants that are compared with a reference, and so played with all three seeds; the others with the first. */
export const COMPARED: Readonly<Record<string, readonly string[]>> = {
  '02': ['classic', 'safe'],
  '03': ['all'],
  '04': ['safe'],
  '05': ['both'],
  '06': ['all'],
  '08': ['tight', 'roomy'],
  '09': ['safe'],
  '10': ['high-safe'],
  '11': ['deaf-safe'],
  '13': ['gap'],
  '14': ['safe'],
};

export const withSeed = (script: Script, seed: number): Script => ({
  ...script,
  scenario: { ...script.scenario, seed },
});
