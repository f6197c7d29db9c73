/**
 * Two targets: peers with hostile clients, and clients with a hostile peer.
 *
 * A client may submit, and cost what a client may cost: promise, view and coordinator stay as they are, the cluster goes on
 * serving, and nothing of a client is left behind. Whatever its peer says, a client never stops, and delivers no gap.
 */
import { ClusterError } from '../../actors/errors.js';
import { encodeGreeting, frameOf } from '../../transport/codec.js';
import { PROTOCOL_VERSION } from '../../transport/protocol.js';
import type { Channel } from '../../transport/transport.js';
import { clientOf, listen, nothingSaid, say } from '../support/clients.js';
import type { Choices } from './choices.js';
import type { Target, Verdict, World } from './fuzzing.js';
import { written } from './mutations.js';
import { Hand, Stage } from './stage.js';
import { MESSAGES, messageFrom, messageOf, type Raw } from './vocabulary.js';

const MEMBERS = ['1', '2', '3'];
const CLIENT = '~hostile012345678';
const ASKED = MESSAGES.filter((type) => type.startsWith('desk.'));
const ANSWERED = MESSAGES.filter((type) => type.startsWith('attachment.'));

/** Numbers that fit what is under way do more harm than any others. */
function fitting(message: Raw, choices: Choices): Raw {
  const fits: Raw = {};
  if ('session' in message && choices.onceIn(2)) fits.session = choices.between(5, 25);
  if ('after' in message && choices.onceIn(2)) fits.after = choices.between(0, 3);
  if ('subscription' in message && choices.onceIn(2)) fits.subscription = choices.between(0, 2);
  return { ...message, ...fits };
}

/** Frames in the name of `from`, mostly of these types, a few harmed. */
function framesFrom(choices: Choices, types: readonly string[], from: string): readonly string[] {
  return choices.some(8, (c) => {
    const messages = [c, ...c.some(3, (more) => more)].map((one) => ({
      ...fitting(one.onceIn(8) ? messageFrom(one) : messageOf(one.of(types), one), one),
      ...(one.onceIn(20) ? {} : { from }),
    }));
    const counter = c.between(1, 12);
    if (c.onceIn(5)) return written({ counter, messages }, c, 2).text;
    return frameOf(
      counter,
      messages.map((message) => JSON.stringify(message)),
    );
  });
}

interface Saying {
  readonly frames: readonly string[];
  readonly pauseMs: number;
}

const sayingFrom = (choices: Choices, types: readonly string[], from: string): Saying => ({
  frames: framesFrom(choices, types, from),
  pauseMs: choices.of([0, 0, 1, 5, 60]),
});
const show = ({ frames, pauseMs }: Saying) => [`${pauseMs} ms between frames`, ...frames].join('\n  ');

export const hostileClients: Target<Saying> = {
  name: 'client',
  share: 6,
  inputsPerWorld: 100,
  isComputing: true,
  draw: (choices) => sayingFrom(choices, ASKED, CLIENT),
  show,
  open: () => new Beset(),
};

class Beset implements World<Saying> {
  readonly #stage = new Stage(MEMBERS);
  readonly #actors: number;
  #visits = 0;

  constructor() {
    for (const id of MEMBERS) this.#stage.start(id);
    const { cluster } = this.#stage;
    cluster.until('the cluster forms', () => cluster.status('1').view.members.length === 3, 15_000);
    cluster.clock.advance(2000);
    this.#actors = this.#countActors();
  }

  judge({ frames, pauseMs }: Saying): Verdict {
    const { cluster } = this.#stage;
    const before = this.#core();
    const hand = new Hand(this.#stage, 'stranger', `${MEMBERS[this.#visits % 3]}:7000`);
    this.#stage.pass(4);
    const { length } = hand.heard;
    hand.say(
      encodeGreeting({ type: 'link.visit', from: CLIENT, version: PROTOCOL_VERSION, cluster: 'bullpen' }),
    );
    this.#stage.pass(4);
    for (const frame of frames) {
      hand.say(frame);
      this.#stage.pass(pauseMs);
    }
    this.#stage.pass(8);
    this.#visits += 1;
    const stopped = MEMBERS.find((id) => cluster.status(id).role === 'stopped');
    const complaint =
      (hand.heard.length > length ? null : 'unheard: it was not even welcomed') ??
      (stopped === undefined ? null : `stopped: peer ${stopped}: ${cluster.warnings.at(-1)}`) ??
      (this.#core() === before ? null : `changed: ${before} became ${this.#core()}`) ??
      this.#stage.unseemly() ??
      hand.unreadable();
    hand.close();
    this.#stage.pass(4);
    const longestMs = this.#stage.takeLongestMs();
    const silent = complaint === null && this.#visits % 25 === 0 ? this.#serves() : null;
    return { outcome: hand.isOpen ? 'borne' : 'sent off', complaint: complaint ?? silent, longestMs };
  }

  close(): string | null {
    this.#stage.cluster.clock.advance(3500);
    const left = this.#countActors() - this.#actors;
    const complaint = this.#serves();
    this.#stage.close();
    return complaint ?? (left <= 0 ? null : `left behind: ${left} actors of clients`);
  }

  /** What no client may touch. */
  #core(): string {
    return JSON.stringify(
      MEMBERS.map((id) => {
        const { promised, view, role, coordinator } = this.#stage.cluster.status(id);
        return { promised, members: view.members, role, coordinator };
      }),
    );
  }

  #serves(): string | null {
    const { cluster } = this.#stage;
    const { length } = cluster.acknowledged;
    for (const id of MEMBERS) cluster.say(id, `after ${this.#visits} visits`);
    for (let waited = 0; cluster.acknowledged.length < length + 3; waited += 5) {
      if (waited > 3000) return `not served: ${cluster.picture()}`;
      cluster.clock.advance(5);
    }
    cluster.clock.advance(100);
    return null;
  }

  #countActors(): number {
    return MEMBERS.reduce((sum, id) => sum + this.#stage.cluster.peer(id).machines().length, 0);
  }
}

export const hostileDesks: Target<Saying> = {
  name: 'desk',
  share: 6,
  inputsPerWorld: 50,
  isComputing: true,
  draw: (choices) => sayingFrom(choices, ANSWERED, '1'),
  show,
  open: () => new Deceived(),
};

/** A client whose only peer lies. */
class Deceived implements World<Saying> {
  readonly #stage = new Stage(['1']);
  readonly #client: ReturnType<typeof clientOf>;
  readonly #heard: ReturnType<typeof listen>;
  readonly #said = nothingSaid();
  #channel: Channel | undefined;
  #failed: string | null = null;

  constructor() {
    const { cluster } = this.#stage;
    cluster.network.transport('liar').listen('liar:7000', {
      listening: () => {},
      failed: () => {},
      accepted: (channel) => ({
        received: (frame) => this.#answer(channel, frame),
        closed: () => {},
      }),
    });
    this.#client = clientOf(cluster, { seeds: ['liar:7000'] });
    // It is told so where what it follows is said to be gone: that is for the peer to know.
    this.#heard = listen(this.#client, (why) => {
      if (!(why instanceof ClusterError && why.code === 'history-gone')) this.#failed = `ended: ${why}`;
    });
    cluster.advance(100);
  }

  /** Lets it in as a peer would; after that it says what is drawn. */
  #answer(channel: Channel, frame: string): void {
    if (!frame.includes('link.visit')) return;
    this.#channel = channel;
    const member = { id: '1', incarnation: 'liar', address: 'liar:7000', priority: 1 };
    const introduction = {
      version: PROTOCOL_VERSION,
      cluster: 'bullpen',
      clusterId: 'c',
      mode: 'safe',
      member,
    };
    channel.send(encodeGreeting({ type: 'link.welcome', from: '1', ...introduction }));
    const news = { type: 'attachment.news', from: '1', coordinator: '1', addresses: [] };
    channel.send(frameOf(1, [JSON.stringify(news)]));
  }

  judge({ frames, pauseMs }: Saying): Verdict {
    say(this.#client, this.#said, ['something'], 500);
    this.#stage.pass(4);
    for (const frame of frames) {
      this.#channel?.send(frame);
      this.#stage.pass(pauseMs);
    }
    this.#stage.pass(600);
    const { pending, trouble } = this.#client.status();
    const gap = this.#heard.findIndex(({ sequence }, at) => sequence !== at + 1);
    const ended = this.#said.failed.find(({ code }) => code === 'defect' || code === 'stopped');
    if (ended !== undefined) this.#failed = `stopped: ${ended.code}: ${trouble}`;
    const complaint =
      this.#failed ??
      (gap < 0 ? null : `gap: delivery ${gap + 1} is ${this.#heard[gap]?.sequence}`) ??
      (pending < 100 ? null : `waiting: ${pending} submissions`);
    const outcome = trouble !== null ? 'sent off' : pending > 0 ? 'waiting' : 'borne';
    return { outcome, complaint, longestMs: this.#stage.takeLongestMs() };
  }

  close(): string | null {
    void this.#client.stop();
    return this.#failed;
  }
}
