/** A run as text for other tools: a Mermaid sequence diagram, a log for ShiViz. */
import type { Act, MessageSelector, PeerId, TraceEvent } from '../contract.js';

/** What of a flight a diagram tells. */
export interface Told {
  readonly from: PeerId;
  readonly to: PeerId;
  readonly type: string;
  readonly load: number;
  readonly sentAt: number;
  readonly endAt: number | null;
  readonly why: string | null;
  readonly fate: string;
}

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Mermaid draws more arrows than anybody reads, slowly. */
const ARROWS_MAX = 300;

/**
 * A Mermaid `sequenceDiagram` of the messages sent within the span, in the order of sending, with faults as notes.
 *
 * @param labelOf - the textbook's word for a wire type.
 */
export function mermaidSequence(
  ids: readonly PeerId[],
  flights: readonly Told[],
  events: readonly TraceEvent[],
  { fromMs, toMs }: Span,
  labelOf: (type: string) => string,
): string {
  const within = (t: number) => t >= fromMs && t <= toMs;
  const last = ids.at(-1);
  const first = ids[0];
  const over = first === last ? first : `${nameOf(first ?? '')},${nameOf(last ?? '')}`;
  const arrows = flights
    .filter(({ sentAt }) => within(sentAt))
    .map(({ from, to, type, sentAt, endAt, why, fate }) => {
      const end = fate === 'lost' ? `lost${why === null ? '' : `, ${why}`}` : when(endAt);
      const line = fate === 'lost' ? '-x' : '->>';
      return {
        t: sentAt,
        text: `${nameOf(from)}${line}${nameOf(to)}: ${safe(labelOf(type))} (${round(sentAt)} ms${end === '' ? '' : `, ${end}`})`,
      };
    });
  const notes = events
    .filter(({ k, t }) => k === 'fault' && within(t))
    .map(({ t, words, ev }) => ({ t, text: `Note over ${over}: ${safe(words ?? ev ?? 'fault')}` }));
  const lines = [...arrows, ...notes].sort((one, other) => one.t - other.t);
  const shown = lines.slice(0, ARROWS_MAX);
  return [
    'sequenceDiagram',
    ...ids.map((id) => `    participant ${nameOf(id)} as ${safe(id)}`),
    ...shown.map(({ text }) => `    ${text}`),
    ...(lines.length > shown.length
      ? [`    Note over ${over}: ${lines.length - shown.length} more left out`]
      : []),
    '',
  ].join('\n');
}

const when = (endAt: number | null): string => (endAt === null ? '' : `arrives ${round(endAt)} ms`);
const round = (ms: number): number => Math.round(ms * 10) / 10;
/** Participants are names without signs; what people read is their alias. */
const nameOf = (id: PeerId): string => `P${id.replace(/[^A-Za-z0-9]/g, '_')}`;
/** Semicolons and hashes end a statement or begin an entity. */
const safe = (text: string): string => text.replace(/[#;\n\r]/g, ' ');

type Clock = Readonly<Record<PeerId, number>>;

/**
 * A log for ShiViz (bestchai.bitbucket.io/shiviz): two lines per event, who with its vector clock, and what.
 *
 * Its parser: `(?<host>\S*) (?<clock>{.*})\n(?<event>.*)`. The clocks are counted here, from sends and receives: a trace has none.
 */
export function shivizLog(events: readonly TraceEvent[], labelOf: (type: string) => string): string {
  const clocks = new Map<PeerId, Clock>();
  const sent = new Map<string, Clock>();
  const lines: string[] = [];
  for (const event of events) {
    const words = event.p === '' ? null : wordsOf(event, labelOf);
    if (words === null) continue;
    const heard = event.k === 'receive' && event.m !== undefined ? sent.get(event.m) : undefined;
    const before = joined(clocks.get(event.p) ?? {}, heard ?? {});
    const clock = { ...before, [event.p]: (before[event.p] ?? 0) + 1 };
    clocks.set(event.p, clock);
    if (event.k === 'send' && event.m !== undefined) sent.set(event.m, clock);
    lines.push(`${event.p} ${JSON.stringify(clock)}`, words);
  }
  return `${lines.join('\n')}\n`;
}

function wordsOf({ k, ev = '', a, st, was, to, fr }: TraceEvent, labelOf: (type: string) => string) {
  switch (k) {
    case 'send':
      return `sends ${labelOf(ev)} to ${to}`;
    case 'receive':
      return `receives ${labelOf(ev)} from ${fr}`;
    case 'transition':
      return was === undefined || was === st ? null : `${a}: ${was} to ${st}`;
    default:
      return null;
  }
}

function joined(one: Clock, other: Clock): Clock {
  const all = { ...one };
  for (const [id, count] of Object.entries(other)) all[id] = Math.max(all[id] ?? 0, count);
  return all;
}

/** What was done to a run, in few words: the name of a branch. */
export function actInWords(act: Act, labelOf: (type: string) => string): string {
  switch (act.kind) {
    case 'drop':
    case 'hold':
    case 'duplicate':
    case 'delay':
    case 'deliver':
      return `${act.kind} ${whichInWords(act.which, labelOf)}`;
    case 'timer':
      return `${act.toMs === 0 ? 'fire' : 'move'} a timer of ${act.peer}`;
    case 'partition':
      return `partition ${act.sides.map((side) => side.join('')).join(' | ')}`;
    case 'cut':
    case 'slow-path':
    case 'reset':
      return `${act.kind} ${act.from}→${act.to}`;
    case 'client':
      return 'a client';
    default:
      return `${act.kind} ${act.peer}`;
  }
}

function whichInWords(which: MessageSelector, labelOf: (type: string) => string): string {
  if ('id' in which) return which.id.replace(/>/, '→').replace(/#\d+$/, '');
  const type = which.type === undefined ? 'messages' : labelOf(which.type);
  return `${type} ${which.from ?? 'any'}→${which.to ?? 'any'}`;
}
