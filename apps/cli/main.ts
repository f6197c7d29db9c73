#!/usr/bin/env node
/** The way in of the `bullpen` command. Whatever goes wrong ends as one line on stderr and an exit code. */
import { EXIT, endingOf } from '../node/exit.js';
import { runCommand } from './command.js';

/** What was written into a pipe is still on its way: who ends before it has arrived cuts it off. */
const arrived = (stream: NodeJS.WriteStream) =>
  new Promise<void>((resolve) => {
    stream.write('', () => resolve());
  });

async function end(exitCode: number): Promise<never> {
  await Promise.all([arrived(process.stdout), arrived(process.stderr)]);
  process.exit(exitCode);
}

/** What has failed does not stay for a reader that does not read. */
const READ_WITHIN_MS = 2000;

function fail(problem: unknown): Promise<never> {
  const { exitCode, lines } = endingOf(problem);
  for (const line of lines) process.stderr.write(`bullpen: ${line}\n`);
  // For whoever mends it: what a user sees stays one line.
  if (exitCode === EXIT.internal && process.env.BULLPEN_STACK !== undefined) console.error(problem);
  setTimeout(() => process.exit(exitCode), READ_WITHIN_MS);
  return end(exitCode);
}

process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);
// The reader of our output has gone (`bullpen … | head`): nobody is left to tell.
process.stdout.on('error', (problem: NodeJS.ErrnoException) => {
  if (problem.code !== 'EPIPE') fail(problem);
  else if (process.listenerCount('SIGTERM') > 0) process.kill(process.pid, 'SIGTERM');
  else process.exit(EXIT.clean);
});

try {
  await end(await runCommand(process.argv.slice(2)));
} catch (problem) {
  await fail(problem);
}
