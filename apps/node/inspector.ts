/** Feeds the Stately inspector: as a server to which viewers come, or as a client of one that runs already. */
import type { Peer } from '../../actors/index.js';
import { EXIT, ProgramFailure } from './exit.js';
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
 * @throws ProgramFailure when it is none of these, or cannot be listened at.
 */
export async function startInspector(peer: Peer, target: string | true, log: Logger): Promise<Inspector> {
  if (typeof target === 'string' && /^wss?:\/\/\S+$/.test(target)) return feedInspector(peer, target, log);
  const { host, port } = placeOf(target);
  return serveInspector(peer, host, port, log);
}

function placeOf(target: string | true): { readonly host: string; readonly port: number } {
  if (target === true) return { host: '127.0.0.1', port: 0 };
  const match = target.match(/^(?:https?:\/\/)?(?:(\[[0-9a-fA-F:]+\]|[^\s:/[\]]+):)?(\d{1,5})\/?$/);
  const port = Number(match?.[2]);
  if (match === null || port > 65_535)
    throw new ProgramFailure(EXIT.usage, `--inspect: "${target}" must be ws://HOST:PORT, HOST:PORT or PORT`);
  return { host: (match[1] ?? '127.0.0.1').replaceAll(/[[\]]/g, ''), port };
}
