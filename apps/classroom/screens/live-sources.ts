/** The peers that Live follows: the streams of their traces, what they say of themselves, and what was missed. */
import { batch, createSignal, onCleanup } from 'solid-js';
import { createStore, produce } from 'solid-js/store';
import { createBatch } from '../../page/batch.js';
import { read, change as send } from '../../page/requests.js';
import { openStream, type Stream } from '../../page/stream.js';

/** One peer, as it is followed. */
export interface Source {
  /** Where its HTTP is, without a slash at the end; empty for the peer that serves this page. */
  readonly url: string;
  /** Null until it has answered. */
  id: string | null;
  state: 'connecting' | 'live' | 'lost';
  records: number;
  /** Records that it could not keep for us. */
  missed: number;
  /** What it delivered, and what it has been told is committed. */
  applied: number;
  commit: number;
  /** `performance.now()` of its last record, or of its last answer. */
  heardAt: number | null;
  /** Those that it last told of; null where it takes none. */
  faults: readonly LastingFault[] | null;
}

/** A fault that somebody did to a peer. It is over at `until`, of `performance.now()`, unless it is healed before. */
export interface LastingFault {
  readonly kind: string;
  readonly words: string;
  readonly until: number;
}

/** What a peer that allows it can be asked to do to itself. */
export type Harm =
  | { readonly kind: 'crash' | 'heal' }
  | { readonly kind: 'pause'; readonly forMs: number }
  | {
      readonly kind: 'cut';
      readonly peers: readonly string[];
      readonly direction: 'in' | 'out' | 'both';
      readonly forMs: number;
    };

interface ToldFault {
  readonly kind: string;
  readonly words: string;
  readonly leftMs: number;
}

interface SourceStatus {
  readonly id: string;
  readonly cluster: string;
  readonly applied: number;
  readonly commit: number;
  /** Only where faults are allowed. */
  readonly faults?: readonly ToldFault[];
  readonly view: { readonly members: readonly { readonly id: string; readonly address: string }[] };
}

const HEAR_EVERY_MS = 120;
const LINES_WAITING_MOST = 4000;
const ASK_EVERY_MS = 2000;
export const SOURCES_MAX = 16;

/** Told of lines as they come, in batches, by source. */
export type LinesListener = (source: number, lines: readonly string[]) => void;

/** @param hear - hears every line, the newest batch last. */
export function createSources(hear: LinesListener) {
  const [sources, setSources] = createStore<Source[]>([]);
  const [members, setMembers] = createSignal<readonly { readonly id: string; readonly address: string }[]>(
    [],
  );
  const streams: Stream[] = [];
  const change = (place: number, what: Partial<Source>) =>
    setSources(place, (source) => ({ ...source, ...what }));

  const ask = async (place: number) => {
    const url = sources[place]?.url ?? '';
    const status = await read<SourceStatus>(`${url === '' ? '' : `${url}/`}v1/status`);
    if (status === null) return;
    const { id, applied, commit, view, faults } = status;
    batch(() => {
      change(place, {
        ...{ id, applied, commit, heardAt: performance.now() },
        faults: faults === undefined ? null : lasting(faults),
      });
      if (view.members.length > 0) setMembers(view.members);
    });
  };
  const follow = (place: number, url: string) => {
    let last = '0';
    const heard = createBatch<string>(
      (lines, dropped) => {
        batch(() =>
          setSources(
            place,
            produce((source) => {
              source.records += lines.length;
              source.missed += dropped + lines.reduce((sum, line) => sum + missedIn(line), 0);
              source.heardAt = performance.now();
            }),
          ),
        );
        hear(place, lines);
      },
      { everyMs: HEAR_EVERY_MS, most: LINES_WAITING_MOST },
    );
    return openStream(() => `${url === '' ? '' : `${url}/`}v1/trace/stream?after=${last}`, {
      open: () => change(place, { state: 'live' }),
      lost: () => change(place, { state: 'lost' }),
      event: (_value, line, id) => {
        if (id !== '') last = id;
        heard(line);
      },
    });
  };
  const timer = setInterval(() => {
    if (!document.hidden) for (const place of sources.keys()) void ask(place);
  }, ASK_EVERY_MS);
  onCleanup(() => {
    clearInterval(timer);
    for (const stream of streams) stream.close();
  });

  return {
    sources,
    members,
    /** Has a followed peer do something to itself. Answers why it did not, in words; null when it did. */
    harm: async (source: Source, harm: Harm): Promise<string | null> => {
      const place = sources.findIndex(({ url }) => url === source.url);
      const url = source.url === '' ? '' : `${source.url}/`;
      const answered = await send<{ readonly active: readonly ToldFault[] }>(`${url}v1/faults`, harm, null);
      if (!answered.ok) return `${source.id ?? 'It'} did not: ${answered.detail || 'it does not answer'}`;
      change(place, { faults: lasting(answered.answer.active) });
      return null;
    },
    /** Follows one more peer. Answers what is wrong with the address, in words; null when it is followed. */
    add: (address: string): string | null => {
      const url = address === '' ? '' : urlOf(address);
      if (url === null) return `${address}: an address is http://HOST:PORT, as the peer prints it`;
      if (sources.some((source) => source.url === url)) return `${address}: is followed already`;
      if (sources.length >= SOURCES_MAX) return `at most ${SOURCES_MAX} peers are followed`;
      const place = sources.length;
      setSources(place, fresh(url));
      streams.push(follow(place, url));
      void ask(place);
      return null;
    },
  };
}

export type Sources = ReturnType<typeof createSources>;

const fresh = (url: string): Source => ({
  url,
  id: null,
  state: 'connecting',
  records: 0,
  missed: 0,
  applied: 0,
  commit: 0,
  heardAt: null,
  faults: null,
});

const lasting = (faults: readonly ToldFault[]): readonly LastingFault[] =>
  faults.map(({ kind, words, leftMs }) => ({ kind, words, until: performance.now() + leftMs }));

/** `127.0.0.1:8002` or a whole URL; null when it is neither. */
export function urlOf(address: string): string | null {
  const text = address.trim();
  try {
    const { protocol, host } = new URL(/^https?:\/\//.test(text) ? text : `http://${text}`);
    return host !== '' && /^https?:$/.test(protocol) ? `${protocol}//${host}` : null;
  } catch {
    return null;
  }
}

/** How many records a `gap` stands for. */
function missedIn(line: string): number {
  if (!line.includes('"gap"')) return 0;
  return Number(/"k":"gap".*"lost":(\d+)/.exec(line)?.[1] ?? 0);
}
