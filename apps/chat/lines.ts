/** Everything the chat says, as values; and how each reads as one stable line, or as one JSON object. */
import type { Delivery } from '../../actors/index.js';
import type { PeerId } from '../../transport/index.js';
import { harmless, speakerOf, wordsOf } from './words.js';

/** One thing the chat says. */
export type Line =
  | { readonly kind: 'delivery'; readonly delivery: Delivery }
  /** A line of the past, shown again; with the room's own number. */
  | { readonly kind: 'history'; readonly delivery: Delivery }
  /** Without a term for a client, which is told none. */
  | { readonly kind: 'coordinator'; readonly coordinator: PeerId; readonly term: number | null }
  | { readonly kind: 'waiting' }
  /** A client is at no peer that follows a coordinator. */
  | { readonly kind: 'seeking' }
  /** A client talks through this peer now. */
  | { readonly kind: 'attached'; readonly peer: PeerId }
  /** A typed line that has no number yet, and has waited for long. */
  | { readonly kind: 'pending'; readonly room: string; readonly text: string }
  | { readonly kind: 'view'; readonly number: number; readonly members: readonly ShownMember[] }
  | { readonly kind: 'room'; readonly room: string; readonly lines: number }
  /** The answer to a command: for people, and the same for programs. */
  | {
      readonly kind: 'answer';
      readonly command: string;
      readonly lines: readonly string[];
      readonly detail: unknown;
    }
  /** A typed command that cannot be done. */
  | { readonly kind: 'mistake'; readonly problem: string }
  /** A typed line that was not delivered, and will not be by us. */
  | { readonly kind: 'refused'; readonly text: string; readonly code: string; readonly detail: string }
  | { readonly kind: 'warning'; readonly code: string; readonly detail: string }
  | { readonly kind: 'leaving' }
  | { readonly kind: 'left'; readonly detail: string };

export interface ShownMember {
  readonly id: PeerId;
  readonly suspected: boolean;
}

/** `1 2 3(suspected)` */
export const membersLine = (members: readonly ShownMember[]): string =>
  members.map(({ id, suspected }) => (suspected ? `${id}(suspected)` : id)).join(' ');

/** The line's own words without a mark in front, harmless on any terminal. Only an answer has more than one. */
export function proseOf(line: Line): readonly string[] {
  switch (line.kind) {
    case 'delivery':
      return [spoken(line.delivery)];
    case 'history':
      return [`#${line.delivery.topicSequence} ${spoken(line.delivery)}`];
    case 'coordinator':
      return [`coordinator is ${line.coordinator}${line.term === null ? '' : ` (term ${line.term})`}`];
    case 'waiting':
      return ['waiting for a coordinator'];
    case 'seeking':
      return ['looking for a peer that follows a coordinator'];
    case 'attached':
      return [`attached to peer ${line.peer}`];
    case 'pending':
      return [`pending: ${excerpt(harmless(line.text))}`];
    case 'view':
      return [`view ${line.number}: ${membersLine(line.members)}`];
    case 'room':
      return [`room ${harmless(line.room)}: ${line.lines === 1 ? '1 line' : `${line.lines} lines`}`];
    case 'answer':
      return line.lines.map(harmless);
    case 'mistake':
      return [harmless(line.problem)];
    case 'refused':
      return [`not sent, ${harmless(line.detail)}: ${excerpt(harmless(line.text))}`];
    case 'warning':
      return [`${line.code}: ${harmless(line.detail)}`];
    case 'leaving':
      return ['leaving… (Ctrl-C again to stop at once)'];
    case 'left':
      return [harmless(line.detail)];
    default:
      return line satisfies never;
  }
}

const spoken = (delivery: Delivery): string =>
  `[seq=${delivery.sequence}] <${speakerOf(delivery)}>: ${wordsOf(delivery.payload)}`;

const EXCERPT_CHARACTERS_MAX = 60;
const excerpt = (text: string): string => {
  const characters = [...text];
  return characters.length <= EXCERPT_CHARACTERS_MAX
    ? text
    : `${characters.slice(0, EXCERPT_CHARACTERS_MAX).join('')}…`;
};

/** For plain output: what was said in the room as it is, the rest behind a `*`. */
export function plainLinesOf(line: Line): readonly string[] {
  const prose = proseOf(line);
  return line.kind === 'delivery' || line.kind === 'history' ? prose : prose.map((text) => `* ${text}`);
}

/** For programs: one object per event. */
export function objectOf(line: Line): object {
  const { kind: event, ...facts } = line;
  if (line.kind !== 'delivery' && line.kind !== 'history') return { event, ...facts };
  const { topic, payload, ...numbers } = line.delivery;
  return { event, room: topic, ...numbers, text: wordsOf(payload), payload };
}
