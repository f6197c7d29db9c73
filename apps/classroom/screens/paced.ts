/** What is costly to know, known again no more often than it can be afforded, and not while nobody looks. */
import { type Accessor, createEffect, createSignal, on, onCleanup, untrack } from 'solid-js';

/** Between two answers, real ms. */
const PACE_MS = 400;
/** Answering takes at most about this share of the time. */
const SHARE = 0.1;

/** @param changes - tracked: when it changes, `answer` is asked again, soon; `answer` itself is not tracked. */
export function createPaced<Value>(changes: () => unknown, answer: () => Value): Accessor<Value> {
  const [value, setValue] = createSignal<Value>(untrack(answer), { equals: false });
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOwed = false;
  let costMs = 0;

  const again = () => {
    timer = undefined;
    isOwed = document.hidden;
    if (isOwed) return;
    const began = performance.now();
    const next = untrack(answer);
    setValue(() => next);
    costMs = performance.now() - began;
  };
  const wake = () => {
    if (isOwed && !document.hidden) again();
  };
  createEffect(
    on(
      changes,
      () => {
        timer ??= setTimeout(again, Math.max(PACE_MS, costMs / SHARE));
      },
      { defer: true },
    ),
  );
  document.addEventListener('visibilitychange', wake);
  onCleanup(() => {
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', wake);
  });
  return value;
}
