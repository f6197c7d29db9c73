/** Structured logs on stderr: JSON lines for programs, readable lines for people at a terminal. */
import pino from 'pino';

export type Logger = pino.Logger;

/** Written at once, so that nothing is lost when the process ends. */
async function toStderr(): Promise<pino.DestinationStream> {
  if (!process.stderr.isTTY) return pino.destination({ dest: 2, sync: true });
  const { default: pretty } = await import('pino-pretty');
  return pretty({ destination: 2, sync: true, ignore: 'hostname,pid', singleLine: true });
}

const optionsOf = (level: string, peer: string) =>
  ({ level, base: { peer }, timestamp: pino.stdTimeFunctions.isoTime }) as const;

/**
 * @param level - the lowest level written.
 * @param peer - stands in every line.
 */
export async function createLogger(level: string, peer: string): Promise<Logger> {
  return pino(optionsOf(level, peer), await toStderr());
}

/** The same, and everything goes to `file` too, as JSON lines, whatever the level. */
export async function withFile(level: string, peer: string, file: pino.DestinationStream): Promise<Logger> {
  const terminal = { level: level as pino.Level, stream: await toStderr() };
  const streams = level === 'silent' ? [] : [terminal];
  return pino(optionsOf('trace', peer), pino.multistream([...streams, { level: 'trace', stream: file }]));
}
