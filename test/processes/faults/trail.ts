/** What was done to the cluster and what it did, with times: a line for people, and a record in a file. */
import { appendFileSync } from 'node:fs';

export interface Note {
  /** Milliseconds since the round began. */
  readonly at: number;
  readonly what: string;
}

export class Trail {
  readonly #path: string;
  readonly #say: (line: string) => void;
  readonly #startedAt = performance.now();

  /**
   * @param path - file that gets one JSON object per note.
   * @param say - shows a line to whoever watches.
   */
  constructor(path: string, say: (line: string) => void) {
    this.#path = path;
    this.#say = say;
  }

  /** Milliseconds since the round began. */
  now(): number {
    return performance.now() - this.#startedAt;
  }

  /** Shown and kept. */
  note(what: string): void {
    this.keep(what);
    this.#say(`${clockOf(this.now())}  ${what}`);
  }

  /** Kept only: too much of it to be shown. */
  keep(what: string): void {
    const note: Note = { at: Math.round(this.now()), what };
    appendFileSync(this.#path, `${JSON.stringify(note)}\n`);
  }
}

/** `2:07.4` */
export function clockOf(ms: number): string {
  const tenths = Math.floor(ms / 100);
  const seconds = String(Math.floor(tenths / 10) % 60).padStart(2, '0');
  return `${Math.floor(tenths / 600)}:${seconds}.${tenths % 10}`;
}
