/** Everything the page knows of the peer that serves it, kept fresh by the peer's trace and by asking again. */
import { batch, onCleanup } from 'solid-js';
import { createBatch } from './batch.js';
import type { TraceRecord } from './contract.js';
import { createFacts } from './facts.js';
import { createNarration } from './narration.js';
import { createRunning } from './running.js';
import { changedState } from './sentences.js';
import { openStream, type Stream } from './stream.js';

const HEAR_EVERY_MS = 60;
const RECORDS_WAITING_MOST = 2000;

/** Follows the peer until the owner is disposed. */
export function createLive() {
  const running = createRunning();
  const narration = createNarration();
  const streams = new Set<Stream>();
  const { facts, answering, askSoon } = createFacts({
    returned: () => {
      for (const stream of streams) stream.retry();
      running.learn();
    },
    answered: ({ machines }) => running.sync(machines),
  });

  const hear = (record: TraceRecord) => {
    running.hear(record);
    narration.hear(record, facts.status?.id ?? record.p);
    if (isNews(record)) askSoon();
  };
  const heard = createBatch<TraceRecord>(
    (fresh, lost) =>
      batch(() => {
        const [first] = fresh;
        if (lost > 0 && first) hear({ s: first.s, t: first.t, p: first.p, k: 'gap', lost });
        for (const record of fresh) hear(record);
      }),
    { everyMs: HEAR_EVERY_MS, most: RECORDS_WAITING_MOST },
  );
  /** Dials the stream again as soon as the peer answers again, and closes it in the end. */
  const follow = (stream: Stream) => void streams.add(stream);
  onCleanup(() => {
    for (const stream of streams) stream.close();
  });
  follow(openStream(() => 'v1/trace/stream', { event: (value) => heard(value as TraceRecord) }));

  return { facts, answering, askSoon, running, narration, follow };
}

export type Live = ReturnType<typeof createLive>;

/** Something that may have changed what `status` and `beliefs` say. */
const isNews = (record: TraceRecord): boolean =>
  changedState(record) || record.k === 'fault' || record.k === 'actor' || record.k === 'delivery';
