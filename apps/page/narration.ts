/** The peer's trace as sentences, and its messages as flights and counts. */
import { batch, createSignal, onCleanup } from 'solid-js';
import { createBatch } from './batch.js';
import type { TraceRecord } from './contract.js';
import { eventOf, kindOfMessage, type Sentence, tell } from './sentences.js';
import type { Kind } from './shapes.js';

export interface Flight {
  readonly from: string;
  readonly to: string;
  readonly type: string;
  readonly kind: Kind;
}

type Counts = Readonly<Record<Kind, number>>;

const NOTHING_YET: Counts = { election: 0, ok: 0, coordinator: 0, heartbeat: 0, data: 0, fault: 0, other: 0 };
/** Records kept to look up causes. */
const RECORDS_KEPT = 1000;
const SENTENCES_KEPT = 600;
/** Nobody reads faster. */
const TELL_EVERY_MS = 250;

export function createNarration() {
  const [sentences, setSentences] = createSignal<readonly Sentence[]>([]);
  const [counts, setCounts] = createSignal(NOTHING_YET);
  const tally: Record<Kind, number> = { ...NOTHING_YET };
  const records = new Map<number, TraceRecord>();
  const listeners = new Set<(flight: Flight) => void>();

  const told = createBatch<Sentence>(
    (fresh) =>
      batch(() => {
        setCounts({ ...tally });
        setSentences((before) => kept([...before, ...fresh]));
      }),
    { everyMs: TELL_EVERY_MS, most: SENTENCES_KEPT },
  );

  const hear = (record: TraceRecord, self: string) => {
    remember(records, record);
    told(tell(record, (number) => records.get(number)));
    const flight = flightOf(record, self);
    if (!flight) return;
    tally[flight.kind] += 1;
    for (const listener of listeners) listener(flight);
  };

  return {
    sentences,
    /** Messages sent and received, by kind, since the page was opened. */
    counts,
    hear,
    /** Calls `listener` for every message this peer sends or receives. */
    onFlight: (listener: (flight: Flight) => void) => {
      listeners.add(listener);
      onCleanup(() => listeners.delete(listener));
    },
  };
}

/** Heartbeats come by the hundred: the oldest of what is routine goes before anything that is worth telling. */
function kept(sentences: readonly Sentence[]): readonly Sentence[] {
  let excess = sentences.length - SENTENCES_KEPT;
  const left = sentences.filter(({ weight }) => weight !== 'routine' || --excess < 0);
  return left.slice(-SENTENCES_KEPT);
}

function remember(records: Map<number, TraceRecord>, record: TraceRecord): void {
  // A peer that started anew counts from 1 again: what it says of causes is about its new life.
  if (record.k !== 'gap' && records.has(record.s)) records.clear();
  records.set(record.s, record);
  for (const number of records.keys()) {
    if (records.size <= RECORDS_KEPT) return;
    records.delete(number);
  }
}

function flightOf(record: TraceRecord, self: string): Flight | null {
  const type = eventOf(record);
  // That anything came, told beside what came.
  if (type === 'link.heard') return null;
  const what = { type, kind: kindOfMessage(record) };
  if (record.k === 'send' && record.to) return { from: self, to: record.to, ...what };
  if (record.k === 'receive' && record.fr) return { from: record.fr, to: self, ...what };
  return null;
}
