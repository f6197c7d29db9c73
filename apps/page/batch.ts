/** Collects what arrives and hands it over in batches, so that a busy cluster costs a few redraws per second. */

/** While nobody looks, browsers stop animation frames; a slow timer keeps the batches bounded. */
const HIDDEN_MS = 1000;

/**
 * @param handle - hears everything that came since the last time, oldest first, at most once per `everyMs`.
 * @param most - items kept between two calls; the oldest go first, and `handle` is told how many.
 */
export function createBatch<Item>(
  handle: (items: readonly Item[], dropped: number) => void,
  { everyMs, most }: { readonly everyMs: number; readonly most: number },
): (item: Item) => void {
  let waiting: Item[] = [];
  let dropped = 0;
  let scheduled = false;
  let handledAt = 0;

  const flush = () => {
    scheduled = false;
    const items = waiting;
    const lost = dropped;
    waiting = [];
    dropped = 0;
    handledAt = performance.now();
    handle(items, lost);
  };
  const schedule = () => {
    if (document.hidden) setTimeout(flush, HIDDEN_MS);
    else setTimeout(() => (document.hidden ? flush() : requestAnimationFrame(flush)), delay());
  };
  const delay = () => Math.max(0, handledAt + everyMs - performance.now());

  return (item) => {
    waiting.push(item);
    if (waiting.length > most) {
      waiting.shift();
      dropped += 1;
    }
    if (scheduled) return;
    scheduled = true;
    schedule();
  };
}
