/** The monitor as lines: one per event, `name key=value …` or one object each; for pipes, programs and screen readers. */
import { printable } from '../../transport/index.js';
import { EXIT, type ExitCode } from '../node/exit.js';
import { lineOf } from '../node/report.js';
import { onShutdown } from '../node/shutdown.js';
import type { MonitorSettings } from './settings.js';
import type { MonitorEvent } from './state.js';
import { Watch } from './watch.js';

/**
 * Writes what happens until a signal.
 *
 * Nothing is written before a peer has answered: who could not be watched says so in one line, and nothing else.
 *
 * @throws ProgramFailure 75 when no peer answers.
 */
export async function runPlain(
  { origins, json }: Pick<MonitorSettings, 'origins' | 'json'>,
  write: (line: string) => void,
): Promise<ExitCode> {
  let waiting: string[] | null = [];
  const say = (at: number, { event, facts }: MonitorEvent) => {
    const line = printable(lineOf(json, event, { at: new Date(at).toISOString(), ...facts }));
    if (waiting === null) write(line);
    else waiting.push(line);
  };
  const watch = new Watch(origins, (at, _cluster, events) => {
    for (const event of events) say(at, event);
  });
  let unheard: () => void = () => {};
  const asked = new Promise<'asked'>((resolve) => {
    unheard = onShutdown(() => resolve('asked'));
  });
  try {
    if ((await Promise.race([watch.finds(), asked])) === 'asked') return EXIT.clean;
    write(lineOf(json, 'watching', { http: origins }));
    for (const line of waiting.splice(0)) write(line);
    waiting = null;
    await asked;
    return EXIT.clean;
  } finally {
    unheard();
    watch.close();
  }
}
