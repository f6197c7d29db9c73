/** One plain sentence per event, made from the record alone. What a screen reader hears, and what the log shows as the reason. */
import { eventInWords } from '../../page/sentences.js';
import { labelOf } from '../../page/shapes.js';
import type { PeerId } from '../contract.js';
import { inWords, isTelling, leafOf } from './charts.js';
import type { Entry } from './entry.js';
import type { Flight } from './flight.js';
import { isRoutine, loadOf } from './flights.js';

/** What a narrator may ask of a history. */
export interface Teller {
  readonly at: (index: number) => Entry | undefined;
  readonly byNumber: (number: number, peer: PeerId) => Entry | undefined;
  readonly flightOf: (index: number) => Flight | undefined;
}

export interface Sentence {
  readonly text: string;
  /** What led to it, in a few words; empty when nobody knows. */
  readonly because: string;
  /** Worth a breath: heartbeats, timers that only tick and states that stay are not. */
  readonly isTelling: boolean;
}

/** @throws never: whatever a record leaves out is told as unknown. */
export function tell(history: Teller, index: number): Sentence {
  const entry = history.at(index);
  if (entry === undefined) return { text: '', because: '', isTelling: false };
  const cause = causeOf(history, entry);
  return {
    text: sentenceOf(history, entry),
    // Why a message is lost, its sentence says.
    because: cause === undefined || entry.k === 'lost' ? '' : mentionOf(cause),
    isTelling: tells(entry, history.flightOf(index)),
  };
}

function tells(entry: Entry, flight: Flight | undefined): boolean {
  switch (entry.k) {
    case 'transition':
      return isTelling(entry.a ?? '', entry.was, entry.st ?? '');
    case 'send':
    case 'receive':
    case 'lost':
      return (
        flight !== undefined && !isRoutine(flight.type, entry.k === 'send' ? loadOf(entry) : flight.load)
      );
    case 'fault':
    case 'violation':
    case 'gap':
    case 'mark':
    case 'delivery':
      return true;
    default:
      return false;
  }
}

/** The nearest cause worth telling: a message, a time that was over, or a change of state; not what only passed it on. */
export function causeOf(history: Teller, entry: Entry): Entry | undefined {
  let cause: Entry | undefined = entry;
  do {
    const earlier: Entry | undefined = cause.c === undefined ? undefined : history.byNumber(cause.c, entry.p);
    // Only what came before can be a cause, whatever a trace says.
    cause = earlier !== undefined && earlier.index < cause.index ? earlier : undefined;
  } while (cause !== undefined && onlyPassesOn(cause));
  return cause;
}

/** A transition that changed nothing; the sign of life that every frame is. */
const onlyPassesOn = ({ k, a = '', was, st = '', ev }: Entry): boolean =>
  (k === 'transition' && !isTelling(a, was, st)) || (k === 'receive' && ev === 'link.heard');

/** A cause in a few words: `OK from 5`, `answer timeout being over`, `4 going to challenging`. */
export function mentionOf(cause: Entry): string {
  const event = inWords(eventInWords(cause.ev ?? ''));
  switch (cause.k) {
    case 'receive':
      return `${event} from ${cause.fr ?? 'somebody'}`;
    case 'transition':
      return `${actorInWords(cause.a ?? '')} going to ${changedRegions(cause.was ?? '', cause.st ?? '')[1]}`;
    case 'send':
      return `${event} to ${cause.to ?? 'somebody'}`;
    case 'fault':
      return cause.words ?? event;
    default:
      return event;
  }
}

const REASONS: Readonly<Record<string, string>> = {
  dropped: 'it was dropped on the way',
  cut: 'the way is cut',
  down: 'nobody is there to hear it',
  'no-channel': 'there is no connection',
  broken: 'the connection broke',
};

/** Why a message never arrives, for people. */
export const reasonOf = (why: string | null): string => REASONS[why ?? ''] ?? why ?? 'nobody knows why';

function sentenceOf(history: Teller, entry: Entry): string {
  const { k, p, ev = '', to, fr } = entry;
  const flight = history.flightOf(entry.index);
  switch (k) {
    case 'send':
      return `${p} sends ${labelOf(ev)} to ${to ?? 'somebody'}.`;
    case 'receive':
      return `${p} receives ${labelOf(ev)} from ${fr ?? 'somebody'}${flight?.isCopy === true ? ', a second time' : ''}.`;
    case 'lost':
      if (flight === undefined) return 'A message is lost.';
      return `${labelOf(flight.type)} from ${flight.from} to ${flight.to} is lost: ${reasonOf(flight.why)}.`;
    case 'transition':
      return transitionInWords(entry);
    case 'timer':
      return `At ${p} ${inWords(eventInWords(ev))}, in its ${actorInWords(entry.a ?? '')}.`;
    case 'timer-set':
      return `${p} sets a timer: ${inWords(eventInWords(ev)).replace(/ being over$/, '')}.`;
    case 'timer-cleared':
      return `${p} clears a timer: ${inWords(eventInWords(ev)).replace(/ being over$/, '')}.`;
    case 'delivery':
      return deliveryInWords(entry);
    case 'status':
      return `${p} is ${roleInWords(String(entry.role ?? 'unknown'))} and follows ${String(entry.coordinator ?? 'nobody')}.`;
    case 'fault':
      return `${entry.phase === 'end' ? 'Over: ' : ''}${entry.words ?? ev}.`;
    case 'actor':
      return `At ${p} ${actorInWords(entry.a ?? '')} is there.`;
    case 'gap':
      return `Records${p === '' ? '' : ` of ${p}`} were left out here.`;
    case 'mark':
      return `Marked: ${entry.words ?? 'this moment'}.`;
    case 'violation':
      return `Broken: ${entry.words ?? ev}.`;
    default:
      return k satisfies never;
  }
}

function deliveryInWords({ p, first, count, sequence, text }: Entry): string {
  if (typeof sequence === 'number')
    return `${p} delivers number ${sequence}${typeof text === 'string' ? `, “${text}”` : ''}.`;
  if (typeof first !== 'number' || typeof count !== 'number') return `${p} delivers something.`;
  return `${p} commits ${count === 1 ? `entry ${first}` : `entries ${first} to ${first + count - 1}`} of its log.`;
}

/** The words people know for states that everybody has to understand; the others are told by their names. */
const MEANINGS: Readonly<Record<string, (p: PeerId) => string>> = {
  challenging: (p) => `${p} starts an election: it challenges everybody above it`,
  winning: (p) => `nobody above ${p} answers: it takes the office`,
  awaitingCoordinator: (p) => `${p} leaves it to whoever answered, and waits for an announcement`,
  isolated: (p) => `${p} hears no majority, so it does not stand`,
  deposed: (p) => `${p} is leader no more: a majority is out of reach`,
  resting: (p) => `${p} has heard no announcement, and rests before it tries again`,
  handedOver: (p) => `${p} has handed its office over`,
};

function transitionInWords({ p, a = '', ev = '', st = '', was }: Entry): string {
  const event = inWords(eventInWords(ev));
  const actor = actorInWords(a);
  if (was === undefined || was === st) {
    const place = st === '' ? '' : ` and stays ${stateInWords(st)}`;
    return `${p}: ${actor} hears ${event}${place}.`;
  }
  const member = /^failure-detector:(.+)$/.exec(a)?.[1];
  if (member !== undefined) return detectorInWords(p, member, st);
  const meaning = a === 'election' ? MEANINGS[leafOf(st)] : undefined;
  if (meaning !== undefined) return `${capital(meaning(p))}.`;
  if (a === 'election' && st.startsWith('following') && !was.startsWith('following'))
    return `${p} follows, on ${event}.`;
  if (a === 'election' && st.startsWith('coordinating') && !was.startsWith('coordinating'))
    return `${p} is leader.`;
  const [from, to] = changedRegions(was, st);
  return `${p}: ${actor} goes from ${from} to ${to}, on ${event}.`;
}

function detectorInWords(p: PeerId, member: PeerId, state: string): string {
  if (state.startsWith('trusted')) return `${p} hears ${member} again and trusts it.`;
  if (state.startsWith('verifying')) return `${p} has not heard ${member} for too long and asks the others.`;
  if (state.startsWith('suspected')) return `${p} suspects ${member}: it is not answering.`;
  if (state.startsWith('unreachable')) return `${p} cannot reach ${member}, though others can.`;
  if (state.startsWith('failed')) return `${p} gives ${member} up.`;
  if (state.startsWith('proving')) return `${p} finds out for another whether ${member} is there.`;
  return `${p} holds ${member} to be ${stateInWords(state)}.`;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** `{seat.voter,register.resting}`: `voter, resting`. */
export const stateInWords = (state: string): string =>
  state
    .replace(/[{}]/g, '')
    .split(',')
    .map((region) => inWords(leafOf(region)))
    .join(', ');

/** Of a parallel state only what has changed: `establishing` to `serving`. */
function changedRegions(was: string, is: string): readonly [string, string] {
  const [before, after] = [stateInWords(was).split(', '), stateInWords(is).split(', ')];
  const from = before.filter((word) => !after.includes(word));
  const to = after.filter((word) => !before.includes(word));
  return from.length === 0 || to.length === 0
    ? [stateInWords(was), stateInWords(is)]
    : [from.join(', '), to.join(', ')];
}

/** `failure-detector:7`: `detector of 7`. */
export const actorInWords = (actor: string): string =>
  actor
    .replace(/^failure-detector:(.+)$/, 'detector of $1')
    .replace(/^(connection|accepted):.*$/, 'connection');

const ROLES: Readonly<Record<string, string>> = {
  coordinator: 'leader (coordinator)',
  unjoined: 'not a member yet',
};

/** A role as `status` tells it, for people. */
export const roleInWords = (role: string): string => ROLES[role] ?? role;
