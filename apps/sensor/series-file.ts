/**
 * One CSV file that is only ever appended to, and goes on where it stood.
 *
 * Where it stood is read off the file itself: the sequence of its last whole row. A row that was torn by a crash is cut off
 * (its reading is still in the log); anything else that is not a row is somebody's doing, and is left alone.
 */
import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { HEADER, sequenceOf } from './csv.js';

/** What a file says of itself when it is opened. */
export interface SeriesStanding {
  readonly rows: number;
  /** The last row, and its sequence; 0 when there is none. */
  readonly last: string;
  readonly sequence: number;
  /** Bytes of a torn row that were cut off. */
  readonly tornBytes: number;
}

/** What is wrong with a file that it cannot be gone on with. */
export class SeriesProblem extends Error {}

export class SeriesFile {
  readonly opened: SeriesStanding;
  readonly #fd: number;
  #sequence: number;

  /** @throws SeriesProblem when it holds what this program has not written; Error of the disk. */
  constructor(path: string) {
    this.#fd = openSync(path, 'a+', 0o644);
    try {
      this.opened = standingOf(this.#fd, path);
      const { size } = fstatSync(this.#fd);
      if (this.opened.tornBytes > 0) ftruncateSync(this.#fd, size - this.opened.tornBytes);
      if (size === this.opened.tornBytes) writeWhole(this.#fd, `${HEADER}\n`);
    } catch (problem) {
      closeSync(this.#fd);
      throw problem;
    }
    this.#sequence = this.opened.sequence;
  }

  /** The sequence of its last row; 0 when there is none. */
  get sequence(): number {
    return this.#sequence;
  }

  /**
   * @param rows - in order, all behind the last one.
   * @throws Error of the disk: part of it may have been written, so it is to be opened again.
   */
  append(rows: readonly { readonly sequence: number; readonly row: string }[]): void {
    const last = rows.at(-1);
    if (last === undefined) return;
    writeWhole(this.#fd, rows.map(({ row }) => `${row}\n`).join(''));
    this.#sequence = last.sequence;
  }

  /** Has it on the disk, and lets go of it. */
  close(): void {
    try {
      fsyncSync(this.#fd);
    } finally {
      closeSync(this.#fd);
    }
  }
}

function writeWhole(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let written = 0; written < bytes.length; ) written += writeSync(fd, bytes, written);
}

function standingOf(fd: number, path: string): SeriesStanding {
  const bytes = readFileSync(fd);
  let end = bytes.lastIndexOf('\n') + 1;
  // Where the power was lost, a file may end in nothing but zeros.
  const zero = bytes.indexOf(0);
  if (zero !== -1 && zero < end) end = bytes.lastIndexOf('\n', zero) + 1;
  const tornBytes = bytes.length - end;
  if (end === 0 && tornBytes > 0 && !`${HEADER}\n`.startsWith(bytes.toString('utf8')) && zero !== 0)
    throw new SeriesProblem(`${path}: its first line is not ${HEADER}; move the file away`);
  let standing = { rows: 0, last: '', sequence: 0 };
  for (let from = 0, line = 1; from < end; line++) {
    const next = bytes.indexOf('\n', from);
    const text = bytes.toString('utf8', from, next);
    if (line === 1 && text !== HEADER)
      throw new SeriesProblem(`${path}: its first line is not ${HEADER}; move the file away`);
    if (line > 1) {
      const sequence = sequenceOf(text) ?? 0;
      if (sequence <= standing.sequence)
        throw new SeriesProblem(
          `${path}: line ${line} is not a row that can stand there; move the file away`,
        );
      standing = { rows: standing.rows + 1, last: text, sequence };
    }
    from = next + 1;
  }
  return { ...standing, tornBytes };
}
