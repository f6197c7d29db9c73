/**
 * The session table: part of the replicated state, so that every member takes the same submissions once, in order.
 *
 * Exactly-once over any number of coordinators follows from one rule, applied at delivery: a session's next number takes
 * effect; a lower one has already; a higher one shows a gap, and takes none (PROTOCOL §10, S2).
 *
 * Nothing is kept for ever, and nothing is forgotten by anybody's own clock: time here is what the entries say it is. A
 * pause of the log counts as a minute at most, so that a cluster which had no quorum for an hour has expired nobody.
 */
import type { PeerId } from '../../transport/protocol.js';

/** Where a submission came to stand, as `Receipt` of actors/api.ts. */
export interface Placed {
  readonly sequence: number;
  readonly topicSequence: number;
  readonly term: number;
  readonly id: string;
}

export interface Session {
  /** Who opened it: a peer, or a client, whose id begins with `~`. */
  readonly peer: PeerId;
  readonly nonce: string;
  /** The number that takes effect next. */
  readonly next: number;
  /** When it was used last, by the table's time, ms. */
  readonly activeAt: number;
  /** Where a client's latest numbers stand, the last of them `next - 1`: it may ask again through another peer. Null for a peer's own. */
  readonly receipts: readonly Placed[] | null;
}

/** All of the table as plain JSON, for snapshots. */
export interface SessionTableState {
  /** The time of the newest entry, and the table's own, ms. */
  readonly at: number;
  readonly time: number;
  readonly sweptAt: number;
  readonly sessions: readonly (readonly [session: number, Session])[];
  readonly keys: readonly (readonly [key: string, Keyed])[];
}

interface Keyed {
  readonly receipt: Placed;
  readonly at: number;
}

/** As the table keeps it: counted in place, for it is counted once for every submission there is. */
type Counted = { -readonly [Field in keyof Session]: Session[Field] } & { receipts: Placed[] | null };

export type Verdict = 'effective' | 'repeated' | 'gap' | 'unknown-session';

/** A session unused for so long expires, at the next look, ms. */
export const SESSION_TTL_MS = 600_000;
/** How often the table looks for such sessions, and how much a pause of the log counts at most, ms. */
export const SWEEP_MS = 60_000;
/** Sessions at a time; of more, the one that has been unused longest goes. */
export const SESSIONS_MAX = 10_000;
/** Receipts kept for a client's session: it may have so many submissions under way. */
export const RECEIPTS_MAX = 1024;
/** How long a key is remembered for idempotent retries, by the time of the entries, ms; and how many are. The oldest go first. */
export const KEY_TTL_MS = 86_400_000;
export const KEYS_MAX = 100_000;

const NONE: readonly number[] = [];

/** Peers are named by letters and digits; `~` is a client's. */
export const isClientId = (id: string): boolean => id.startsWith('~');

export class SessionTable {
  #sessions = new Map<number, Counted>();
  #openedBy = new Map<string, number>();
  #keys = new Map<string, Keyed>();
  #at = 0;
  #time = 0;
  #sweptAt = 0;

  constructor(state?: SessionTableState) {
    if (state !== undefined) this.restore(state);
  }

  /** Forgets all there is, and goes on from `state`. */
  restore(state: SessionTableState): void {
    this.#at = state.at;
    this.#time = state.time;
    this.#sweptAt = state.sweptAt;
    this.#sessions = new Map(
      state.sessions.map(([index, session]) => [
        index,
        { ...session, receipts: session.receipts && [...session.receipts] },
      ]),
    );
    this.#openedBy = new Map(state.sessions.map(([index, session]) => [nameOf(session), index]));
    this.#keys = new Map(state.keys);
  }

  /** What another table has to be made of to go on as this one would. */
  state(): SessionTableState {
    return {
      at: this.#at,
      time: this.#time,
      sweptAt: this.#sweptAt,
      sessions: [...this.#sessions].map(([index, session]) => [
        index,
        { ...session, receipts: session.receipts && [...session.receipts] },
      ]),
      keys: [...this.#keys],
    };
  }

  /** An entry of the time `at` is next, whatever it holds. Answers which sessions have expired by it. */
  pass(at: number): readonly number[] {
    if (at <= this.#at) return NONE;
    this.#time += Math.min(at - this.#at, SWEEP_MS);
    this.#at = at;
    if (this.#time - this.#sweptAt < SWEEP_MS) return NONE;
    this.#sweptAt = this.#time;
    const expired = [...this.#sessions].filter(([, { activeAt }]) => this.#time - activeAt >= SESSION_TTL_MS);
    for (const [index] of expired) this.#close(index);
    return expired.map(([index]) => index);
  }

  /** A session entry at `index` opens session `index`; one repeated, by its nonce, opens nothing new, but renews it. */
  open(index: number, peer: PeerId, nonce: string): number {
    const known = this.#openedBy.get(nameOf({ peer, nonce }));
    const renewed = known === undefined ? undefined : this.#sessions.get(known);
    if (known !== undefined && renewed !== undefined) {
      renewed.activeAt = this.#time;
      return known;
    }
    // A client has one session at a time: whoever opens many crowds out nobody but itself.
    if (isClientId(peer)) for (const [former] of [...this.of(peer)]) this.#close(former);
    if (this.#sessions.size >= SESSIONS_MAX) this.#closeOldest();
    this.#openedBy.set(nameOf({ peer, nonce }), index);
    const receipts = isClientId(peer) ? [] : null;
    this.#sessions.set(index, { peer, nonce, next: 1, activeAt: this.#time, receipts });
    return index;
  }

  /** The sessions of a peer or client, oldest first. */
  *of(peer: string): Generator<readonly [session: number, Session]> {
    for (const [index, session] of this.#sessions) if (session.peer === peer) yield [index, session];
  }

  at(session: number): Session | undefined {
    return this.#sessions.get(session);
  }

  /** Judges the submission of that number, and counts it when it is the next. */
  judge(session: number, number: number): Verdict {
    const known = this.#sessions.get(session);
    if (known === undefined) return 'unknown-session';
    known.activeAt = this.#time;
    if (number < known.next) return 'repeated';
    if (number > known.next) return 'gap';
    known.next += 1;
    return 'effective';
  }

  /** The number counted last has come to stand there. */
  settle(session: number, receipt: Placed): void {
    const receipts = this.#sessions.get(session)?.receipts;
    if (receipts == null) return;
    receipts.push(placedOf(receipt));
    if (receipts.length > 2 * RECEIPTS_MAX) receipts.splice(0, receipts.length - RECEIPTS_MAX);
  }

  /** Where a client's submission stands, if it has taken effect and that is still known. */
  receipt(session: number, number: number): Placed | undefined {
    const known = this.#sessions.get(session);
    return known?.receipts?.at(number - known.next) ?? undefined;
  }

  /** Where the submission with that idempotency key stands already, if there was one. */
  keyed(key: string): Placed | undefined {
    const known = this.#keys.get(key);
    return known === undefined || this.#at - known.at >= KEY_TTL_MS ? undefined : known.receipt;
  }

  remember(key: string, receipt: Placed): void {
    this.#keys.delete(key);
    this.#keys.set(key, { receipt: placedOf(receipt), at: this.#at });
    // In the order of their time: those to go stand first.
    for (const [oldest, { at }] of this.#keys) {
      if (this.#keys.size <= KEYS_MAX && this.#at - at < KEY_TTL_MS) break;
      this.#keys.delete(oldest);
    }
  }

  #closeOldest(): void {
    let oldest: number | undefined;
    for (const [index, { activeAt }] of this.#sessions)
      if (activeAt < (this.#sessions.get(oldest ?? -1)?.activeAt ?? Number.POSITIVE_INFINITY)) oldest = index;
    if (oldest !== undefined) this.#close(oldest);
  }

  #close(index: number): void {
    const session = this.#sessions.get(index);
    if (session !== undefined) this.#openedBy.delete(nameOf(session));
    this.#sessions.delete(index);
  }
}

/** Four words of what may be a whole delivery, payload and all. */
const placedOf = ({ sequence, topicSequence, term, id }: Placed): Placed => ({
  sequence,
  topicSequence,
  term,
  id,
});

const nameOf = ({ peer, nonce }: Pick<Session, 'peer' | 'nonce'>): string => `${peer}/${nonce}`;
