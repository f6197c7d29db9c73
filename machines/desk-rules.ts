/** What a client may have under way at a desk (desk.ts). Pure. */
import type { Submission } from '../transport/protocol.js';
import type { DeskEvent, DeskInput } from './desk.js';
import { LIMITS } from './values/limits.js';
import { sizeOf } from './values/size.js';

/** Submissions under way of one client, as the session table keeps receipts for; and about how many bytes. */
const WINDOW_MAX = 1024;
const WINDOW_BYTES_MAX = 16 * LIMITS.batchBytesMax;
const SUBSCRIPTIONS_MAX = 16;
/** No session ever counts so far. */
const NUMBER_MAX = 2 ** 50;

/** A question that has no answer yet: what follows `after`? */
export interface Waiting {
  readonly subscription: number;
  readonly topic: string | null;
  /** A sequence, or a topic sequence where there is a topic. */
  readonly after: number;
}

/** Submissions of one message that have no receipt yet. */
export interface Flight {
  readonly first: number;
  readonly last: number;
  readonly bytes: number;
}

export interface Context extends DeskInput {
  readonly flights: readonly Flight[];
  readonly waiting: readonly Waiting[];
  /** The newest reading that the client has asked for, and the one that is under way; 0 before the first. */
  readonly asked: number;
  readonly reading: number;
}

export function isTooMuch(context: Context, event: DeskEvent): boolean {
  if (event.type === 'desk.follow')
    return (
      context.waiting.length >= SUBSCRIPTIONS_MAX &&
      !context.waiting.some(({ subscription }) => subscription === event.subscription)
    );
  if (event.type === 'desk.submit' && !isCounted(event.submissions)) return true;
  const { flights = [] } = granted(context, event);
  const [first, last] = [flights[0]?.first ?? 0, flights.at(-1)?.last ?? -1];
  const bytes = flights.reduce((sum, flight) => sum + flight.bytes, 0);
  return last - first >= WINDOW_MAX || bytes > WINDOW_BYTES_MAX;
}

/** A session counts one by one; a number that cannot be counted on from would spoil the log for everybody. */
const isCounted = (submissions: readonly Submission[]): boolean =>
  submissions.every(
    ({ number }, at) => number === (submissions[0]?.number ?? 0) + at && number <= NUMBER_MAX,
  );

/** What is sent again takes the place of what was sent before. */
export function granted({ flights }: Context, event: DeskEvent): Partial<Context> {
  const [first] = event.type === 'desk.submit' ? event.submissions : [];
  if (event.type !== 'desk.submit' || first === undefined) return { flights };
  const last = event.submissions.at(-1)?.number ?? first.number;
  const flight = { first: first.number, last, bytes: sizeOf(event.submissions) };
  return { flights: [...flights.filter((one) => one.last < first.number), flight] };
}

export function settledBy({ flights }: Context, event: DeskEvent): Partial<Context> {
  if (event.type !== 'client.settled') return {};
  const upTo = event.receipts.at(-1)?.number ?? 0;
  return { flights: flights.filter(({ last }) => last > upTo) };
}
