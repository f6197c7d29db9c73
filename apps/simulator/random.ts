/**
 * Chance by name: every draw is a function of the seed and of what it is for.
 *
 * A stream that all share would make every later draw depend on every earlier one: leave one fault out of a run, and
 * nothing else of it stays. So each concern has a stream of its own, and what can be named (the 17th frame from 1 to 2) is
 * drawn by its name.
 */
import { draw } from '../../machines/index.js';

/** In [0, 1). */
export type Random = () => number;

/** The stream of one concern. */
export function streamOf(seed: number, concern: string): Random {
  let state = mixed(seed, concern);
  return () => {
    const { value, seed: next } = draw(state);
    state = next;
    return value;
  };
}

/** FNV-1a (Fowler, Noll, Vo 1991) over the seed and the name. */
function mixed(seed: number, name: string): number {
  let hash = 0x811c9dc5 ^ seed;
  for (let place = 0; place < name.length; place++)
    hash = Math.imul(hash ^ name.charCodeAt(place), 0x01000193);
  return Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) | 0;
}

/** One draw, by its name alone: the same however many others are made. */
export const drawnFor = (seed: number, name: string): number => draw(mixed(seed, name)).value;

/** An integer of [from, to]. */
export const between = (random: Random, from: number, to: number): number =>
  from + Math.floor(random() * (to - from + 1));

export function pick<Item>(random: Random, items: readonly Item[]): Item | undefined {
  return items[Math.floor(random() * items.length)];
}

/** Mostly near `least`, sometimes far above (Pareto, a = 1), never above `most`. No logarithm: engines round those differently. */
export const heavyTailed = (value: number, least: number, most: number): number =>
  Math.min(most, least / (1 - value));
