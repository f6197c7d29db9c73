/** Answers by two integers: what the search asks millions of times a second. */

const EMPTY = -1;
/** First, second and value, and one more, so that no entry lies across two lines of the processor's cache. */
const STRIDE = 4;

/** A map from pairs of integers from 0 to integers, by open addressing. */
export class PairTable {
  #mask: number;
  #count = 0;
  #entries: Int32Array;

  /** @param capacity - a power of 2. */
  constructor(capacity = 1024) {
    this.#mask = capacity - 1;
    this.#entries = new Int32Array(capacity * STRIDE).fill(EMPTY);
  }

  get size(): number {
    return this.#count;
  }

  /** What was kept for the pair; undefined when nothing was. */
  get(first: number, second: number): number | undefined {
    const at = this.#placeOf(first, second);
    return this.#entries[at] === EMPTY ? undefined : this.#entries[at + 2];
  }

  set(first: number, second: number, value: number): void {
    let at = this.#placeOf(first, second);
    if (this.#entries[at] === EMPTY) {
      if (++this.#count * 2 > this.#mask) {
        this.#grow();
        at = this.#placeOf(first, second);
      }
      this.#entries[at] = first;
      this.#entries[at + 1] = second;
    }
    this.#entries[at + 2] = value;
  }

  #placeOf(first: number, second: number): number {
    let place = mix(first, second) & this.#mask;
    for (;;) {
      const at = place * STRIDE;
      const present = this.#entries[at];
      if (present === EMPTY || (present === first && this.#entries[at + 1] === second)) return at;
      place = (place + 1) & this.#mask;
    }
  }

  #grow(): void {
    const before = this.#entries;
    this.#entries = new Int32Array(before.length * 2).fill(EMPTY);
    this.#mask = this.#entries.length / STRIDE - 1;
    for (let at = 0; at < before.length; at += STRIDE) {
      if (before[at] === EMPTY) continue;
      const entry = before.subarray(at, at + STRIDE);
      this.#entries.set(entry, this.#placeOf(entry[0] as number, entry[1] as number));
    }
  }
}

/** Spreads two integers over 32 bits (the finalizer of MurmurHash3, Appleby 2011). */
export function mix(first: number, second: number): number {
  let bits = Math.imul(first, 0x9e37_79b1) ^ Math.imul(second + 0x7f4a_7c15, 0x85eb_ca77);
  bits = Math.imul(bits ^ (bits >>> 16), 0x85eb_ca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2_ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** Numbers values from 0 in the order in which they are first seen, by a text that says all there is about them. */
export class Register<Value> {
  readonly values: Value[] = [];
  readonly #numbers = new Map<string, number>();

  numberOf(text: string, make: () => Value): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    const number = this.values.push(make()) - 1;
    this.#numbers.set(text, number);
    return number;
  }

  at(number: number): Value {
    const value = this.values[number];
    if (value === undefined) throw new Error(`nothing has number ${number}`);
    return value;
  }
}

/** A list of integers that is read far more often than it grows. */
export class IntegerList {
  #items = new Int32Array(1024);
  #length = 0;

  push(...items: readonly number[]): void {
    if (this.#length + items.length > this.#items.length) {
      const more = new Int32Array(this.#items.length * 2);
      more.set(this.#items);
      this.#items = more;
    }
    this.#items.set(items, this.#length);
    this.#length += items.length;
  }

  at(place: number): number {
    return this.#items[place] as number;
  }
}
