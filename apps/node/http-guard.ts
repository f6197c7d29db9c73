/**
 * Against pages of strangers in a browser on this machine: they may neither read nor ask for anything.
 *
 * A stranger whose name is made to point here (DNS rebinding) is known by the Host the browser sends. Where only this
 * machine is listened to, only its own names are good; where the network is, addresses are good too, since a rebound
 * name is never one. A form or script of another origin is known by its Origin. What pages of this machine may read
 * nevertheless is in `http-sharing.ts`.
 */
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Address } from '../../transport/index.js';
import { HttpProblem, refuse } from './http-answer.js';

/**
 * @param named - HOST or HOST:PORT texts whose host is this peer's own: where it listens, what it advertises, what it was told.
 * @param isWelcome - which requests of another origin are answered nevertheless.
 */
export function guardHost(
  app: FastifyInstance,
  listen: Address,
  named: readonly Address[],
  isWelcome: (request: FastifyRequest) => boolean = () => false,
): void {
  const known = new Set(['localhost', ...[listen, ...named].map(hostOf)]);
  const open = !isLoopback(hostOf(listen));
  if (open) known.add(hostname().toLowerCase());
  app.addHook('onRequest', async (request, reply) => {
    const host = hostOf(request.headers.host ?? '');
    if (!known.has(host) && !isLoopback(host) && !(open && isIP(host) !== 0))
      return refuse(reply, new HttpProblem(403, 'forbidden-host', 'this peer does not answer to that Host'));
    const { origin } = request.headers;
    if (
      request.method !== 'GET' &&
      origin !== undefined &&
      origin.replace(/^https?:\/\//, '') !== request.headers.host &&
      !isWelcome(request)
    )
      return refuse(
        reply,
        new HttpProblem(403, 'forbidden-origin', 'only the page of this peer may ask that'),
      );
  });
}

/** The host of `HOST:PORT` or `HOST`, without the brackets of IPv6, in lower case. */
export function hostOf(address: string): string {
  const bracketed = address.match(/^\[([^\]]*)\]/);
  return (bracketed?.[1] ?? address.replace(/:\d*$/, '')).toLowerCase();
}

/** Whether only this machine is meant by it. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
