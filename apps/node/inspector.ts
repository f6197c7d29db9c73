/** Feeds the Stately inspector: as a server to which viewers come, or as a client of one that runs already. */
import type { Peer } from '../../actors/index.js';
import { hostOf } from './http-guard.js';
import { feedInspector } from './inspector-client.js';
import { serveInspector } from './inspector-server.js';
import type { Logger } from './logger.js';

export interface Inspector {
  /** Where to look, in words. */
  readonly where: string;
  close(): Promise<void>;
}

/**
 * @param target - `true`: any free port of this machine; `PORT` or `HOST:PORT`: there; `ws://…`: that server.
 * @throws ProgramFailure when it cannot be listened at.
 */
export async function startInspector(peer: Peer, target: string | true, log: Logger): Promise<Inspector> {
  if (target === true) return serveInspector(peer, '127.0.0.1', 0, log);
  if (/^wss?:/.test(target)) return feedInspector(peer, target, log);
  const port = Number(target.slice(target.lastIndexOf(':') + 1));
  return serveInspector(peer, target.includes(':') ? hostOf(target) : '127.0.0.1', port, log);
}
