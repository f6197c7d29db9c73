/** The log as it grows, and what this page offered to it and has no number yet. */
import { createEffect, createMemo, createSignal, on } from 'solid-js';
import { createBatch } from './batch.js';
import type { Delivery } from './contract.js';
import type { Live } from './live.js';
import { explain, newKey, readMessages, sendMessage } from './requests.js';
import { openStream } from './stream.js';

export interface Pending {
  readonly key: string;
  readonly topic: string;
  readonly text: string;
  /** In words; empty while it waits. */
  readonly trouble: string;
}

const HEAR_EVERY_MS = 150;
const LINES_WAITING_MOST = 5000;
const FIRST_PAGE = 200;
const EARLIER_PAGE = 100;
/** Lines kept while the newest is in view. */
const LINES_KEPT = 300;

/** Follows the log from its last lines on; reads it anew when the peer comes back with another one. */
export function createMessageLog(live: Live) {
  const [lines, setLines] = createSignal<readonly Delivery[]>([]);
  let last = 0;
  let following = false;

  const add = (fresh: readonly Delivery[]) => {
    const next = fresh.filter((delivery) => delivery.sequence > last);
    last = next.at(-1)?.sequence ?? last;
    if (next.length > 0) setLines((before) => [...before, ...next]);
  };
  const heard = createBatch<Delivery>(add, { everyMs: HEAR_EVERY_MS, most: LINES_WAITING_MOST });
  const readAnew = async (sequence: number) => {
    const from = Math.max(0, sequence - FIRST_PAGE);
    const page = await readMessages(from, FIRST_PAGE);
    if (!page) return;
    last = from;
    setLines([]);
    add(page);
    if (following) return;
    following = true;
    live.follow(openStream(() => `v1/stream?after=${last}`, { event: (value) => heard(value as Delivery) }));
  };
  // Another cluster has another log; the same one, told by a peer that came back, goes on.
  const cluster = createMemo(() => {
    const status = live.facts.status;
    return status ? `${status.cluster} ${status.clusterId}` : '';
  });
  createEffect(on(cluster, (known) => known !== '' && void readAnew(live.facts.status?.sequence ?? 0)));

  /** Reads lines before the first one shown. */
  const showEarlier = async () => {
    const first = lines()[0]?.sequence ?? 1;
    const page = await readMessages(Math.max(0, first - 1 - EARLIER_PAGE), Math.min(EARLIER_PAGE, first - 1));
    if (page) setLines((now) => [...page.filter((delivery) => delivery.sequence < first), ...now]);
  };
  /** Lets go of the oldest lines; called while the newest is in view. */
  const trim = () => setLines((now) => (now.length > LINES_KEPT ? now.slice(-LINES_KEPT) : now));
  return { lines, showEarlier, trim, ...createPending(live) };
}

export type MessageLog = ReturnType<typeof createMessageLog>;

/** What was offered through this page and has no number yet. */
function createPending(live: Live) {
  const [pending, setPending] = createSignal<readonly Pending[]>([]);
  const change = (key: string, trouble: string) =>
    setPending((all) => all.map((one) => (one.key === key ? { ...one, trouble } : one)));
  const forget = (key: string) => setPending((all) => all.filter((one) => one.key !== key));
  const offer = async ({ key, topic, text }: Pending) => {
    const outcome = await sendMessage(topic, text, key);
    if (outcome.ok) forget(key);
    else change(key, explain(outcome.code, outcome.detail));
    live.askSoon();
  };
  const send = (topic: string, text: string) => {
    const one: Pending = { key: newKey(), topic, text, trouble: '' };
    setPending((all) => [...all, one]);
    void offer(one);
  };
  /** Offers it again under the same key: it takes effect once, however often it is sent. */
  const sendAgain = (one: Pending) => {
    change(one.key, '');
    void offer(one);
  };
  return { pending, send, sendAgain, forget };
}

/** What a payload says, in one line. */
export function textOf(payload: unknown): string {
  if (typeof payload === 'string') return payload;
  if (
    typeof payload === 'object' &&
    payload !== null &&
    'text' in payload &&
    typeof payload.text === 'string'
  )
    return payload.text;
  return JSON.stringify(payload);
}
