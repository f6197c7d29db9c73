/**
 * One watched peer: asked once a second, and at once when its trace says that something has happened.
 *
 * It must not cost the peer anything that matters: one question at a time, one stream, and of that no more than a peer can
 * send without noticing; what is not read waits in the peer's ring, and is left out when that has turned.
 */
import { eventsIn } from './event-stream.js';
import { SeenBeliefs, SeenMachines, SeenRecord, SeenStatus } from './seen.js';
import type { Happening } from './state.js';

const ASK_EVERY_MS = 1000;
/** Many happenings at once cost one question. */
const ASK_SOON_MS = 150;
const ANSWER_WITHIN_MS = 2500;
const ANSWER_BYTES_MAX = 4 * 1024 * 1024;
/** Of the trace, per second. */
const STREAM_BYTES_MAX = 256 * 1024;

export class PeerSource {
  readonly origin: string;
  readonly #tell: (happening: Happening) => void;
  readonly #ending = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #isAsking = false;
  #isSoon = false;
  #isStreaming = false;
  /** Whose records were heard last, and how far. */
  #heard: { readonly pid: number | null; position: string | null } | null = null;

  /** Begins at once. @param tell - is called for everything that happens, until `close`. */
  constructor(origin: string, tell: (happening: Happening) => void) {
    this.origin = origin;
    this.#tell = tell;
    void this.#ask();
  }

  close(): void {
    this.#ending.abort();
    clearTimeout(this.#timer);
  }

  /** Every statechart that runs there, with its definition. @throws Error when it does not answer. */
  async machines(): Promise<SeenMachines> {
    return SeenMachines.parse(await this.#read('/v1/machines'));
  }

  /** Its trace as NDJSON, as far as it keeps it. @throws Error when it does not answer. */
  async trace(): Promise<ReadableStream<Uint8Array>> {
    const response = await fetch(`${this.origin}/v1/trace`, { signal: this.#ending.signal });
    if (!response.ok || response.body === null) throw new Error(`it answers ${response.status}`);
    return response.body;
  }

  async #ask(): Promise<void> {
    this.#isAsking = true;
    this.#isSoon = false;
    const happening = await this.#question();
    this.#isAsking = false;
    if (this.#ending.signal.aborted) return;
    this.#tell(happening);
    if (happening.type === 'answered' && !this.#isStreaming) void this.#listen(happening.status.pid);
    this.#timer = setTimeout(() => void this.#ask(), this.#isSoon ? ASK_SOON_MS : ASK_EVERY_MS);
  }

  #askSoon(): void {
    if (this.#isSoon) return;
    this.#isSoon = true;
    if (this.#isAsking) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#ask(), ASK_SOON_MS);
  }

  async #question(): Promise<Happening> {
    const { origin } = this;
    try {
      const [status, beliefs] = await Promise.all([this.#read('/v1/status'), this.#read('/v1/beliefs')]);
      const [seen, believed] = [SeenStatus.safeParse(status), SeenBeliefs.safeParse(beliefs)];
      if (!seen.success || !believed.success)
        return { type: 'silent', origin, reason: 'what answers there is no peer of this version' };
      return { type: 'answered', origin, status: seen.data, beliefs: believed.data };
    } catch (problem) {
      return { type: 'silent', origin, reason: reasonOf(problem) };
    }
  }

  async #read(path: string): Promise<unknown> {
    const late = AbortSignal.timeout(ANSWER_WITHIN_MS);
    const response = await fetch(`${this.origin}${path}`, {
      signal: AbortSignal.any([late, this.#ending.signal]),
    });
    if (!response.ok) throw new Error(`it answers ${response.status}`);
    const parts: Uint8Array[] = [];
    let bytes = 0;
    for await (const part of response.body ?? []) {
      bytes += part.length;
      if (bytes > ANSWER_BYTES_MAX) throw new Error('its answer is too large');
      parts.push(part);
    }
    return JSON.parse(Buffer.concat(parts).toString());
  }

  /** Follows its trace; a peer that was started anew is heard from its first record. */
  async #listen(pid: number | null): Promise<void> {
    this.#isStreaming = true;
    const isNew = this.#heard !== null && this.#heard.pid !== pid;
    const position = isNew ? '0' : (this.#heard?.position ?? null);
    this.#heard = { pid, position };
    try {
      const headers: Record<string, string> = position === null ? {} : { 'last-event-id': position };
      const { signal } = this.#ending;
      const response = await fetch(`${this.origin}/v1/trace/stream`, { headers, signal });
      if (response.ok && response.body !== null)
        for await (const { id, data } of eventsIn(response.body, STREAM_BYTES_MAX)) this.#hear(id, data);
    } catch {
      // The next question finds out whether it is still there.
    }
    this.#isStreaming = false;
  }

  #hear(id: string | null, data: string): void {
    if (this.#ending.signal.aborted) return;
    if (id !== null && this.#heard !== null) this.#heard.position = id;
    const record = recordIn(data);
    if (record === null) return;
    this.#tell({ type: 'recorded', origin: this.origin, record });
    // A change of state may have changed what it says of itself; what is delivered is asked after once a second.
    if (record.k === 'fault' || record.k === 'gap' || (record.k === 'transition' && isWeighty(record)))
      this.#askSoon();
  }
}

const isWeighty = ({ a = '', st, was }: SeenRecord): boolean =>
  was !== undefined && was !== st && /^(election|failure-detector|membership)/.test(a);

function recordIn(data: string): SeenRecord | null {
  try {
    const record = SeenRecord.safeParse(JSON.parse(data));
    return record.success ? record.data : null;
  } catch {
    return null;
  }
}

function reasonOf(problem: unknown): string {
  if (!(problem instanceof Error)) return String(problem);
  if (problem.name === 'TimeoutError') return `no answer within ${ANSWER_WITHIN_MS / 1000} s`;
  if (problem instanceof SyntaxError) return 'what answers there is no peer';
  if (!(problem.cause instanceof Error)) return problem.message;
  const { code, message } = problem.cause as NodeJS.ErrnoException;
  if (code === 'ECONNREFUSED') return 'nobody listens there';
  // Ports that browsers refuse, Node refuses too: `bad port`.
  return `no connection (${code ?? message})`;
}
