/** The trace of a whole simulation: the traces of its peers in one order, with the faults between them. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Delivery, PeerHandle, Standing, TraceRecord } from '../../actors/anywhere.js';
import type { PeerId } from '../../transport/anywhere.js';
import type { Letter, Loss, Post } from './post.js';
import type { Scenario } from './scenario.js';

/** One line of the trace, without its end of line. */
export type TraceLine = string;

/** What a record says of something that is no peer's own. */
export interface Telling {
  readonly p?: PeerId;
  readonly k: TraceRecord['k'];
  /** Virtual time. */
  readonly due?: number | null;
  readonly [field: string]: unknown;
}

/** What is said of a peer that does not run. */
const DOWN = { role: 'down', coordinator: null, term: 0, view: 0, members: [], commit: 0 } satisfies {
  readonly [Field in keyof Standing]: unknown;
};

export class TraceKeeper {
  readonly #now: () => number;
  readonly #write: (line: TraceLine) => void;
  /** Whose messages are told by name; without it what only a simulator knows is not told. */
  readonly #post: Post | undefined;
  readonly #startMs: number;
  readonly #ends = new Map<PeerId, () => void>();
  /** The record of each message that is under way. */
  readonly #sentAs = new Map<string, number>();
  #last = 0;

  /** @param now - virtual time; the trace begins at 0. */
  constructor(now: () => number, write: (line: TraceLine) => void, post?: Post) {
    this.#now = now;
    this.#write = write;
    this.#post = post;
    this.#startMs = now();
    if (post !== undefined) post.onLost = (letter, why) => this.#lost(letter, why);
  }

  /** The first line: what was simulated. Machines are told of by the peers as they start. */
  header(scenario: Scenario, details: object = {}): void {
    const { peers, ...config } = scenario;
    const head = {
      v: 1,
      kind: 'header',
      source: 'simulator',
      cluster: 'bullpen',
      members: peers,
      machines: {},
      config,
      ...details,
    };
    this.#write(JSON.stringify(head));
  }

  /** Tells of something that no peer does. */
  tell({ p = '', due, ...telling }: Telling): number {
    const later = typeof due === 'number' ? this.#rounded(due) : due;
    return this.#record({ s: 0, t: 0, p, ...telling, ...(due !== undefined && { due: later }) });
  }

  /** Follows one life of a peer; its records get numbers, times and causes of the whole. */
  attach(p: PeerId, peer: PeerHandle, clockRate: number): void {
    const numbers: (number | undefined)[] = [];
    const keep = (record: TraceRecord) => {
      const { c, due } = record;
      const known = {
        ...(c !== undefined && numbers[c] !== undefined && { c: numbers[c] }),
        ...(typeof due === 'number' && { due: this.#later((due - record.t) / clockRate) }),
      } as Partial<TraceRecord>;
      if (this.#post === undefined) numbers[record.s] = this.#record(record, known);
      // What it leads to is caused by what caused it.
      else if (isRoutine(record)) numbers[record.s] = known.c;
      else numbers[record.s] = this.#tellMessage(this.#post, record, known);
    };
    const ends = [peer.trace(keep, { isTimed: this.#post !== undefined })];
    if (this.#post !== undefined)
      ends.push(
        peer.onDeliveries((deliveries) => {
          for (const delivery of deliveries) this.#delivered(p, delivery);
        }),
      );
    this.#ends.set(p, () => {
      for (const end of ends) end();
    });
  }

  /** A life of a peer ends, here and now: it says nothing more. */
  detach(p: PeerId): void {
    this.#ends.get(p)?.();
    this.#ends.delete(p);
    if (this.#post !== undefined) this.tell({ p, k: 'status', ...DOWN });
  }

  #tellMessage(post: Post, record: TraceRecord, known: Partial<TraceRecord>): number {
    const { k, p, to, fr, ev = '' } = record;
    if (k === 'send' && to !== undefined) {
      const { name, due } = post.draft(p, to, ev);
      const s = this.#record(record, { ...known, m: name, due: due === null ? null : this.#rounded(due) });
      this.#sentAs.set(name, s);
      return s;
    }
    if (k !== 'receive') return this.#record(record, known);
    const letter = fr === p ? post.ownOf(p) : post.arriving;
    if (letter == null || letter.type !== ev || letter.to !== p) return this.#record(record, known);
    letter.isTold = true;
    return this.#record(record, { m: letter.name, ...this.#causeOf(letter), ...copyMark(letter) });
  }

  #lost(letter: Letter, why: Loss): void {
    const { name: m, type: ev, from: fr, to } = letter;
    this.tell({ k: 'lost', m, ev, fr, to, why, ...this.#causeOf(letter), ...copyMark(letter) });
  }

  #delivered(p: PeerId, { sequence, term, origin, payload }: Delivery): void {
    const { number, text } = payload as { readonly number?: unknown; readonly text?: unknown };
    this.tell({ p, k: 'delivery', sequence, term, origin, text: text ?? `message ${number}` });
  }

  #causeOf({ name }: Letter): { readonly c?: number } {
    const c = this.#sentAs.get(name);
    return c === undefined ? {} : { c };
  }

  #later(byMs: number): number {
    return this.#rounded(this.#now() + byMs);
  }

  #rounded(time: number): number {
    return Math.round((time - this.#startMs) * 1000) / 1000;
  }

  #record(record: TraceRecord, known?: Partial<TraceRecord>): number {
    this.#last += 1;
    this.#write(JSON.stringify({ ...record, ...known, s: this.#last, t: this.#rounded(this.#now()) }));
    return this.#last;
  }
}

/** That a frame has come, beside what it says; and that the peer has passed something on. */
const isRoutine = ({ k, a, ev, was }: TraceRecord): boolean =>
  ev === 'link.heard' || (k === 'transition' && was === undefined && (a === 'peer' || ev === 'member.heard'));

const copyMark = ({ isCopy }: Letter): { readonly isCopy?: true } => (isCopy ? { isCopy } : {});

/** The hash of a trace, as it grows: SHA-256 over its lines, in hex. */
export function traceHash(): { add(line: TraceLine): void; digest(): string } {
  const hash = sha256.create();
  return {
    add: (line) => void hash.update(utf8ToBytes(`${line}\n`)),
    digest: () => bytesToHex(hash.clone().digest()),
  };
}
