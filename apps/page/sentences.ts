/** Trace records told as plain sentences. */
import type { TraceRecord } from './contract.js';
import { type Kind, kindOf, labelOf } from './shapes.js';

export interface Sentence {
  /** Monotonic ms of the peer. */
  readonly at: number;
  readonly text: string;
  /** What led here, in words; empty when the record names no cause, or one no longer kept. */
  readonly because: string;
  /** The shape of a message that was sent or received. */
  readonly shape: Kind | null;
  /**
   * `weighty`: a machine changed its state, or something went wrong. `slight`: a machine heard something and stays
   * as it is. `routine`: heartbeats and what only they do, shown on request.
   */
  readonly weight: 'weighty' | 'plain' | 'slight' | 'routine';
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** The message type of a send or receive; the event of anything else. */
export const eventOf = (record: TraceRecord): string =>
  record.ev ?? text(record.ty) ?? text(record.type) ?? '';

export const changedState = (record: TraceRecord): boolean =>
  record.k === 'transition' && record.was !== undefined && record.was !== record.st;

/** @param recall - finds an earlier record by its number, when it is still kept. */
export function tell(record: TraceRecord, recall: (number: number) => TraceRecord | undefined): Sentence {
  const cause = record.c === undefined || record.c === record.s ? undefined : recall(record.c);
  const isMessage = record.k === 'send' || record.k === 'receive';
  return {
    at: record.t,
    text: say(record),
    because: cause ? mention(cause) : '',
    shape: isMessage ? kindOf(eventOf(record)) : null,
    weight: weigh(record, cause),
  };
}

function weigh(record: TraceRecord, cause: TraceRecord | undefined): Sentence['weight'] {
  if (record.k === 'fault' || record.k === 'gap' || changedState(record)) return 'weighty';
  if (record.k === 'delivery' || record.k === 'actor') return 'plain';
  if (isHeartbeat(record) || (cause && isHeartbeat(cause))) return 'routine';
  return record.k === 'transition' ? 'slight' : 'plain';
}

const isHeartbeat = (record: TraceRecord): boolean => /heartbeat|\.heard|tick/.test(eventOf(record));

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
      return `${record.a ?? 'a machine'} had waited long enough: ${eventInWords(event) || 'its time is over'}`;
    case 'delivery':
      return `delivered ${sequenceOf(record)}${text(record.topic) ? ` in ${text(record.topic)}` : ''}`;
    case 'actor':
      return `${record.a ?? 'an actor'} ${event || record.st || 'started'}`;
    case 'fault':
      return `trouble: ${text(record.detail) ?? text(record.code) ?? (event || 'unknown')}`;
    case 'gap':
      return `${typeof record.lost === 'number' ? record.lost : 'some'} records were left out here`;
    default:
      return record.k satisfies never;
  }
}

function sayTransition(record: TraceRecord, event: string): string {
  const actor = record.a ?? 'a machine';
  const name = eventInWords(event);
  if (changedState(record)) return `${actor} went from ${record.was} to ${record.st}, on ${name}`;
  return record.st ? `${actor} heard ${name}, stays ${record.st}` : `${actor} heard ${name}`;
}

/** XState's own events in people's words; messages by their label; facts by their name. */
export function eventInWords(event: string): string {
  const delay = event.match(/^xstate\.after\.([^.]+)/)?.[1];
  if (delay) return `${/^\d+$/.test(delay) ? `${delay} ms` : delay} passing`;
  if (event.startsWith('xstate.done')) return 'something being done';
  return event === 'xstate.init' ? 'starting' : labelOf(event);
}

const sequenceOf = (record: TraceRecord): string => {
  const sequence = record.sequence ?? record.n;
  return typeof sequence === 'number' ? `#${sequence}` : 'a message';
};

/** A cause in a few words: "OK from 3", "election going to challenging". */
function mention(cause: TraceRecord): string {
  const name = eventInWords(eventOf(cause));
  if (cause.k === 'receive') return `${name} from ${cause.fr ?? 'somebody'}`;
  if (changedState(cause)) return `${cause.a} going to ${cause.st}`;
  return name || cause.k;
}
