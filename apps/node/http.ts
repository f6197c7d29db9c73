/** HTTP of a peer: what INTERFACE §3 lists, and the live page. Everything a stranger controls has a limit. */
import type { Socket } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Peer } from '../../actors/index.js';
import type { Address } from '../../transport/index.js';
import type { Configuration } from './configuration.js';
import { EXIT, ProgramFailure } from './exit.js';
import type { Faults } from './faults.js';
import { answerProblems, errorBody, refuse } from './http-answer.js';
import { serveFaults } from './http-faults.js';
import { guardHost, hostOf } from './http-guard.js';
import { serveMessages } from './http-messages.js';
import { servePage } from './http-page.js';
import { isNeighbourWithFault, shareWithNeighbours } from './http-sharing.js';
import { serveStatus } from './http-status.js';
import { serveStreams } from './http-streams.js';
import type { Logger } from './logger.js';
import { createMetrics } from './metrics.js';
import { openApiOf } from './openapi.js';
import { packageVersion } from './package-root.js';
import { type System, serveOperations } from './system.js';
import type { TraceRecorder } from './trace-recorder.js';

const BODY_BYTES_MAX = 256 * 1024;
const HEADERS_WITHIN_MS = 10_000;
const REQUEST_WITHIN_MS = 30_000;
const CLOSE_WITHIN_MS = 2000;

export interface HttpServer {
  /** HOST:PORT it is served at. */
  readonly address: Address;
  /** Ends the streams, lets what is being answered finish for two seconds, and stops. */
  close(): Promise<void>;
}

/**
 * @param faults - what can be done to the process over HTTP; null where nothing can.
 * @param systems - what the peer runs beyond its log: their calls are served below `/v1/`.
 * @throws ProgramFailure when `configuration.http` cannot be listened at.
 */
export async function serveHttp(
  peer: Peer,
  configuration: Configuration & { readonly http: Address },
  recorder: TraceRecorder,
  log: Logger,
  faults: Faults | null = null,
  systems: readonly System[] = [],
): Promise<HttpServer> {
  const app = createServer();
  answerProblems(app, (problem) => log.error({ problem: String(problem) }, 'a request failed'));
  const takesFaults = faults !== null;
  const named = [configuration.listen, configuration.advertise ?? configuration.listen];
  guardHost(
    app,
    configuration.http,
    [...named, ...configuration.httpHosts],
    (request) => takesFaults && isNeighbourWithFault(request),
  );
  shareWithNeighbours(app, configuration.http, takesFaults);
  const metrics = createMetrics(peer, packageVersion());
  app.get('/metrics', async (_request, reply) => {
    const { type, text } = await metrics.read();
    return reply.type(type).send(text);
  });
  serveStatus(app, peer, recorder, configuration, faults);
  serveFaults(app, faults);
  serveMessages(app, peer);
  serveStreams(app, peer, recorder);
  const running = systems.map((system) => ({ system, operations: system.operations(peer) }));
  for (const { operations } of running) serveOperations(app, peer, operations);
  app.get('/v1/systems', async () => ({ systems: systems.map(({ name }) => name) }));
  app.get('/v1/openapi.json', async () => openApiOf(packageVersion(), running));
  servePage(app, { servedBy: 'peer' });
  app.addHook('onClose', async () => metrics.close());
  const address = await listenAt(app, configuration.http);
  return { address, close: () => closeServer(app) };
}

/** A server with the limits that everything of ours has towards strangers. */
export function createServer(): FastifyInstance {
  const answering = new WeakSet<Socket>();
  const app = Fastify({
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_WITHIN_MS,
    forceCloseConnections: 'idle',
    http: { headersTimeout: HEADERS_WITHIN_MS },
    schemaController: { compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas } },
    frameworkErrors: (error, _request, reply) => {
      refuse(reply, {
        name: '',
        status: 400,
        code: 'bad-url',
        message: error.message,
        retryAfterSeconds: undefined,
      });
    },
    // To whoever waits for the answer to a request this would be that answer.
    clientErrorHandler: (problem, socket) =>
      answering.has(socket) ? socket.destroy() : answerBadHttp(problem, socket),
  });
  // What was said last on a connection would be taken for the answer to whatever comes behind it: nothing of that is done.
  app.addHook('onRequest', ({ raw: { socket } }, reply, done) => {
    if (!socket.writable) reply.hijack();
    else {
      answering.add(socket);
      done();
    }
  });
  app.addHook('onResponse', async ({ raw: { socket } }) => {
    answering.delete(socket);
  });
  // JSON only: a form of another origin could send plain text without asking the browser first.
  app.removeContentTypeParser('text/plain');
  return app;
}

/** Zod checks what comes. Fastify would load its own validator: a hundred files that nothing needs. */
const noSchemas = (): never => {
  throw new Error('routes have no schemas of Fastify: check what comes with Zod');
};

/** Bytes that are not HTTP, or too slow, or with headers too large: the last word on that connection. */
function answerBadHttp(problem: Error & { code?: string }, socket: Socket): void {
  if (problem.code === 'ECONNRESET' || !socket.writable) return;
  const line =
    problem.code === 'HPE_HEADER_OVERFLOW'
      ? '431 Request Header Fields Too Large'
      : problem.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? '408 Request Timeout'
        : '400 Bad Request';
  const body = JSON.stringify(errorBody('bad-request', 'this is not a request this server can read'));
  const headers = `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close`;
  socket.end(`HTTP/1.1 ${line}\r\n${headers}\r\n\r\n${body}`);
}

/**
 * @returns where it listens, with the port that was free when 0 was asked for.
 * @throws ProgramFailure 75 when the port is in use, 78 when it cannot be listened at. The server is closed then.
 */
export async function listenAt(app: FastifyInstance, address: Address): Promise<Address> {
  const port = Number(address.slice(address.lastIndexOf(':') + 1));
  const host = hostOf(address);
  try {
    await app.listen({ host, port });
  } catch (problem) {
    await app.close();
    throw listenFailure(problem as NodeJS.ErrnoException, address, port);
  }
  const bound = app.server.address();
  const boundPort = bound !== null && typeof bound === 'object' ? bound.port : port;
  return `${host.includes(':') ? `[${host}]` : host}:${boundPort}`;
}

function listenFailure(
  { code, message }: NodeJS.ErrnoException,
  address: Address,
  port: number,
): ProgramFailure {
  switch (code) {
    case 'EADDRINUSE':
      return new ProgramFailure(
        EXIT.unavailable,
        `--http: port ${port} is in use at ${address}; stop what uses it, or choose another (port 0 takes a free one)`,
      );
    case 'EACCES':
      return new ProgramFailure(
        EXIT.configuration,
        `--http: not permitted to listen at ${address}; choose a port above 1023`,
      );
    default:
      return new ProgramFailure(EXIT.configuration, `--http: cannot listen at ${address}: ${message}`);
  }
}

/** Lets what is being answered finish for two seconds, and stops. */
export async function closeServer(app: FastifyInstance): Promise<void> {
  const force = setTimeout(() => app.server.closeAllConnections(), CLOSE_WITHIN_MS);
  await app.close();
  clearTimeout(force);
}
