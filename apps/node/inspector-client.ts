/** Feeds an inspector server that runs elsewhere, so that several peers show in one; dials again when it goes away. */
import { WebSocket } from 'ws';
import type { Peer } from '../../actors/index.js';
import type { Inspector } from './inspector.js';
import { createFraming } from './inspector-frames.js';
import type { Logger } from './logger.js';

const RETRY_FIRST_MS = 500;
const RETRY_MOST_MS = 10_000;
const UNSENT_BYTES_MAX = 8 * 1024 * 1024;

export function feedInspector(peer: Peer, url: string, log: Logger): Inspector {
  let socket: WebSocket | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wait = RETRY_FIRST_MS;
  let closed = false;

  const dial = () => {
    const current = new WebSocket(url, { handshakeTimeout: 5000, perMessageDeflate: false });
    let detach = () => {};
    socket = current;
    current.on('open', () => {
      wait = RETRY_FIRST_MS;
      log.info({ url }, 'feeding the inspector');
      // A new framing and a new attachment tell the server everything that is there, however late we come.
      const frame = createFraming(peer.id);
      detach = peer.inspect((told) => {
        if (current.bufferedAmount > UNSENT_BYTES_MAX) current.terminate();
        else if (current.readyState === WebSocket.OPEN) current.send(JSON.stringify(frame(told)));
      });
    });
    current.on('error', (problem) => log.debug({ url, problem: problem.message }, 'no inspector there yet'));
    current.on('close', () => {
      detach();
      if (closed) return;
      timer = setTimeout(dial, wait);
      wait = Math.min(wait * 2, RETRY_MOST_MS);
    });
  };

  dial();
  return {
    where: `feeding the inspector server at ${url}`,
    close: async () => {
      closed = true;
      clearTimeout(timer);
      socket?.terminate();
    },
  };
}
