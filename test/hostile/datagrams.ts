/**
 * Target: what comes to the port of transport `udp`, datagram by datagram: what is nearly one of ours, from strangers and from
 * a dialler that has come in properly and breaks every rule from then on. An honest channel beside them goes on, nothing piles
 * up, and nobody gets more bytes out of the port than he has put in, as long as he has not shown that he hears them.
 */
import { type Datagram, readDatagram, type Token, writeDatagram } from '../../transport/udp-datagram.js';
import { type Door, LOOSE_MAX } from '../../transport/udp-door.js';
import { type Heard, LISTENER, Road } from '../transport/udp-road.js';
import type { Choices } from './choices.js';
import type { Target, Verdict, World } from './fuzzing.js';

const STRANGER = '10.9.9.9:999';
const GUEST = '10.8.8.8:888';

/** What is put in where a datagram has a token: nothing that anybody has, or what the guest has been told. */
type TokenWord = 'own' | Token;
interface Saying {
  readonly from: typeof STRANGER | typeof GUEST;
  readonly kind: Datagram['kind'];
  readonly token: TokenWord;
  readonly number: number;
  readonly marks: number;
  readonly size: number;
  /** Bits turned over, and bytes left of it. */
  readonly harm: { readonly choices: readonly number[]; readonly left: number };
}

const KINDS: readonly Datagram['kind'][] = [
  'data',
  'hello',
  'ack',
  'ping',
  'reset',
  'welcome',
  'cookie',
  'probe',
];
const TOKENS: readonly TokenWord[] = ['own', 'own', 1n, 2n ** 64n - 1n, 0n];
const NUMBERS = [0, 1, 2, 3, 17, 255, 256, 257, 511, 2 ** 31, 2 ** 32, 2 ** 48 - 1];
const SIZES = [0, 1, 493, 500, 2000, 4077, 4078, 30_000];

const sayingFrom = (choices: Choices): Saying => ({
  from: choices.onceIn(3) ? STRANGER : GUEST,
  kind: choices.of(KINDS),
  token: choices.of(TOKENS),
  number: choices.onceIn(4) ? choices.of(NUMBERS) : choices.below(6),
  marks: choices.below(5),
  size: choices.of(SIZES),
  harm: {
    choices: choices.onceIn(6) ? [choices.below(2 ** 16), choices.below(8)] : [],
    left: choices.onceIn(10) ? choices.below(60) : Number.MAX_SAFE_INTEGER,
  },
});

export const datagrams: Target<readonly Saying[]> = {
  name: 'datagram',
  share: 40,
  inputsPerWorld: 200,
  isComputing: true,
  draw: (choices) => [sayingFrom(choices), ...choices.some(12, sayingFrom)],
  show: (sayings) => sayings.map(shown).join('\n'),
  open: () => new Port(),
};

const shown = (saying: Saying): string =>
  JSON.stringify(saying, (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value));

class Port implements World<readonly Saying[]> {
  readonly #road = new Road();
  readonly #door: Door;
  readonly #honest: Heard;
  readonly #there: Heard;
  #guestToken: Token = 5000n;
  /** The listener's, for the guest. */
  #ticket: Token = 0n;
  #rounds = 0;

  constructor() {
    this.#door = this.#road.listen();
    this.#honest = this.#road.dial('10.0.0.2:40000');
    this.#road.until(() => this.#honest.isOpen);
    this.#road.pass(20);
    const [there] = this.#road.accepted;
    if (there === undefined) throw new Error('the honest one was not accepted');
    this.#there = there;
  }

  judge(sayings: readonly Saying[]): Verdict {
    this.#road.said.length = 0;
    this.#comeIn();
    this.#road.said.length = 0;
    this.#road.accepted.splice(1);
    for (const saying of sayings) this.#road.carry(saying.from, LISTENER, this.#bytesOf(saying));
    this.#road.pass(5);
    const answers = this.#road.said.filter(({ from }) => from === LISTENER);
    const kinds = new Set(answers.map(({ bytes }) => readDatagram(bytes)?.kind ?? 'nonsense'));
    return { outcome: [...kinds].sort().join(' ') || 'silence', complaint: this.#complaint() };
  }

  close(): string | null {
    this.#road.pass(60_000);
    const left = this.#door.conversations.length;
    return left === 1 ? null : `left behind: ${left} conversations, not the honest one alone`;
  }

  #complaint(): string | null {
    const bytesAt = (from: string, to: string) =>
      this.#road.said
        .filter((one) => one.from === from && one.to === to)
        .reduce((sum, { bytes }) => sum + bytes.length, 0);
    const [asked, answered] = [bytesAt(STRANGER, LISTENER), bytesAt(LISTENER, STRANGER)];
    if (answered > asked) return `amplified: a stranger got ${answered} bytes for ${asked}`;
    if (this.#door.conversations.some(({ remoteAddress }) => remoteAddress === STRANGER))
      return 'let in: somebody who has not shown that it hears us';
    if (this.#door.conversations.length > LOOSE_MAX + 1) return 'too many: conversations pile up';
    this.#rounds += 1;
    const word = `round ${this.#rounds}`;
    this.#honest.channel?.send(word);
    this.#there.channel?.send(word);
    const isHeard = (heard: Heard) => heard.frames.splice(0).join() === word;
    this.#road.pass(10);
    if (!isHeard(this.#honest) || !isHeard(this.#there)) return 'disturbed: an honest channel lost a frame';
    const ends = [...this.#honest.closings, ...this.#there.closings];
    return ends.length === 0 ? null : `ended: an honest channel was closed, ${ends.join()}`;
  }

  /** The guest dials anew, as one should. */
  #comeIn(): void {
    this.#guestToken += 1n;
    const hello = (cookie: Uint8Array) =>
      this.#road.carry(
        GUEST,
        LISTENER,
        writeDatagram({ kind: 'hello', mine: this.#guestToken, limit: 4096, cookie }),
      );
    hello(new Uint8Array(16));
    this.#road.pass(2);
    for (const { bytes, to } of [...this.#road.said]) {
      const datagram = to === GUEST ? readDatagram(bytes) : null;
      if (datagram?.kind === 'cookie' && datagram.to === this.#guestToken) hello(datagram.cookie);
    }
    this.#road.pass(2);
    for (const { bytes, to } of this.#road.said) {
      const datagram = to === GUEST ? readDatagram(bytes) : null;
      if (datagram?.kind === 'welcome' && datagram.to === this.#guestToken) this.#ticket = datagram.mine;
    }
  }

  #bytesOf(saying: Saying): Uint8Array {
    const bytes = writeDatagram(this.#datagramOf(saying));
    const [at, bit] = saying.harm.choices;
    if (at !== undefined && bit !== undefined) {
      const place = at % bytes.length;
      bytes[place] = (bytes[place] ?? 0) ^ (1 << bit);
    }
    return bytes.subarray(0, saying.harm.left);
  }

  #datagramOf({ kind, token, number, marks, size }: Saying): Datagram {
    const to = token === 'own' ? this.#ticket : token;
    const mine = token === 'own' ? this.#guestToken : token;
    const bytes = new Uint8Array(size).fill(marks === 3 ? 0xff : 0x61);
    switch (kind) {
      case 'hello':
        return { kind, mine, limit: size, cookie: new Uint8Array(16).fill(marks) };
      case 'cookie':
        return { kind, to, cookie: new Uint8Array(16).fill(marks) };
      case 'welcome':
        return { kind, to, mine: 3n, limit: size };
      case 'data':
        return { kind, to, sequence: number, isLast: marks !== 1, isEnd: marks === 4, bytes };
      case 'ack':
        return { kind, to, next: number, bits: bytes.subarray(0, 40) };
      case 'ping':
        return { kind, to };
      case 'reset':
        return { kind, of: mine, reason: marks === 0 ? 'closed-there' : 'frame-too-large' };
      case 'probe':
        return { kind };
      default:
        return kind satisfies never;
    }
  }
}
