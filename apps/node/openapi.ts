/** The OpenAPI document a peer serves at `/v1/openapi.json`: its own calls, and those of the system it runs. */
import * as z from 'zod';
import { FaultRequest } from './faults.js';
import type { Operation, System } from './system.js';

/** The peer's own calls: what they take and answer stands in apps/README.md. */
const OWN: readonly (readonly [method: 'get' | 'post', path: string, summary: string, body?: z.ZodType])[] = [
  ['get', '/healthz', 'alive'],
  ['get', '/readyz', '200 when joined, with a coordinator known, and caught up; else 503 with the reason'],
  ['get', '/metrics', 'counters and gauges, as Prometheus reads them'],
  ['get', '/v1/status', 'what this peer is, whom it follows, how far its log goes'],
  ['get', '/v1/beliefs', 'who this peer believes is there, and whom each of them follows'],
  ['get', '/v1/machines', 'every statechart that runs, with its active state'],
  ['get', '/v1/messages', 'what has been delivered here, in order'],
  ['post', '/v1/messages', 'offers a message; answers once it is delivered here'],
  ['get', '/v1/stream', 'the same as server-sent events, from `after` on'],
  ['get', '/v1/trace', 'the newest records of the trace, as NDJSON'],
  ['get', '/v1/trace/stream', 'what is recorded from now on, as server-sent events'],
  ['post', '/v1/transfer', 'has the coordinator hand over to another voter'],
  ['post', '/v1/leave', 'takes this peer out of the cluster'],
  ['get', '/v1/faults', 'with --allow-faults: which faults last, and how many ms yet; else 403'],
  [
    'post',
    '/v1/faults',
    'with --allow-faults: really does it to this process, and answers as GET does; else 403',
    FaultRequest,
  ],
  ['get', '/v1/systems', 'the systems this peer runs'],
  ['get', '/v1/openapi.json', 'this document'],
];

const REFUSED = {
  description: 'refused; `code` says why, for programs',
  content: {
    'application/json': {
      schema: schemaOf(z.object({ error: z.object({ code: z.string(), message: z.string() }) })),
    },
  },
};

/** @param systems - with the calls of each. */
export function openApiOf(
  version: string,
  systems: readonly { readonly system: System; readonly operations: readonly Operation[] }[],
): object {
  const paths: Record<string, Record<string, object>> = {};
  const add = (path: string, method: string, page: object) => {
    paths[path] = { ...paths[path], [method]: page };
  };
  for (const [method, path, summary, body] of OWN)
    add(path, method, {
      summary,
      tags: ['peer'],
      ...(body !== undefined && { requestBody: bodyOf(body) }),
      responses: { 200: { description: 'done' }, default: REFUSED },
    });
  for (const { system, operations } of systems)
    for (const one of operations)
      add(
        `/v1/${one.path.replaceAll(/:(\w+)/g, '{$1}')}`,
        one.method.toLowerCase(),
        pageOf(one, system.name),
      );
  return {
    openapi: '3.1.0',
    info: { title: ['bullpen', ...systems.map(({ system }) => system.name)].join(' · '), version },
    tags: [
      { name: 'peer', description: 'what every peer answers' },
      ...systems.map(({ system }) => ({ name: system.name, description: system.summary })),
    ],
    paths,
  };
}

function pageOf({ method, summary, params, query, body, answer, status }: Operation, tag: string): object {
  const parameters = [...parametersOf('path', params), ...parametersOf('query', query)];
  return {
    summary,
    tags: [tag],
    ...(parameters.length > 0 && { parameters }),
    ...(body !== undefined && { requestBody: bodyOf(body) }),
    responses: {
      [status ?? (method === 'POST' ? 201 : 200)]: {
        description: 'done',
        content: { 'application/json': { schema: schemaOf(answer) } },
      },
      default: REFUSED,
    },
  };
}

const bodyOf = (schema: z.ZodType): object => ({
  required: true,
  content: { 'application/json': { schema: schemaOf(schema) } },
});

function parametersOf(place: 'path' | 'query', schema: z.ZodObject | undefined): object[] {
  const { properties = {}, required = [] } = schema === undefined ? {} : schemaOf(schema);
  return Object.entries(properties).map(([name, part]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: part,
  }));
}

interface JsonSchema {
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly required?: readonly string[];
}

/** What comes in, as it is written. */
function schemaOf(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return json as JsonSchema;
}
