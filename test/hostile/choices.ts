/**
 * Where the fuzzers' inputs come from: a sequence of small numbers, drawn from a seed or given.
 *
 * An input is a function of the choices made for it, so one idea serves for everything: the seed replays an input, and
 * fewer or smaller choices make a simpler one. 0 is always the plainest choice.
 *
 * Source: D. MacIver & A. Donaldson, "Test-Case Reduction via Test-Case Generation", 2020.
 */
import { draw } from '../../machines/values/chance.js';

export class Choices {
  /** What was chosen, in order: given to `Choices.given`, it makes the same input. */
  readonly made: number[] = [];
  readonly #given: readonly number[] | null;
  #seed: number;

  private constructor(seed: number, given: readonly number[] | null) {
    this.#seed = seed;
    this.#given = given;
  }

  /** The choices of one input of a run. */
  static drawn(seed: number, input: number): Choices {
    return new Choices(mixed(seed, input), null);
  }

  /** These choices, and after them the plainest. */
  static given(choices: readonly number[]): Choices {
    return new Choices(0, choices);
  }

  /** A whole number from 0 up to, not including, `limit`, which is at most 2^32. */
  below(limit: number): number {
    const choice = this.#next(limit);
    this.made.push(choice);
    return choice;
  }

  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }

  /** True once in `times`; false is the plainer. */
  onceIn(times: number): boolean {
    return this.below(times) === times - 1;
  }

  /** One of `list`, the first of which is the plainest. */
  of<Item>(list: readonly Item[]): Item {
    return list[this.below(list.length)] as Item;
  }

  /** Up to `most` items, each made by `make`. */
  some<Item>(most: number, make: (choices: Choices) => Item): Item[] {
    const items: Item[] = [];
    while (items.length < most && this.below(3) > 0) items.push(make(this));
    return items;
  }

  #next(limit: number): number {
    if (this.#given !== null) return Math.min(this.#given[this.made.length] ?? 0, limit - 1);
    const { value, seed } = draw(this.#seed);
    this.#seed = seed;
    return Math.floor(value * limit);
  }
}

/** Seeds next to one another must not make inputs like one another. */
function mixed(seed: number, input: number): number {
  const first = Math.imul((seed | 0) ^ 0x5bd1e995, 0x9e3779b1) ^ Math.imul(input | 0, 0x85ebca6b);
  return Math.imul(first ^ (first >>> 15), 0xc2b2ae35) | 0;
}

/**
 * The plainest choices found that still make `fails` hold: shorter first, then smaller.
 *
 * @param attemptsMax - how often `fails` may be asked; default 1000.
 */
export async function simplest(
  made: readonly number[],
  fails: (choices: readonly number[]) => boolean | Promise<boolean>,
  attemptsMax = 1000,
): Promise<readonly number[]> {
  let best = made;
  let attempts = 0;
  const isBetter = async (candidate: readonly number[]) => {
    if (attempts >= attemptsMax) return false;
    attempts += 1;
    if (!(await fails(candidate))) return false;
    best = candidate;
    return true;
  };
  for (let before: readonly number[] | null = null; before !== best && attempts < attemptsMax; ) {
    before = best;
    for (let size = Math.max(1, best.length >> 1); size >= 1; size >>= 1)
      for (let at = best.length - size; at >= 0; at -= size)
        await isBetter([...best.slice(0, at), ...best.slice(at + size)]);
    for (let at = 0; at < best.length; at += 1) await lower(at);
  }
  return best;

  /** Makes one choice as small as it may be: 0 at once, or by halving what is left. */
  async function lower(at: number): Promise<void> {
    const chosen = best[at] ?? 0;
    if (chosen === 0 || (await isBetter(best.with(at, 0)))) return;
    for (let step = chosen >> 1; step > 0; step >>= 1) {
      const now = best[at] ?? 0;
      if (now > step) await isBetter(best.with(at, now - step));
    }
  }
}
