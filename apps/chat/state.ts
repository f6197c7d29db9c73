/**
 * The conversation as a value: rooms, lines on their way, and where the cluster stands. Pure: every happening gives a
 * new conversation, what there is to say, and what there is to do.
 */
import type { Delivery, Status } from '../../actors/index.js';
import type { PeerId } from '../../transport/index.js';
import { type Command, helpFor, parseCommand, refusedToClients } from './commands.js';
import type { Line, ShownMember } from './lines.js';

/** The room that always exists. A room is a topic of the same name. */
export const FIRST_ROOM = 'general';

export interface Room {
  /** Lines delivered in it: its own last number. */
  readonly lines: number;
  /** Of them, how many came while another room was looked at. */
  readonly unseen: number;
}

/** A line that was typed and is not yet in the room. */
export interface PendingLine {
  readonly number: number;
  readonly room: string;
  readonly text: string;
  /** Its place in the total order, once known. */
  readonly sequence: number | null;
}

/** Where the cluster stands, as far as a chat shows it. */
export interface Standing {
  /** `client`: no member, so it is told neither a term nor a view. */
  readonly role: Status['role'] | 'client';
  readonly coordinator: PeerId | null;
  readonly term: number | null;
  readonly viewNumber: number;
  readonly members: readonly ShownMember[];
  /** The peer a client talks through; null while there is none, and for a peer, which speaks for itself. */
  readonly through: PeerId | null;
}

export interface Conversation {
  readonly self: PeerId;
  readonly standing: Standing;
  /** Newest overall sequence that was delivered. */
  readonly sequence: number;
  readonly rooms: ReadonlyMap<string, Room>;
  readonly current: string;
  readonly pending: readonly PendingLine[];
  /** How many lines were typed: the number of the newest. */
  readonly typed: number;
}

export type Happening =
  | { readonly type: 'line.typed'; readonly text: string }
  | { readonly type: 'payload.delivered'; readonly delivery: Delivery }
  | { readonly type: 'line.settled'; readonly number: number; readonly sequence: number }
  | { readonly type: 'line.refused'; readonly number: number; readonly code: string; readonly detail: string }
  | { readonly type: 'standing.changed'; readonly standing: Standing };

/** What is asked of the peer. */
export type Request =
  | { readonly type: 'submit'; readonly number: number; readonly room: string; readonly text: string }
  | { readonly type: 'leave' }
  | { readonly type: 'transfer'; readonly to: PeerId }
  | Question;

/** What only the peer can answer. */
export type Question =
  | { readonly type: 'history'; readonly room: string; readonly limit: number }
  | { readonly type: 'status' }
  | { readonly type: 'who' };

/** What a happening leads to. */
export interface Outcome {
  readonly conversation: Conversation;
  readonly lines: readonly Line[];
  readonly requests: readonly Request[];
}

/** How much of a room is shown when it is entered. */
const JOIN_SHOWS = 20;

export const standingOf = ({ role, coordinator, term, view }: Status): Standing => ({
  role,
  coordinator,
  term: term.n,
  viewNumber: view.number,
  through: null,
  members: view.members
    .map(({ id, state }) => ({ id, suspected: state === 'suspected' }))
    .sort((one, other) => one.id.localeCompare(other.id, 'en', { numeric: true })),
});

/**
 * The conversation at its beginning.
 *
 * @param topics - every topic with the number of its deliveries so far, `sequence` of them in all.
 */
export function openConversation(
  self: PeerId,
  standing: Standing,
  past: { readonly topics: ReadonlyMap<string, number>; readonly sequence: number },
  current: string = FIRST_ROOM,
): Conversation {
  const rooms = new Map([FIRST_ROOM, current].map((room): [string, Room] => [room, { lines: 0, unseen: 0 }]));
  for (const [topic, lines] of past.topics) rooms.set(topic, { lines, unseen: 0 });
  return { self, standing, sequence: past.sequence, rooms, current, pending: [], typed: 0 };
}

/** What to say of a standing to somebody who knows nothing yet. */
export const introduce = (standing: Standing): readonly Line[] => [
  ...(standing.members.length > 0 ? [viewLine(standing)] : []),
  ...attachedLines(standing),
  coordinatorLine(standing),
];

/** What follows from `happening`. */
export function advance(conversation: Conversation, happening: Happening): Outcome {
  switch (happening.type) {
    case 'line.typed':
      return obey(conversation, parseCommand(happening.text));
    case 'payload.delivered':
      return deliver(conversation, happening.delivery);
    case 'line.settled':
      return settle(conversation, happening.number, happening.sequence);
    case 'line.refused':
      return refuse(conversation, happening);
    case 'standing.changed':
      return {
        conversation: { ...conversation, standing: happening.standing },
        lines: news(conversation.standing, happening.standing),
        requests: [],
      };
    default:
      return happening satisfies never;
  }
}

function obey(conversation: Conversation, command: Command): Outcome {
  const { standing, current } = conversation;
  const problem = standing.role === 'client' ? refusedToClients(command) : null;
  if (problem !== null) return outcome(conversation, [{ kind: 'mistake', problem }]);
  switch (command.type) {
    case 'nothing':
      return outcome(conversation);
    case 'say':
      return submit(conversation, command.text);
    case 'join':
      return join(conversation, command.room);
    case 'history':
      return outcome(conversation, [], [{ type: 'history', room: current, limit: command.limit }]);
    case 'rooms':
      return outcome(conversation, [roomsAnswer(conversation)]);
    case 'leader':
      return outcome(conversation, [coordinatorLine(standing)]);
    case 'help':
      return outcome(conversation, [helpAnswer(standing.role === 'client')]);
    case 'quit':
      return outcome(conversation, [], [{ type: 'leave' }]);
    case 'transfer':
      return outcome(conversation, [], [command]);
    case 'status':
    case 'who':
      return outcome(conversation, [], [{ type: command.type }]);
    case 'mistake':
      return outcome(conversation, [{ kind: 'mistake', problem: command.problem }]);
    default:
      return command satisfies never;
  }
}

const outcome = (
  conversation: Conversation,
  lines: readonly Line[] = [],
  requests: readonly Request[] = [],
): Outcome => ({ conversation, lines, requests });

function submit(conversation: Conversation, text: string): Outcome {
  const number = conversation.typed + 1;
  const room = conversation.current;
  const pending = [...conversation.pending, { number, room, text, sequence: null }];
  return outcome({ ...conversation, typed: number, pending }, [], [{ type: 'submit', number, room, text }]);
}

function join(conversation: Conversation, name: string): Outcome {
  const room = { lines: conversation.rooms.get(name)?.lines ?? 0, unseen: 0 };
  const joined = { ...conversation, current: name, rooms: new Map(conversation.rooms).set(name, room) };
  const lines: readonly Line[] = [{ kind: 'room', room: name, lines: room.lines }];
  return outcome(joined, lines, [{ type: 'history', room: name, limit: JOIN_SHOWS }]);
}

const helpAnswer = (isClient: boolean): Line => ({
  kind: 'answer',
  command: 'help',
  lines: helpFor(isClient),
  detail: null,
});

function roomsAnswer({ rooms, current }: Conversation): Line {
  const sorted = [...rooms].sort(([one], [other]) => one.localeCompare(other));
  const lines = sorted.map(([name, { lines: count, unseen }]) => {
    const marks = [name === current ? 'you are here' : '', unseen > 0 ? `${unseen} new` : ''].filter(Boolean);
    return `${name}: ${count === 1 ? '1 line' : `${count} lines`}${marks.length > 0 ? ` (${marks.join(', ')})` : ''}`;
  });
  return { kind: 'answer', command: 'rooms', lines, detail: Object.fromEntries(sorted) };
}

function deliver(conversation: Conversation, delivery: Delivery): Outcome {
  const { sequence, topic, topicSequence } = delivery;
  const here = topic === conversation.current;
  const unseen = here ? 0 : (conversation.rooms.get(topic)?.unseen ?? 0) + 1;
  const rooms = new Map(conversation.rooms).set(topic, { lines: topicSequence, unseen });
  const pending = conversation.pending.filter((line) => line.sequence === null || line.sequence > sequence);
  return outcome({ ...conversation, sequence, rooms, pending }, [{ kind: 'delivery', delivery }]);
}

/** A settled line stays pending until its delivery is here too, so that it is never out of sight. */
function settle(conversation: Conversation, number: number, sequence: number): Outcome {
  const pending = conversation.pending.flatMap((line) => {
    if (line.number !== number) return [line];
    return sequence <= conversation.sequence ? [] : [{ ...line, sequence }];
  });
  return outcome({ ...conversation, pending });
}

function refuse(
  conversation: Conversation,
  { number, code, detail }: Extract<Happening, { type: 'line.refused' }>,
): Outcome {
  const line = conversation.pending.find((pending) => pending.number === number);
  if (line === undefined) return outcome(conversation);
  const pending = conversation.pending.filter((other) => other !== line);
  return outcome({ ...conversation, pending }, [{ kind: 'refused', text: line.text, code, detail }]);
}

function news(before: Standing, now: Standing): readonly Line[] {
  const lines: Line[] = [];
  if (now.viewNumber !== before.viewNumber && now.members.length > 0) lines.push(viewLine(now));
  if (now.through !== before.through) lines.push(...attachedLines(now));
  if (now.coordinator !== before.coordinator || (now.coordinator !== null && now.term !== before.term))
    lines.push(coordinatorLine(now));
  return lines;
}

const attachedLines = ({ through }: Standing): readonly Line[] =>
  through === null ? [] : [{ kind: 'attached', peer: through }];

const viewLine = ({ viewNumber, members }: Standing): Line => ({ kind: 'view', number: viewNumber, members });

function coordinatorLine({ role, coordinator, term }: Standing): Line {
  if (coordinator !== null) return { kind: 'coordinator', coordinator, term };
  return { kind: role === 'client' ? 'seeking' : 'waiting' };
}
