/** Breadth-first search of every state that can be reached: the first violation it finds is one of the nearest. */
import { NO_PARENT, StateTable } from './state-table.js';

/** Is told of every step: where it leads, and the invariant it breaks, if it breaks one. */
export type Visit = (next: Uint32Array, problem: string | undefined) => void;

/** What is searched: states of a few integers each. */
export interface Space {
  /** Integers per state. */
  readonly width: number;
  first(): Uint32Array;
  /** Every step from `state`. What `visit` is given holds only during the call. */
  expand(state: Uint32Array, visit: Visit): void;
  /** The invariant that does not hold in `state`, whatever led there. */
  problemIn(state: Uint32Array): string | undefined;
  /** The one that stands for all states that go on in the same ways. It holds until the next call. */
  canonical(state: Uint32Array): Uint32Array;
}

export interface Progress {
  readonly states: number;
  readonly transitions: number;
  /** Steps from the first state. */
  readonly depth: number;
  /** States found and not searched yet. */
  readonly waiting: number;
}

export type Ending = 'exhausted' | 'violated';

export class Search<Searched extends Space> {
  readonly space: Searched;
  readonly table: StateTable;
  /** The invariant that is broken by a step from the state searched last. */
  problem: string | undefined;
  #transitions = 0;
  #depth = 0;
  #done = 0;
  #endOfDepth = 1;
  readonly #state: Uint32Array;

  constructor(space: Searched) {
    this.space = space;
    this.table = new StateTable(space.width);
    this.#state = new Uint32Array(space.width);
    this.table.add(space.canonical(space.first()), NO_PARENT);
  }

  get progress(): Progress {
    const states = this.table.size;
    return { states, transitions: this.#transitions, depth: this.#depth, waiting: states - this.#done };
  }

  /**
   * Goes on for at most `budget` states.
   *
   * @returns how it ended; undefined when it has not yet.
   */
  run(budget: number): Ending | undefined {
    const end = this.#done + budget;
    for (; this.#done < this.table.size && this.#done < end; this.#done++) {
      if (this.#done === this.#endOfDepth) {
        this.#depth++;
        this.#endOfDepth = this.table.size;
      }
      this.table.read(this.#done, this.#state);
      this.space.expand(this.#state, this.#visit);
      if (this.problem !== undefined) return 'violated';
    }
    return this.#done === this.table.size ? 'exhausted' : undefined;
  }

  /** The states from the first to the one searched last, each one step from the one before it. */
  path(): readonly Uint32Array[] {
    const path: Uint32Array[] = [];
    for (let number = this.#done; number !== NO_PARENT; number = this.table.parentOf(number)) {
      const state = new Uint32Array(this.space.width);
      this.table.read(number, state);
      path.unshift(state);
    }
    return path;
  }

  readonly #visit: Visit = (next, problem) => {
    this.#transitions++;
    if (problem !== undefined) this.problem ??= problem;
    else {
      const state = this.space.canonical(next);
      if (this.table.add(state, this.#done)) this.problem ??= this.space.problemIn(state);
    }
  };
}
