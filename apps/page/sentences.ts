/** Trace records told as plain sentences. */
import { changedLeaf, stateInWords } from '../classroom/charts/active-states.js';
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
   * `weighty`: a machine changed its state, or something went wrong. `routine`: heartbeats, and whatever changes
   * nothing; shown on request.
   */
  readonly weight: 'weighty' | 'plain' | 'routine';
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** The message type of a send or receive; the event of anything else. */
export const eventOf = (record: TraceRecord): string =>
  record.ev ?? text(record.ty) ?? text(record.type) ?? '';

export const changedState = (record: TraceRecord): boolean =>
  record.k === 'transition' && record.was !== undefined && record.was !== record.st;

/** @param recall - finds an earlier record by its number, when it is still kept. */
export function tell(record: TraceRecord, recall: (number: number) => TraceRecord | undefined): Sentence {
  const cause = rootCause(record, recall);
  const because = cause ? mention(cause) : '';
  const isMessage = record.k === 'send' || record.k === 'receive';
  return {
    at: record.t,
    text: say(record),
    because: because === eventInWords(eventOf(record)) ? '' : because,
    shape: isMessage ? kindOfMessage(record) : null,
    weight: weigh(record),
  };
}

/** The nearest cause worth telling: a message, a time that was over, or a change of state; not what only passed it on. */
function rootCause(
  record: TraceRecord,
  recall: (number: number) => TraceRecord | undefined,
): TraceRecord | undefined {
  let cause: TraceRecord | undefined = record;
  do cause = cause.c === undefined || cause.c >= cause.s ? undefined : recall(cause.c);
  while (cause?.k === 'transition' && !changedState(cause));
  return cause;
}

function weigh(record: TraceRecord): Sentence['weight'] {
  switch (record.k) {
    case 'fault':
    case 'gap':
    case 'violation':
      return 'weighty';
    case 'transition':
      if (!changedState(record)) return 'routine';
      return isProtocol(record.a ?? '') ? 'weighty' : 'plain';
    // The transition that follows tells what the time that was over led to.
    case 'timer':
    case 'timer-set':
    case 'timer-cleared':
    case 'status':
      return 'routine';
    case 'send':
    case 'receive':
      return kindOfMessage(record) === 'heartbeat' ? 'routine' : 'plain';
    default:
      return 'plain';
  }
}

/** The conversation; not what happens for every message, or for every dial of a peer that is gone. */
const isProtocol = (actor: string): boolean =>
  /^(election|sequencer|membership|failure-detector|peer)/.test(actor);

/** An APPEND that carries nothing is a heartbeat, and so is its answer. `n` counts what a message carries. */
export function kindOfMessage(record: TraceRecord): Kind {
  const event = eventOf(record);
  const carriesNothing = !record.n && (event === 'sequencer.append' || event === 'sequencer.appended');
  return carriesNothing ? 'heartbeat' : kindOf(event);
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
      return `${delayIn(event) ?? 'a time'} was over, in ${record.a ?? 'a machine'}`;
    case 'timer-set':
      return `waits for ${delayIn(event) ?? 'a time'}, in ${record.a ?? 'a machine'}`;
    case 'timer-cleared':
      return `waits no longer for ${delayIn(event) ?? 'a time'}, in ${record.a ?? 'a machine'}`;
    case 'status':
      return `is ${text(record.role) ?? 'there'} in term ${typeof record.term === 'number' ? record.term : 0}`;
    case 'lost':
      return `lost ${labelOf(event)} to ${record.to ?? 'somebody'}`;
    case 'violation':
      return `a promise is broken: ${text(record.detail) ?? 'unknown'}`;
    case 'delivery':
      return `committed ${entriesIn(record)}`;
    case 'actor':
      return `${record.a ?? 'an actor'} is there`;
    case 'fault':
      return `${record.phase === 'end' ? 'over' : 'trouble'}: ${text(record.words) ?? text(record.detail) ?? text(record.code) ?? (event || 'unknown')}`;
    case 'gap':
      return `${typeof record.lost === 'number' ? record.lost : 'some'} records were left out here`;
    default:
      return record.k satisfies never;
  }
}

function sayTransition(record: TraceRecord, event: string): string {
  const actor = record.a ?? 'a machine';
  const name = eventInWords(event);
  const { st = '', was } = record;
  if (changedState(record) && was !== undefined)
    return `${actor} went from ${changedLeaf(was, st)} to ${changedLeaf(st, was)}, on ${name}`;
  return st === '' ? `${actor} heard ${name}` : `${actor} heard ${name}, stays ${stateInWords(st)}`;
}

/** XState's own events in people's words; messages by their label; facts by their name. */
export function eventInWords(event: string): string {
  const delay = delayIn(event);
  if (delay) return `${delay} being over`;
  if (event.startsWith('xstate.done')) return 'something being done';
  return event === 'xstate.init' ? 'starting' : labelOf(event);
}

/** The name of the delay in XState's event for it. */
function delayIn(event: string): string | undefined {
  const delay = event.match(/^xstate\.after\.([^.]+)/)?.[1];
  return delay && /^\d+$/.test(delay) ? `${delay} ms` : delay;
}

function entriesIn({ first, count }: TraceRecord): string {
  if (typeof first !== 'number' || typeof count !== 'number') return 'entries';
  return count === 1 ? `entry ${first} of the log` : `entries ${first} to ${first + count - 1} of the log`;
}

/** A cause in a few words: "OK from 3", "election going to challenging". */
function mention(cause: TraceRecord): string {
  const name = eventInWords(eventOf(cause));
  if (cause.k === 'receive') return `${name} from ${cause.fr ?? 'somebody'}`;
  if (changedState(cause)) return `${cause.a} going to ${changedLeaf(cause.st ?? '', cause.was ?? '')}`;
  return name || cause.k;
}
