/** Whether the files of several peers hold the same series, and each series all it should. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT, ProgramFailure } from '../node/exit.js';
import { cellsOf, HEADER } from './csv.js';

export interface Expected {
  readonly sensors: readonly string[];
  /** Of each sensor; null for any number. */
  readonly readings: number | null;
  /** How far the times of one reading and the next are apart, ms; null for any. */
  readonly intervalMs: number | null;
}

/**
 * @param folders - the data folders of the peers.
 * @returns how many rows each of them has.
 * @throws ProgramFailure 1 with the first thing that is not as it should be.
 */
export function compareSeries(folders: readonly string[], expected: Expected): number {
  const sequences = new Set<number>();
  let rows = 0;
  for (const sensor of expected.sensors) {
    const [first, ...others] = folders.map((folder) => {
      const path = join(folder, `${sensor}.csv`);
      return { path, text: textOf(path) };
    });
    if (first === undefined) throw new Error('there are no folders to compare');
    for (const other of others) if (other.text !== first.text) throw differing(first, other);
    rows += checkSeries(first.path, first.text, expected, sequences);
  }
  return rows;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (problem) {
    throw new ProgramFailure(EXIT.failed, problem instanceof Error ? problem.message : String(problem));
  }
}

interface Text {
  readonly path: string;
  readonly text: string;
}

function differing(one: Text, other: Text): ProgramFailure {
  const lines = [one, other].map(({ text }) => text.split('\n'));
  const [ours = [], theirs = []] = lines;
  const at = ours.findIndex((line, place) => line !== theirs[place]);
  const place = at === -1 ? ours.length : at;
  return new ProgramFailure(
    EXIT.failed,
    `${one.path} and ${other.path} differ at line ${place + 1}: ${ours[place] ?? 'nothing'} and ${theirs[place] ?? 'nothing'}`,
  );
}

/** @param sequences - those of other series; this one's are added. @returns its rows. */
function checkSeries(path: string, text: string, expected: Expected, sequences: Set<number>): number {
  const [header, ...lines] = text.split('\n');
  const fail = (reason: string) => new ProgramFailure(EXIT.failed, `${path}: ${reason}`);
  if (header !== HEADER) throw fail(`its first line is ${header}`);
  if (lines.pop() !== '') throw fail('its last row is torn');
  let before: { sequence: number; time: number } | undefined;
  for (const [place, line] of lines.entries()) {
    const [sequence = 0, time = 0] = (cellsOf(line) ?? []).map((cell, i) =>
      i === 1 ? Date.parse(cell) : Number(cell),
    );
    if (before !== undefined && sequence <= before.sequence)
      throw fail(`line ${place + 2} is number ${sequence}, behind ${before.sequence}`);
    if (before !== undefined && expected.intervalMs !== null && time - before.time !== expected.intervalMs)
      throw fail(`line ${place + 2} was measured ${time - before.time} ms after the one before it`);
    if (sequences.has(sequence)) throw fail(`number ${sequence} stands in another file, too`);
    sequences.add(sequence);
    before = { sequence, time };
  }
  if (expected.readings !== null && lines.length !== expected.readings)
    throw fail(`it has ${lines.length} rows, not ${expected.readings}`);
  return lines.length;
}
