/** Trace records told as plain sentences. */
import type { TraceRecord } from './contract.js';
import { type Kind, kindOf, labelOf } from './shapes.js';

export interface Sentence {
  /** The record's number: what "because of" refers to. */
  readonly number: number;
  /** Monotonic ms of the peer. */
  readonly at: number;
  readonly text: string;
  /** What led here, in words; empty when the record names no cause, or one no longer kept. */
  readonly because: string;
  readonly kind: Kind;
  /** Heartbeats and what only they do: shown on request. */
  readonly routine: boolean;
  /** A machine changed its state, or something went wrong: worth a second look. */
  readonly weighty: boolean;
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** The message type of a send or receive; the event of anything else. */
export const eventOf = (record: TraceRecord): string =>
  record.ev ?? text(record.ty) ?? text(record.type) ?? '';

export const changedState = (record: TraceRecord): boolean =>
  record.k === 'transition' && record.was !== undefined && record.was !== record.st;

const isHeartbeat = (record: TraceRecord): boolean => /heartbeat|heard|tick/.test(eventOf(record));

/** @param recall - finds an earlier record by its number, when it is still kept. */
export function tell(record: TraceRecord, recall: (number: number) => TraceRecord | undefined): Sentence {
  const cause = record.c === undefined ? undefined : recall(record.c);
  const event = eventOf(record);
  return {
    number: record.s,
    at: record.t,
    text: say(record),
    because: cause && cause.s !== record.s ? mention(cause) : '',
    kind: record.k === 'fault' || record.k === 'gap' ? 'fault' : kindOf(event),
    routine: isRoutine(record, cause),
    weighty: changedState(record) || record.k === 'fault' || record.k === 'gap',
  };
}

function isRoutine(record: TraceRecord, cause: TraceRecord | undefined): boolean {
  if (record.k === 'fault' || record.k === 'gap' || record.k === 'delivery' || changedState(record))
    return false;
  return isHeartbeat(record) || (cause !== undefined && isHeartbeat(cause) && record.k !== 'actor');
}

function say(record: TraceRecord): string {
  const event = eventOf(record);
  switch (record.k) {
    case 'send':
      return `sent ${labelOf(event)} to ${record.to ?? 'somebody'}`;
    case 'receive':
      return `received ${labelOf(event)} from ${record.fr ?? 'somebody'}`;
    case 'transition':
      return sayTransition(record, event);
    case 'timer':
      return `${record.a ?? 'a machine'} had waited long enough: ${event || 'its time-out ran out'}`;
    case 'delivery':
      return `delivered ${sequenceOf(record)}${text(record.topic) ? ` in ${text(record.topic)}` : ''}`;
    case 'actor':
      return `${record.a ?? 'an actor'} ${event || record.st || 'started'}`;
    case 'fault':
      return `trouble: ${text(record.detail) ?? text(record.code) ?? (event || 'unknown')}`;
    case 'gap':
      return `some records were left out here${typeof record.n === 'number' ? ` (${record.n})` : ''}`;
    default:
      return record.k satisfies never;
  }
}

function sayTransition(record: TraceRecord, event: string): string {
  const actor = record.a ?? 'a machine';
  const name = labelOf(event);
  if (changedState(record)) return `${actor} went from ${record.was} to ${record.st}, on ${name}`;
  return record.st ? `${actor} heard ${name}, stays ${record.st}` : `${actor} heard ${name}`;
}

const sequenceOf = (record: TraceRecord): string => {
  const sequence = record.sequence ?? record.n;
  return typeof sequence === 'number' ? `#${sequence}` : 'a message';
};

/** A cause in a few words: "OK from 3", "election → challenging". */
function mention(cause: TraceRecord): string {
  const name = labelOf(eventOf(cause));
  if (cause.k === 'receive') return `${name} from ${cause.fr ?? 'somebody'}`;
  if (cause.k === 'timer') return `${cause.a ?? ''} ${name}`.trim();
  if (changedState(cause)) return `${cause.a} → ${cause.st}`;
  return name || cause.k;
}
