/** Whether whole logs of several peers are one log, and that one holds what was said: each line once, at the place it was given. */
import { isDeepStrictEqual } from 'node:util';
import type { Delivery } from '../../actors/index.js';

/** The log of one peer, from the first number to its end. */
export interface KeptLog {
  readonly peer: string;
  readonly log: readonly Delivery[];
}

/** A line that was said, and the numbers somebody was told it has. */
export interface Acknowledged {
  readonly room: string;
  readonly text: string;
  readonly sequence: number;
  readonly topicSequence: number;
}

/** Complaints shown; more would only repeat them. */
const PROBLEMS_MAX = 10;

/**
 * Everything that is wrong with `logs`, worst first; nothing when they are equal to the last entry and hold `said`.
 *
 * Lengths count: a log that is another's beginning differs from it.
 */
export function problemsOf(logs: readonly KeptLog[], said: readonly Acknowledged[]): readonly string[] {
  const [first, ...others] = logs;
  if (first === undefined) return ['there are no logs to compare'];
  const differing = others.flatMap((other) => difference(first, other));
  const own = logs.flatMap((log) => [...misnumbered(log), ...unfaithful(log, said)]);
  return [...differing, ...own].slice(0, PROBLEMS_MAX);
}

function difference(one: KeptLog, other: KeptLog): readonly string[] {
  const length = Math.max(one.log.length, other.log.length);
  for (let place = 0; place < length; place++) {
    if (isDeepStrictEqual(one.log[place], other.log[place])) continue;
    const shown = [one, other].map(
      ({ peer, log }) => `${peer} has ${JSON.stringify(log[place]) ?? 'nothing'}`,
    );
    return [`the logs differ at line ${place + 1}: ${shown.join(', ')}`];
  }
  return [];
}

/** From 1, without gap or double: over all, and in every room. */
function misnumbered({ peer, log }: KeptLog): readonly string[] {
  const rooms = new Map<string, number>();
  const problems: string[] = [];
  for (const [place, { sequence, topic, topicSequence }] of log.entries()) {
    const next = (rooms.get(topic) ?? 0) + 1;
    rooms.set(topic, next);
    if (sequence !== place + 1) problems.push(`${peer}: line ${place + 1} has number ${sequence}`);
    if (topicSequence !== next)
      problems.push(`${peer}: line ${next} of room ${topic} has number ${topicSequence} there`);
  }
  return problems;
}

/** Every line that was said stands there once, at its number; and nothing else. */
function unfaithful({ peer, log }: KeptLog, said: readonly Acknowledged[]): readonly string[] {
  const places = new Map<string, number[]>();
  for (const [place, { topic, payload }] of log.entries()) {
    const line = lineOf(topic, textOf(payload));
    places.set(line, [...(places.get(line) ?? []), place]);
  }
  const problems: string[] = [];
  for (const { room, text, sequence, topicSequence } of said) {
    const line = lineOf(room, text);
    const [place, ...more] = places.get(line) ?? [];
    const found = place === undefined ? undefined : log[place];
    if (found === undefined)
      problems.push(`${peer}: "${text}" is missing, which was acknowledged as ${sequence}`);
    else if (more.length > 0) problems.push(`${peer}: "${text}" stands there ${more.length + 1} times`);
    else if (found.sequence !== sequence || found.topicSequence !== topicSequence)
      problems.push(
        `${peer}: "${text}" has number ${found.sequence} (${found.topicSequence} in its room), but was acknowledged as ${sequence} (${topicSequence})`,
      );
    places.delete(line);
  }
  for (const [line, [place = 0]] of places)
    problems.push(`${peer}: line ${place + 1} was said by nobody: ${line}`);
  return problems;
}

const lineOf = (room: string, text: string): string => JSON.stringify([room, text]);

const textOf = (payload: unknown): string =>
  typeof payload === 'object' && payload !== null && 'text' in payload && typeof payload.text === 'string'
    ? payload.text
    : (JSON.stringify(payload) ?? String(payload));
