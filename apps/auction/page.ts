/** The auctions in pages that fit into one answer, for those who have no state of their own: thin clients. */
import { isOver, type Life } from './life.js';
import type { Outcome } from './outcome.js';
import type { Auctions } from './state.js';

/** Characters of one page: well below what one message holds. A single auction has fewer. */
const PAGE_CHARACTERS_MAX = 32 * 1024;

/** Auctions in the order of their numbers. */
export interface Page {
  readonly next: number;
  readonly outcomes: readonly Outcome[];
  readonly lives: readonly Life[];
  /** Whether there are more behind these. */
  readonly more: boolean;
}

const numberOf = (one: Outcome | Life): number => Number('context' in one ? one.context.id : one.id);

/** What comes after auction number `after`, as much as fits. */
export function pageAfter({ next, outcomes, closed, running }: Auctions, after: number): Page {
  const rest = [...outcomes, ...closed, ...running]
    .filter((one) => numberOf(one) > after)
    .sort((a, b) => numberOf(a) - numberOf(b));
  const taken: (Outcome | Life)[] = [];
  let characters = 0;
  for (const one of rest) {
    characters += JSON.stringify(one).length;
    if (taken.length > 0 && characters > PAGE_CHARACTERS_MAX) break;
    taken.push(one);
  }
  return {
    next,
    outcomes: taken.filter((one): one is Outcome => !('context' in one)),
    lives: taken.filter((one) => 'context' in one),
    more: taken.length < rest.length,
  };
}

/** The number of the last auction of a page: the `after` of the next. */
export const endOf = ({ outcomes, lives }: Page): number =>
  Math.max(0, ...[...outcomes, ...lives].map(numberOf));

/**
 * The auctions as pages have told them, one asked for after the other, as of the first of them: the log is to be applied from
 * there on. Later pages may know more already; an auction ignores what it has behind it. Those that were created meanwhile
 * are left out, for the log creates them.
 */
export function auctionsOf(pages: readonly Page[]): Auctions {
  const next = pages[0]?.next ?? 1;
  const known = <One extends Outcome | Life>(all: readonly One[]) =>
    all.filter((one) => numberOf(one) < next);
  const lives = known(pages.flatMap((page) => page.lives));
  return {
    next,
    running: lives.filter((life) => !isOver(life)),
    closed: lives.filter(isOver),
    outcomes: known(pages.flatMap((page) => page.outcomes)),
  };
}
