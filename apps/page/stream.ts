/** A stream of server-sent events that comes back by itself. */

export interface StreamHandlers {
  /** Every event's data, decoded; as it came; and its id, empty when it has none. */
  readonly event: (value: unknown, text: string, id: string) => void;
  readonly open?: () => void;
  /** The connection is gone, or was never there; it is dialled again. */
  readonly lost?: () => void;
}

export interface Stream {
  /** Dials at once when the stream is down: the caller knows that the peer answers again. */
  retry(): void;
  close(): void;
}

const RETRY_FIRST_MS = 500;
const RETRY_MOST_MS = 4000;

/**
 * Follows the events of `path`, which is asked for at every dial, so that it can say where to go on.
 *
 * EventSource reconnects by itself only after some failures (not after an HTTP error), and slowly; dialling anew is
 * the same for all of them.
 */
export function openStream(path: () => string, handlers: StreamHandlers): Stream {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wait = RETRY_FIRST_MS;

  const dial = () => {
    timer = undefined;
    source = new EventSource(path());
    source.onopen = () => {
      wait = RETRY_FIRST_MS;
      handlers.open?.();
    };
    source.onmessage = (event: MessageEvent<string>) => {
      const value = decode(event.data);
      if (value !== undefined) handlers.event(value, event.data, event.lastEventId);
    };
    source.onerror = () => {
      source?.close();
      handlers.lost?.();
      timer = setTimeout(dial, wait);
      wait = Math.min(wait * 2, RETRY_MOST_MS);
    };
  };

  dial();
  return {
    retry: () => {
      if (timer === undefined) return;
      clearTimeout(timer);
      dial();
    },
    close: () => {
      clearTimeout(timer);
      source?.close();
    },
  };
}

function decode(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
