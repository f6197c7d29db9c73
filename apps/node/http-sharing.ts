/**
 * Lets pages of this machine read what a peer shows of itself, so that one page can draw all peers of a cluster that runs here.
 *
 * Only reading, only these paths, only where HTTP is served on loopback alone, and only pages that this machine itself serves:
 * none of it is what people said to each other, and whoever serves a page here can ask without a browser anyway.
 */
import type { FastifyInstance } from 'fastify';
import type { Address } from '../../transport/index.js';
import { pathOf } from './http-answer.js';
import { hostOf, isLoopback } from './http-guard.js';

const SHARED: ReadonlySet<string> = new Set([
  '/v1/status',
  '/v1/beliefs',
  '/v1/machines',
  '/v1/trace',
  '/v1/trace/stream',
]);

/** @param listen - where HTTP is served; where the network reaches it, nothing is shared. */
export function shareWithNeighbours(app: FastifyInstance, listen: Address): void {
  if (!isLoopback(hostOf(listen))) return;
  app.addHook('onRequest', async (request, reply) => {
    const { origin } = request.headers;
    if (request.method !== 'GET' || origin === undefined || !SHARED.has(pathOf(request))) return;
    // On the raw answer: a stream is written past the framework.
    reply.raw.setHeader('vary', 'origin');
    if (isNeighbour(origin)) reply.raw.setHeader('access-control-allow-origin', origin);
  });
}

function isNeighbour(origin: string): boolean {
  const host = /^http:\/\/([^/]+)$/.exec(origin)?.[1];
  return host !== undefined && isLoopback(hostOf(host));
}
