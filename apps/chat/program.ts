/** `bullpen chat`: a user, and in the same process the peer or client that the user sits at. */
import { runPlain } from './plain.js';
import type { Seat } from './seat.js';

export interface ChatSettings {
  /** One stable line per event. Without a terminal, or where colours are not wanted, that is so anyway. */
  readonly plain: boolean;
  /** One JSON object per event, of every room. */
  readonly json: boolean;
  /** Where the conversation begins; default `general`. */
  readonly room?: string | undefined;
}

export interface ChatStreams {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

/**
 * Talks at `seat` until the user or a signal ends it; then the seat is left.
 *
 * @returns the exit code: 0, or that of the first line of a pipe that was refused.
 * @throws ClusterError when it could not go on.
 */
export async function runChat(seat: Seat, settings: ChatSettings, io: ChatStreams): Promise<number> {
  if (settings.json || settings.plain || !isTerminal(io)) return runPlain(seat, settings, io);
  // React keeps a record of every rendering unless it is told that nobody develops here.
  process.env.NODE_ENV ??= 'production';
  // The terminal's library is large: who does not look at it does not load it.
  const { runTerminal } = await import('./terminal.js');
  return runTerminal(seat, settings, io);
}

/** Whether the chat is drawn; else it is said in lines, which begin with the command's `ready` line. */
export function isTerminal({ stdin, stdout }: ChatStreams): boolean {
  const { NO_COLOR, CI, TERM } = process.env;
  return stdin.isTTY === true && stdout.isTTY === true && !NO_COLOR && !CI && TERM !== 'dumb';
}
