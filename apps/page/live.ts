/** What the page knows of the peer that serves it: read once, then kept fresh by its trace and by asking again. */
import { batch, createSignal, onCleanup } from 'solid-js';
import { createStore, reconcile } from 'solid-js/store';
import { createBatch } from './batch.js';
import { type ChartState, readChart } from './chart-model.js';
import type { Belief, Status, TraceRecord } from './contract.js';
import { readBeliefs, readMachines, readStatus } from './requests.js';
import { changedState, eventOf, type Sentence, tell } from './sentences.js';
import { type Kind, kindOf } from './shapes.js';
import { openStream, type Stream } from './stream.js';

export interface RunningActor {
  readonly actor: string;
  readonly machine: string;
  state: string;
  /** The last change of state; `turn` tells two of the same apart. */
  last: { readonly was: string; readonly now: string; readonly event: string; readonly turn: number } | null;
}

export interface Flight {
  readonly from: string;
  readonly to: string;
  readonly type: string;
  readonly kind: Kind;
  /** How many entries or submissions it carries, when the record says so. */
  readonly count: number | null;
}

interface Facts {
  status: Status | null;
  beliefs: readonly Belief[];
  actors: Record<string, RunningActor>;
}

const NOTHING_YET: Readonly<Record<Kind, number>> = {
  election: 0,
  ok: 0,
  coordinator: 0,
  heartbeat: 0,
  data: 0,
  fault: 0,
  other: 0,
};

const ASK_EVERY_MS = 1000;
const ASK_HIDDEN_MS = 5000;
/** After something happened, ask this soon, so that many happenings cost one question. */
const ASK_SOON_MS = 120;
const RECORDS_KEPT = 1000;
const SENTENCES_KEPT = 600;

/** Follows the peer until the owner is disposed. */
export function createLive() {
  const [facts, setFacts] = createStore<Facts>({ status: null, beliefs: [], actors: {} });
  const [answering, setAnswering] = createSignal<'not-yet' | 'yes' | 'no'>('not-yet');
  const [sentences, setSentences] = createSignal<readonly Sentence[]>([]);
  const tally: Record<Kind, number> = { ...NOTHING_YET };
  const [counts, setCounts] = createSignal<Readonly<Record<Kind, number>>>(NOTHING_YET);
  const charts = new Map<string, ChartState>();
  const records = new Map<number, TraceRecord>();
  const flightListeners = new Set<(flight: Flight) => void>();
  const streams = new Set<Stream>();
  let turn = 0;

  const learnMachines = async () => {
    const machines = await readMachines();
    if (!machines) return;
    const actors: Record<string, RunningActor> = {};
    for (const { actor, machine, definition, state } of machines) {
      if (!charts.has(machine)) charts.set(machine, readChart(definition));
      actors[actor] = { actor, machine, state, last: facts.actors[actor]?.last ?? null };
    }
    setFacts('actors', reconcile(actors));
  };

  const ask = async () => {
    const [status, beliefs] = await Promise.all([readStatus(), readBeliefs()]);
    const wasLost = answering() === 'no';
    const restarted = status !== null && status.pid !== facts.status?.pid;
    batch(() => {
      setAnswering(status ? 'yes' : 'no');
      if (status) setFacts('status', reconcile(status, { key: 'id' }));
      if (beliefs) setFacts('beliefs', reconcile([...beliefs], { key: 'id' }));
    });
    if (status && wasLost) for (const stream of streams) stream.retry();
    if (restarted || (status && wasLost)) await learnMachines();
  };
  const askSoon = createAsking(ask);

  const hear = (record: TraceRecord) => {
    remember(records, record);
    const flight = flightOf(record, facts.status?.id);
    if (flight) {
      tally[flight.kind] += 1;
      for (const listener of flightListeners) listener(flight);
    }
    if (record.k === 'actor') relearn();
    else if (record.k === 'transition' && record.a && record.st) move(record.a, record.st, record);
    if (isNews(record)) askSoon();
  };
  const move = (actor: string, now: string, record: TraceRecord) => {
    if (!facts.actors[actor]) return relearn();
    if (facts.actors[actor].state !== now) setFacts('actors', actor, 'state', now);
    if (!changedState(record) || record.was === undefined) return;
    turn += 1;
    setFacts('actors', actor, 'last', { was: record.was, now, event: eventOf(record), turn });
  };
  const relearn = createBatch<void>(() => void learnMachines(), { everyMs: 300, most: 1 });

  const heard = createBatch<TraceRecord>(
    (fresh, dropped) =>
      batch(() => {
        for (const record of fresh) hear(record);
        const told = fresh.map((record) => tell(record, (number) => records.get(number)));
        if (dropped > 0) told.unshift(leftOut(fresh[0], dropped));
        setCounts({ ...tally });
        setSentences((before) => [...before, ...told].slice(-SENTENCES_KEPT));
      }),
    { everyMs: 60, most: 2000 },
  );
  const follow = (stream: Stream) => {
    streams.add(stream);
    onCleanup(() => stream.close());
  };
  follow(openStream(() => 'v1/trace/stream', { event: (value) => heard(value as TraceRecord) }));

  return {
    facts,
    answering,
    sentences,
    /** Messages sent and received, by kind, since the page was opened. */
    counts,
    /** The chart of a machine by the machine's name. */
    chartOf: (machine: string) => charts.get(machine),
    /** Calls `listener` for every message this peer sends or receives. */
    onFlight: (listener: (flight: Flight) => void) => {
      flightListeners.add(listener);
      onCleanup(() => flightListeners.delete(listener));
    },
    /** Lets a stream of another part be dialled again as soon as the peer answers. */
    follow,
    askSoon,
  };
}

export type Live = ReturnType<typeof createLive>;

/** Asks at a steady pace, sooner when nudged, never twice at a time. */
function createAsking(ask: () => Promise<void>): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asking = false;
  let soon = false;

  const run = async () => {
    timer = undefined;
    asking = true;
    await ask();
    asking = false;
    timer = setTimeout(run, soon ? ASK_SOON_MS : document.hidden ? ASK_HIDDEN_MS : ASK_EVERY_MS);
    soon = false;
  };
  const nudge = () => {
    if (soon) return;
    soon = true;
    if (asking) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      soon = false;
      void run();
    }, ASK_SOON_MS);
  };
  void run();
  onCleanup(() => clearTimeout(timer));
  return nudge;
}

function remember(records: Map<number, TraceRecord>, record: TraceRecord): void {
  // A peer that started anew counts from 1 again: what it says of causes is about its new life.
  if (records.has(record.s)) records.clear();
  records.set(record.s, record);
  for (const number of records.keys()) {
    if (records.size <= RECORDS_KEPT) return;
    records.delete(number);
  }
}

function flightOf(record: TraceRecord, self: string | undefined): Flight | null {
  const type = eventOf(record);
  const count = typeof record.n === 'number' ? record.n : null;
  const what = { type, kind: kindOf(type), count };
  if (record.k === 'send' && record.to) return { from: self ?? record.p, to: record.to, ...what };
  if (record.k === 'receive' && record.fr) return { from: record.fr, to: self ?? record.p, ...what };
  return null;
}

/** Something that may have changed what `status` and `beliefs` say. */
const isNews = (record: TraceRecord): boolean =>
  changedState(record) || record.k === 'fault' || record.k === 'actor' || record.k === 'delivery';

const leftOut = (next: TraceRecord | undefined, lost: number): Sentence =>
  tell({ s: next?.s ?? 0, t: next?.t ?? 0, p: next?.p ?? '', k: 'gap', lost }, () => undefined);
