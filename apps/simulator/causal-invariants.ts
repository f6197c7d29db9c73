/**
 * What must hold of the causal channel: what a sender had been delivered comes before what it sent, wherever both are
 * delivered (I11); each message once (I12), and none that nobody sent (I13).
 */
import { must } from './invariants.js';

export class CausalInvariants {
  /** By number: all that its sender had been delivered when it sent it. */
  readonly #pasts: ReadonlySet<number>[] = [];
  readonly #delivered = new Map<string, Set<number>>();

  /** A life of a peer (`2/1`) sends; answers the number its message carries, from 0. */
  sent(life: string): number {
    return this.#pasts.push(new Set(this.#at(life))) - 1;
  }

  delivered(life: string, number: number): void {
    const before = this.#at(life);
    must(
      this.#pasts[number] !== undefined,
      'I13',
      () => `${life} is delivered ${number}, which nobody broadcast`,
    );
    must(!before.has(number), 'I12', () => `${life} is delivered broadcast ${number} twice`);
    for (const earlier of before)
      must(
        this.#pasts[earlier]?.has(number) !== true,
        'I11',
        () => `${life} is delivered ${number} after ${earlier}, whose sender had seen it`,
      );
    before.add(number);
  }

  #at(life: string): Set<number> {
    const known = this.#delivered.get(life) ?? new Set();
    this.#delivered.set(life, known);
    return known;
  }
}
