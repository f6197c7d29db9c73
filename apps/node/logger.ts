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
