/**
 * Target: HTTP of a peer, over real sockets. Every request is answered or hung up on, soon, with no error of ours, no
 * stack, and nothing of the disk; and the peer goes on serving.
 */
import { connect } from 'node:net';
import { createPeer, type Peer } from '../../actors/index.js';
import { Configuration, peerOptionsOf } from '../../apps/node/configuration.js';
import { type HttpServer, serveHttp } from '../../apps/node/http.js';
import { createLogger } from '../../apps/node/logger.js';
import { recordTrace } from '../../apps/node/trace-recorder.js';
import type { Target, Verdict, World } from './fuzzing.js';
import { HOST, type Request, requestFrom, shownRequest } from './requests.js';

export const web: Target<Request> = {
  name: 'http',
  share: 22,
  inputsPerWorld: 1000,
  isComputing: false,
  draw: requestFrom,
  show: shownRequest,
  open: openSite,
};

/** Without a word for so long, the other side waits for more than it was sent; ms. */
const QUIET_MS = 10;
/** Whoever was asked a whole question has to answer within this; ms. */
const PATIENCE_MS = 5000;

/**
 * All that is answered on a connection of its own, until it is closed.
 *
 * @param quietMs - how long to wait for more before hanging up.
 */
export function exchange(address: string, bytes: string, quietMs = PATIENCE_MS): Promise<string> {
  const port = Number(address.slice(address.lastIndexOf(':') + 1));
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    let answer = '';
    socket.setTimeout(quietMs, () => socket.destroy());
    socket.on('data', (part: Buffer) => {
      answer += part.toString('latin1');
      if (isWhole(answer)) socket.end();
      // A stream goes on for ever.
      if (answer.includes('text/event-stream')) socket.destroy();
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(answer));
    socket.write(Buffer.from(bytes, 'latin1'));
  });
}

function isWhole(answer: string): boolean {
  const end = answer.indexOf('\r\n\r\n');
  const head = answer.slice(0, end);
  const body = answer.slice(end + 4);
  if (end < 0 || /^HTTP\/1\.1 1/.test(head)) return false;
  const length = /content-length: (\d+)/i.exec(head)?.[1];
  return length === undefined ? body.endsWith('0\r\n\r\n') : body.length >= Number(length);
}

async function openSite(): Promise<Site> {
  const asked = {
    id: '1',
    bootstrap: true,
    preset: 'fast',
    logLevel: 'silent',
    http: '127.0.0.1:0',
  } as const;
  const configuration = Configuration.parse(asked);
  const peer = await createPeer(peerOptionsOf(configuration));
  await peer.ready();
  const log = await createLogger('silent', '1');
  const recorder = recordTrace(peer);
  const server = await serveHttp(staying(peer), { ...configuration, http: asked.http }, recorder, log);
  return new Site(peer, server);
}

/** A sound request to leave is granted, and would end the target. */
const staying = (peer: Peer): Peer =>
  new Proxy(peer, {
    get: (target, name) => {
      if (name === 'leave') return async () => {};
      const value = Reflect.get(target, name, target) as unknown;
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });

/** What INTERFACE §3 and apps/README name, and what HTTP itself asks for. */
const STATUSES = [
  100, 200, 201, 204, 206, 304, 400, 403, 404, 405, 408, 413, 414, 415, 417, 431, 501, 503, 504,
];
const STACK = /\n\s+at |node_modules|file:\/\/|\.(ts|js|mjs):\d+|root:x:0/;

class Site implements World<Request> {
  readonly #peer: Peer;
  readonly #server: HttpServer;

  constructor(peer: Peer, server: HttpServer) {
    this.#peer = peer;
    this.#server = server;
  }

  async judge(request: Request): Promise<Verdict> {
    const { address } = this.#server;
    const bytes = request.bytes.replaceAll(HOST, address);
    const answer = await exchange(address, bytes, request.isWhole ? PATIENCE_MS : QUIET_MS);
    if (answer === '' && request.isWhole)
      return { outcome: 'silence', complaint: 'no answer: to a whole request' };
    const statuses = [...answer.matchAll(/(?:^|\n|\})HTTP\/1\.1 (\d{3}) /g)].map(([, status]) =>
      Number(status),
    );
    const strange = statuses.find((status) => !STATUSES.includes(status));
    const outcome = statuses.length === 0 ? 'hung up' : String(statuses[0]);
    return {
      outcome,
      complaint:
        strange === undefined
          ? wrongIn(answer, statuses.length)
          : `status ${strange}: ${answer.slice(0, 800)}`,
    };
  }

  async close(): Promise<string | null> {
    const complaint = await this.#serves();
    await this.#server.close();
    await this.#peer.stop();
    return complaint;
  }

  async #serves(): Promise<string | null> {
    const { address } = this.#server;
    const body = '{"topic":"end","payload":1}';
    const head = `host: ${address}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}`;
    const said = await exchange(address, `POST /v1/messages HTTP/1.1\r\n${head}\r\n\r\n${body}`);
    return said.startsWith('HTTP/1.1 201') ? null : `not served: ${said.slice(0, 300)}`;
  }
}

/** The errors have one shape and tell nothing of the inside. */
function wrongIn(answer: string, answers: number): string | null {
  const [head = '', body = ''] = answer.split('\r\n\r\n', 2);
  if (/^HTTP\/1\.1 [45]/.test(head) && STACK.test(answer)) return `stack: ${answer.slice(0, 800)}`;
  // Of several answers in a row, nobody but a client knows where one ends.
  if (
    answers !== 1 ||
    !/^HTTP\/1\.1 [45]/.test(head) ||
    !/content-type: application\/json/i.test(head) ||
    body === ''
  )
    return null;
  const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? body.length);
  try {
    const { error } = JSON.parse(body.slice(0, length)) as { error?: { code?: unknown; message?: unknown } };
    return typeof error?.code === 'string' && typeof error.message === 'string' ? null : `shape: ${body}`;
  } catch {
    return `shape: ${body.slice(0, 300)}`;
  }
}
