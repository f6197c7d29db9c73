/** The loads a worker puts on its peer. */
import type { Peer } from '../../actors/index.js';
import { type Load, sharedNow } from './worker-orders.js';

export interface LoadListener {
  /** A message of a steady load was delivered here, so long after it was submitted. */
  answered(latencyMs: number): void;
  failed(): void;
}

export interface RunningLoad {
  /** Submits nothing more; resolves once everything submitted has its answer. */
  stop(): Promise<void>;
}

/** A payload of the bench: when it was submitted (0 under a saturating load), and so many bytes in all. */
export interface BenchPayload {
  readonly submittedAt: number;
  readonly filler: string;
}

const TOPIC = 'bench';

/** @param payloadBytes - one payload, encoded. */
export function startLoad(peer: Peer, load: Load, payloadBytes: number, listener: LoadListener): RunningLoad {
  return load.kind === 'saturating'
    ? saturate(peer, load.inFlight, payloadBytes, listener)
    : keepPace(peer, load.perSecond, payloadBytes, listener);
}

function saturate(peer: Peer, inFlight: number, payloadBytes: number, listener: LoadListener): RunningLoad {
  const payload = { submittedAt: 0, filler: fillerFor(0, payloadBytes) };
  const waiting = new Waiting();
  let isFillDue = false;
  const fillSoon = () => {
    if (isFillDue || waiting.isClosed) return;
    isFillDue = true;
    // Answers come many at a time: all of them are replaced at once.
    setImmediate(fill);
  };
  const taken = () => {
    waiting.leave();
    fillSoon();
  };
  const refused = () => {
    listener.failed();
    taken();
  };
  function fill(): void {
    isFillDue = false;
    if (waiting.isClosed) return;
    while (waiting.count < inFlight) {
      waiting.enter();
      peer.submit(TOPIC, payload).then(taken, refused);
    }
  }
  fill();
  return { stop: () => waiting.close() };
}

/** Timers fire no more often than this; a submission that is later than due by less is not the peer's fault. */
const TIMER_MS = 2;

function keepPace(peer: Peer, perSecond: number, payloadBytes: number, listener: LoadListener): RunningLoad {
  const start = sharedNow();
  const filler = fillerFor(start, payloadBytes);
  const waiting = new Waiting();
  let submitted = 0;
  const submit = (due: number) => {
    const now = sharedNow();
    // A process that stood still submits late: the wait counts, or the worst moments would be left out.
    const from = now - due > TIMER_MS ? due : now;
    waiting.enter();
    peer.submit(TOPIC, { submittedAt: round(now), filler }).then(
      () => {
        listener.answered(sharedNow() - from);
        waiting.leave();
      },
      () => {
        listener.failed();
        waiting.leave();
      },
    );
  };
  const timer = setInterval(() => {
    const due = ((sharedNow() - start) * perSecond) / 1000;
    for (; submitted < due; submitted++) submit(start + (submitted * 1000) / perSecond);
  }, 1);
  return {
    stop: () => {
      clearInterval(timer);
      return waiting.close();
    },
  };
}

/** Counts what waits for its answer. */
class Waiting {
  count = 0;
  isClosed = false;
  #empty: (() => void) | undefined;

  enter(): void {
    this.count += 1;
  }

  leave(): void {
    this.count -= 1;
    if (this.count === 0) this.#empty?.();
  }

  close(): Promise<void> {
    this.isClosed = true;
    if (this.count === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#empty = resolve;
    });
  }
}

const round = (ms: number): number => Math.round(ms * 1000) / 1000;

/** What makes a payload that long once it is encoded. */
function fillerFor(submittedAt: number, payloadBytes: number): string {
  const bare = JSON.stringify({ submittedAt: round(submittedAt), filler: '' }).length;
  return 'x'.repeat(Math.max(0, payloadBytes - bare));
}
