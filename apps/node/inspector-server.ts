/**
 * An inspector server of our own: viewers connect and see this peer, and every peer that feeds it.
 *
 * Like the server of `@statelyai/inspect` it passes what one client sends to every other; unlike it, it listens on this
 * machine only, and keeps every actor's registration and state for viewers that come late. This peer's own actors are
 * observed only while somebody is connected, since observing costs speed.
 */
import { createServer, type RequestListener, type Server } from 'node:http';
import { type RawData, WebSocket, WebSocketServer } from 'ws';
import type { Peer } from '../../actors/index.js';
import { EXIT, ProgramFailure } from './exit.js';
import { hostOf } from './http-guard.js';
import type { Inspector } from './inspector.js';
import { createFraming, createGallery, Frame } from './inspector-frames.js';
import { bridgePage } from './inspector-page.js';
import { ownViewer, type Viewer } from './inspector-viewer.js';
import type { Logger } from './logger.js';

const CLIENTS_MAX = 32;
const ACTORS_MAX = 4096;
const FRAME_BYTES_MAX = 1024 * 1024;
const UNSENT_BYTES_MAX = 8 * 1024 * 1024;

/** @throws ProgramFailure when it cannot listen there. */
export async function serveInspector(
  peer: Peer,
  host: string,
  port: number,
  log: Logger,
): Promise<Inspector> {
  const http = createServer(answering(ownViewer()));
  const boundPort = await listen(http, host, port, '--inspect');
  const sockets = new WebSocketServer({
    server: http,
    maxPayload: FRAME_BYTES_MAX,
    perMessageDeflate: false,
    verifyClient: ({ origin }: { origin?: string }) => isWelcome(origin, host),
  });
  const relay = createRelay(peer);
  sockets.on('connection', (socket) => {
    if (sockets.clients.size > CLIENTS_MAX) return socket.close(1013, 'too many viewers');
    socket.on('error', (problem) => log.debug({ problem: problem.message }, 'an inspector client failed'));
    relay.join(socket);
  });
  const shownHost = host.includes(':') ? `[${host}]` : host;
  return {
    where: `the inspector is fed at ws://${shownHost}:${boundPort}; open http://${shownHost}:${boundPort}/`,
    close: async () => {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

/** The page that offers both viewers, and our own one below `VIEWER`. */
function answering(viewer: Viewer | null): RequestListener {
  const page = bridgePage(viewer !== null);
  return ({ url = '/' }, response) => {
    const [path = '/'] = url.split('?');
    if (viewer?.answer(path, response)) return;
    const headers = { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' };
    if (path === '/') response.writeHead(200, headers).end(page);
    else
      response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('there is nothing here\n');
  };
}

/** Pages of this machine may listen; a stranger's page may not. A program sends no Origin. */
export function isWelcome(origin: string | undefined, host: string): boolean {
  if (origin === undefined) return true;
  try {
    const from = new URL(origin).host;
    return ['localhost', '127.0.0.1', '::1', host].includes(hostOf(from)) || origin === 'https://stately.ai';
  } catch {
    return false;
  }
}

/** Passes frames from whoever sends them to everybody else, this peer's among them. */
function createRelay(peer: Peer): { join(socket: WebSocket): void } {
  const clients = new Set<WebSocket>();
  const gallery = createGallery(ACTORS_MAX);
  const pass = (frame: Frame, from: WebSocket | null) => {
    gallery.keep(frame);
    const text = JSON.stringify(frame);
    for (const client of clients) if (client !== from) send(client, text);
  };
  const ours = observeOnDemand(peer, (frame) => pass(frame, null));
  const leave = (socket: WebSocket, brought: ReadonlySet<string>) => {
    clients.delete(socket);
    gallery.forget(brought);
    if (clients.size === 0) gallery.forget(ours.stop());
  };
  const join = (socket: WebSocket) => {
    const brought = new Set<string>();
    for (const frame of gallery.registrations()) send(socket, JSON.stringify(frame));
    clients.add(socket);
    socket.on('message', (data) => {
      const frame = frameOf(data);
      if (frame === null || ours.has(frame.sessionId)) return;
      if (brought.size < ACTORS_MAX) brought.add(frame.sessionId);
      pass(frame, socket);
    });
    socket.on('close', () => leave(socket, brought));
    ours.start();
  };
  return { join };
}

/** This peer's own actors: observed from `start` to `stop`, which answers the session ids there were. */
function observeOnDemand(peer: Peer, tell: (frame: Frame) => void) {
  const sessionIds = new Set<string>();
  let detach: (() => void) | null = null;
  return {
    has: (sessionId: string) => sessionIds.has(sessionId),
    start: () => {
      if (detach !== null) return;
      const framing = createFraming(peer.id);
      detach = peer.inspect((told) => {
        const frame = framing(told);
        sessionIds.add(frame.sessionId);
        tell(frame);
      });
    },
    stop: () => {
      detach?.();
      detach = null;
      const observed = [...sessionIds];
      sessionIds.clear();
      return observed;
    },
  };
}

function send(client: WebSocket, text: string): void {
  if (client.bufferedAmount > UNSENT_BYTES_MAX) client.terminate();
  else if (client.readyState === WebSocket.OPEN) client.send(text);
}

/** What a client sent, when it is a frame; anything else is ignored. */
function frameOf(data: RawData): Frame | null {
  try {
    return Frame.safeParse(JSON.parse(String(data))).data ?? null;
  } catch {
    return null;
  }
}

/**
 * @param flag - as it is called when it cannot be done.
 * @returns the port.
 * @throws ProgramFailure when it cannot listen there.
 */
export function listen(http: Server, host: string, port: number, flag: string): Promise<number> {
  return new Promise((resolve, reject) => {
    http.once('error', (problem: NodeJS.ErrnoException) => {
      const busy = problem.code === 'EADDRINUSE';
      const reason = busy ? `port ${port} is in use; choose another, or none` : problem.message;
      reject(new ProgramFailure(busy ? EXIT.unavailable : EXIT.configuration, `${flag}: ${reason}`));
    });
    http.listen(port, host, () => {
      const address = http.address();
      resolve(address !== null && typeof address === 'object' ? address.port : port);
    });
  });
}
