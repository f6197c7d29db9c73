/** I19: an outside resource that keeps the highest fence it has seen can tell every reign from every other, and knows which is later. */
import type { Fence } from '../../actors/anywhere.js';
import type { PeerId } from '../../transport/anywhere.js';
import { must } from './invariants.js';

interface Handed extends Fence {
  readonly id: PeerId;
}

/**
 * Every fence ever handed out. The news that an old coordinator may serve can be late, so its fence may come after a
 * higher one; what matters is that of two fences the term and the place agree about which reign was later.
 */
export class Fences {
  readonly #handed: Handed[] = [];

  note(id: PeerId, { term, sequence }: Fence): void {
    for (const other of this.#handed) {
      const agree =
        term === other.term ? sequence !== other.sequence : term > other.term === sequence > other.sequence;
      must(
        agree,
        'I19',
        () => `${id} has the fence ${term}/${sequence}, and ${other.id} had ${other.term}/${other.sequence}`,
      );
    }
    this.#handed.push({ id, term, sequence });
  }
}
