/** Server-sent events: what is delivered, and what happens inside, as it happens. A client that does not read is let go. */
import type { ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import * as z from 'zod';
import type { Peer } from '../../actors/index.js';
import { checked, HttpProblem } from './http-answer.js';
import { checkKept, StreamStart, shown } from './http-messages.js';
import type { TraceRecorder } from './trace-recorder.js';

const HEARTBEAT_MS = 10_000;
/** How long a client may leave its socket full before it is let go. */
const STALLED_MAX_MS = 10_000;
/** The trace waits in its ring, not in the socket, while more than this is unsent. */
const UNSENT_BYTES_MAX = 256 * 1024;
const RECORDS_AT_ONCE = 256;
const STREAMS_MAX = 64;

/** One open stream of events. */
interface EventStream {
  readonly closed: AbortSignal;
  unsentBytes(): number;
  send(id: number | null, data: string): void;
  /** Resolves when the client has room again, or is gone. */
  drained(): Promise<void>;
  end(): void;
}

export function serveStreams(app: FastifyInstance, peer: Peer, recorder: TraceRecorder): void {
  const open = openStreams(app);

  app.get('/v1/stream', { exposeHeadRoute: false }, async (request, reply) => {
    const resumed = lastEventId(request);
    const { topic, after } = checked(StreamStart, request.query);
    if (resumed === null) checkKept(peer, after, topic);
    else checkKept(peer, resumed);
    const stream = open(reply);
    if (stream === null) return tooMany(reply);
    // Last-Event-ID is a sequence, while `after` counts within the topic: so a resumed stream is filtered here.
    const start =
      resumed === null ? { after, ...(topic === undefined ? {} : { topic }) } : { after: resumed };
    void followDeliveries(peer, start, topic, stream);
  });

  app.get('/v1/trace/stream', { exposeHeadRoute: false }, async (request, reply) => {
    const resumed = lastEventId(request);
    const { after } = checked(TraceStart, request.query);
    const stream = open(reply);
    if (stream === null) return tooMany(reply);
    // A position beyond the newest is one of an earlier process: what this one records is all new to that client.
    followTrace(recorder, Math.min(resumed ?? after ?? recorder.newest(), recorder.newest()), stream);
  });
}

const Position = z
  .string()
  .regex(/^\d{1,16}$/, 'must be a whole number')
  .transform(Number);
const TraceStart = z.strictObject({ after: Position.optional() });

/** @throws HttpProblem 400 when the header is not a number. */
function lastEventId(request: FastifyRequest): number | null {
  const header = request.headers['last-event-id'];
  return header === undefined || header === '' ? null : checked(Position, header, 'Last-Event-ID');
}

async function followDeliveries(
  peer: Peer,
  start: { readonly topic?: string; readonly after: number },
  topic: string | undefined,
  stream: EventStream,
): Promise<void> {
  try {
    for await (const delivery of peer.deliveries({ ...start, signal: stream.closed })) {
      if (topic !== undefined && delivery.topic !== topic) continue;
      stream.send(delivery.sequence, JSON.stringify(shown(delivery)));
      if (stream.unsentBytes() > UNSENT_BYTES_MAX) await stream.drained();
      if (stream.closed.aborted) break;
    }
  } catch {
    // The peer stopped: nothing follows any more, which is what the end of the stream says.
  }
  stream.end();
}

/** Sends what the ring holds whenever the client has room; what the ring has meanwhile let go becomes one `gap` record. */
function followTrace(recorder: TraceRecorder, from: number, stream: EventStream): void {
  let position = from;
  let busy = false;
  const sendMore = async () => {
    if (busy) return;
    busy = true;
    while (!stream.closed.aborted && position < recorder.newest()) {
      const { lines, lost, gap } = recorder.after(position, RECORDS_AT_ONCE);
      if (gap !== null) stream.send(null, gap);
      for (const { position: at, line } of lines) stream.send(at, line);
      position += lost + lines.length;
      if (stream.unsentBytes() > UNSENT_BYTES_MAX) await stream.drained();
    }
    busy = false;
  };
  // Records come in bursts, one turn of the event loop at a time; so do we.
  let scheduled = false;
  const detach = recorder.onRecord(() => {
    if (scheduled) return;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      void sendMore();
    });
  });
  stream.closed.addEventListener('abort', detach, { once: true });
  void sendMore();
}

/** Opens streams, and ends them all when the server closes. */
function openStreams(app: FastifyInstance): (reply: FastifyReply) => EventStream | null {
  const current = new Set<() => void>();
  app.addHook('preClose', async () => {
    for (const end of current) end();
  });
  return (reply) => {
    needsConnection(reply);
    if (current.size >= STREAMS_MAX) return null;
    const stream = openStream(reply);
    current.add(stream.end);
    stream.closed.addEventListener('abort', () => current.delete(stream.end), { once: true });
    return stream;
  };
}

/**
 * Behind an answer that is under way a stream would not be heard, and would not hear of its connection's end: it would
 * keep its place for ever.
 *
 * @throws HttpProblem 400 when the request came behind another on one connection.
 */
function needsConnection({ raw: { socket } }: FastifyReply): void {
  if (socket === null || socket.destroyed)
    throw new HttpProblem(400, 'bad-request', 'a stream needs a connection of its own');
}

function openStream(reply: FastifyReply): EventStream {
  const closing = new AbortController();
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  raw.write('retry: 1000\n\n');
  const stopWatching = letGoWhenStalled(raw);
  raw.on('error', () => raw.destroy());
  raw.on('close', () => {
    stopWatching();
    closing.abort();
  });
  return {
    closed: closing.signal,
    unsentBytes: () => raw.writableLength,
    send: (id, data) => void raw.write(`${id === null ? '' : `id: ${id}\n`}data: ${data}\n\n`),
    drained: () =>
      new Promise((resolve) => {
        if (!raw.writableNeedDrain || closing.signal.aborted) return resolve();
        const done = () => {
          raw.off('drain', done);
          closing.signal.removeEventListener('abort', done);
          resolve();
        };
        raw.once('drain', done);
        closing.signal.addEventListener('abort', done, { once: true });
      }),
    end: () => void raw.end(),
  };
}

/** Keeps the connection alive while the client reads, and ends it when it has not for too long. */
function letGoWhenStalled(raw: ServerResponse): () => void {
  let stalledSince: number | null = null;
  const heartbeat = setInterval(() => {
    if (raw.writableNeedDrain) stalledSince ??= performance.now();
    else stalledSince = null;
    if (stalledSince !== null && performance.now() - stalledSince > STALLED_MAX_MS) raw.destroy();
    else if (stalledSince === null) raw.write(': still here\n\n');
  }, HEARTBEAT_MS);
  raw.on('drain', () => {
    stalledSince = null;
  });
  return () => clearInterval(heartbeat);
}

const tooMany = (reply: FastifyReply): FastifyReply =>
  reply
    .code(503)
    .header('retry-after', '5')
    .send({ error: { code: 'too-many-streams', message: `at most ${STREAMS_MAX} streams may be open` } });
