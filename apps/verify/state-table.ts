/**
 * Every state that was seen, in the order in which it was: stored in full, so that no two are taken for one.
 *
 * A state is a few integers. They lie one after the other in large pieces, and an index by hash, with open addressing, says
 * where. The order of arrival is the queue of a breadth-first search; beside each state stands the one it came from.
 */
import { mix } from './integers.js';

const PIECE_BITS = 16;
const PIECE = 1 << PIECE_BITS;
const NOBODY = 0xffff_ffff;

export class StateTable {
  readonly #width: number;
  readonly #pieces: Uint32Array[] = [];
  readonly #parents: Uint32Array[] = [];
  /** One above the number of the state that lies there; 0 for none. */
  #index = new Uint32Array(1 << 16);
  #count = 0;

  /** @param width - integers per state. */
  constructor(width: number) {
    this.#width = width;
  }

  get size(): number {
    return this.#count;
  }

  /** Bytes all of it takes. */
  get bytes(): number {
    return this.#index.byteLength + this.#pieces.length * PIECE * 4 * (this.#width + 1);
  }

  /** @returns true when the state is new; its number is then `size - 1`. */
  add(state: Uint32Array, parent: number): boolean {
    const place = this.#placeOf(state);
    if (this.#index[place] !== 0) return false;
    const number = this.#count++;
    const piece = number >>> PIECE_BITS;
    if (piece === this.#pieces.length) {
      this.#pieces.push(new Uint32Array(PIECE * this.#width));
      this.#parents.push(new Uint32Array(PIECE));
    }
    const at = number & (PIECE - 1);
    (this.#pieces[piece] as Uint32Array).set(state, at * this.#width);
    (this.#parents[piece] as Uint32Array)[at] = parent;
    this.#index[place] = number + 1;
    if (this.#count * 2 > this.#index.length) this.#grow();
    return true;
  }

  read(number: number, into: Uint32Array): void {
    const piece = this.#pieces[number >>> PIECE_BITS] as Uint32Array;
    const at = (number & (PIECE - 1)) * this.#width;
    for (let i = 0; i < this.#width; i++) into[i] = piece[at + i] as number;
  }

  parentOf(number: number): number {
    return (this.#parents[number >>> PIECE_BITS] as Uint32Array)[number & (PIECE - 1)] as number;
  }

  #placeOf(state: Uint32Array): number {
    const mask = this.#index.length - 1;
    let place = hashOf(state, this.#width) & mask;
    for (;;) {
      const present = this.#index[place] as number;
      if (present === 0 || this.#isAt(present - 1, state)) return place;
      place = (place + 1) & mask;
    }
  }

  #isAt(number: number, state: Uint32Array): boolean {
    const piece = this.#pieces[number >>> PIECE_BITS] as Uint32Array;
    const at = (number & (PIECE - 1)) * this.#width;
    for (let i = 0; i < this.#width; i++) if (piece[at + i] !== state[i]) return false;
    return true;
  }

  #grow(): void {
    this.#index = new Uint32Array(this.#index.length * 2);
    const mask = this.#index.length - 1;
    const state = new Uint32Array(this.#width);
    for (let number = 0; number < this.#count; number++) {
      this.read(number, state);
      let place = hashOf(state, this.#width) & mask;
      while (this.#index[place] !== 0) place = (place + 1) & mask;
      this.#index[place] = number + 1;
    }
  }
}

/** The parent of the first state. */
export const NO_PARENT = NOBODY;

function hashOf(state: Uint32Array, width: number): number {
  let hash = width;
  for (let i = 0; i < width; i++) hash = mix(hash, state[i] as number);
  return hash;
}
