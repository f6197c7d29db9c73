/** What the page asks of the peer that serves it. Every answer is a value; nothing here throws. */
import type { Belief, Delivery, Status } from './contract.js';

export interface RunningMachine {
  readonly actor: string;
  readonly machine: string;
  readonly definition: unknown;
  readonly state: string;
}

/** A peer that has not answered by then is called lost. */
const ANSWER_WITHIN_MS = 3000;
/** The coordinator may be changing: a submission waits this long for its number. */
const NUMBER_WITHIN_MS = 20_000;

/** GET; null when the peer does not answer, or refuses. */
export async function read<Answer>(path: string): Promise<Answer | null> {
  try {
    const response = await fetch(path, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS), cache: 'no-store' });
    return response.ok ? ((await response.json()) as Answer) : null;
  } catch {
    return null;
  }
}

export const readStatus = () => read<Status>('v1/status');
export const readBeliefs = () => read<readonly Belief[]>('v1/beliefs');
export const readSystems = async (): Promise<readonly string[]> =>
  (await read<{ readonly systems: readonly string[] }>('v1/systems'))?.systems ?? [];
export const readMachines = () => read<readonly RunningMachine[]>('v1/machines');

/** Deliveries after a sequence, oldest first; null when the peer does not answer. */
export async function readMessages(after: number, limit: number): Promise<readonly Delivery[] | null> {
  const page = await read<{ readonly messages: readonly Delivery[] }>(
    `v1/messages?after=${after}&limit=${limit}&consistency=local`,
  );
  return page?.messages ?? null;
}

/** What came of asking for a change: what was answered, or why nothing was. */
export type Answered<Answer> =
  | { readonly ok: true; readonly answer: Answer }
  | { readonly ok: false; readonly code: string; readonly detail: string };

/** A key that makes a retry harmless. `crypto.randomUUID` exists on secure origins only; this page may not be on one. */
export const newKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, '0')).join(
    '',
  );

/** POST. @param key - makes a retry harmless; null where nothing can. */
export async function change<Answer>(
  path: string,
  body: unknown,
  key: string | null,
): Promise<Answered<Answer>> {
  try {
    const response = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(key !== null && { 'idempotency-key': key }) },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(NUMBER_WITHIN_MS),
    });
    const answer = (await response.json()) as Answer & {
      readonly error?: { readonly code: string; readonly message: string };
    };
    if (response.ok) return { ok: true, answer };
    const { code = `http-${response.status}`, message = '' } = answer.error ?? {};
    return { ok: false, code, detail: message };
  } catch (cause) {
    const late = cause instanceof DOMException && cause.name === 'TimeoutError';
    return { ok: false, code: late ? 'outcome-unknown' : 'not-answering', detail: '' };
  }
}

/** Offers a message to the cluster; resolves when it has its number, or with why it has none. */
export const sendMessage = (topic: string, text: string, key: string) =>
  change<{ readonly sequence: number }>('v1/messages', { topic, payload: { text } }, key);

/** Why a message has no number, in words, with what is true now. */
export function explain(code: string, detail: string): string {
  switch (code) {
    case 'no-coordinator':
      return 'No coordinator just now: without a majority nothing gets a number. It was not sent.';
    case 'outcome-unknown':
      return 'Sent, but no answer came in time. It may still get its number; sending again cannot double it.';
    case 'not-answering':
      return 'The peer does not answer. Sending again cannot double it.';
    case 'overloaded':
      return 'Too many messages wait already. It was not sent.';
    case 'stopped':
      return 'The peer is stopping. It may still get its number; sending again cannot double it.';
    default:
      return detail || `Refused: ${code}.`;
  }
}
