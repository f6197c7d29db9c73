/**
 * A history: what clients asked of a cluster, when, and what came of it. The checker judges it against the order that
 * the cluster delivered.
 *
 * Times are milliseconds of one clock, the clients'. A client is known by its name; what it offers has a key that nobody
 * else uses. A *session* is one run of one peer: a peer that was started again is another session.
 */

/** One payload offered to the cluster, over however many tries. */
export interface Submission {
  readonly op: 'submit';
  readonly client: string;
  readonly topic: string;
  readonly key: string;
  /** The run of the peer that acknowledged it; null where that is not certain. */
  readonly session: string | null;
  readonly start: number;
  /** When the outcome was known. */
  readonly end: number;
  /** `ok`: acknowledged. `fail`: nothing was sent, so it must never appear. `unknown`: it may have taken effect, once. */
  readonly outcome: 'ok' | 'fail' | 'unknown';
  /** Its acknowledged place in the whole order, from 1; only of those that are `ok`. */
  readonly sequence?: number;
  /** Its acknowledged place in its topic, from 1. */
  readonly topicSequence?: number;
}

/** One page of a topic, as one peer had it. Readings that failed are not part of a history: they show nothing. */
export interface Reading {
  readonly op: 'read';
  readonly client: string;
  readonly topic: string;
  readonly session: string | null;
  readonly start: number;
  readonly end: number;
  /** Places up to here were not asked for. */
  readonly after: number;
  /** What stands at `after + 1`, `after + 2`, … */
  readonly keys: readonly string[];
  /** The page ended because nothing more was there, not because it was full. */
  readonly isWhole: boolean;
}

export type Operation = Submission | Reading;

/** One delivery as a peer shows it when all is over. */
export interface Delivered {
  readonly sequence: number;
  readonly topicSequence: number;
  readonly topic: string;
  readonly key: string;
  /** `session.number` of the peer that submitted it. */
  readonly id?: string;
}

/** How many places of its topic a reading proves there were, at least and at most. */
export function reachOf({ after, keys, isWhole }: Reading): {
  readonly least: number;
  readonly most: number;
} {
  const shown = after + keys.length;
  return { least: keys.length > 0 ? shown : 0, most: isWhole ? shown : Number.POSITIVE_INFINITY };
}

/** In the order in which they came, by what `nameOf` says. */
export function groupedBy<Item>(
  items: Iterable<Item>,
  nameOf: (item: Item) => string,
): ReadonlyMap<string, readonly Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(nameOf(item));
    if (group === undefined) groups.set(nameOf(item), [item]);
    else group.push(item);
  }
  return groups;
}
