/** One process of the floor (`dist/bench-floor.js`): the hub, which numbers, or a leaf, which may submit. */
import { fdatasync, openSync, write } from 'node:fs';
import { WebSocket, WebSocketServer } from 'ws';
import type { Mark } from './statistics.js';
import { sharedNow } from './worker-orders.js';

export interface FloorTask {
  /** The hub's port; null makes this one the hub. */
  readonly hub: number | null;
  /** Submissions that wait for their delivery at once; 0 submits nothing. */
  readonly inFlight: number;
  readonly payloadBytes: number;
  /** Where the log is written. */
  readonly file: string;
}

export type FloorFact =
  | { readonly kind: 'listening'; readonly port: number }
  | { readonly kind: 'marks'; readonly marks: readonly Mark[] };

/** What travels: payloads to be ordered, entries to be stored, how many are stored, how many are committed. */
interface Frame {
  readonly submit?: readonly unknown[];
  readonly append?: readonly unknown[];
  readonly stored?: number;
  readonly commit?: number;
}

const BATCH_ENTRIES = 256;
const MARK_EVERY_MS = 10;

const marks: Mark[] = [];
let delivered = 0;
const tell = (fact: FloorFact) => void process.send?.(fact);

/** Group commit: what comes while a sync is under way shares the next one. */
function createDisk(
  file: string,
  stored: (entries: number) => void,
): (text: string, entries: number) => void {
  const descriptor = openSync(file, 'w');
  let texts: string[] = [];
  let entries = 0;
  let isBusy = false;
  const sync = () => {
    const text = texts.join('\n');
    const count = entries;
    texts = [];
    entries = 0;
    isBusy = true;
    write(descriptor, text, (problem) => {
      if (problem) throw problem;
      fdatasync(descriptor, (failure) => {
        if (failure) throw failure;
        isBusy = false;
        stored(count);
        if (texts.length > 0) sync();
      });
    });
  };
  return (text, count) => {
    texts.push(text);
    entries += count;
    if (!isBusy) sync();
  };
}

function batchesOf(items: readonly unknown[]): readonly (readonly unknown[])[] {
  return Array.from({ length: Math.ceil(items.length / BATCH_ENTRIES) }, (_, batch) =>
    items.slice(batch * BATCH_ENTRIES, (batch + 1) * BATCH_ENTRIES),
  );
}

function runHub({ file }: FloorTask): void {
  const leaves: WebSocket[] = [];
  const storedAt = new Map<WebSocket, number>();
  let storedHere = 0;
  const send = (text: string) => {
    for (const leaf of leaves) leaf.send(text);
  };
  const advance = () => {
    // Two of three hold it.
    const [, second = 0] = [storedHere, ...storedAt.values()].sort((a, b) => b - a);
    if (second <= delivered) return;
    delivered = second;
    send(JSON.stringify({ commit: delivered }));
  };
  const store = createDisk(file, (entries) => {
    storedHere += entries;
    advance();
  });
  const order = (submitted: readonly unknown[]) => {
    const at = Date.now();
    const append = submitted.map((submission) => ({ kind: 'submission', at, body: submission }));
    const text = JSON.stringify({ append });
    send(text);
    store(text, append.length);
  };
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
  server.on('listening', () => {
    const address = server.address();
    if (typeof address === 'object' && address !== null) tell({ kind: 'listening', port: address.port });
  });
  server.on('connection', (leaf) => {
    leaves.push(leaf);
    leaf.on('message', (content) => {
      const { submit, stored } = JSON.parse(content.toString()) as Frame;
      if (submit !== undefined) order(submit);
      if (stored === undefined) return;
      storedAt.set(leaf, stored);
      advance();
    });
  });
}

function runLeaf({ hub, inFlight, payloadBytes, file }: FloorTask): void {
  const socket = new WebSocket(`ws://127.0.0.1:${hub}`, { perMessageDeflate: false });
  const payload = {
    submittedAt: 0,
    filler: 'x'.repeat(payloadBytes - '{"submittedAt":0,"filler":""}'.length),
  };
  let stored = 0;
  let submitted = 0;
  const store = createDisk(file, (entries) => {
    stored += entries;
    socket.send(JSON.stringify({ stored }));
  });
  const submit = () => {
    const submissions: unknown[] = [];
    while (submitted - delivered < inFlight)
      submissions.push({ number: ++submitted, topic: 'bench', payload });
    for (const batch of batchesOf(submissions)) socket.send(JSON.stringify({ submit: batch }));
  };
  socket.on('open', submit);
  socket.on('message', (content) => {
    const text = content.toString();
    const { append, commit } = JSON.parse(text) as Frame;
    if (append !== undefined) store(text, append.length);
    if (commit === undefined) return;
    delivered = commit;
    if (inFlight > 0) setImmediate(submit);
  });
}

process.on('message', (task: FloorTask | 'marks') => {
  if (task === 'marks') tell({ kind: 'marks', marks });
  else if (task.hub === null) runHub(task);
  else runLeaf(task);
});
process.on('disconnect', () => process.exit());
setInterval(() => marks.push([sharedNow(), delivered]), MARK_EVERY_MS);
