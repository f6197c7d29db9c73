/** What came of an auction, once nothing else of it is kept. */
import type { Life } from './life.js';

export interface Outcome {
  readonly id: string;
  readonly item: string;
  readonly end: 'sold' | 'unsold' | 'too-few-bidders' | 'not-confirmed';
  readonly winner: { readonly name: string; readonly total: number } | null;
}

/** Of an auction that is over. */
export function outcomeOf({ context: { id, item, winner, cause } }: Life): Outcome {
  return { id, item, end: cause ?? (winner === null ? 'unsold' : 'sold'), winner };
}
