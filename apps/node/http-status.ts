/** What a peer says of itself over HTTP, and the few things it can be asked to do. */
import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { ClusterError, type Peer } from '../../actors/index.js';
import type { Faults } from './faults.js';
import { checked, HttpProblem } from './http-answer.js';
import { type TraceRecorder, traceHeader } from './trace-recorder.js';

/** Leaving needs a coordinator and a quorum; without them it would wait for ever. */
const LEFT_WITHIN_MS = 10_000;
const LINES_AT_ONCE = 500;

const Nothing = z.strictObject({}).nullish();
const Transfer = z.strictObject({ to: z.string().min(1).max(64) });

/** @param faults - those that may be done to it; without them its status does not speak of any. */
export function serveStatus(
  app: FastifyInstance,
  peer: Peer,
  recorder: TraceRecorder,
  configuration: object,
  faults: Faults | null,
): void {
  app.get('/healthz', async () => ({ alive: true }));

  app.get('/readyz', async () => {
    const { ready, notReady, coordinator, term } = peer.status();
    if (!ready) throw new HttpProblem(503, 'not-ready', notReady ?? 'this peer is not ready', 1);
    return { ready, coordinator, term: term.n };
  });

  app.get('/v1/status', async () => ({
    ...peer.status(),
    ...(faults !== null && { faults: faults.active() }),
  }));
  app.get('/v1/beliefs', async () => peer.beliefs());
  app.get('/v1/machines', async () => peer.machines());

  app.get('/v1/trace', { exposeHeadRoute: false }, (_request, reply) =>
    reply
      .type('application/x-ndjson')
      .send(Readable.from(traceLines(recorder, traceHeader(peer, configuration)))),
  );

  app.post('/v1/leave', async (request) => {
    checked(Nothing, request.body);
    await within(LEFT_WITHIN_MS, peer.leave());
    return { left: true };
  });

  app.post('/v1/transfer', async (request) => {
    const { coordinator, term } = await peer.transfer(checked(Transfer, request.body).to);
    return { coordinator, term: term.n };
  });
}

/** The trace as it is now, in pieces: what is recorded while it is read does not make it longer. */
function* traceLines(recorder: TraceRecorder, header: string): Generator<string> {
  yield `${header}\n`;
  const end = recorder.newest();
  let position = 0;
  while (position < end) {
    const { lines, lost, gap } = recorder.after(position, Math.min(LINES_AT_ONCE, end - position));
    // What was gone before anyone asked is no gap within what is shown.
    if (gap !== null && position > 0) yield `${gap}\n`;
    yield lines.map(({ line }) => `${line}\n`).join('');
    position += lost + lines.length;
  }
}

async function within(limitMs: number, work: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    const problem = new ClusterError('outcome-unknown', 'no answer in time; this peer may still leave');
    timer = setTimeout(() => reject(problem), limitMs);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
