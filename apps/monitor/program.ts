/** `bullpen monitor`: a running cluster watched from outside, on a terminal or as lines. */
import type { ExitCode } from '../node/exit.js';
import { runPlain } from './plain.js';
import type { MonitorSettings } from './settings.js';

export interface MonitorStreams {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

/**
 * Watches until the user or a signal ends it.
 *
 * @throws ProgramFailure 75 when no peer answers.
 */
export async function watchCluster(settings: MonitorSettings, io: MonitorStreams): Promise<ExitCode> {
  if (settings.plain || settings.json || !isTerminal(io))
    return runPlain(settings, (line) => void io.stdout.write(`${line}\n`));
  // React keeps a record of every rendering unless it is told that nobody develops here.
  process.env.NODE_ENV ??= 'production';
  const { runTerminal } = await import('./terminal.js');
  return runTerminal(settings, io);
}

function isTerminal({ stdin, stdout }: MonitorStreams): boolean {
  const { NO_COLOR, CI, TERM } = process.env;
  return stdin.isTTY === true && stdout.isTTY === true && !NO_COLOR && !CI && TERM !== 'dumb';
}
