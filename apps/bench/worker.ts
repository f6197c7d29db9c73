/**
 * One process of the bench: a peer through its public handle, an application that takes its deliveries, and its load.
 *
 * A program of its own (`dist/bench-worker.js`): it obeys the process that started it, and ends with it.
 */
import { createPeer, type Peer } from '../../actors/index.js';
import { type BenchPayload, type RunningLoad, startLoad } from './load.js';
import type { Mark } from './statistics.js';
import { watchHeap, weigh } from './weight.js';
import {
  type Answers,
  type Order,
  type Recording,
  type Request,
  type Response,
  sharedNow,
} from './worker-orders.js';

/** How often the count of deliveries is written down. */
const MARK_EVERY_MS = 10;
/** The clock is not looked at for every delivery. */
const LOOK_EVERY = 32;

let peer: Peer | undefined;
let load: RunningLoad | undefined;
let delivered = 0;
let marks: Mark[] = [];
let latencies: number[] = [];
let arrivals: (readonly [number, number])[] = [];
let failures = 0;
let suspicions = 0;
let coordinatorChanges = 0;

async function obey(order: Order): Promise<Answers[Order['do']]> {
  if (order.do === 'start') {
    peer = await createPeer(order.options);
    watchHeap();
    takeDeliveries(peer).catch(die);
    peer.on('suspected', () => {
      suspicions += 1;
    });
    peer.on('coordinator', () => {
      coordinatorChanges += 1;
    });
    peer.on('stopped', ({ code, detail }) => code === 'failed' && die(new Error(detail)));
    return { address: peer.address };
  }
  if (peer === undefined) throw new Error('the peer has not been started');
  switch (order.do) {
    case 'load':
      load = startLoad(peer, order.load, order.payloadBytes, {
        answered: (latencyMs) => latencies.push(latencyMs),
        failed: () => {
          failures += 1;
        },
      });
      return null;
    case 'rest':
      await load?.stop();
      load = undefined;
      return null;
    case 'status':
      return peer.status();
    case 'transfer':
      await peer.transfer(order.to);
      return null;
    case 'record':
      return takeRecording();
    case 'weigh':
      return weigh(peer);
    default:
      return order satisfies never;
  }
}

/** The application: it takes every delivery, in order, as any other would. */
async function takeDeliveries(source: Peer): Promise<void> {
  setInterval(mark, MARK_EVERY_MS);
  for await (const { payload } of source.deliveries()) {
    delivered += 1;
    const { submittedAt } = payload as BenchPayload;
    if (submittedAt > 0) arrivals.push([submittedAt, sharedNow()]);
    if (delivered % LOOK_EVERY === 0 && sharedNow() - (marks.at(-1)?.[0] ?? 0) >= MARK_EVERY_MS) mark();
  }
}

function mark(): void {
  marks.push([sharedNow(), delivered]);
}

function takeRecording(): Recording {
  mark();
  const recording = { marks, latencies, arrivals, failures, suspicions, coordinatorChanges };
  marks = [];
  latencies = [];
  arrivals = [];
  failures = 0;
  suspicions = 0;
  coordinatorChanges = 0;
  return recording;
}

const answer = (response: Response) => void process.send?.(response);

function die(problem: unknown): void {
  process.stderr.write(`bench worker: ${problem instanceof Error ? problem.message : String(problem)}\n`);
  process.exit(1);
}

process.on('message', ({ number, order }: Request) => {
  obey(order).then(
    (result) => answer({ number, ok: true, answer: result }),
    (problem) => answer({ number, ok: false, detail: String(problem) }),
  );
});
// A clean end, so that a profile is written.
process.on('disconnect', () => {
  if (peer === undefined) process.exit(0);
  peer.stop().then(() => process.exit(0), die);
});
