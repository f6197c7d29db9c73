/** How HTTP says no: one shape for every error, whoever found it. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type * as z from 'zod';
import { ClusterError, type ClusterErrorCode } from '../../actors/index.js';

/** An answer other than success. */
export class HttpProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly retryAfterSeconds: number | undefined;

  constructor(status: number, code: string, message: string, retryAfterSeconds?: number) {
    super(message);
    this.name = 'HttpProblem';
    this.status = status;
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

export const errorBody = (code: string, message: string) => ({ error: { code, message } });

const RETRY_SECONDS = 1;

/** What the cluster's errors are over HTTP; those not named here are 500. */
const STATUS_OF: Partial<Record<ClusterErrorCode, number>> = {
  'bad-payload': 400,
  'bad-topic': 400,
  'bad-command': 400,
  'unknown-member': 404,
  'not-a-voter': 409,
  'handover-refused': 409,
  'handover-failed': 503,
  'no-coordinator': 503,
  overloaded: 503,
  stopped: 503,
  'outcome-unknown': 504,
};

/** Fastify's own refusals, in our words. */
const REFUSAL_OF: Readonly<Record<string, readonly [code: string, message?: string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ['body-too-large', 'the body is larger than 256 KiB'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['unsupported-media-type', 'send content-type: application/json'],
  FST_ERR_CTP_EMPTY_JSON_BODY: ['bad-json', 'the body is empty'],
  FST_ERR_CTP_INVALID_JSON_BODY: ['bad-json', 'the body is not JSON'],
};

function problemOf(error: unknown): HttpProblem {
  if (error instanceof HttpProblem) return error;
  if (error instanceof ClusterError) {
    const status = STATUS_OF[error.code] ?? 500;
    return new HttpProblem(status, error.code, error.message, status === 503 ? RETRY_SECONDS : undefined);
  }
  const {
    code = '',
    statusCode = 500,
    message,
  } = error as { code?: string; statusCode?: number; message: string };
  if (statusCode >= 500) return new HttpProblem(500, 'internal', message);
  const [ours, words = message] = REFUSAL_OF[code] ?? ['bad-request'];
  return new HttpProblem(statusCode, ours, words);
}

/** Gives every error of `app`, the router's and the parser's included, the one shape. */
export function answerProblems(app: FastifyInstance, report: (error: unknown) => void): void {
  app.setErrorHandler((error, _request, reply) => {
    const problem = problemOf(error);
    if (problem.status >= 500 && problem.code === 'internal') report(error);
    return refuse(reply, problem);
  });
  const routes = new Set<string>();
  app.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) routes.add(`${one} ${url}`);
  });
  app.setNotFoundHandler((request, reply) => refuse(reply, notFound(routes, request, reply)));
}

export function refuse(reply: FastifyReply, problem: HttpProblem): FastifyReply {
  if (problem.retryAfterSeconds !== undefined) reply.header('retry-after', String(problem.retryAfterSeconds));
  return reply.code(problem.status).send(errorBody(problem.code, problem.message));
}

const METHODS = ['GET', 'POST'] as const;

/** The router is not asked: it would take a stranger's path for a pattern, and throws at those that are none. */
function notFound(routes: ReadonlySet<string>, request: FastifyRequest, reply: FastifyReply): HttpProblem {
  const url = pathOf(request);
  const allowed = METHODS.filter((method) => routes.has(`${method} ${url}`));
  if (allowed.length === 0) return new HttpProblem(404, 'not-found', `there is nothing at ${url}`);
  reply.header('allow', allowed.join(', '));
  return new HttpProblem(
    405,
    'method-not-allowed',
    `${url} takes ${allowed.join(' and ')}, not ${request.method}`,
  );
}

export const pathOf = (request: FastifyRequest): string => request.url.split('?')[0] ?? request.url;

/**
 * @param name - what the value is called, when it is not a part of something.
 * @throws HttpProblem 400 that names the first thing wrong with `value`.
 */
export function checked<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  name?: string,
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const place = [...(name === undefined ? [] : [name]), ...(issue?.path ?? [])].join('.');
  const complaint = issue === undefined ? 'is wrong' : complaintOf(issue, value);
  throw new HttpProblem(400, 'bad-request', `${place === '' ? '' : `${place}: `}${complaint}`);
}

function complaintOf(issue: z.core.$ZodIssue, value: unknown): string {
  const isPart = issue.path.length > 0 && typeof value === 'object' && value !== null;
  const key = String(issue.path[0]);
  return issue.code === 'invalid_type' && isPart && !(key in value) ? 'is missing' : issue.message;
}
