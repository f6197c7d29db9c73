/**
 * The session table: part of the replicated state, so that every member takes the same submissions once, in order.
 *
 * Exactly-once over any number of coordinators follows from one rule, applied at delivery: a session's next number takes
 * effect; a lower one has already; a higher one shows a gap, and takes none (PROTOCOL §10, S2).
 */
import type { PeerId, Submission } from '../../transport/protocol.js';

export interface Session {
  readonly peer: PeerId;
  readonly nonce: string;
  /** The number that takes effect next. */
  readonly next: number;
}

/** As the table keeps it: counted in place, for it is counted once for every submission there is. */
type Counted = { -readonly [Field in keyof Session]: Session[Field] };

export type Verdict = 'effective' | 'repeated' | 'gap' | 'unknown-session';

/** Keys remembered for idempotent retries; the oldest go first, at the same place of the order on every member. */
export const KEYS_MAX = 10_000;

export class SessionTable {
  readonly #sessions = new Map<number, Counted>();
  readonly #openedBy = new Map<string, number>();
  readonly #keys = new Map<string, number>();

  /** A session entry at `index` opens session `index`; a repeated one, by its nonce, opens nothing new. */
  open(index: number, peer: PeerId, nonce: string): number {
    const name = `${peer}/${nonce}`;
    const known = this.#openedBy.get(name);
    if (known !== undefined) return known;
    this.#openedBy.set(name, index);
    this.#sessions.set(index, { peer, nonce, next: 1 });
    return index;
  }

  at(session: number): Session | undefined {
    return this.#sessions.get(session);
  }

  /** Judges a submission, and counts it when it is the next. */
  judge(session: number, submission: Submission): Verdict {
    const known = this.#sessions.get(session);
    if (known === undefined) return 'unknown-session';
    if (submission.number < known.next) return 'repeated';
    if (submission.number > known.next) return 'gap';
    known.next += 1;
    return 'effective';
  }

  /** The sequence an idempotency key stands for already, if it does. */
  keyed(key: string): number | undefined {
    return this.#keys.get(key);
  }

  remember(key: string, sequence: number): void {
    this.#keys.set(key, sequence);
    if (this.#keys.size <= KEYS_MAX) return;
    const oldest = this.#keys.keys().next().value;
    if (oldest !== undefined) this.#keys.delete(oldest);
  }
}
