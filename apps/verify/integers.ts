/** Answers by two integers: what the search asks millions of times a second. */

const EMPTY = 0xffff_ffff;

/** A map from pairs of unsigned integers to integers, by open addressing. */
export class PairTable {
  #mask: number;
  #count = 0;
  #first: Uint32Array;
  #second: Uint32Array;
  #values: Int32Array;

  constructor(capacity = 1024) {
    this.#mask = capacity - 1;
    this.#first = new Uint32Array(capacity).fill(EMPTY);
    this.#second = new Uint32Array(capacity);
    this.#values = new Int32Array(capacity);
  }

  get size(): number {
    return this.#count;
  }

  /** What was kept for the pair; undefined when nothing was. */
  get(first: number, second: number): number | undefined {
    const place = this.#placeOf(first, second);
    return this.#first[place] === EMPTY ? undefined : this.#values[place];
  }

  set(first: number, second: number, value: number): void {
    let place = this.#placeOf(first, second);
    if (this.#first[place] === EMPTY) {
      if (++this.#count * 2 > this.#mask) {
        this.#grow();
        place = this.#placeOf(first, second);
      }
      this.#first[place] = first;
      this.#second[place] = second;
    }
    this.#values[place] = value;
  }

  #placeOf(first: number, second: number): number {
    let place = mix(first, second) & this.#mask;
    for (;;) {
      const present = this.#first[place];
      if (present === EMPTY || (present === first && this.#second[place] === second)) return place;
      place = (place + 1) & this.#mask;
    }
  }

  #grow(): void {
    const [first, second, values] = [this.#first, this.#second, this.#values];
    const capacity = first.length * 2;
    this.#mask = capacity - 1;
    this.#first = new Uint32Array(capacity).fill(EMPTY);
    this.#second = new Uint32Array(capacity);
    this.#values = new Int32Array(capacity);
    for (const [old, one] of first.entries()) {
      if (one === EMPTY) continue;
      const place = this.#placeOf(one, second[old] as number);
      this.#first[place] = one;
      this.#second[place] = second[old] as number;
      this.#values[place] = values[old] as number;
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
