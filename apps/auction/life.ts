/**
 * A life: one auction's statechart between two entries of the log. Plain JSON, so it stands in snapshots and is compared
 * by hash; the chart itself is taken up for one step and laid down again.
 *
 * The chart's `after` is not a timer here but a deadline of the log: what XState would wait for is kept as `due`.
 */
import { initialTransition, type StateValue, transition } from 'xstate';
import { type AuctionEvent, auctionMachine } from './auction-machine.js';
import type { Auction, Terms } from './auction-rules.js';

export interface Life {
  /** As XState has it: `"open"`, `{ "round": "bidding" }`. */
  readonly value: StateValue;
  readonly context: Auction;
  /** What happens by itself, and when, ms since 1970; null when nothing does. */
  readonly due: { readonly event: string; readonly at: number } | null;
  /** The sequence of the entry that made it what it is: older ones do not concern it any more. */
  readonly sequence: number;
}

/** A place in the log: its sequence, and its time, ms since 1970. */
export interface Entry {
  readonly sequence: number;
  readonly at: number;
}

export type Phase = 'announced' | 'open' | 'confirming' | 'bidding' | 'revealing' | 'closed' | 'cancelled';

/** The active state, without the one above it. */
export const phaseOf = ({ value }: Pick<Life, 'value'>): Phase =>
  (typeof value === 'string' ? value : Object.values(value)[0]) as Phase;

export const isOver = (life: Life): boolean => ['closed', 'cancelled'].includes(phaseOf(life));

export function beginLife(terms: Terms, entry: Entry): Life {
  return laidDown(initialTransition(auctionMachine, terms), null, entry);
}

const takenUp = ({ value, context }: Life) => auctionMachine.resolveState({ value, context });

/** Whether the chart takes that event now. */
export const takes = (life: Life, event: AuctionEvent): boolean => takenUp(life).can(event);

/** One step. An event the chart does not take changes nothing. */
export const advanced = (life: Life, event: AuctionEvent, entry: Entry): Life =>
  laidDown(transition(auctionMachine, takenUp(life), event), life.due, entry);

/** What is due has come. */
export const fallenDue = (life: Life, entry: Entry): Life =>
  life.due === null ? life : advanced(life, { type: life.due.event } as unknown as AuctionEvent, entry);

interface Action {
  readonly type: string;
  readonly params: unknown;
}

/** Of what XState asks for, what it would wait for: left states wait no more, entered ones begin to. */
function laidDown(
  [{ value, context }, actions]: readonly [Pick<Life, 'value' | 'context'>, readonly Action[]],
  before: Life['due'],
  { sequence, at }: Entry,
): Life {
  const due = actions.reduce<Life['due']>((waiting, { type, params }) => {
    if (type === 'xstate.cancel') return null;
    if (type !== 'xstate.raise') return waiting;
    const { event, delay } = params as { readonly event: { readonly type: string }; readonly delay: number };
    return { event: event.type, at: at + delay };
  }, before);
  return { value, context, due, sequence };
}
