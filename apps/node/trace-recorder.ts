/** Keeps the newest part of a peer's trace, bounded in records and bytes, for whoever asks: pages, streams, a file. */
import { createHash } from 'node:crypto';
import type { Peer, TraceRecord } from '../../actors/index.js';

const RECORDS_MAX = 20_000;
const CHARACTERS_MAX = 8 * 1024 * 1024;

/** Some lines of the trace, oldest first. */
export interface TracePart {
  /** Each line with its position: the number of the record as kept here, from 1. */
  readonly lines: readonly { readonly position: number; readonly line: string }[];
  /** How many records between the asked position and the first line are no longer kept. */
  readonly lost: number;
  /** A record that says so, when there are any. */
  readonly gap: string | null;
}

export interface TraceRecorder {
  /** The position of the newest record; 0 before the first. */
  newest(): number;
  /** Up to `most` records that follow `position`. */
  after(position: number, most: number): TracePart;
  /** Calls `listener` after every record. */
  onRecord(listener: (line: string, record: TraceRecord) => void): () => void;
  /** The present, as the trace counts it, ms. */
  now(): number;
  /** Adds a record as of now: what was done to the peer from outside, of which it knows nothing. */
  tell(fault: ToldFault): void;
  /** The same, and nothing after it: what a process still does that is about to be killed is not seen by anybody. */
  tellLast(fault: ToldFault): void;
  close(): void;
}

/** A fault, as a trace tells of it and the classroom reads it. */
export interface ToldFault {
  readonly p: string;
  readonly act: object;
  readonly phase: 'begin' | 'end';
  readonly words: string;
}

/** Attaches to the peer's trace until `close`. */
export function recordTrace(peer: Pick<Peer, 'trace'>): TraceRecorder {
  const listeners = new Set<(line: string, record: TraceRecord) => void>();
  const ring = createRing();
  const numbers = createNumbers();
  let last: TraceRecord | undefined;
  let startedAt = performance.now();
  const keep = (record: TraceRecord) => {
    const line = JSON.stringify(record);
    ring.push(line);
    last = record;
    for (const listener of listeners) listener(line, record);
  };
  const detach = peer.trace((record) => {
    startedAt = performance.now() - record.t;
    keep(numbers.renumbered(record));
  });
  const now = () => Math.max(last?.t ?? 0, Math.round((performance.now() - startedAt) * 1000) / 1000);
  const tell = ({ p, ...fault }: ToldFault) => keep({ s: numbers.next(), t: now(), p, k: 'fault', ...fault });
  return {
    newest: () => ring.newest(),
    after: (position, most) => {
      const { first, lines } = ring.after(position, most);
      const lost = first - position - 1;
      return {
        lines: lines.map((line, i) => ({ position: first + i, line })),
        lost,
        gap: lost > 0 && last !== undefined ? gapBefore(last, lost) : null,
      };
    },
    onRecord: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    now,
    tell,
    tellLast: (fault) => {
      tell(fault);
      detach();
    },
    close: () => {
      detach();
      listeners.clear();
    },
  };
}

/** Records of ours stand between the peer's: what follows one is numbered, and names its cause, one higher. */
function createNumbers() {
  /** For each of ours the peer's record before it, by the peer's own number; ascending. */
  const behind: number[] = [];
  let newest = 0;
  const shifted = (number: number): number => {
    let before = behind.length;
    while (before > 0 && (behind[before - 1] ?? 0) >= number) before -= 1;
    return number + before;
  };
  return {
    renumbered: (record: TraceRecord): TraceRecord => {
      newest = record.s;
      if (behind.length === 0) return record;
      const { s, c } = record;
      return { ...record, s: shifted(s), ...(c !== undefined && { c: shifted(c) }) };
    },
    next: () => {
      behind.push(newest);
      return newest + behind.length;
    },
  };
}

/** The newest lines, numbered from 1; older ones give way. */
function createRing() {
  let kept: string[] = [];
  /** Lines before this place of `kept` are gone; the array itself is cut only now and then. */
  let head = 0;
  let characters = 0;
  let newest = 0;
  const forgetOldest = () => {
    characters -= kept[head]?.length ?? 0;
    kept[head] = '';
    head += 1;
    if (head < RECORDS_MAX / 4) return;
    kept = kept.slice(head);
    head = 0;
  };
  return {
    newest: () => newest,
    push: (line: string) => {
      kept.push(line);
      newest += 1;
      characters += line.length;
      while (kept.length - head > RECORDS_MAX || (characters > CHARACTERS_MAX && kept.length - head > 1))
        forgetOldest();
    },
    after: (position: number, most: number) => {
      const oldest = newest - (kept.length - head) + 1;
      const first = Math.max(position + 1, oldest);
      const from = head + first - oldest;
      return { first, lines: kept.slice(from, from + most) };
    },
  };
}

/** The record that stands for `lost` others which nobody can be told of any more. */
export const gapBefore = ({ s, t, p }: TraceRecord, lost: number): string =>
  JSON.stringify({ s, t, p, k: 'gap', lost } satisfies TraceRecord);

/** The first line of every trace: who recorded it, and which statecharts it speaks of. */
export function traceHeader(peer: Pick<Peer, 'status' | 'machines'>, configuration: object): string {
  const status = peer.status();
  const definitions = peer
    .machines()
    .map(({ machine, definition }) => [machine, hashOf(definition)] as const);
  return JSON.stringify({
    v: 1,
    kind: 'header',
    source: 'peer',
    cluster: status.cluster,
    peer: status.id,
    members: status.view.members.map(({ id }) => id),
    machines: Object.fromEntries(definitions),
    config: configuration,
  });
}

const hashOf = (definition: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify(definition) ?? '')
    .digest('hex')
    .slice(0, 16);
