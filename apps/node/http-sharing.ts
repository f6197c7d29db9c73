/**
 * Lets pages of this machine read what a peer shows of itself, so that one page can draw all peers of a cluster that runs here.
 *
 * Only reading, only these paths, only where HTTP is served on loopback alone, and only pages that this machine itself serves:
 * none of it is what people said to each other, and whoever serves a page here can ask without a browser anyway. Where faults
 * are allowed such a page may ask for them too: as JSON, about which a browser asks first, so that no form can do it.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Address } from '../../transport/index.js';
import { pathOf } from './http-answer.js';
import { hostOf, isLoopback } from './http-guard.js';

/** Where faults are asked for. */
export const FAULTS_PATH = '/v1/faults';

const SHARED: ReadonlySet<string> = new Set([
  '/v1/status',
  '/v1/beliefs',
  '/v1/machines',
  '/v1/trace',
  '/v1/trace/stream',
]);

/**
 * @param listen - where HTTP is served; where the network reaches it, nothing is shared.
 * @param takesFaults - pages of this machine may ask for faults.
 */
export function shareWithNeighbours(app: FastifyInstance, listen: Address, takesFaults: boolean): void {
  if (!isLoopback(hostOf(listen))) return;
  app.addHook('onRequest', async (request, reply) => {
    const { origin } = request.headers;
    if (origin === undefined || !(isReading(request) || (takesFaults && isAboutFaults(request)))) return;
    // On the raw answer: a stream is written past the framework.
    reply.raw.setHeader('vary', 'origin');
    if (isNeighbour(origin)) reply.raw.setHeader('access-control-allow-origin', origin);
  });
  if (!takesFaults) return;
  // What a browser asks before it sends JSON to another origin.
  app.options(FAULTS_PATH, (_request, reply) =>
    reply
      .headers({
        'access-control-allow-methods': 'GET, POST',
        'access-control-allow-headers': 'content-type',
      })
      .code(204)
      .send(),
  );
}

/** A page that this machine serves asks for a fault, or whether it may. */
export const isNeighbourWithFault = (request: FastifyRequest): boolean =>
  isAboutFaults(request) && isNeighbour(request.headers.origin ?? '');

const isReading = (request: FastifyRequest): boolean =>
  request.method === 'GET' && SHARED.has(pathOf(request));

const isAboutFaults = (request: FastifyRequest): boolean =>
  ['GET', 'POST', 'OPTIONS'].includes(request.method) && pathOf(request) === FAULTS_PATH;

function isNeighbour(origin: string): boolean {
  const host = /^http:\/\/([^/]+)$/.exec(origin)?.[1];
  return host !== undefined && isLoopback(hostOf(host));
}
