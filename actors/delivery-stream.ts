/** Deliveries as people take them: everything from some place on, then what follows, until the peer ends or they have enough. */
import type { Delivery } from './api.js';
import type { Deliveries } from './deliveries.js';
import { ClusterError } from './errors.js';

export interface StreamOptions {
  readonly topic?: string;
  /** A sequence, or a topic sequence when `topic` is given; default 0. */
  readonly after?: number;
  readonly signal?: AbortSignal;
}

/** How the peer ends, as the stream sees it. */
export interface Ending {
  readonly isOver: () => boolean;
  readonly onOver: (task: () => void) => () => void;
}

const BATCH = 256;

export async function* deliveryStream(
  deliveries: Deliveries,
  { topic, after: start = 0, signal }: StreamOptions,
  ending: Ending,
): AsyncGenerator<Delivery> {
  let { cuts } = deliveries;
  for (let after = start; signal?.aborted !== true; ) {
    after = deliveries.standing(after, cuts, topic);
    cuts = deliveries.cuts;
    const dropped = deliveries.dropped(topic);
    if (after > 0 && after < dropped)
      throw new ClusterError('history-gone', `the first ${dropped} are gone: begin after ${dropped}`);
    const batch = deliveries.after(after, BATCH, topic);
    for (const delivery of batch) {
      if (signal?.aborted) return;
      yield delivery;
    }
    after = Math.max(after, dropped) + batch.length;
    if (batch.length === 0 && !(await nextDelivery(deliveries, signal, ending))) return;
  }
}

/** True when something was delivered; false when the wait is over for good. */
function nextDelivery(
  deliveries: Deliveries,
  signal: AbortSignal | undefined,
  { isOver, onOver }: Ending,
): Promise<boolean> {
  if (isOver() || signal?.aborted) return Promise.resolve(false);
  return new Promise((resolve) => {
    const finish = (outcome: boolean) => {
      stopListening();
      stopWatching();
      signal?.removeEventListener('abort', abort);
      resolve(outcome);
    };
    const abort = () => finish(false);
    const stopListening = deliveries.listen(() => finish(true));
    const stopWatching = onOver(() => finish(false));
    signal?.addEventListener('abort', abort);
  });
}
