/** Server-sent events, read no faster than they may be sent. */

export interface StreamedEvent {
  readonly id: string | null;
  readonly data: string;
}

/** One event is a record of a trace; what is longer is no peer's. */
const EVENT_CHARACTERS_MAX = 1024 * 1024;

/**
 * The events of `body`, in order, until it ends.
 *
 * @param bytesPerSecondMax - when so many have come within a second, no more are read before the next: the sender has to wait.
 * @throws Error when an event is too long, or the connection breaks.
 */
export async function* eventsIn(
  body: AsyncIterable<Uint8Array>,
  bytesPerSecondMax: number,
): AsyncGenerator<StreamedEvent> {
  const decoder = new TextDecoder();
  let text = '';
  let second = performance.now();
  let bytes = 0;
  for await (const part of body) {
    text += decoder.decode(part, { stream: true });
    const parts = text.split('\n\n');
    text = parts.pop() ?? '';
    if (text.length > EVENT_CHARACTERS_MAX) throw new Error('an event is too long');
    for (const one of parts) {
      const event = eventIn(one);
      if (event !== null) yield event;
    }
    bytes += part.length;
    const passed = performance.now() - second;
    if (passed < 1000 && bytes < bytesPerSecondMax) continue;
    if (bytes >= bytesPerSecondMax && passed < 1000) await pause(1000 - passed);
    second = performance.now();
    bytes = 0;
  }
}

/** Null for what is none, as a comment that keeps the connection alive. */
function eventIn(text: string): StreamedEvent | null {
  const lines = text.split('\n');
  const fieldOf = (field: string) =>
    lines
      .filter((line) => line.startsWith(`${field}:`))
      .map((line) => line.slice(field.length + 1).trimStart());
  const data = fieldOf('data');
  return data.length === 0 ? null : { id: fieldOf('id').at(-1) ?? null, data: data.join('\n') };
}

const pause = (delayMs: number) => new Promise<void>((resolve) => setTimeout(resolve, delayMs));
