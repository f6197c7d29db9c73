/** Where frames come from: a WebSocket of an inspector server, or the window that opened this page. */

/** What a source has to say of itself, for people. */
export interface SourceNews {
  readonly words: string;
  readonly isOpen: boolean;
}

const RETRY_MS = 1000;
const FRAME_CHARACTERS_MAX = 4 * 1024 * 1024;

/** Why an address cannot be listened to; null when it can. */
export function problemWith(address: string): string | null {
  try {
    const { protocol } = new URL(address);
    return protocol === 'ws:' || protocol === 'wss:' ? null : 'the address must begin with ws:// or wss://';
  } catch {
    return 'this is no address: it should look like ws://127.0.0.1:8080';
  }
}

/**
 * Listens at a server, again and again until it is told to stop. Nothing is ever sent there.
 *
 * @returns what ends it.
 */
export function listenTo(
  address: string,
  hear: (frame: unknown) => void,
  tell: (news: SourceNews) => void,
): () => void {
  let socket: WebSocket | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;
  const open = () => {
    tell({ words: `connecting to ${address} …`, isOpen: false });
    const current = new WebSocket(address);
    socket = current;
    current.onopen = () => tell({ words: `listening at ${address}`, isOpen: true });
    current.onmessage = ({ data }) => {
      const frame = frameIn(data);
      if (frame !== undefined) hear(frame);
    };
    current.onclose = () => {
      if (isOver) return;
      tell({ words: `nobody answers at ${address}; trying again`, isOpen: false });
      timer = setTimeout(open, RETRY_MS);
    };
  };
  try {
    open();
  } catch (problem) {
    tell({ words: problem instanceof Error ? problem.message : String(problem), isOpen: false });
  }
  return () => {
    isOver = true;
    clearTimeout(timer);
    socket?.close();
  };
}

function frameIn(data: unknown): unknown {
  if (typeof data !== 'string' || data.length > FRAME_CHARACTERS_MAX) return undefined;
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}

/**
 * Tells whoever opened this page, or holds it in a frame, that a viewer is there, and takes what that window sends.
 * Of other windows nothing is taken.
 *
 * @returns what ends it; null when no window opened this one.
 */
export function listenToOpener(hear: (frame: unknown) => void): (() => void) | null {
  const others = [window.opener, window.parent].filter(
    (other): other is Window => other !== null && other !== window,
  );
  if (others.length === 0) return null;
  const heard = ({ source, data }: MessageEvent) => {
    if (others.some((other) => other === source)) hear(data);
  };
  addEventListener('message', heard);
  // Says nothing but that somebody listens, so it may be said to any origin.
  for (const other of others) other.postMessage({ type: '@statelyai.connected' }, '*');
  return () => removeEventListener('message', heard);
}
