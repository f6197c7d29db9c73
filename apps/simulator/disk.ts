/**
 * A disk that can be crashed, be slow, be full, and fail.
 *
 * What was synced stays. What was written and not synced lies in pages of the kernel: when the machine dies, each of them
 * has reached the disk, or not, or half, in any order. A write counts only when every page of it is there and whole, and
 * every write before it too: that is what the checksums of a log's records are for.
 */
import {
  applyWrite,
  emptyMemory,
  type JournalMemory,
  type JournalStore,
  memoryJournal,
  type WantedJournal,
} from '../../actors/anywhere.js';
import type { JournalWrite } from '../../machines/index.js';
import type { Clock, Term } from '../../transport/anywhere.js';
import type { Disk } from './invariants.js';
import type { Random } from './random.js';

const PAGE_BYTES = 4096;

/** What becomes of a page that was not synced when the power went. */
type Fate = 'kept' | 'lost' | 'torn';

export interface DiskSettings {
  /** Draws how long each sync takes, and the fate of pages. */
  readonly random: Random;
  /** The disk's incarnation has been asked for, or its content has changed. */
  readonly onChange: () => void;
}

const NOTHING: Disk = { promised: { n: 0, owner: '1' } satisfies Term, entries: [] };

/** The medium and its kernel. It outlives the process that writes to it. */
export class SimulatedDisk {
  readonly #settings: DiskSettings;
  #memory: JournalMemory = emptyMemory();
  /** Batches that were written and not synced, oldest first. */
  #unsynced: (readonly JournalWrite[])[] = [];
  /** Added to every sync, ms. */
  slowByMs = 0;
  /** What every write fails with; null while the disk works. */
  failure: string | null = null;
  /** There is no room on it. */
  isFull = false;
  /** It has failed the process that writes to it: that process must stop. */
  hasFailed = false;
  hasBeenWiped = false;
  hasBeenDamaged = false;

  constructor(settings: DiskSettings) {
    this.#settings = settings;
  }

  get content(): Disk {
    return this.#memory.content ?? NOTHING;
  }

  get incarnation(): string | null {
    return this.#memory.content?.identity.incarnation ?? null;
  }

  /** The store of a process that runs on `clock`, which does not run any more once the process is dead. */
  store(wanted: WantedJournal, clock: Clock): JournalStore {
    const { random, onChange } = this.#settings;
    this.hasFailed = false;
    const inner = memoryJournal({
      wanted,
      memory: this.#memory,
      defer: (task) => clock.setTimeout(task, 0.2 + 1.3 * random() + this.slowByMs),
    });
    return {
      open: inner.open,
      close: inner.close,
      write: (writes, done) => {
        if (this.failure !== null) {
          this.hasFailed = true;
          const problem = { code: 'journal-failed' as const, detail: this.failure };
          clock.setTimeout(() => done(problem), 0.2);
          return;
        }
        if (this.isFull) {
          const problem = { code: 'journal-failed' as const, detail: 'ENOSPC', isFull: true as const };
          clock.setTimeout(() => done(problem), 0.2);
          return;
        }
        this.#unsynced.push(writes);
        inner.write(writes, (problem) => {
          this.#unsynced = this.#unsynced.filter((batch) => batch !== writes);
          if (problem === null) onChange();
          done(problem);
        });
      },
    };
  }

  /** The power goes. What survives of the unsynced pages is drawn; answers how many batches were found afterwards. */
  crash(): number {
    const survivors = this.#survivors();
    for (const writes of survivors) for (const write of writes) applyWrite(this.#memory, write);
    this.#unsynced = [];
    this.#memory.isHeld = false;
    if (survivors.length > 0) this.#settings.onChange();
    return survivors.length;
  }

  /** Of its log only a part is left, and that is noticed at the next start. The promise is elsewhere. */
  damage(left: number): void {
    const { content } = this.#memory;
    if (content === null) return;
    const kept = Math.floor(left * content.entries.length);
    content.entries.splice(kept);
    if (kept === 0) delete content.snapshot;
    content.damage = 'a bit has flipped';
    this.hasBeenDamaged = true;
    this.#settings.onChange();
  }

  /** Everything on it is gone. */
  wipe(): void {
    this.#memory = emptyMemory();
    this.#unsynced = [];
    this.hasBeenWiped = true;
  }

  /** Recovery reads up to the first record that is not whole. */
  #survivors(): (readonly JournalWrite[])[] {
    const broken = this.#unsynced.findIndex((writes) =>
      this.#fatesOf(writes).some((fate) => fate !== 'kept'),
    );
    return broken === -1 ? this.#unsynced : this.#unsynced.slice(0, broken);
  }

  /** Every page for itself: a later one may be there while an earlier one is not. */
  #fatesOf(writes: readonly JournalWrite[]): readonly Fate[] {
    const pages = Math.ceil((JSON.stringify(writes).length + 1) / PAGE_BYTES);
    return Array.from({ length: pages }, () => {
      const value = this.#settings.random();
      if (value < 0.5) return 'kept';
      return value < 0.9 ? 'lost' : 'torn';
    });
  }
}
