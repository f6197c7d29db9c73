/** The log file of one peer: everything its program said and everything that was logged, as JSON lines, also when the terminal is quiet. */
import { closeSync, openSync } from 'node:fs';
import { dirname, join } from 'node:path';
import pino from 'pino';
import { EXIT, ProgramFailure } from './exit.js';
import { makeFolder } from './folder.js';
import { type Logger, withFile } from './logger.js';
import type { Facts } from './report.js';

/** What `--quiet` and `--log-file` ask for. */
export interface LogFileSettings {
  readonly quiet: boolean;
  readonly logFile?: string | undefined;
}

/** It is open until the process ends. */
export interface LogFile {
  readonly path: string;
  /** As `log`, and into the file whatever the level. */
  readonly log: Logger;
  record(event: string, facts: Facts): void;
}

type Place = { readonly id: string; readonly data?: string | undefined; readonly logLevel: string };

/**
 * Before anything is started.
 *
 * @throws ProgramFailure 64 when there is to be silence, and no place for what is not said; 78 when the file that was asked for
 *   cannot be written.
 */
export function checkLogFile({ quiet, logFile }: LogFileSettings, { data }: Place): void {
  if (quiet && logFile === undefined && data === undefined)
    throw new ProgramFailure(EXIT.usage, '--quiet: needs a place for the log: give --log-file, or --data');
  if (logFile !== undefined) closeSync(opened(logFile));
}

/**
 * Opens the file for appending.
 *
 * @param place - `data` is the journal's folder: there it is when no other place was asked for, called `SYSTEM.log`.
 * @returns null when there is no place for it.
 * @throws ProgramFailure 78 when it cannot be written.
 */
export async function openLogFile(
  { quiet, logFile }: LogFileSettings,
  { id, data, logLevel }: Place,
  system: string,
): Promise<LogFile | null> {
  const path = logFile ?? (data === undefined ? undefined : join(data, `${system}.log`));
  if (path === undefined) return null;
  const file = opened(path);
  const stream = pino.destination({ dest: file, sync: true });
  const told = pino({ level: 'trace', base: { peer: id }, timestamp: pino.stdTimeFunctions.isoTime }, stream);
  return {
    path,
    log: await withFile(quiet && logLevel !== 'silent' ? 'error' : logLevel, id, stream),
    record: (event, facts) => told.info({ event, ...facts }),
  };
}

function opened(path: string): number {
  try {
    makeFolder(dirname(path));
    return openSync(path, 'a', 0o600);
  } catch (problem) {
    throw new ProgramFailure(
      EXIT.configuration,
      `--log-file: ${path} cannot be written: ${(problem as Error).message}`,
    );
  }
}
