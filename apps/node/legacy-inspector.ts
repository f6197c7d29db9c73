/**
 * A server for the older viewers, those of `@xstate/inspect`: they connect, speak first, and are told of every actor
 * there is and of what happens from then on.
 *
 * It listens on this machine only, and hears nothing but that first word: a viewer could send events to actors, and
 * nobody may do that to a running peer. Actors are observed only while somebody watches.
 */
import { createServer } from 'node:http';
import { type RawData, WebSocket, WebSocketServer } from 'ws';
import * as z from 'zod';
import type { Peer } from '../../actors/index.js';
import type { Inspector } from './inspector.js';
import { isWelcome, listen } from './inspector-server.js';
import { createLegacyFraming } from './legacy-inspector-frames.js';
import type { Logger } from './logger.js';

const HOST = '127.0.0.1';
const VIEWERS_MAX = 8;
const WORD_BYTES_MAX = 64 * 1024;
const UNSENT_BYTES_MAX = 8 * 1024 * 1024;

/** What a viewer says first. */
const Greeting = z.looseObject({ type: z.literal('xstate.inspecting') });

/**
 * @param target - `true`: any free port; a port: there.
 * @throws ProgramFailure when it cannot listen there.
 */
export async function serveLegacyInspector(
  peer: Peer,
  target: string | number | true,
  log: Logger,
): Promise<Inspector> {
  const http = createServer((_request, response) => {
    const headers = { 'content-type': 'text/plain; charset=utf-8' };
    response.writeHead(200, headers).end('viewers of @xstate/inspect connect here by WebSocket\n');
  });
  const port = await listen(http, HOST, target === true ? 0 : Number(target), '--inspect-legacy');
  const sockets = new WebSocketServer({
    server: http,
    maxPayload: WORD_BYTES_MAX,
    perMessageDeflate: false,
    verifyClient: ({ origin }: { origin?: string }) => isWelcome(origin, HOST),
  });
  sockets.on('connection', (socket) => {
    if (sockets.clients.size > VIEWERS_MAX) return socket.close(1013, 'too many viewers');
    socket.on('error', (problem) => log.debug({ problem: problem.message }, 'a legacy viewer failed'));
    attend(peer, socket);
  });
  return {
    where:
      `viewers of @xstate/inspect connect to ws://${HOST}:${port}; ` +
      `the hosted one is https://stately.ai/viz?inspect&server=ws://${HOST}:${port}`,
    close: async () => {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

/** Tells one viewer, from its first word until it goes. */
function attend(peer: Peer, socket: WebSocket): void {
  let detach: (() => void) | undefined;
  socket.on('message', (data) => {
    if (!isGreeting(data)) return;
    // Whoever greets again, as a page that was loaded anew, is told everything anew.
    detach?.();
    const frames = createLegacyFraming(peer.id);
    detach = peer.inspect((told) => {
      for (const frame of frames(told)) send(socket, JSON.stringify(frame));
    });
  });
  socket.on('close', () => detach?.());
}

function isGreeting(data: RawData): boolean {
  try {
    return Greeting.safeParse(JSON.parse(String(data))).success;
  } catch {
    return false;
  }
}

function send(viewer: WebSocket, text: string): void {
  if (viewer.bufferedAmount > UNSENT_BYTES_MAX) viewer.terminate();
  else if (viewer.readyState === WebSocket.OPEN) viewer.send(text);
}
