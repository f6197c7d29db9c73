/**
 * What has happened in every term, which nobody can undo: who opened it, the log its coordinator may have sent, and how far
 * it has called that log committed. Here the invariants about terms are judged (I1, I4, I5, I6), once per deed.
 */
import { IntegerList, PairTable, Register } from './integers.js';
import type { Logs } from './logs.js';
import type { Claim, Deed } from './step.js';

/** One term, as far as it has come. */
export interface Reign {
  readonly number: number;
  readonly rank: number;
  readonly owner: number;
  /** Its owner's wish to lead it may be on its way to others. */
  readonly hasAsked: boolean;
  /** The coordinator's log; 0 while nobody has led the term. */
  readonly log: number;
  readonly commit: number;
}

/** What a deed makes of a history, or the invariant it breaks. */
export type Outcome = { readonly history: number } | { readonly problem: string };

export class Histories {
  readonly logs: Logs;
  readonly #reigns = new Register<Reign | undefined>();
  /** By the number of a history: the number of every term's reign, by rank from rank 1; 0 for a term nobody has opened. */
  readonly #histories = new Register<readonly number[]>();
  /** The same, one after the other. */
  readonly #byRank = new IntegerList();
  readonly #terms: number;
  readonly #deeds: Register<Deed>;
  readonly #outcomes = new PairTable();
  readonly #problems: string[] = [];
  readonly first: number;

  constructor(logs: Logs, deeds: Register<Deed>, terms: number) {
    this.#deeds = deeds;
    this.#terms = terms;
    this.logs = logs;
    this.#reigns.numberOf('', () => undefined);
    this.first = this.numberOf(Array.from({ length: terms }, () => 0));
  }

  get count(): number {
    return this.#histories.values.length;
  }

  reign(number: number): Reign | undefined {
    return this.#reigns.values[number];
  }

  /** The reign of the term at `rank`; undefined while nobody has opened it. */
  reignAt(history: number, rank: number): Reign | undefined {
    return rank === 0 ? undefined : this.reign(this.#byRank.at(history * this.#terms + rank - 1));
  }

  /** Those that were opened, by rank. */
  reignsIn(history: number): readonly Reign[] {
    return this.reignNumbersIn(history).flatMap((number) => this.reign(number) ?? []);
  }

  reignNumbersIn(history: number): readonly number[] {
    return this.#histories.at(history);
  }

  /** @param byRank - the number of every term's reign. */
  numberOf(byRank: readonly number[]): number {
    return this.#histories.numberOf(byRank.join(), () => {
      this.#byRank.push(...byRank);
      return byRank;
    });
  }

  numberOfReign(reign: Omit<Reign, 'number'>): number {
    const { rank, owner, hasAsked, log, commit } = reign;
    const make = () => ({ number: this.#reigns.values.length, rank, owner, hasAsked, log, commit });
    return this.#reigns.numberOf([rank, owner, hasAsked, log, commit].join(), make);
  }

  /** The history after the deed; below 0 when an invariant is broken: see `problem`. */
  after(history: number, deed: number): number {
    const known = this.#outcomes.get(history, deed);
    if (known !== undefined) return known;
    const outcome = this.#judge(history, this.#deeds.at(deed));
    const answer = 'history' in outcome ? outcome.history : -this.#problems.push(outcome.problem);
    this.#outcomes.set(history, deed, answer);
    return answer;
  }

  problem(answer: number): string {
    return this.#problems[-answer - 1] as string;
  }

  #judge(history: number, deed: Deed): Outcome {
    const present = this.reignAt(history, deed.rank);
    if (deed.kind === 'opened') {
      const { rank, owner } = deed;
      const hasAsked = deed.hasAsked || (present?.hasAsked ?? false);
      return { history: this.#with(history, { log: 0, commit: 0, ...present, rank, owner, hasAsked }) };
    }
    const problem = this.#problemOf(history, present, deed);
    if (problem !== undefined || present === undefined)
      return { problem: problem ?? 'I1: leads a term nobody opened' };
    const commit = Math.max(present.commit, deed.commit);
    return { history: this.#with(history, { ...present, log: deed.log, commit }) };
  }

  #with(history: number, reign: Omit<Reign, 'number'>): number {
    const number = this.numberOfReign(reign);
    const byRank = this.reignNumbersIn(history);
    return this.numberOf(byRank.map((other, place) => (place === reign.rank - 1 ? number : other)));
  }

  #problemOf(history: number, present: Reign | undefined, claim: Claim): string | undefined {
    const { rank, owner, log, commit, isFirst } = claim;
    if (present === undefined || present.owner !== owner)
      return `I1: term ${rank} is led by a peer that does not own it`;
    if (isFirst && present.log !== 0) return `I1: term ${rank} is led twice`;
    if (!this.logs.isPrefix(present.log, log))
      return `I4: the coordinator of term ${rank} changed its own log`;
    for (const other of this.reignsIn(history)) {
      if (other.rank === rank) continue;
      const isOlder = other.rank < rank;
      if (isOlder && isFirst && !this.logs.agree(other.log, log, other.commit))
        return `I5: the coordinator of term ${rank} lacks what term ${other.rank} committed`;
      if (!this.logs.agree(other.log, log, Math.min(other.commit, commit)))
        return `I6: terms ${Math.min(rank, other.rank)} and ${Math.max(rank, other.rank)} committed different entries at one place`;
      if (!isOlder && other.log !== 0 && !this.logs.agree(other.log, log, commit))
        return `I5: the coordinator of term ${other.rank} lacks what term ${rank} committed late`;
    }
    return undefined;
  }
}
