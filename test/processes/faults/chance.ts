/** Chance from a seed. What real processes do with their time is not repeated by it; what is done to them is. */
import { draw } from '../../../machines/values/chance.js';

export class Chance {
  #seed: number;

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** In [0, 1). */
  fraction(): number {
    const { value, seed } = draw(this.#seed);
    this.#seed = seed;
    return value;
  }

  happens(probability: number): boolean {
    return this.fraction() < probability;
  }

  between(least: number, most: number): number {
    return least + this.fraction() * (most - least);
  }

  /** @throws Error when there is nothing to choose from. */
  oneOf<Item>(items: readonly Item[]): Item {
    const item = items[Math.floor(this.fraction() * items.length)];
    if (item === undefined) throw new Error('nothing to choose from');
    return item;
  }

  shuffled<Item>(items: readonly Item[]): readonly Item[] {
    const keyed = items.map((item) => ({ item, key: this.fraction() }));
    return keyed.sort((one, other) => one.key - other.key).map(({ item }) => item);
  }

  /** Chance of its own for something that runs beside others, so that their turns do not matter. */
  fork(): Chance {
    return new Chance(Math.floor(this.fraction() * 2 ** 31));
  }
}
