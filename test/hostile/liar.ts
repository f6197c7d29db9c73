/**
 * Two members of a cluster of three, played by hand: they speak the protocol as it should be spoken, or lie.
 *
 * What is said is drawn beforehand; where it says "near", the numbers are taken from what the victim holds when it is said.
 */
import type { JournalMemory } from '../../actors/journal-memory.js';
import { decodeFrame, encode, frameOf } from '../../transport/codec.js';
import type { Member, Message } from '../../transport/protocol.js';
import type { Choices } from './choices.js';
import { Hand, Stage } from './stage.js';
import { MESSAGES, messageOf, type Raw } from './vocabulary.js';

export const VICTIM = '2';
export const LIARS = ['1', '3'] as const;

const PLACES = ['prevIndex', 'lastIndex', 'match', 'hint', 'commit'];

/** One thing said by a member. */
export interface Lie {
  readonly by: (typeof LIARS)[number];
  readonly message: Raw;
  /** How far its numbers are from the truth; null leaves them as drawn. */
  readonly near: { readonly term: number; readonly place: number | null; readonly owner: string } | null;
  readonly waitMs: number;
}

export function lieFrom(choices: Choices): Lie {
  const by = choices.of(LIARS);
  const message = reachable({ ...messageOf(choices.of(MESSAGES), choices), from: by }) as Raw;
  const near = choices.onceIn(4)
    ? null
    : {
        term: choices.of([0, 0, 1, -1, 2]),
        place: choices.of([0, 0, 1, -1, 5, -5, null, null]),
        owner: choices.of([by, VICTIM, '3']),
      };
  return { by, message, near, waitMs: choices.of([0, 0, 1, 5, 60, 300]) };
}

/**
 * Terms and views are counted on from where they stand: whoever has heard the last number there is can name no next one.
 * Nothing but a member can say that, and members are believed.
 */
const COUNTED_MAX = 2 ** 52;

/** The same value with no term and no view beyond that. */
function reachable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reachable);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => {
    const isCounted = (key === 'n' || key === 'number') && typeof inner === 'number';
    return [key, isCounted ? Math.min(inner, COUNTED_MAX) : reachable(inner)];
  });
  return Object.fromEntries(entries);
}

/** What a victim holds: the end of a formed cluster's peer, and how the members greet. */
export interface Background {
  readonly disk: () => JournalMemory;
  readonly members: readonly Member[];
  readonly clusterId: string;
}

let background: Background | null = null;

/** Formed once; every victim begins with a copy. */
export function theBackground(): Background {
  background ??= formed();
  return background;
}

function formed(): Background {
  const stage = new Stage([...LIARS, VICTIM].sort());
  const { cluster } = stage;
  for (const id of ['1', '2', '3']) stage.start(id);
  cluster.until('the cluster forms', () => cluster.status('1').view.members.length === 3, 15_000);
  cluster.clock.advance(2000);
  for (const text of ['a', 'b', 'c']) cluster.say(VICTIM, text);
  cluster.clock.advance(300);
  const { content } = stage.disks.get(VICTIM) ?? {};
  const configuration = cluster.peer(VICTIM).core()?.log.configuration;
  stage.close();
  if (content === undefined || content === null || configuration === undefined) throw new Error('no cluster');
  const { identity, promised, entries } = content;
  return {
    disk: () => ({ content: { identity, promised, entries: [...entries] }, isHeld: false }),
    members: configuration.voters,
    clusterId: configuration.clusterId,
  };
}

/** A member's channel to the victim, and its honest side. */
export class Liar {
  readonly hand: Hand;
  readonly #id: string;
  readonly #stage: Stage;
  #frames = 0;

  constructor(stage: Stage, id: (typeof LIARS)[number], isHonest: boolean) {
    this.#id = id;
    this.#stage = stage;
    this.hand = new Hand(stage, id, `${VICTIM}:7000`, (frame) => {
      if (isHonest) this.#answer(frame);
    });
  }

  greet({ members, clusterId }: Background): void {
    const member = members.find(({ id }) => id === this.#id);
    const introduction = { version: 1, cluster: 'bullpen', clusterId, mode: 'safe', member };
    this.hand.say(JSON.stringify({ type: 'link.hello', from: this.#id, ...introduction }));
  }

  say(...messages: readonly Raw[]): void {
    this.#frames += 1;
    this.hand.say(
      frameOf(
        this.#frames,
        messages.map((message) => JSON.stringify(message)),
      ),
    );
  }

  lie({ message, near }: Lie): void {
    const core = this.#stage.cluster.peer(VICTIM).core();
    if (near === null || core === null) {
      this.say(message);
      return;
    }
    const term = {
      n: Math.max(0, core.promised.n + near.term),
      owner: near.term === 0 ? core.promised.owner : near.owner,
    };
    const { lastIndex, lastTerm } = core.log;
    const numbers: Raw = { term, promised: term, prevTerm: lastTerm, lastTerm };
    if (near.place !== null) for (const key of PLACES) numbers[key] = Math.max(0, lastIndex + near.place);
    const known = Object.entries(numbers).filter(([key]) => key in message);
    this.say({ ...message, ...Object.fromEntries(known) });
  }

  /** What a member that follows would say: so that the victim gets as far as leading. */
  #answer(frame: string): void {
    const read = decodeFrame(frame);
    if (!read.ok) return;
    const answers = read.messages.flatMap((message) => this.#honestly(message));
    if (answers.length > 0) this.say(...(answers.map((answer) => JSON.parse(encode(answer))) as Raw[]));
  }

  #honestly(message: Message): readonly Message[] {
    const core = this.#stage.cluster.peer(VICTIM).core();
    const { members } = theBackground();
    const incarnation = members.find(({ id }) => id === this.#id)?.incarnation ?? '';
    const from = this.#id;
    switch (message.type) {
      case 'sequencer.collect': {
        const { term } = message;
        if (core === null) return [];
        const { lastIndex, lastTerm, configuration } = core.log;
        return [{ type: 'sequencer.promise', from, term, incarnation, lastIndex, lastTerm, configuration }];
      }
      case 'sequencer.append': {
        const match = message.prevIndex + message.entries.length;
        return [{ type: 'sequencer.appended', from, term: message.term, incarnation, match }];
      }
      case 'failure.heartbeat': {
        const { term, lastIndex } = message;
        const leads = core?.isCoordinating === true;
        const beliefs = {
          coordinator: leads ? VICTIM : null,
          coordinatorFresh: leads,
          quorumConnected: true,
        };
        return [
          {
            type: 'failure.heartbeat',
            from,
            term,
            ...beliefs,
            fit: false,
            healthy: true,
            heard: ['1', '2', '3'],
            lastIndex,
          },
        ];
      }
      default:
        return [];
    }
  }
}
