/**
 * The recorder: keeps one CSV file per sensor in step with the series, each row once, in the total order.
 *
 * What a file lacks when it is opened comes from the log, and, where a snapshot stands for that, from what the replicated
 * state still holds; what neither has is told as a gap. A file that could not be written is opened anew at the next reading.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Say } from '../node/console.js';
import { EXIT, ProgramFailure } from '../node/exit.js';
import { rowOf } from './csv.js';
import { SeriesFile, SeriesProblem } from './series-file.js';
import type { Reading } from './state.js';

/** What can still be had of one sensor: its newest readings without a hole, and how many there have been in all. */
export interface Available {
  readonly published: number;
  readonly readings: readonly Reading[];
}

/** Where the recorder takes what it writes from. */
export interface Series {
  sensors(): readonly string[];
  available(sensor: string): Available;
  /** The sequence of the newest delivery there is. */
  sequence(): number;
}

export class Recorder {
  readonly #folder: string;
  readonly #series: Series;
  readonly #say: Say;
  readonly #files = new Map<string, SeriesFile>();

  /**
   * Brings every file up to date.
   *
   * @param folder - is there.
   * @param isRevised - mode `classic`: another log may have won meanwhile, so the files are written anew.
   * @throws ProgramFailure 78 when a file cannot be gone on with: nothing of it was changed.
   */
  constructor(folder: string, series: Series, say: Say, isRevised = false) {
    this.#folder = folder;
    this.#series = series;
    this.#say = say;
    try {
      for (const sensor of series.sensors()) {
        if (isRevised) rmSync(this.#pathOf(sensor), { force: true });
        this.#open(sensor);
      }
    } catch (problem) {
      this.close();
      throw new ProgramFailure(EXIT.configuration, reasonOf(problem));
    }
  }

  /** A reading was delivered. */
  record(sensor: string, reading: Reading): void {
    this.#attempt(sensor, () => {
      const file = this.#files.get(sensor);
      if (file === undefined) this.#open(sensor);
      else if (reading.sequence > file.sequence) file.append([lineOf(sensor, reading)]);
    });
  }

  /** The series may have gone on by more than one reading: a snapshot has taken the place of the log. */
  catchUp(): void {
    for (const sensor of this.#series.sensors()) {
      this.#forget(sensor);
      this.#attempt(sensor, () => this.#open(sensor));
    }
  }

  /** Mode `classic`: another log has won, so what is written may be true no more. Writes all files anew. */
  rewrite(): void {
    for (const sensor of [...this.#files.keys()]) {
      this.#forget(sensor);
      this.#attempt(sensor, () => rmSync(this.#pathOf(sensor), { force: true }));
    }
    this.catchUp();
  }

  close(): void {
    for (const sensor of [...this.#files.keys()]) this.#forget(sensor);
  }

  #pathOf(sensor: string): string {
    return join(this.#folder, `${sensor}.csv`);
  }

  /** What goes wrong is said, and tried again at the sensor's next reading. */
  #attempt(sensor: string, task: () => void): void {
    try {
      task();
    } catch (problem) {
      this.#forget(sensor);
      const detail = `${reasonOf(problem)}; it is tried again at the next reading`;
      this.#say('warning', { code: 'csv-failed', detail }, `csv-failed: ${detail}`);
    }
  }

  #forget(sensor: string): void {
    const file = this.#files.get(sensor);
    this.#files.delete(sensor);
    try {
      file?.close();
    } catch {
      // What is not on the disk then is written again from the log when the file is opened the next time.
    }
  }

  #open(sensor: string): void {
    const file = new SeriesFile(this.#pathOf(sensor));
    this.#files.set(sensor, file);
    const { opened } = file;
    const available = this.#series.available(sensor);
    this.#check(sensor, file, available.readings);
    const lacking = available.readings.filter(({ sequence }) => sequence > opened.sequence);
    file.append(lacking.map((reading) => lineOf(sensor, reading)));
    if (opened.tornBytes > 0) this.#tellTorn(sensor, opened.tornBytes);
    const [oldest] = available.readings;
    const missing = available.published - available.readings.length - opened.rows;
    if (oldest !== undefined && opened.sequence < oldest.sequence && missing > 0)
      this.#tellGap(sensor, missing, opened.sequence, oldest.sequence);
  }

  /** @throws SeriesProblem when the file is of another history than ours. */
  #check(sensor: string, { opened }: SeriesFile, readings: readonly Reading[]): void {
    const same = readings.find(({ sequence }) => sequence === opened.sequence);
    const isAhead = opened.sequence > this.#series.sequence();
    const isOther = same !== undefined && rowOf(sensor, same) !== opened.last;
    if (isAhead || isOther)
      throw new SeriesProblem(
        `${this.#pathOf(sensor)}: its last row, ${opened.sequence}, is not of this cluster's log; move the file away`,
      );
  }

  #tellTorn(sensor: string, bytes: number): void {
    this.#say(
      'csv_torn',
      { sensor, bytes },
      `${sensor}.csv ended in a torn row of ${bytes} bytes; it was written again`,
    );
  }

  #tellGap(sensor: string, missing: number, after: number, before: number): void {
    this.#say(
      'csv_gap',
      { sensor, missing, after, before },
      `${sensor}.csv lacks ${missing} readings between ${after} and ${before}: neither the log nor what is retained has them any more`,
    );
  }
}

const lineOf = (sensor: string, reading: Reading) => ({
  sequence: reading.sequence,
  row: rowOf(sensor, reading),
});

const reasonOf = (problem: unknown): string => (problem instanceof Error ? problem.message : String(problem));
