/** How a program is asked to end: the first signal asks, the second insists. */

const NUMBER_OF = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const;
type Signal = keyof typeof NUMBER_OF;

/**
 * Calls `asked` at the first SIGINT, SIGTERM or SIGHUP, or when the program that started this one with a channel is
 * gone. A second signal ends the process at once, with 128 + its number.
 *
 * @returns what stops listening.
 */
export function onShutdown(asked: (signal: Signal) => void): () => void {
  let first = true;
  const hear = (signal: Signal) => {
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
    process.off('disconnect', orphaned);
    for (const signal of signals) process.off(signal, hear);
  };
}
