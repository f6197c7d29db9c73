/**
 * Linearizability of a log that shows its order: each operation must have a moment between its start and its end at
 * which it took effect, so that the moments lie as the order says.
 *
 * In general that is a search (Wing and Gong 1993; `search` below, for small histories and as the measure of the fast
 * way). Here the order of the submissions is known and each reading says between which two of them it lies, so one walk
 * suffices: whatever comes later in the order may not have ended before something earlier in it began.
 */
import {
  type Delivered,
  groupedBy,
  type Operation,
  type Reading,
  reachOf,
  type Submission,
} from './operation.js';

/**
 * Judges every topic by itself: linearizability is local (Herlihy and Wing 1990), so that is enough.
 *
 * A reading that does not show where its topic ended (a full page, or an empty one after some place) has no one moment
 * in the order and is not judged.
 *
 * @yields a sentence for each operation that lies wrong.
 */
export function* staleness(operations: readonly Operation[], order: readonly Delivered[]): Generator<string> {
  const topics = groupedBy(operations, ({ topic }) => topic);
  const orders = groupedBy(order, ({ topic }) => topic);
  for (const [topic, mine] of topics) yield* stalenessIn(mine, orders.get(topic) ?? []);
}

function* stalenessIn(operations: readonly Operation[], order: readonly Delivered[]): Generator<string> {
  const submissions = new Map<string, Submission>();
  const readings = new Map<number, Reading[]>();
  for (const operation of operations) {
    if (operation.op === 'submit') submissions.set(operation.key, operation);
    else if (isExact(operation)) {
      const { least } = reachOf(operation);
      readings.set(least, [...(readings.get(least) ?? []), operation]);
    }
  }
  const walk = new Walk();
  yield* walk.through(readings.get(0) ?? []);
  for (const [i, { key }] of order.entries()) {
    const submission = submissions.get(key);
    if (submission !== undefined) yield* walk.through([submission]);
    yield* walk.through(readings.get(i + 1) ?? []);
  }
}

/** What has been passed, as far as it matters: the latest start. */
class Walk {
  #latest: Operation | undefined;

  /** Goes past operations whose order among themselves is free. */
  *through(group: readonly Operation[]): Generator<string> {
    const before = this.#latest;
    for (const operation of group) {
      if (before !== undefined && endOf(operation) < before.start)
        yield `${name(operation)} had ended before ${name(before)} began, and lies after it in the order`;
      if (this.#latest === undefined || operation.start > this.#latest.start) this.#latest = operation;
    }
  }
}

/** An unknown outcome may take effect at any later time. */
const endOf = (operation: Operation): number =>
  operation.op === 'submit' && operation.outcome !== 'ok' ? Number.POSITIVE_INFINITY : operation.end;

const name = (operation: Operation): string =>
  operation.op === 'submit'
    ? `the submission of ${operation.key}`
    : `the reading of ${operation.topic} up to ${reachOf(operation).least} by ${operation.client}`;

const isExact = (reading: Reading): boolean => {
  const { least, most } = reachOf(reading);
  return least === most;
};

/**
 * Wing and Gong's search over one topic: tries every sequence of moments, and asks the log itself what a reading shows.
 * Exponential: for histories of about ten operations, as the measure of the walk above.
 *
 * @param order - the keys of the topic as they were delivered.
 */
export function search(operations: readonly Operation[], order: readonly string[]): boolean {
  const relevant = operations.filter(
    (operation) => operation.op === 'read' || (operation.outcome !== 'fail' && order.includes(operation.key)),
  );
  return searchFrom(relevant, order, 0);
}

/** @param length - of the log, after the operations that took effect already. */
function searchFrom(left: readonly Operation[], order: readonly string[], length: number): boolean {
  if (left.length === 0) return true;
  const firstEnd = Math.min(...left.map(endOf));
  return left.some((operation) => {
    if (operation.start > firstEnd) return false;
    const rest = left.filter((other) => other !== operation);
    if (operation.op === 'submit')
      return operation.key === order[length] && searchFrom(rest, order, length + 1);
    const { after, keys } = operation;
    const shown = order.slice(after, length);
    const isShown = keys.length === shown.length && keys.every((key, i) => key === shown[i]);
    return isShown && searchFrom(rest, order, length);
  });
}
