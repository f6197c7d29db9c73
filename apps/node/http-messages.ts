/** Messages over HTTP: offering one to the cluster, and reading what has been delivered here. */
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import type { Peer } from '../../actors/index.js';
import { encodePayload, Topic } from '../../transport/index.js';
import { watchCoordinator } from './absence.js';
import { checked, HttpProblem } from './http-answer.js';

/** How long a submission may wait for its delivery here. */
const DELIVERY_WITHIN_MS = 5000;
const PAGE_DEFAULT = 100;
const PAGE_MAX = 1000;

const Key = z.string().min(1).max(128);
const Body = z.strictObject({ topic: Topic, payload: z.unknown().optional(), key: Key.optional() });
const whole = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,16}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().int().min(least).max(most));
const Page = z.strictObject({
  topic: Topic.optional(),
  after: whole(0, Number.MAX_SAFE_INTEGER).default(0),
  limit: whole(1, PAGE_MAX).default(PAGE_DEFAULT),
});

/** How old a page may be; see `ReadOptions`. */
const Reading = Page.extend({
  consistency: z.enum(['linearizable', 'session', 'local']).default('linearizable'),
  atLeast: whole(0, Number.MAX_SAFE_INTEGER).default(0),
});
/** How long a reading may wait for the coordinator, or for what it is to show. */
const READ_WITHIN_MS = 5000;

/** Where a stream starts: `topic`, and `after` which counts within the topic when there is one. */
export const StreamStart = Page.omit({ limit: true });

export function serveMessages(app: FastifyInstance, peer: Peer): void {
  const absence = watchCoordinator(peer);

  app.post('/v1/messages', async (request, reply) => {
    const { topic, payload, key } = checkedBody(request.body);
    const idempotencyKey = keyOf(key, request.headers['idempotency-key']);
    absence.check('; nothing was sent');
    const receipt = await peer.submit(topic, payload, {
      timeoutMs: DELIVERY_WITHIN_MS,
      ...(idempotencyKey === undefined ? {} : { key: idempotencyKey }),
    });
    const { sequence, term, id, topicSequence } = receipt;
    return reply.code(201).send({ sequence, term, id, topicSequence });
  });

  app.get('/v1/messages', async (request) => {
    const { topic, after, limit, consistency: level, atLeast } = checked(Reading, request.query);
    if (level === 'linearizable') absence.check(': consistency=local shows what is here');
    await peer.read({ level, atLeast, timeoutMs: READ_WITHIN_MS });

    checkKept(peer, after, topic);
    const messages = peer.history({ after, limit, ...(topic === undefined ? {} : { topic }) });
    const last = messages.at(-1);
    const next = last === undefined ? after : topic === undefined ? last.sequence : last.topicSequence;
    return { messages: messages.map(shown), next };
  });

  app.addHook('onClose', async () => absence.close());
}

/**
 * Whoever has read up to `after` would miss something without knowing; whoever begins at 0 begins with the oldest there is.
 *
 * @throws HttpProblem 410 when what follows `after` is gone: a snapshot stands for it.
 */
export function checkKept(peer: Peer, after: number, topic?: string): void {
  const dropped = peer.dropped(topic);
  if (after === 0 || after >= dropped) return;
  const detail = `what follows ${after} is not kept any more: begin with after=${dropped}, or with 0`;
  throw new HttpProblem(410, 'history-gone', detail);
}

/** A delivery as HTTP shows it. */
export const shown = ({
  sequence,
  topicSequence,
  term,
  id,
  origin,
  topic,
  payload,
  at,
}: ReturnType<Peer['history']>[number]) => ({
  sequence,
  topicSequence,
  term,
  id,
  origin,
  topic,
  payload,
  at,
});

function checkedBody(body: unknown): z.output<typeof Body> {
  const message = checked(Body, body);
  if (message.payload === undefined) throw new HttpProblem(400, 'bad-request', 'payload is missing');
  const encoded = encodePayload(message.payload);
  if (encoded.ok) return message;
  const tooLarge = encoded.code === 'too-large';
  throw new HttpProblem(
    tooLarge ? 413 : 400,
    tooLarge ? 'payload-too-large' : 'bad-payload',
    `the payload ${tooLarge ? 'is ' : ''}${encoded.detail}`,
  );
}

function keyOf(key: string | undefined, header: string | string[] | undefined): string | undefined {
  if (header === undefined) return key;
  const fromHeader = checked(Key, header, 'Idempotency-Key');
  if (key !== undefined && key !== fromHeader)
    throw new HttpProblem(400, 'bad-request', 'key and Idempotency-Key differ: send one of them');
  return fromHeader;
}
