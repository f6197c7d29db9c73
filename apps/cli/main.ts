#!/usr/bin/env node
/** The way in of the `bullpen` command. Whatever goes wrong ends as one line on stderr and an exit code. */
import { EXIT, endingOf } from '../node/exit.js';
import { runCommand } from './command.js';

function fail(problem: unknown): never {
  const { exitCode, lines } = endingOf(problem);
  for (const line of lines) process.stderr.write(`bullpen: ${line}\n`);
  // For whoever mends it: what a user sees stays one line.
  if (exitCode === EXIT.internal && process.env.BULLPEN_STACK !== undefined) console.error(problem);
  process.exit(exitCode);
}

process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);
// The reader of our output has gone (`bullpen … | head`): nobody is left to tell.
process.stdout.on('error', (problem: NodeJS.ErrnoException) => {
  if (problem.code === 'EPIPE') process.kill(process.pid, 'SIGTERM');
  else fail(problem);
});

try {
  process.exit(await runCommand(process.argv.slice(2)));
} catch (problem) {
  fail(problem);
}
