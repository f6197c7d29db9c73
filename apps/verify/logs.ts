/** Every log the search meets, by number; number 0 is the empty log. Equal logs are one object. */
import { Log } from '../../machines/index.js';
import type { Configuration, Entry } from '../../transport/index.js';
import { meetInEveryQuorum } from '../simulator/quorums.js';
import { inOrder } from './domain.js';
import { Register } from './integers.js';

interface Known {
  readonly log: Log;
  /** The number of every entry, from index 1. */
  readonly entries: readonly number[];
  /** Why no log may look like this (I16); undefined when it may. */
  readonly problem: string | undefined;
}

interface KnownEntry {
  readonly entry: Entry;
  /** The same for entries of one term. */
  readonly term: string;
}

const [UNKNOWN, MATCHES, DIFFERS] = [0, 1, 2];

export class Logs {
  readonly #entries = new Register<KnownEntry>();
  readonly #logs = new Register<Known>();
  readonly #numberOf = new WeakMap<Log, number>();
  readonly #matching: Uint8Array[] = [];

  constructor() {
    this.numberOf(Log.of([]));
  }

  get count(): number {
    return this.#logs.values.length;
  }

  numberOf(log: Log): number {
    const known = this.#numberOf.get(log);
    if (known !== undefined) return known;
    const entries = log.slice(1, log.lastIndex).map((entry) => this.#entryOf(entry));
    const number = this.#logs.numberOf(entries.join(), () => this.#learn(entries));
    this.#numberOf.set(log, number);
    return number;
  }

  at(number: number): Log {
    return this.#logs.at(number).log;
  }

  /** The one object for all logs that are equal to this one. */
  same(log: Log): Log {
    return this.at(this.numberOf(log));
  }

  problemOf(number: number): string | undefined {
    return this.#logs.at(number).problem;
  }

  configurationsIn(number: number): readonly Configuration[] {
    return configurationsIn(this.at(number));
  }

  /** How many entries both logs begin with. */
  agreement(one: number, other: number): number {
    const a = this.#logs.at(one).entries;
    const b = this.#logs.at(other).entries;
    let length = 0;
    while (length < a.length && length < b.length && a[length] === b[length]) length++;
    return length;
  }

  /** True when the first `length` entries of both logs are there, and the same. */
  agree(one: number, other: number, length: number): boolean {
    return this.agreement(one, other) >= length;
  }

  isPrefix(one: number, other: number): boolean {
    return this.agree(one, other, this.at(one).lastIndex);
  }

  /** I3: where both logs hold an entry of one term, they are equal up to there. */
  match(one: number, other: number): boolean {
    if (one === other) return true;
    const [low, high] = one < other ? [one, other] : [other, one];
    const row = this.#rowOf(high);
    if (row[low] === UNKNOWN) row[low] = this.#judge(low, high) ? MATCHES : DIFFERS;
    return row[low] === MATCHES;
  }

  /** What is known of the match of a log with each one before it. */
  #rowOf(number: number): Uint8Array {
    this.#matching[number] ??= new Uint8Array(number);
    return this.#matching[number];
  }

  #judge(one: number, other: number): boolean {
    const a = this.#logs.at(one).entries;
    const b = this.#logs.at(other).entries;
    for (let length = Math.min(a.length, b.length); length > 0; length--) {
      const [ours, theirs] = [
        this.#entries.at(a[length - 1] as number),
        this.#entries.at(b[length - 1] as number),
      ];
      if (ours.term === theirs.term) return this.agree(one, other, length);
    }
    return true;
  }

  #entryOf(entry: Entry): number {
    const known = inOrder(entry);
    const term = `${known.term.n}/${known.term.owner}`;
    return this.#entries.numberOf(`${term} ${textOf(known)}`, () => ({ entry: known, term }));
  }

  #learn(numbers: readonly number[]): Known {
    const log = Log.of(numbers.map((number) => this.#entries.at(number).entry));
    return { log, entries: numbers, problem: brokenChain(configurationsIn(log)) };
  }
}

const configurationsIn = (log: Log): readonly Configuration[] =>
  log.slice(1, log.lastIndex).flatMap((entry) => (entry.kind === 'configuration' ? [entry.body] : []));

const textOf = (entry: Entry): string =>
  entry.kind === 'configuration' ? votersText(entry.body) : entry.kind;

/** Says all there is about a configuration of one cluster. */
export function votersText({ voters, outgoing, learners, tie, outgoingTie }: Configuration): string {
  const names = (members: Configuration['voters']) => members.map((one) => one.incarnation).join();
  return `${names(voters)};${names(outgoing)};${names(learners)};${tie ?? ''};${outgoingTie ?? ''}`;
}

/** I16: quorums of consecutive configurations meet, all of them tried. */
function brokenChain(chain: readonly Configuration[]): string | undefined {
  for (const [place, next] of chain.entries()) {
    const before = chain[place - 1];
    if (before !== undefined && !meetInEveryQuorum(before, next))
      return 'I16: two consecutive configurations have quorums that do not meet';
  }
  return undefined;
}
