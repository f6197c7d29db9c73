/** Faults over HTTP: asked for, and told of. Without `--allow-faults` there are none. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type ActiveFault, FaultRequest, type Faults } from './faults.js';
import { checked, HttpProblem } from './http-answer.js';
import { hostOf, isLoopback } from './http-guard.js';
import { FAULTS_PATH } from './http-sharing.js';

/** @param faults - null where they are not allowed. */
export function serveFaults(app: FastifyInstance, faults: Faults | null): void {
  const allowed = (request: FastifyRequest): Faults => {
    if (faults === null)
      throw new HttpProblem(
        403,
        'faults-not-allowed',
        'no faults are done to this peer: it was started without --allow-faults',
      );
    // Other names this peer is known by are good enough to look at it; for this a name that others may give out is not.
    if (!isLoopback(hostOf(request.headers.host ?? '')))
      throw new HttpProblem(403, 'forbidden-host', 'faults are asked for at 127.0.0.1 or localhost alone');
    return faults;
  };
  const answer = (current: Faults): { readonly active: readonly ActiveFault[] } => ({
    active: current.active(),
  });

  app.get(FAULTS_PATH, async (request) => answer(allowed(request)));

  app.post(FAULTS_PATH, async (request, reply) => {
    const current = allowed(request);
    const afterwards = current.begin(checked(FaultRequest, request.body));
    if (afterwards !== null) reply.raw.once('close', afterwards);
    return answer(current);
  });
}
