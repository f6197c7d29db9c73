/** What the message log lists: events worth a line, as rows that a filter can judge. */
import {
  type Entry,
  type History,
  isRoutine,
  type Parsed,
  placeAbove,
  reasonOf,
  stateInWords,
  tell,
} from '../history/index.js';
import { type Kind, kindOfFlight, labelOf } from './kinds.js';

export interface LogRow {
  readonly index: number;
  readonly at: number;
  readonly peer: string;
  readonly shape: Kind | null;
  readonly event: string;
  /** Whom it is about, with an arrow for messages: `→ 5`. */
  readonly other: string;
  readonly why: string;
  readonly look: 'plain' | 'state' | 'lost' | 'fault' | 'routine' | 'delivery';
  readonly message: string | null;
}

/** One line of the log. */
export function rowOf(history: History, index: number): LogRow | null {
  const entry = history.at(index);
  if (entry === undefined) return null;
  const flight = history.flightOf(index);
  const { because, text } = tell(history, index);
  const common = { index, at: entry.t, peer: entry.p, message: flight?.id ?? null };
  if (flight !== undefined && (entry.k === 'send' || entry.k === 'receive' || entry.k === 'lost')) {
    const isBeat = isRoutine(flight.type, flight.load);
    const copy = flight.isCopy ? 'a second copy' : '';
    return {
      ...common,
      peer: entry.k === 'receive' ? flight.to : flight.from,
      shape: kindOfFlight(flight),
      event: labelOf(flight.type),
      other: entry.k === 'receive' ? `← ${flight.from}` : `${entry.k === 'lost' ? '✕' : '→'} ${flight.to}`,
      why: entry.k === 'lost' ? reasonOf(flight.why) : entry.k === 'receive' ? copy : because,
      look: entry.k === 'lost' ? 'lost' : isBeat ? 'routine' : 'plain',
    };
  }
  return {
    ...common,
    shape: null,
    event: withoutPeer(text.replace(/\.$/, ''), entry.p),
    other: '',
    why: because,
    look: lookOf(entry),
  };
}

/** The line has the peer already. */
const withoutPeer = (text: string, peer: string): string =>
  peer !== '' && text.startsWith(`${peer} `)
    ? text.slice(peer.length + 1)
    : text.startsWith(`${peer}: `)
      ? text.slice(peer.length + 2)
      : text;

function lookOf({ k }: Entry): LogRow['look'] {
  if (k === 'fault' || k === 'violation' || k === 'gap') return 'fault';
  return k === 'delivery' ? 'delivery' : 'state';
}

/** What a filter sees of a row. */
export function factsOf(history: History, row: LogRow) {
  const entry = history.at(row.index);
  const flight = history.flightOf(row.index);
  return {
    peer: row.peer,
    from: flight?.from ?? '',
    to: flight?.to ?? '',
    type: flight?.type ?? entry?.ev ?? '',
    kind: entry?.k ?? '',
    state:
      entry?.k === 'transition'
        ? `${entry.st ?? ''} ${stateInWords(entry.st ?? '')} ${roleWords(entry.st ?? '')}`
        : '',
    term: flight?.term === null || flight === undefined ? '' : String(flight.term),
    isLost: flight?.fate === 'lost',
    isHeartbeat: row.look === 'routine',
    text: `${row.peer} ${row.event} ${row.other} ${row.why}`,
  };
}

/** What people call the states of an election. */
const roleWords = (state: string): string => {
  if (/challenging|winning|awaitingCoordinator/.test(state)) return 'candidate';
  if (state.startsWith('coordinating')) return 'leader coordinator';
  return state.startsWith('following') ? 'follower' : '';
};

export interface Listing {
  /** Indices of the events that pass, ascending. */
  readonly indices: readonly number[];
}

/** Keeps a filtered list up to date: only what is new is judged again. */
export function createListing() {
  let known: History | undefined;
  let text = '';
  let judged = 0;
  let indices: number[] = [];
  return (history: History, filter: string, parsed: Parsed): Listing => {
    const withHeartbeats = /heartbeat/i.test(filter);
    if (history !== known || filter !== text) {
      known = history;
      text = filter;
      judged = 0;
      indices = [];
    }
    const fresh = merged(
      after(history.stops('event'), judged),
      withHeartbeats ? after(history.stops('heartbeat'), judged) : [],
    );
    judged = history.length;
    for (const index of fresh) {
      const row = parsed.ok && !parsed.isEmpty ? rowOf(history, index) : null;
      if (!parsed.ok || parsed.isEmpty || (row !== null && parsed.matches(factsOf(history, row))))
        indices.push(index);
    }
    return { indices };
  };
}

const after = (stops: readonly number[], index: number): readonly number[] =>
  stops.slice(placeAbove(stops, index - 1, (value) => value));

const merged = (one: readonly number[], other: readonly number[]): readonly number[] =>
  other.length === 0 ? one : [...one, ...other].sort((a, b) => a - b);
