/** One call over HTTP, and what may be concluded from how it went. */
import type { PeerProcess } from './peer-process.js';

/** Longer than a peer takes to say that it does not know (5 s). */
const ANSWER_WITHIN_MS = 7000;

export type Answer =
  | { readonly outcome: 'ok'; readonly sequence: number; readonly topicSequence: number }
  /** Nothing was sent: it can have no effect, ever. */
  | { readonly outcome: 'fail'; readonly reason: string }
  | { readonly outcome: 'unknown'; readonly reason: string };

export interface Offer {
  readonly topic: string;
  /** What the checker knows it by. */
  readonly key: string;
  /** Given to the cluster as well, so that a second try is harmless. */
  readonly isKeyed: boolean;
}

/** Offers a payload once. Anything not known for certain is `unknown`. */
export async function offer(peer: PeerProcess, { topic, key, isKeyed }: Offer): Promise<Answer> {
  try {
    const response = await fetch(`http://${peer.place.http}/v1/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(isKeyed ? { 'idempotency-key': key } : {}) },
      body: JSON.stringify({ topic, payload: { key } }),
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    const body = (await response.json()) as OfferBody;
    if (response.status === 201) {
      const { sequence, topicSequence } = body as { sequence: number; topicSequence: number };
      return { outcome: 'ok', sequence, topicSequence };
    }
    return judge(response.status, body.error?.code ?? '');
  } catch (problem) {
    return wasNeverSent(problem)
      ? { outcome: 'fail', reason: 'connection refused' }
      : { outcome: 'unknown', reason: causeOf(problem).code ?? String(problem) };
  }
}

interface OfferBody {
  readonly sequence?: number;
  readonly topicSequence?: number;
  readonly error?: { readonly code: string };
}

/** What a peer promises by its refusals: actors/errors.ts. */
function judge(status: number, code: string): Answer {
  const isUnsent = status === 503 && (code === 'no-coordinator' || code === 'overloaded');
  if (isUnsent || (status >= 400 && status < 500)) return { outcome: 'fail', reason: `${status} ${code}` };
  return { outcome: 'unknown', reason: `${status} ${code}` };
}

/** The connection did not come to be. The same codes on one that stood mean nothing of the kind. */
const wasNeverSent = (problem: unknown): boolean => {
  const { code, syscall } = causeOf(problem);
  return code === 'UND_ERR_CONNECT_TIMEOUT' || (code === 'ECONNREFUSED' && syscall === 'connect');
};

const causeOf = (problem: unknown): { readonly code?: string; readonly syscall?: string } =>
  (problem as { cause?: object }).cause ?? {};

export interface Page {
  readonly keys: readonly string[];
  readonly isWhole: boolean;
}

/** Reads a page of a topic; undefined when there was no answer. */
export async function readPage(
  peer: PeerProcess,
  topic: string,
  after: number,
  limit: number,
): Promise<Page | undefined> {
  const path = `/v1/messages?topic=${topic}&after=${after}&limit=${limit}`;
  const page = await peer.ask<{ messages: Message[] }>(path).catch(() => undefined);
  if (page?.messages === undefined) return undefined;
  return { keys: page.messages.map(({ payload }) => payload.key), isWhole: page.messages.length < limit };
}

interface Message {
  readonly payload: { readonly key: string };
}
