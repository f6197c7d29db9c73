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

/** Which lines are shown: what people and programs said, everything, or one topic. */
export const SAID = 'what was said';
export const ALL = 'everything';

const HEAR_EVERY_MS = 150;
const LINES_WAITING_MOST = 5000;
const FIRST_PAGE = 200;
const PAGE = 500;
/** So many lines are looked for further back, in so many pages: a system may have written thousands between two that were said. */
const LINES_WANTED = 50;
const PAGES_MOST = 12;
/** Lines kept while the newest is in view. */
const LINES_KEPT = 300;

/** What systems write for themselves: their panels show what it means. */
export const isSaid = (topic: string): boolean => !topic.startsWith('replica:');

const fits = (topic: string, wanted: string): boolean =>
  wanted === ALL || (wanted === SAID ? isSaid(topic) : topic === wanted);

/** Follows the log from its last lines on; reads it anew when others are wanted, or the peer comes back with another log. */
export function createMessageLog(live: Live) {
  const [wanted, setWanted] = createSignal(SAID);
  const [topics, setTopics] = createSignal<readonly string[]>([]);
  const [lines, setLines] = createSignal<readonly Delivery[]>([]);
  /** What comes before it has not been read. */
  const [first, setFirst] = createSignal(1);
  let last = 0;
  let following = false;
  /** What is heard while the log is read anew; null while it is not. */
  let meanwhile: Delivery[] | null = null;
  let readings = 0;

  const chosen = (deliveries: readonly Delivery[]) => deliveries.filter(({ topic }) => fits(topic, wanted()));
  const noteTopics = (deliveries: readonly Delivery[]) => {
    const fresh = deliveries.filter(({ topic }) => !topics().includes(topic)).map(({ topic }) => topic);
    if (fresh.length > 0) setTopics([...new Set([...topics(), ...fresh])].sort());
  };
  const add = (fresh: readonly Delivery[]) => {
    const next = fresh.filter((delivery) => delivery.sequence > last);
    last = next.at(-1)?.sequence ?? last;
    noteTopics(next);
    const shown = chosen(next);
    if (shown.length > 0) setLines((before) => [...before, ...shown]);
  };
  const heard = createBatch<Delivery>(
    (fresh) => {
      if (meanwhile === null) add(fresh);
      else meanwhile.push(...fresh);
    },
    { everyMs: HEAR_EVERY_MS, most: LINES_WAITING_MOST },
  );
  /** Pages from `before` on backwards, until there is something to show or nothing is kept any more; `from` is how far it came. */
  const readBack = async (before: number, size: number) => {
    let found: readonly Delivery[] = [];
    let from = before;
    for (let pages = 0; pages < PAGES_MOST && found.length < LINES_WANTED && from > 1; pages++) {
      let limit = Math.min(pages === 0 ? size : PAGE, from - 1);
      let page = await readMessages(from - 1 - limit, limit);
      // A page that begins where nothing is kept is refused: a smaller one may not be.
      while (page === null && limit > 1) {
        limit = Math.floor(limit / 2);
        page = await readMessages(from - 1 - limit, limit);
      }
      if (page === null) break;
      noteTopics(page);
      found = [...chosen(page.filter(({ sequence }) => sequence < from)), ...found];
      from -= limit;
    }
    return { found, from };
  };
  const readAnew = async (sequence: number) => {
    meanwhile ??= [];
    readings += 1;
    const reading = readings;
    const read = await readBack(sequence + 1, FIRST_PAGE);
    // Something else was wanted in the meantime.
    if (reading !== readings) return;
    const late = meanwhile;
    meanwhile = null;
    last = sequence;
    setFirst(read.from);
    setLines(read.found);
    add(late);
    if (following) return;
    following = true;
    live.follow(openStream(() => `v1/stream?after=${last}`, { event: (value) => heard(value as Delivery) }));
  };
  // Another cluster has another log; the same one, told by a peer that came back, goes on.
  const cluster = createMemo(() => {
    const status = live.facts.status;
    return status ? `${status.cluster} ${status.clusterId}` : '';
  });
  createEffect(
    on(cluster, (known) => {
      if (known === '') return;
      setTopics([]);
      void readAnew(live.facts.status?.sequence ?? 0);
    }),
  );
  /** From now on these lines are shown: `SAID`, `ALL`, or a topic. */
  const want = (which: string) => {
    setWanted(which);
    setLines([]);
    void readAnew(Math.max(last, live.facts.status?.sequence ?? 0));
  };

  const showEarlier = async () => {
    const before = first();
    const read = await readBack(before, PAGE);
    setFirst(read.from === before ? 1 : read.from);
    setLines((now) => [...read.found, ...now]);
  };
  /** Lets go of the oldest lines; called while the newest is in view. */
  const trim = () => {
    if (lines().length <= LINES_KEPT) return;
    const kept = lines().slice(-LINES_KEPT);
    setFirst(kept[0]?.sequence ?? 1);
    setLines(kept);
  };
  const hasEarlier = () => first() > 1;
  return { lines, topics, wanted, want, hasEarlier, showEarlier, trim, ...createPending(live) };
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
