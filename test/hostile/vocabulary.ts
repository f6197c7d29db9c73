/** Every message peers say to each other, by type, as the fuzzers make them: read off the protocol's own schemas. */
import { LinkMessage, Message, vocabulary } from '../../transport/protocol.js';
import type { Choices } from './choices.js';
import { type Maker, makerOf } from './schema-values.js';

export type Raw = Record<string, unknown>;

const groups = [LinkMessage, ...Message.options];
const makers: ReadonlyMap<string, Maker> = new Map(
  groups.flatMap((group) =>
    group.options.map((schema) => [[...schema.unwrap().shape.type.values][0] as string, makerOf(schema)]),
  ),
);

/** All types of the vocabulary, and those heard before and after the greeting. */
export const TYPES: readonly string[] = [...vocabulary.keys()];
export const GREETINGS = TYPES.filter((type) => type.startsWith('link.'));
export const MESSAGES = TYPES.filter((type) => !type.startsWith('link.'));

/** A message as agreed, of `type`. */
export function messageOf(type: string, choices: Choices): Raw {
  const make = makers.get(type);
  if (make === undefined) throw new Error(`${type} is not in the vocabulary`);
  return make(choices) as Raw;
}

/** Its introduction must be its own: whoever greets is the member it names. */
export function greetingFrom(choices: Choices): Raw {
  const greeting = messageOf(choices.of(GREETINGS), choices);
  const { member } = greeting as { member?: Raw };
  return member === undefined ? greeting : { ...greeting, from: member.id };
}

export const messageFrom = (choices: Choices): Raw => messageOf(choices.of(MESSAGES), choices);
