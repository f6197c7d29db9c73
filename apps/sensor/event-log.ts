/** A peer's log file: what it said, each event a line of JSON with its time. Readings stand in their own files. */
import { appendFileSync } from 'node:fs';
import type { Say } from '../node/console.js';
import { EXIT, ProgramFailure } from '../node/exit.js';
import { lineOf } from '../node/report.js';

const QUIET_EVENTS: readonly string[] = ['reading'];

/** @throws ProgramFailure 78 when it cannot be written. */
export function checkLogFile(path: string): void {
  try {
    appendFileSync(path, '');
  } catch (problem) {
    const reason = problem instanceof Error ? problem.message : String(problem);
    throw new ProgramFailure(EXIT.configuration, `--log-file: ${path} cannot be written: ${reason}`);
  }
}

/**
 * Says and writes; a disk that is full is no reason to say less.
 *
 * @param path - appended to; null writes nothing.
 */
export function loggingTo(path: string | null, say: Say): Say {
  if (path === null) return say;
  let isWritten = true;
  return (event, facts, words) => {
    say(event, facts, words);
    if (QUIET_EVENTS.includes(event)) return;
    try {
      appendFileSync(path, `${lineOf(true, event, { time: new Date().toISOString(), ...facts })}\n`);
      isWritten = true;
    } catch (problem) {
      const detail = problem instanceof Error ? problem.message : String(problem);
      if (isWritten) say('warning', { code: 'log-failed', detail }, `log-failed: ${detail}`);
      isWritten = false;
    }
  };
}
