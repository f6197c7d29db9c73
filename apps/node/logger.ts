/** Structured logs on stderr: JSON lines for programs, readable lines for people at a terminal. */
import pino from 'pino';

export type Logger = pino.Logger;

/**
 * @param level - the lowest level written.
 * @param peer - stands in every line.
 */
export async function createLogger(level: string, peer: string): Promise<Logger> {
  const options = { level, base: { peer }, timestamp: pino.stdTimeFunctions.isoTime };
  if (!process.stderr.isTTY) return pino(options, pino.destination({ dest: 2, sync: true }));
  const { default: pretty } = await import('pino-pretty');
  return pino(options, pretty({ destination: 2, sync: true, ignore: 'hostname,pid', singleLine: true }));
}

/** The same, and everything goes to `file` too, whatever the level. JSON lines, on a terminal too. */
export function withFile(level: string, peer: string, file: pino.DestinationStream): Logger {
  const options = { level: 'trace', base: { peer }, timestamp: pino.stdTimeFunctions.isoTime };
  const terminal = { level: level as pino.Level, stream: pino.destination({ dest: 2, sync: true }) };
  const streams = level === 'silent' ? [] : [terminal];
  return pino(options, pino.multistream([...streams, { level: 'trace', stream: file }]));
}
