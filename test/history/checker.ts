/**
 * The checker: may these operations have come from one log that loses, doubles and reorders nothing?
 *
 * The cluster shows its total order, so nothing has to be searched for: every rule is one walk over the order or the
 * operations. Readings are taken as a peer's own view (`local`): a prefix of the one order that never gets shorter while
 * the peer runs and holds what that peer has acknowledged. `linearizable` judges them as readings of the cluster.
 *
 * Source: PROTOCOL §15, I9–I14; Elle's list-append (Kingsbury and Alvaro, 2020), with the order given instead of inferred.
 */
import { staleness } from './linearizability.js';
import {
  type Delivered,
  groupedBy,
  type Operation,
  type Reading,
  reachOf,
  type Submission,
} from './operation.js';

export interface Evidence {
  readonly operations: readonly Operation[];
  /** What every peer has delivered when all is over, by id; each from its first delivery on. */
  readonly logs: ReadonlyMap<string, readonly Delivered[]>;
  /** What a reading promises. Default `local`. */
  readonly reads?: 'local' | 'linearizable';
}

export type Rule =
  | 'agreement'
  | 'numbering'
  | 'duplicate'
  | 'creation'
  | 'lost'
  | 'moved'
  | 'refused'
  | 'real-time'
  | 'client-order'
  | 'session-order'
  | 'reading'
  | 'going-back'
  | 'own-writes'
  | 'linearizability';

export interface Violation {
  readonly rule: Rule;
  /** What is wrong, with the names of those concerned. */
  readonly sentence: string;
}

/** Of one rule no more are told: the first ones show what is wrong. */
const TOLD_PER_RULE = 5;

/** @returns nothing when the history is correct; else at most five violations of every rule. */
export function judge({ operations, logs, reads = 'local' }: Evidence): readonly Violation[] {
  const order = longest([...logs.values()]);
  const submissions = operations.filter((operation) => operation.op === 'submit');
  const readings = operations.filter((operation) => operation.op === 'read');
  const offered = new Map(submissions.map((submission) => [submission.key, submission]));
  return [
    ...few('agreement', disagreements(logs, order)),
    ...few('numbering', misnumbered(order)),
    ...few('duplicate', duplicates(order)),
    ...few('creation', creations(order, offered)),
    ...missing(order, submissions),
    ...few('refused', refusedButDelivered(order, offered)),
    ...few('real-time', againstTime(order, offered)),
    ...few('client-order', againstClients(order, submissions)),
    ...few('session-order', againstSessions(order)),
    ...few('reading', strangeReadings(order, readings)),
    ...few('going-back', goingBack(readings)),
    ...few('own-writes', forgotten(operations)),
    ...(reads === 'linearizable' ? few('linearizability', staleness(operations, order)) : []),
  ];
}

function few(rule: Rule, sentences: Iterable<string>): readonly Violation[] {
  const told: Violation[] = [];
  for (const sentence of sentences) {
    told.push({ rule, sentence });
    if (told.length === TOLD_PER_RULE) break;
  }
  return told;
}

const longest = (logs: readonly (readonly Delivered[])[]): readonly Delivered[] =>
  logs.reduce((most, log) => (log.length > most.length ? log : most), []);

/** I9: of any two logs one is the beginning of the other, which holds when each is a beginning of the longest. */
function* disagreements(
  logs: ReadonlyMap<string, readonly Delivered[]>,
  order: readonly Delivered[],
): Generator<string> {
  for (const [peer, log] of logs) {
    const at = log.findIndex((delivered, i) => !isSame(delivered, order[i]));
    if (at >= 0) yield `peer ${peer} has ${show(log[at])} where another peer has ${show(order[at])}`;
  }
}

const isSame = (one: Delivered, other: Delivered | undefined): boolean =>
  other !== undefined &&
  one.key === other.key &&
  one.topic === other.topic &&
  one.sequence === other.sequence &&
  one.topicSequence === other.topicSequence &&
  one.id === other.id;

const show = (delivered: Delivered | undefined): string =>
  delivered === undefined ? 'nothing' : `${delivered.key} at ${delivered.sequence}`;

function* misnumbered(order: readonly Delivered[]): Generator<string> {
  const counts = new Map<string, number>();
  for (const [i, { key, topic, sequence, topicSequence }] of order.entries()) {
    const count = (counts.get(topic) ?? 0) + 1;
    counts.set(topic, count);
    if (sequence !== i + 1) yield `${key} is delivery ${i + 1} and has sequence ${sequence}`;
    if (topicSequence !== count)
      yield `${key} is number ${count} of topic ${topic} and has topic sequence ${topicSequence}`;
  }
}

/** I12, whatever the outcome was: an unknown one may be there, but once. */
function* duplicates(order: readonly Delivered[]): Generator<string> {
  const seen = new Map<string, number>();
  for (const { key, sequence } of order) {
    const first = seen.get(key);
    if (first !== undefined) yield `${key} was delivered twice, at ${first} and at ${sequence}`;
    seen.set(key, sequence);
  }
}

function* creations(
  order: readonly Delivered[],
  offered: ReadonlyMap<string, Submission>,
): Generator<string> {
  for (const { key, sequence, topic } of order) {
    const submission = offered.get(key);
    if (submission === undefined) yield `${key} at ${sequence} was never offered by anybody`;
    else if (submission.topic !== topic)
      yield `${key} was offered to ${submission.topic} and delivered in ${topic}`;
  }
}

/** I7, I9: what was acknowledged is there, at the place that was told. */
function missing(order: readonly Delivered[], submissions: readonly Submission[]): readonly Violation[] {
  const places = new Map(order.map((delivered) => [delivered.key, delivered]));
  const acknowledged = submissions.filter(({ outcome }) => outcome === 'ok');
  const lost: string[] = [];
  const moved: string[] = [];
  for (const { key, client, sequence, topicSequence } of acknowledged) {
    const found = places.get(key);
    if (found === undefined) lost.push(`${key} was acknowledged to ${client} at ${sequence} and is nowhere`);
    else if (found.sequence !== sequence)
      moved.push(`${key} was acknowledged at ${sequence} and stands at ${found.sequence}`);
    else if (topicSequence !== undefined && found.topicSequence !== topicSequence)
      moved.push(
        `${key} was acknowledged as number ${topicSequence} of ${found.topic} and is number ${found.topicSequence}`,
      );
  }
  return [...few('lost', lost), ...few('moved', moved)];
}

function* refusedButDelivered(
  order: readonly Delivered[],
  offered: ReadonlyMap<string, Submission>,
): Generator<string> {
  for (const { key, sequence } of order)
    if (offered.get(key)?.outcome === 'fail')
      yield `${key} was refused as never sent and was delivered at ${sequence}`;
}

/** I14: whatever was acknowledged before another was offered comes before it. */
function* againstTime(
  order: readonly Delivered[],
  offered: ReadonlyMap<string, Submission>,
): Generator<string> {
  let latest: Submission | undefined;
  for (const { key } of order) {
    const submission = offered.get(key);
    if (submission === undefined) continue;
    if (latest !== undefined && submission.outcome === 'ok' && submission.end < latest.start)
      yield `${key} was acknowledged before ${latest.key} was offered and comes after it in the order`;
    if (latest === undefined || submission.start > latest.start) latest = submission;
  }
}

/** I10, for each client by itself: what it had acknowledged comes before what it offered next. */
function* againstClients(order: readonly Delivered[], submissions: readonly Submission[]): Generator<string> {
  const places = new Map(order.map(({ key, sequence }) => [key, sequence]));
  const before = new Map<string, { readonly submission: Submission; readonly place: number }>();
  for (const submission of [...submissions].sort((one, other) => one.start - other.start)) {
    const place = places.get(submission.key);
    if (place === undefined) continue;
    const last = before.get(submission.client);
    if (last !== undefined && last.submission.end < submission.start && place < last.place)
      yield `${submission.client} had ${last.submission.key} acknowledged, then offered ${submission.key}, which comes first`;
    const isFurther = submission.outcome === 'ok' && (last === undefined || place > last.place);
    if (isFurther) before.set(submission.client, { submission, place });
  }
}

/** I10 and I12, for the peers as clients of their group: each session's numbers rise along the order. */
function* againstSessions(order: readonly Delivered[]): Generator<string> {
  const last = new Map<string, number>();
  for (const { id, key } of order) {
    const [session, text] = id?.split('.') ?? [];
    if (session === undefined || text === undefined) continue;
    const number = Number(text);
    const before = last.get(session) ?? 0;
    if (number <= before)
      yield `${key} has number ${number} of session ${session} and comes after number ${before}`;
    last.set(session, number);
  }
}

/** I9: a reading shows a piece of the one order, and nothing that was taken back later. */
function* strangeReadings(order: readonly Delivered[], readings: readonly Reading[]): Generator<string> {
  const topics = groupedBy(order, ({ topic }) => topic);
  for (const { client, session, topic, after, keys } of readings) {
    const truth = topics.get(topic) ?? [];
    const at = keys.findIndex((key, i) => truth[after + i]?.key !== key);
    if (at >= 0)
      yield `${client} read ${keys[at]} as number ${after + at + 1} of ${topic} at ${session}, where ${truth[after + at]?.key ?? 'nothing'} stands`;
  }
}

/** A peer that runs never knows less than before. */
function* goingBack(readings: readonly Reading[]): Generator<string> {
  for (const [place, mine] of bySession(readings)) {
    const floor = new Floor(mine.map((reading) => ({ at: reading.end, least: reachOf(reading).least })));
    for (const reading of mine.toSorted((one, other) => one.start - other.start)) {
      const { most } = reachOf(reading);
      const known = floor.before(reading.start);
      if (most < known)
        yield `${reading.client} read up to ${most} of ${place} after ${known} had been read there`;
    }
  }
}

/** What a peer has acknowledged it shows. */
function* forgotten(operations: readonly Operation[]): Generator<string> {
  for (const [place, mine] of bySession(operations)) {
    const readings = mine.filter((operation) => operation.op === 'read');
    const floor = new Floor(
      mine.flatMap((operation) =>
        operation.op === 'submit' && operation.outcome === 'ok'
          ? [{ at: operation.end, least: operation.topicSequence ?? 0 }]
          : [],
      ),
    );
    for (const reading of readings.toSorted((one, other) => one.start - other.start)) {
      const { most } = reachOf(reading);
      const known = floor.before(reading.start);
      if (most < known)
        yield `${reading.client} read up to ${most} of ${place} after number ${known} had been acknowledged there`;
    }
  }
}

/** By topic and run of a peer, named `TOPIC at SESSION`; without those whose session is not certain. */
function bySession<Kind extends Operation>(
  operations: readonly Kind[],
): ReadonlyMap<string, readonly Kind[]> {
  const certain = operations.filter(({ session }) => session !== null);
  return groupedBy(certain, ({ topic, session }) => `${topic} at ${session}`);
}

/** What was known at the latest when: asked in rising order of time. */
class Floor {
  readonly #learnt: { readonly at: number; readonly least: number }[];
  #next = 0;
  #least = 0;

  constructor(learnt: readonly { readonly at: number; readonly least: number }[]) {
    this.#learnt = learnt.toSorted((one, other) => one.at - other.at);
  }

  before(time: number): number {
    for (let fact = this.#learnt[this.#next]; fact !== undefined && fact.at < time; ) {
      this.#least = Math.max(this.#least, fact.least);
      this.#next += 1;
      fact = this.#learnt[this.#next];
    }
    return this.#least;
  }
}
