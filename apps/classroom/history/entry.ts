/** Lines of a trace, read. They come from files and from peers: whatever is wrong with one, it is refused, never thrown. */
import type { PeerId, TraceEvent } from '../contract.js';

/** A record in its place. Texts are shared between records, and everything a pane may ask for stands here. */
export interface Entry extends TraceEvent {
  /** Its place in the history. */
  readonly index: number;
}

/** The first line of a trace: what was recorded. */
export interface Header {
  readonly source: string;
  readonly members: readonly PeerId[];
  readonly seed: number | null;
  /** Null where it does not tell. */
  readonly timings: Readonly<Record<TimingName, number | null>>;
  /** As it stands in the trace: for people and exports. */
  readonly raw: Readonly<Record<string, unknown>>;
}

export type Line =
  | { readonly kind: 'entry'; readonly event: TraceEvent }
  | { readonly kind: 'header'; readonly header: Header }
  | { readonly kind: 'refused'; readonly why: string };

const KINDS = new Set<TraceEvent['k']>([
  'transition',
  'send',
  'receive',
  'lost',
  'timer',
  'timer-set',
  'timer-cleared',
  'delivery',
  'status',
  'fault',
  'actor',
  'gap',
  'violation',
  'mark',
]);

/** Longer lines are no records of ours. */
const LINE_CHARACTERS_MAX = 262_144;
const NAME_CHARACTERS_MAX = 200;
const TEXTS = ['a', 'ev', 'st', 'was', 'to', 'fr', 'm', 'why', 'phase', 'words'] as const;
/** Every record has so many texts that it pays to keep each once. */
const SHARED = ['a', 'ev', 'st', 'was', 'to', 'fr'] as const;

const refused = (why: string): Line => ({ kind: 'refused', why });

type Fields = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isTime = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && Math.abs(value) < 1e12;

/** A reader of lines that keeps equal texts once. */
export function createReader(): (line: string) => Line {
  const texts = new Map<string, string>();
  const shared = (text: string): string => {
    const known = texts.get(text);
    if (known !== undefined) return known;
    texts.set(text, text);
    return text;
  };
  return (line) => {
    if (line.length > LINE_CHARACTERS_MAX) return refused(`longer than ${LINE_CHARACTERS_MAX} characters`);
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      return refused('not JSON');
    }
    if (!isObject(value)) return refused('not an object');
    if (value.kind === 'header') return headerOf(value);
    const problem = problemOf(value);
    if (problem !== undefined) return refused(problem);
    const event = value as unknown as { -readonly [Key in keyof TraceEvent]: TraceEvent[Key] };
    event.p = shared(event.p);
    for (const name of SHARED) {
      const text = event[name];
      if (text !== undefined) event[name] = shared(text);
    }
    return { kind: 'entry', event };
  };
}

function headerOf(raw: Fields): Line {
  if (raw.v !== 1) return refused(`a header of version ${String(raw.v)}; this page reads version 1`);
  const members = Array.isArray(raw.members) ? raw.members : [];
  const seed = isObject(raw.config) ? raw.config.seed : raw.seed;
  return {
    kind: 'header',
    header: {
      source: typeof raw.source === 'string' ? raw.source : 'unknown',
      members: members.filter((id): id is string => typeof id === 'string').slice(0, 100),
      seed: typeof seed === 'number' ? seed : null,
      timings: timingsIn(raw),
      raw,
    },
  };
}

export type TimingName = 'heartbeatIntervalMs' | 'suspectTimeoutMs';

/** The presets a simulation is made of, for headers that name one and write nothing else; a test keeps them true. */
export const PRESET_TIMINGS: Readonly<Record<string, Readonly<Record<TimingName, number>>>> = {
  lan: { heartbeatIntervalMs: 200, suspectTimeoutMs: 1000 },
  fast: { heartbeatIntervalMs: 50, suspectTimeoutMs: 250 },
};

/** From the settings of the peers, where a simulator writes them. */
function timingsIn({ config }: Fields): Header['timings'] {
  const options = isObject(config) && isObject(config.options) ? config.options : {};
  const told = isObject(options.timings) ? options.timings : {};
  const preset = PRESET_TIMINGS[String(options.preset)];
  const of = (name: TimingName): number | null => {
    const value = told[name];
    return isTime(value) && value > 0 ? value : (preset?.[name] ?? null);
  };
  return { heartbeatIntervalMs: of('heartbeatIntervalMs'), suspectTimeoutMs: of('suspectTimeoutMs') };
}

/** What is wrong with a record; undefined when a pane may trust its types. */
function problemOf(value: Fields): string | undefined {
  if (!KINDS.has(value.k as TraceEvent['k'])) return `unknown kind ${JSON.stringify(value.k)?.slice(0, 40)}`;
  if (!isTime(value.t)) return 't is no time';
  if (!Number.isSafeInteger(value.s)) return 's is no number';
  if (typeof value.p !== 'string' || value.p.length > NAME_CHARACTERS_MAX) return 'p is no peer';
  for (const name of TEXTS)
    if (value[name] !== undefined && typeof value[name] !== 'string') return `${name} is no text`;
  for (const name of ['a', 'to', 'fr', 'm'] as const)
    if (typeof value[name] === 'string' && value[name].length > NAME_CHARACTERS_MAX)
      return `${name} is too long`;
  if (value.c !== undefined && typeof value.c !== 'number') return 'c is no number';
  if (value.due !== undefined && value.due !== null && !isTime(value.due)) return 'due is no time';
  if (value.act !== undefined && !isObject(value.act)) return 'act is no act';
  return needs(value);
}

function needs({ k, ev, a, to, fr, m, due }: Fields): string | undefined {
  switch (k as TraceEvent['k']) {
    case 'send':
      return ev === undefined || to === undefined ? 'a send without ev or to' : undefined;
    case 'receive':
      return ev === undefined || fr === undefined ? 'a receive without ev or fr' : undefined;
    case 'lost':
      return m === undefined ? 'a loss without m' : undefined;
    case 'timer-set':
      return a === undefined || ev === undefined || !isTime(due) ? 'a timer without a, ev or due' : undefined;
    case 'transition':
      return a === undefined ? 'a transition of nobody' : undefined;
    default:
      return undefined;
  }
}

/** The act of a fault, as far as it can be trusted: only its kind is sure to be a text. */
export interface ActFields {
  readonly kind: string;
  readonly [field: string]: unknown;
}

export function actOf({ act, ev }: TraceEvent): ActFields | undefined {
  if (act === undefined) return actInWords(ev);
  const fields: Fields = { ...act };
  return typeof fields.kind === 'string' ? { ...fields, kind: fields.kind } : undefined;
}

/** What simulators before the classroom wrote: `2000 ms: crash forMs 2000, peer 5, isPowerCut false`. */
function actInWords(words: string | undefined): ActFields | undefined {
  const found = /^(\d+) ms: (crash|pause|wipe|damage) .*?peer ([^,]+)/.exec(words ?? '');
  const [, at, kind, peer] = found ?? [];
  return kind === undefined ? undefined : { kind, peer, at: Number(at) };
}

const DEADLY = new Set(['crash', 'wipe', 'damage']);

/** Whose process a fault ends when it begins; whether it runs again is told by its `actor` records. */
export function killedBy(event: TraceEvent): PeerId | undefined {
  if (event.k !== 'fault' || event.phase === 'end') return undefined;
  const act = actOf(event);
  return act !== undefined && DEADLY.has(act.kind) && typeof act.peer === 'string' ? act.peer : undefined;
}
