/** `bullpen chat`: a peer and its user in one process. */
import type { Peer } from '../../actors/index.js';
import { runPlain } from './plain.js';

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
 * Talks through `peer` until the user or a signal ends it; then the peer has left, or was stopped.
 *
 * @param peer - started; it need not be ready yet.
 * @returns the exit code: 0, or that of the first line of a pipe that was refused.
 * @throws ClusterError when the peer could not go on.
 */
export async function runChat(peer: Peer, settings: ChatSettings, io: ChatStreams): Promise<number> {
  if (settings.json || settings.plain || !isTerminal(io)) return runPlain(peer, settings, io);
  // React keeps a record of every rendering unless it is told that nobody develops here.
  process.env.NODE_ENV ??= 'production';
  // The terminal's library is large: who does not look at it does not load it.
  const { runTerminal } = await import('./terminal.js');
  return runTerminal(peer, settings, io);
}

/** Whether the chat is drawn; else it is said in lines, which begin with the command's `ready` line. */
export function isTerminal({ stdin, stdout }: ChatStreams): boolean {
  const { NO_COLOR, CI, TERM } = process.env;
  return stdin.isTTY === true && stdout.isTTY === true && !NO_COLOR && !CI && TERM !== 'dumb';
}
