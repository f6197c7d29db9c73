/**
 * The log: an immutable value that costs nothing to extend.
 *
 * Entries are numbered from 1 by their position. `append` and `truncate` answer a new log and leave the old one as it
 * was; versions share one backing array as long as each only extends the newest (a branch copies). So a machine's
 * context can hold the whole log as a plain value, the model checker can branch it, and the hot path appends in O(batch).
 */
import type { Configuration, Entry, PeerId, Term, View } from '../../transport/protocol.js';
import { NO_CONFIGURATION } from './configuration.js';
import { isSameTerm, termZero } from './term.js';

export class Log {
  readonly lastIndex: number;
  /** The index of the newest configuration entry, and of the newest view; 0 when there is none. */
  readonly configurationIndex: number;
  readonly viewIndex: number;
  readonly #entries: Entry[];

  private constructor(entries: Entry[], length: number, configurationIndex: number, viewIndex: number) {
    this.#entries = entries;
    this.lastIndex = length;
    this.configurationIndex = configurationIndex;
    this.viewIndex = viewIndex;
  }

  static of(entries: readonly Entry[]): Log {
    return new Log([], 0, 0, 0).append(entries);
  }

  at(index: number): Entry | undefined {
    return index >= 1 && index <= this.lastIndex ? this.#entries[index - 1] : undefined;
  }

  /** The term of the entry at `index`; undefined when the log does not hold it. Index 0 precedes every log. */
  termAt(index: number): Term | undefined {
    return index === 0 ? BEFORE_ALL : this.at(index)?.term;
  }

  get lastTerm(): Term {
    return this.termAt(this.lastIndex) ?? BEFORE_ALL;
  }

  /** True when this log holds an entry of `term` at `index`: then both logs are equal up to there (I3). */
  holds(index: number, term: Term): boolean {
    const own = this.termAt(index);
    return own !== undefined && (index === 0 || isSameTerm(own, term));
  }

  /** Entries from `first` on, at most `count`. */
  slice(first: number, count: number): readonly Entry[] {
    return this.#entries.slice(first - 1, Math.min(first - 1 + count, this.lastIndex));
  }

  append(entries: readonly Entry[]): Log {
    if (entries.length === 0) return this;
    const isNewest = this.#entries.length === this.lastIndex;
    const backing = isNewest ? this.#entries : this.#entries.slice(0, this.lastIndex);
    let { configurationIndex, viewIndex } = this;
    for (const entry of entries) {
      backing.push(entry);
      if (entry.kind === 'configuration') configurationIndex = backing.length;
      if (entry.kind === 'view') viewIndex = backing.length;
    }
    return new Log(backing, backing.length, configurationIndex, viewIndex);
  }

  /** Without every entry from `index` on. */
  truncate(index: number): Log {
    if (index > this.lastIndex) return this;
    const length = Math.max(0, index - 1);
    return new Log(this.#entries, length, this.newest('configuration', length), this.newest('view', length));
  }

  /** The first index of the run of entries that share the term at `index`: where to try again after a mismatch. */
  firstOfTerm(index: number): number {
    const term = this.termAt(index);
    let first = index;
    while (first > 1 && term !== undefined && this.holds(first - 1, term)) first--;
    return first;
  }

  /** The latest configuration, committed or not: it holds from the moment it is in the log. */
  get configuration(): Configuration {
    const entry = this.at(this.configurationIndex);
    return entry?.kind === 'configuration' ? entry.body : NO_CONFIGURATION;
  }

  get view(): View | undefined {
    const entry = this.at(this.viewIndex);
    return entry?.kind === 'view' ? entry.body : undefined;
  }

  /** The coordinator's clock at the last entry; later entries are never earlier. */
  get lastAt(): number {
    return this.at(this.lastIndex)?.at ?? 0;
  }

  /** What inspectors and traces see in place of the entries. */
  toJSON(): object {
    return {
      lastIndex: this.lastIndex,
      lastTerm: this.lastTerm,
      configurationIndex: this.configurationIndex,
    };
  }

  private newest(kind: Entry['kind'], upTo: number): number {
    for (let index = upTo; index >= 1; index--) if (this.#entries[index - 1]?.kind === kind) return index;
    return 0;
  }
}

const NOBODY: PeerId = '0';
const BEFORE_ALL: Term = termZero(NOBODY);
