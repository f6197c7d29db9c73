/**
 * The log: an immutable value that costs nothing to extend.
 *
 * Entries are numbered from 1 by their position. `append` and `truncate` answer a new log and leave the old one as it
 * was; versions share one backing array as long as each only extends the newest (a branch copies). So a machine's
 * context can hold the whole log as a plain value, the model checker can branch it, and the hot path appends in O(batch).
 *
 * What lies at or before its base is gone, and committed: a snapshot stands for it.
 */
import type { Configuration, Entry, PeerId, Term, View } from '../../transport/protocol.js';
import { NO_CONFIGURATION } from './configuration.js';
import type { Snapshot } from './snapshot.js';
import { isSameTerm, termZero } from './term.js';

export class Log {
  /** Stands for every entry up to `base.lastIndex`; of the empty past, in a log that begins at 1. */
  readonly base: Snapshot;
  readonly lastIndex: number;
  /** The index of the newest configuration entry, and of the newest view; 0 when there is none. */
  readonly configurationIndex: number;
  readonly viewIndex: number;
  readonly #entries: Entry[];

  private constructor(
    entries: Entry[],
    base: Snapshot,
    lastIndex: number,
    configurationIndex: number,
    viewIndex: number,
  ) {
    this.#entries = entries;
    this.base = base;
    this.lastIndex = lastIndex;
    this.configurationIndex = configurationIndex;
    this.viewIndex = viewIndex;
  }

  /** A log of `entries`, the first of them right behind `base`. */
  static of(entries: readonly Entry[], base: Snapshot = NO_PAST): Log {
    return new Log([], base, base.lastIndex, base.configurationIndex, base.viewIndex).append(entries);
  }

  at(index: number): Entry | undefined {
    const isHere = index > this.base.lastIndex && index <= this.lastIndex;
    return isHere ? this.#entries[index - this.base.lastIndex - 1] : undefined;
  }

  /** The term of the entry at `index`; undefined when the log does not know it. Index 0 precedes every log. */
  termAt(index: number): Term | undefined {
    return index === this.base.lastIndex ? this.base.lastTerm : this.at(index)?.term;
  }

  get lastTerm(): Term {
    return this.termAt(this.lastIndex) ?? NO_PAST.lastTerm;
  }

  /**
   * True when this log holds an entry of `term` at `index`: then both logs are equal up to there (I3). What lies before
   * the base is committed, and so in every log that anybody may offer: it is held, whatever its term was.
   */
  holds(index: number, term: Term): boolean {
    if (index < this.base.lastIndex) return true;
    const own = this.termAt(index);
    return own !== undefined && (index === 0 || isSameTerm(own, term));
  }

  /** Entries from `first` on, at most `count`; none when `first` lies before what is left. */
  slice(first: number, count: number): readonly Entry[] {
    const from = first - this.base.lastIndex - 1;
    return from < 0 ? [] : this.#entries.slice(from, Math.min(from + count, this.#length));
  }

  append(entries: readonly Entry[]): Log {
    if (entries.length === 0) return this;
    const isNewest = this.#entries.length === this.#length;
    const backing = isNewest ? this.#entries : this.#entries.slice(0, this.#length);
    const before = this.base.lastIndex;
    let { configurationIndex, viewIndex } = this;
    for (const entry of entries) {
      backing.push(entry);
      if (entry.kind === 'configuration') configurationIndex = before + backing.length;
      if (entry.kind === 'view') viewIndex = before + backing.length;
    }
    return new Log(backing, this.base, before + backing.length, configurationIndex, viewIndex);
  }

  /** Without every entry from `index` on. */
  truncate(index: number): Log {
    if (index > this.lastIndex) return this;
    const last = Math.max(this.base.lastIndex, index - 1);
    const [configuration, view] = [this.#newest('configuration', last), this.#newest('view', last)];
    return new Log(this.#entries, this.base, last, configuration, view);
  }

  /** The same log with `snapshot`, which must end within it, in the place of every entry up to there. */
  compacted(snapshot: Snapshot): Log {
    const kept = this.slice(snapshot.lastIndex + 1, this.#length) as Entry[];
    return new Log(kept, snapshot, this.lastIndex, this.configurationIndex, this.viewIndex);
  }

  /** What stands for every entry up to `index`, which the log must hold, once they have led to `state`. */
  snapshotAt(index: number, state: string, hash: string): Snapshot {
    const head = this.truncate(index + 1);
    const { lastIndex, lastTerm, lastAt, configuration, configurationIndex, view = null, viewIndex } = head;
    return { lastIndex, lastTerm, lastAt, configuration, configurationIndex, view, viewIndex, hash, state };
  }

  /** The first index of the run of entries that share the term at `index`: where to try again after a mismatch. */
  firstOfTerm(index: number): number {
    const term = this.termAt(index);
    let first = index;
    while (first > this.base.lastIndex + 1 && term !== undefined && this.holds(first - 1, term)) first--;
    return first;
  }

  /** The latest configuration, committed or not: it holds from the moment it is in the log. */
  get configuration(): Configuration {
    if (this.configurationIndex <= this.base.lastIndex) return this.base.configuration;
    const entry = this.at(this.configurationIndex);
    return entry?.kind === 'configuration' ? entry.body : NO_CONFIGURATION;
  }

  get view(): View | undefined {
    if (this.viewIndex <= this.base.lastIndex) return this.base.view ?? undefined;
    const entry = this.at(this.viewIndex);
    return entry?.kind === 'view' ? entry.body : undefined;
  }

  /** The coordinator's clock at the last entry; later entries are never earlier. */
  get lastAt(): number {
    return this.at(this.lastIndex)?.at ?? this.base.lastAt;
  }

  /** What inspectors and traces see in place of the entries. */
  toJSON(): object {
    return {
      base: this.base.lastIndex,
      lastIndex: this.lastIndex,
      lastTerm: this.lastTerm,
      configurationIndex: this.configurationIndex,
    };
  }

  get #length(): number {
    return this.lastIndex - this.base.lastIndex;
  }

  #newest(kind: 'configuration' | 'view', upTo: number): number {
    for (let index = upTo; index > this.base.lastIndex; index--)
      if (this.at(index)?.kind === kind) return index;
    return kind === 'view' ? this.base.viewIndex : this.base.configurationIndex;
  }
}

const NOBODY: PeerId = '0';

/** What stands before the first entry of all. */
export const NO_PAST: Snapshot = {
  lastIndex: 0,
  lastTerm: termZero(NOBODY),
  lastAt: 0,
  configuration: NO_CONFIGURATION,
  configurationIndex: 0,
  view: null,
  viewIndex: 0,
  hash: '',
  state: '',
};
