/** How a program is asked to end: the first signal asks, the second insists. */

const NUMBER_OF = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const;
type Signal = keyof typeof NUMBER_OF;

/** Who listens, the newest last: it alone is asked. */
const listeners: symbol[] = [];

/**
 * Calls `asked` at the first SIGINT, SIGTERM or SIGHUP, or when the program that started this one with a channel is
 * gone. A second signal ends the process at once, with 128 + its number. Whoever listens later is asked in its place, until it
 * listens no more.
 *
 * @returns what stops listening.
 */
export function onShutdown(asked: (signal: Signal) => void): () => void {
  const self = Symbol('listener');
  listeners.push(self);
  let first = true;
  const hear = (signal: Signal) => {
    if (listeners.at(-1) !== self) return;
    if (!first) process.exit(128 + NUMBER_OF[signal]);
    first = false;
    asked(signal);
  };
  const signals = Object.keys(NUMBER_OF) as Signal[];
  for (const signal of signals) process.on(signal, hear);
  const orphaned = () => {
    if (first) hear('SIGTERM');
  };
  process.on('disconnect', orphaned);
  // It may have gone while this process was starting; without a channel `connected` is undefined.
  if (process.connected === false) setImmediate(orphaned);
  return () => {
    if (listeners.includes(self)) listeners.splice(listeners.indexOf(self), 1);
    process.off('disconnect', orphaned);
    for (const signal of signals) process.off(signal, hear);
  };
}
