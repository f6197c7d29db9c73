/**
 * Who is behind a datagram that has come to a listener: one of its conversations, somebody who may begin one, or a stranger.
 *
 * Without sockets and clocks. A dialler has to say the same twice, the second time with a cookie that was sent to its address:
 * until then nothing is kept of it. Cookies are a keyed hash of the address, the dialler's token and the time, so none is
 * kept either. Strangers are answered so many times in a second at most, and never with more bytes than they have sent.
 */
import type { Clock } from './transport.js';
import type { Conversation } from './udp-conversation.js';
import {
  COOKIE_BYTES,
  type Datagram,
  isSameCookie,
  readDatagram,
  type Token,
  writeDatagram,
} from './udp-datagram.js';
import type { End } from './udp-surroundings.js';

/** A cookie is good for as long as this lasts, and for as long again. */
const COOKIE_MS = 10_000;
const ANSWERS_MAX = 1000;
const ANSWERS_WINDOW_MS = 1000;
/** Conversations of diallers that have not confirmed, and of nobody any more; of more, the oldest go. */
export const LOOSE_MAX = 256;
/** All conversations of one listener: more than a peer has clients and members. */
const CONVERSATIONS_MAX = 16_384;

/** What a door asks for. */
export interface Doorway {
  readonly now: Clock['now'];
  /** The longest datagram that is taken. */
  readonly limit: number;
  /** A keyed hash, of at least 16 bytes. Nobody else can compute it. */
  seal(text: string): Uint8Array;
  /** Sends to `address`, which is `HOST:PORT` as the socket writes it. */
  say(address: string, datagram: Uint8Array): void;
  /** Begins a conversation with whoever dialled from `address`, which `becameLoose` and `ended` tell this door of. */
  begin(address: string, there: End): Conversation;
  /** It is open. */
  begun(conversation: Conversation): void;
}

export class Door {
  readonly #doorway: Doorway;
  readonly #byToken = new Map<Token, { readonly address: string; readonly conversation: Conversation }>();
  /** By the dialler's address and token. */
  readonly #byDialler = new Map<string, Conversation>();
  readonly #loose = new Set<Conversation>();
  #answers = 0;
  #answersSince = 0;

  constructor(doorway: Doorway) {
    this.#doorway = doorway;
  }

  get conversations(): readonly Conversation[] {
    return [...this.#byToken.values()].map(({ conversation }) => conversation);
  }

  /** A datagram has come from `address`. */
  hear(bytes: Uint8Array, address: string): void {
    const datagram = bytes.length <= this.#doorway.limit ? readDatagram(bytes) : null;
    if (datagram === null || datagram.kind === 'probe') return;
    if (datagram.kind === 'hello') this.#meet(datagram, address);
    else if (datagram.kind === 'reset') this.#byDialler.get(nameOf(address, datagram.of))?.receive(datagram);
    else this.#pass(datagram, datagram.to, address);
  }

  becameLoose(conversation: Conversation, isLoose: boolean): void {
    this.#loose.delete(conversation);
    if (isLoose && !conversation.isEnded) this.#loose.add(conversation);
  }

  ended(conversation: Conversation): void {
    const known = this.#byToken.get(conversation.here.token);
    if (known === undefined) return;
    this.#byToken.delete(conversation.here.token);
    this.#byDialler.delete(nameOf(known.address, conversation.theirs ?? 0n));
  }

  #meet({ mine, limit, cookie }: Extract<Datagram, { kind: 'hello' }>, address: string): void {
    const known = this.#byDialler.get(nameOf(address, mine));
    if (known !== undefined) known.welcomeAgain();
    else if (!this.#isGood(cookie, address, mine))
      this.#answer(address, { kind: 'cookie', to: mine, cookie: this.#cookieFor(address, mine, 0) });
    else this.#admit(address, { token: mine, limit });
  }

  #admit(address: string, there: End): void {
    if (this.#byToken.size >= CONVERSATIONS_MAX) return;
    const [oldest] = this.#loose;
    if (this.#loose.size >= LOOSE_MAX) oldest?.giveWay();
    const conversation = this.#doorway.begin(address, there);
    this.#byToken.set(conversation.here.token, { address, conversation });
    this.#byDialler.set(nameOf(address, there.token), conversation);
    conversation.welcome(there);
    this.#doorway.begun(conversation);
  }

  #pass(datagram: Datagram, to: Token, address: string): void {
    const known = this.#byToken.get(to);
    if (known === undefined) this.#answer(address, { kind: 'reset', of: to, reason: 'closed-there' });
    else if (known.address === address) known.conversation.receive(datagram);
  }

  #answer(address: string, datagram: Datagram): void {
    const now = this.#doorway.now();
    if (now - this.#answersSince >= ANSWERS_WINDOW_MS) {
      this.#answersSince = now;
      this.#answers = 0;
    }
    this.#answers += 1;
    if (this.#answers <= ANSWERS_MAX) this.#doorway.say(address, writeDatagram(datagram));
  }

  #isGood(cookie: Uint8Array, address: string, mine: Token): boolean {
    return [0, 1].some((age) => isSameCookie(cookie, this.#cookieFor(address, mine, age)));
  }

  #cookieFor(address: string, mine: Token, age: number): Uint8Array {
    const time = Math.floor(this.#doorway.now() / COOKIE_MS) - age;
    return this.#doorway.seal(`${address} ${mine} ${time}`).subarray(0, COOKIE_BYTES);
  }
}

const nameOf = (address: string, token: Token): string => `${address} ${token}`;
