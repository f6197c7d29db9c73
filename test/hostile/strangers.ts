/**
 * Target: a cluster of three, and a peer that seeks one, with strangers at their doors.
 *
 * Whoever is not let in, or speaks in another's name, changes nothing: no promise, no entry, no view, no coordinator; and
 * the cluster goes on serving.
 */
import { frameOf } from '../../transport/codec.js';
import { PROTOCOL_VERSION } from '../../transport/protocol.js';
import type { Choices } from './choices.js';
import { frameFrom } from './frames.js';
import type { Target, Verdict, World } from './fuzzing.js';
import { torn, written } from './mutations.js';
import { difference, Hand, Stage } from './stage.js';
import { greetingFrom, MESSAGES, messageFrom, type Raw } from './vocabulary.js';

interface Visit {
  /** What is wrong with the visitor. */
  readonly kind: string;
  readonly victim: string;
  /** How many come at once. */
  readonly visitors: number;
  readonly frames: readonly string[];
  /** What time passes between two frames, ms. */
  readonly pauseMs: number;
}

const MEMBERS = ['1', '2', '3'];
const SEEKER = '9';
const STRANGER = '4';

/** As a peer of the cluster would greet. */
const hello = (id = STRANGER): Raw => ({
  type: 'link.hello',
  from: id,
  version: PROTOCOL_VERSION,
  cluster: 'bullpen',
  clusterId: null,
  mode: 'safe',
  member: { id, incarnation: 'stranger', address: 'stranger:7000', priority: 99 },
});

/** Why each is no peer of ours: its first frame, and what it says then. */
const KINDS: Readonly<Record<string, (choices: Choices) => readonly string[]>> = {
  'no greeting': (choices) =>
    choices.some(6, (c) => (c.onceIn(3) ? frameFrom(c).text : torn(ownFrame(c), c))),
  'harmed greeting': (choices) => {
    const { text } = written(greetingFrom(choices), choices);
    return [torn(text, choices), ...choices.some(5, ownFrame)];
  },
  'other cluster': (choices) => [
    JSON.stringify({ ...hello(), cluster: choices.of(['red', 'Bullpen', 'bullpen ', 'bullpen\u0000']) }),
    ...choices.some(5, ownFrame),
  ],
  'other mode': (choices) => [
    JSON.stringify({ ...hello(), mode: choices.of(['safe-mem', 'classic', 'SAFE', 'safe\n']) }),
    ...choices.some(5, ownFrame),
  ],
  'other version': (choices) => [
    JSON.stringify({ ...hello(), version: choices.of([0, 2, Number.MAX_SAFE_INTEGER]) }),
    ...choices.some(5, ownFrame),
  ],
  'wrong side': (choices) => [
    JSON.stringify({ ...hello(), type: 'link.welcome' }),
    ...choices.some(5, ownFrame),
  ],
  refusal: (choices) => [JSON.stringify(refusalFrom(choices)), ...choices.some(3, ownFrame)],
  namesake: (choices) => [
    JSON.stringify(hello(choices.of([...MEMBERS, SEEKER]))),
    ...choices.some(5, ownFrame),
  ],
  impostor: (choices) => [JSON.stringify(hello()), foreignFrame(choices, 1), ...foreignFrames(choices)],
};

const refusalFrom = (choices: Choices): Raw => ({
  type: 'link.refuse',
  from: choices.of([STRANGER, '1', SEEKER]),
  code: choices.of([
    'already-connected',
    'cluster-mismatch',
    'version-mismatch',
    'mode-mismatch',
    'duplicate-id',
  ]),
  detail: choices.of(['go away', '\u001b[2J', '']),
});

/** A sound frame in its own name: if it is heard, something happens. */
function ownFrame(choices: Choices): string {
  const messages = [own(choices), ...choices.some(2, own)];
  return frameOf(
    choices.between(1, 3),
    messages.map((message) => JSON.stringify(message)),
  );
}
const own = (choices: Choices): Raw => ({ ...pointed(messageFrom(choices), choices), from: STRANGER });

/** Terms that are a little above those in use are what does harm, if anything does. */
function pointed(message: Raw, choices: Choices): Raw {
  if ('term' in message && choices.onceIn(2))
    return { ...message, term: { n: choices.between(2, 9), owner: choices.of(['9', '3', STRANGER]) } };
  return message;
}

/** Frames in each of which at least one message is in the name of another. */
const foreignFrames = (choices: Choices): readonly string[] =>
  choices.some(4, (c) => c).map((_, at) => foreignFrame(choices, at + 2));

function foreignFrame(choices: Choices, counter: number): string {
  const foreign = () => ({ ...pointed(messageFrom(choices), choices), from: choices.of(MEMBERS) });
  const messages = [foreign(), ...choices.some(2, (c) => (c.onceIn(2) ? own(c) : foreign()))];
  if (choices.onceIn(3)) messages.reverse();
  const { text } = written({ counter, messages }, choices, 2);
  return isForeign(text) ? text : frameOf(counter, [JSON.stringify(foreign())]);
}

/** Harm may have made a sound frame of it, in the stranger's own name; such a frame is not an impostor's. */
function isForeign(text: string): boolean {
  try {
    const { messages } = JSON.parse(text) as { messages?: unknown };
    if (!Array.isArray(messages) || messages.length === 0) return true;
    return messages.some(({ type, from }: Raw) => MESSAGES.includes(String(type)) && from !== STRANGER);
  } catch {
    return true;
  }
}

/** What is wrong with a visitor, and all it says. */
export function sayingsFrom(choices: Choices): Pick<Visit, 'kind' | 'frames'> {
  const kind = choices.of(Object.keys(KINDS));
  return { kind, frames: KINDS[kind]?.(choices) ?? [] };
}

export const strangers: Target<Visit> = {
  name: 'stranger',
  share: 24,
  inputsPerWorld: 250,
  isComputing: true,
  draw: (choices) => {
    const { kind, frames } = sayingsFrom(choices);
    const victim = choices.of([...MEMBERS, SEEKER]);
    const visitors = choices.onceIn(200) ? choices.of([10, 70]) : choices.between(1, 2);
    return { kind, victim, visitors, frames, pauseMs: choices.of([0, 0, 0, 1, 1, 5, 40]) };
  },
  show: ({ kind, victim, visitors, frames, pauseMs }) =>
    [`${visitors} × ${kind} at peer ${victim}, ${pauseMs} ms between frames`, ...frames].join('\n  '),
  open: () => new Besieged(),
};

class Besieged implements World<Visit> {
  readonly #stage: Stage;
  readonly #actors: number;
  #before: readonly (readonly unknown[])[];
  #visits = 0;

  constructor() {
    this.#stage = new Stage(MEMBERS);
    for (const id of MEMBERS) this.#stage.start(id);
    this.#stage.start(SEEKER, { bootstrap: false, seeds: [] });
    const { cluster } = this.#stage;
    cluster.until('the cluster forms', () => cluster.status('1').view.members.length === 3, 15_000);
    cluster.clock.advance(2000);
    cluster.warnings.splice(0);
    this.#actors = this.#countActors();
    this.#before = this.#look();
  }

  judge(visit: Visit): Verdict {
    const hands = Array.from(
      { length: visit.visitors },
      () => new Hand(this.#stage, 'stranger', `${visit.victim}:7000`),
    );
    this.#stage.pass(4);
    for (const frame of visit.frames) {
      for (const hand of hands) hand.say(frame);
      this.#stage.pass(visit.pauseMs);
    }
    this.#stage.pass(4);
    const complaint =
      this.#changed() ??
      this.#stage.unseemly() ??
      hands.map((hand) => hand.unreadable()).find((bad) => bad !== null) ??
      null;
    for (const hand of hands) hand.close();
    this.#visits += 1;
    const longestMs = this.#stage.takeLongestMs();
    const silent = this.#visits % 50 === 0 ? this.#serves() : null;
    return { outcome: visit.kind, complaint: complaint ?? silent, longestMs };
  }

  close(): string | null {
    this.#stage.cluster.clock.advance(3500);
    const left = this.#countActors();
    const complaint = this.#changed() ?? this.#serves();
    this.#stage.close();
    if (complaint !== null) return complaint;
    return left <= this.#actors ? null : `left behind: ${left - this.#actors} actors of strangers`;
  }

  /** Everybody still orders what is submitted, and delivers it. */
  #serves(): string | null {
    const { cluster } = this.#stage;
    for (const id of MEMBERS) cluster.say(id, `after ${this.#visits} visits`);
    const target = cluster.status('1').sequence + MEMBERS.length;
    const isDone = () => MEMBERS.every((id) => cluster.status(id).sequence >= target);
    for (let waited = 0; !isDone(); waited += 5) {
      if (waited > 2000) return `not served: ${cluster.picture()}`;
      cluster.clock.advance(5);
    }
    // Commits are told with the next heartbeat at the latest.
    cluster.clock.advance(100);
    this.#before = this.#look();
    return null;
  }

  #changed(): string | null {
    const { cluster } = this.#stage;
    const stopped = [...MEMBERS, SEEKER].find((id) => cluster.status(id).role === 'stopped');
    if (stopped !== undefined) return `stopped: peer ${stopped}: ${cluster.warnings.at(-1)}`;
    const after = this.#look();
    for (const [at, before] of this.#before.entries()) {
      const change = difference(before, after[at] ?? []);
      if (change !== null) return `changed: peer ${[...MEMBERS, SEEKER][at]}: ${change}`;
    }
    return null;
  }

  #look(): readonly (readonly unknown[])[] {
    return [...MEMBERS, SEEKER].map((id) => this.#stage.replicatedAt(id));
  }

  #countActors(): number {
    return [...MEMBERS, SEEKER].reduce((sum, id) => sum + this.#stage.cluster.peer(id).machines().length, 0);
  }
}
