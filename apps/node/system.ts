/**
 * What a system is to the process that runs it: replicas for its peer, and calls under `/v1/`.
 *
 * A call is declared once, as an `Operation`: the route, the checks of what comes in, and its page in the OpenAPI document all
 * follow from it.
 */
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import type { Peer, PeerOptionsWithReplicas, SubmitOptions } from '../../actors/index.js';
import { watchCoordinator } from './absence.js';
import { checked, HttpProblem } from './http-answer.js';

/** A named object of parts, as a path, a query or a body is. */
type Parts = z.ZodObject;

export interface Operation<
  Params extends Parts = Parts,
  Query extends Parts = Parts,
  Body extends Parts = Parts,
> {
  readonly method: 'GET' | 'POST';
  /** Below `/v1/`, as `energy/trades/:id`. */
  readonly path: string;
  /** One line for the OpenAPI document. */
  readonly summary: string;
  /** Of the path, all text. */
  readonly params?: Params;
  /** All text, too: numbers are `z.coerce.number()`. */
  readonly query?: Query;
  readonly body?: Body;
  /** What is answered; it documents, it does not check. */
  readonly answer: z.ZodType;
  /** Default: 200 for GET, 201 for POST. */
  readonly status?: number;
  /**
   * @param submit - how long a submission may take, and the key that makes a retry harmless: for `submit` and `execute`.
   * @throws HttpProblem, ClusterError.
   */
  readonly handle: (
    input: {
      readonly params: z.output<Params>;
      readonly query: z.output<Query>;
      readonly body: z.output<Body>;
    },
    submit: SubmitOptions,
  ) => unknown;
}

/** Declares a call, with the types of its parts. */
export const operation = <Params extends Parts, Query extends Parts, Body extends Parts>(
  declared: Operation<Params, Query, Body>,
): Operation => declared as unknown as Operation;

export interface System {
  /** As the program is called: `energy`. */
  readonly name: string;
  /** What it is, in one line. */
  readonly summary: string;
  /** What every member of its clusters runs. */
  readonly replicas: NonNullable<PeerOptionsWithReplicas['replicas']>;
  /** Its calls, once its peer runs. */
  readonly operations: (peer: Peer) => readonly Operation[];
  /** Called as soon as its peer runs, before it has joined: for who must not miss what happens until then. */
  readonly started?: (peer: Peer) => void;
}

/** How long a submission may wait for its delivery here. */
const DELIVERY_WITHIN_MS = 5000;

const Key = z.string().min(1).max(128);
const NOTHING = z.strictObject({});

/** Serves `operations` below `/v1/`. What changes something is refused while there is no coordinator. */
export function serveOperations(app: FastifyInstance, peer: Peer, operations: readonly Operation[]): void {
  const absence = watchCoordinator(peer);
  app.addHook('onClose', async () => absence.close());
  for (const {
    method,
    path,
    params = NOTHING,
    query = NOTHING,
    body = NOTHING,
    status,
    handle,
  } of operations)
    app.route({
      method,
      url: `/v1/${path}`,
      handler: async (request, reply) => {
        const input = {
          params: checked(params, request.params),
          query: checked(query, request.query),
          body: method === 'GET' ? {} : checked(body, request.body ?? {}),
        };
        if (method === 'POST') absence.check('; nothing was sent');
        const key = request.headers['idempotency-key'];
        const submit = {
          timeoutMs: DELIVERY_WITHIN_MS,
          ...(key === undefined ? {} : { key: checked(Key, key, 'Idempotency-Key') }),
        };
        const answer = await handle(input, submit);
        return reply.code(status ?? (method === 'POST' ? 201 : 200)).send(answer);
      },
    });
}

/** Says no with a reason that a program can tell apart. */
export const refused = (code: string, reason: string, status = 409): HttpProblem =>
  new HttpProblem(status, code, reason);
