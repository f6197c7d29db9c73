/**
 * Checkpoints: when the state is written down, and when what led to it may go.
 *
 * The state is cut at places that follow from the log alone, so that members cut alike; it is offered as a snapshot only
 * once `trailing` entries more are applied: what lies between is cheaper for followers that are a little behind, and is the
 * history people can still read.
 */
import { hashOf } from '../machines/values/snapshot.js';

export interface CheckpointSettings {
  /** Entries from one cut to the next; 0 never cuts. */
  readonly snapshotEvery: number;
  /** Entries that are kept behind the newest snapshot, at least. */
  readonly trailing: number;
}

export interface Cut {
  readonly index: number;
  readonly state: string;
  readonly hash: string;
  /** Deliveries up to there. */
  readonly sequence: number;
  /** As counted by then. */
  readonly characters: number;
}

/** Long payloads: so many characters count like `snapshotEvery` entries, or like `trailing` ones. */
const CHARACTERS_MAX = 16 * 1024 * 1024;
/** A log that long waits for nobody. */
const URGENT_TIMES = 4;

export class Checkpoints {
  readonly #settings: CheckpointSettings;
  #cuts: Cut[] = [];
  /** Where the log begins, where the last cut was made, and where a snapshot was offered. */
  #base = { index: 0, characters: 0 };
  #last = { index: 0, characters: 0, length: 0 };
  #offeredAt = 0;

  constructor(settings: CheckpointSettings) {
    this.#settings = settings;
  }

  /** A large state is cut more seldom: not before as much has been logged as half of it takes. */
  isDue(index: number, characters: number): boolean {
    const { snapshotEvery } = this.#settings;
    if (snapshotEvery === 0) return false;
    const since = characters - this.#last.characters;
    const isLong = index - this.#last.index >= snapshotEvery || since >= CHARACTERS_MAX;
    return isLong && (this.#last.length < 1_000_000 || since >= this.#last.length / 2);
  }

  cut(index: number, state: string, sequence: number, characters: number): void {
    this.#cuts.push({ index, state, hash: hashOf(state), sequence, characters });
    this.#last = { index, characters, length: state.length };
  }

  /** The newest cut that enough has followed, and whether it can wait; undefined when there is none, or it was just offered. */
  ripe(applied: number, characters: number): { readonly cut: Cut; readonly isUrgent: boolean } | undefined {
    const { snapshotEvery, trailing } = this.#settings;
    if (this.#cuts.length === 0 || applied - this.#offeredAt < snapshotEvery / 10) return undefined;
    const cut = this.#cuts.findLast(
      ({ index, characters: then }) => applied - index >= trailing || characters - then >= CHARACTERS_MAX,
    );
    if (cut === undefined) return undefined;
    this.#offeredAt = applied;
    const isUrgent =
      applied - this.#base.index >= URGENT_TIMES * (snapshotEvery + trailing) ||
      characters - this.#base.characters >= 2 * URGENT_TIMES * CHARACTERS_MAX;
    return { cut, isUrgent };
  }

  /** The log begins behind that index now. Answers the cut there, if it was ours. */
  compacted(index: number): Cut | undefined {
    const cut = this.#cuts.find((one) => one.index === index);
    this.#cuts = this.#cuts.filter((one) => one.index > index);
    if (cut !== undefined) this.#base = { index, characters: cut.characters };
    return cut;
  }

  /** The state was taken from a snapshot. */
  restored(index: number, length: number, characters: number): void {
    this.#cuts = [];
    this.#base = { index, characters };
    this.#last = { index, characters, length };
    this.#offeredAt = index;
  }
}
