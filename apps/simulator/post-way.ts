/**
 * One direction of a channel that the post goes by: each message for itself, in frames that are counted as they arrive.
 *
 * A message that meets a cut is lost, as a datagram would be; what kernels say waits for the path, as TCP sends it again. At a
 * host that is stopped everything waits.
 */
import { type Cargo, frameOf, type Road, type Way } from '../../transport/anywhere.js';
import type { Letter, Post } from './post.js';

/** A word between kernels. */
interface Word {
  readonly arrive: () => void;
  timer: unknown;
}

const utf8 = new TextEncoder();

export class PostWay implements Way {
  readonly #road: Road;
  readonly #post: Post;
  readonly #path: string;
  readonly #texts = new Map<string, string>();
  readonly #letters = new Set<Letter>();
  readonly #words = new Set<Word>();
  /** What has come to a host that is stopped, or a word to a cut, in order. */
  #waiting: (Letter | Word)[] = [];
  /** False once the network has forgotten it. */
  #leads = true;
  #frames = 0;
  /** Hands a frame to the other end. */
  #hand: (bytes: Uint8Array) => boolean = () => false;
  queuedBytes = 0;

  constructor(road: Road, post: Post) {
    this.#road = road;
    this.#post = post;
    this.#path = `${road.from}>${road.to}`;
  }

  put(_bytes: number, arrive: () => void): void {
    if (!this.#leads) return;
    const { clock } = this.#road;
    const due = this.#post.inOrder(this.#path, clock.now() + this.#road.latencyMs());
    const word: Word = { arrive, timer: null };
    this.#words.add(word);
    this.#post.words += 1;
    word.timer = clock.setTimeout(() => this.#come(word), due - clock.now());
  }

  carry({ bytes, parcels }: Cargo, arrive: (bytes: Uint8Array) => boolean): void {
    this.#hand = arrive;
    // Greetings, and what clients say, have no names.
    if (parcels === undefined) this.put(bytes.length, () => arrive(bytes));
    for (const { name, text } of parcels ?? [])
      for (const letter of this.#post.setOut(name, this)) {
        this.#letters.add(letter);
        this.#texts.set(name, text);
        this.queuedBytes += text.length;
        if (this.#leads) this.send(letter);
        else this.#post.lose(letter, 'broken');
      }
  }

  /** Lets a message arrive when it is due, whatever was meant before. */
  send(letter: Letter): void {
    const { clock } = this.#road;
    this.#letters.add(letter);
    clock.clearTimeout(letter.timer);
    letter.timer = null;
    this.#waiting = this.#waiting.filter((one) => one !== letter);
    if (letter.due === null) return;
    const takesMs = Math.max(0, letter.due - clock.now());
    letter.timer = letter.isDoomed
      ? clock.setTimeout(() => this.#post.lose(letter, 'dropped'), takesMs / 2)
      : clock.setTimeout(() => this.#arrive(letter), takesMs);
  }

  empty(isVanished = false): void {
    for (const word of [...this.#words]) this.#forget(word);
    this.#waiting = this.#waiting.filter((one) => !('arrive' in one));
    // What a machine had sent before it lost its power is on the wire.
    if (isVanished) return;
    for (const letter of [...this.#letters]) this.#post.lose(letter, 'broken');
    this.#waiting = [];
    this.#road.lanes.delete(this);
  }

  breakOff(): void {
    this.empty();
    this.#leads = false;
  }

  resume(): void {
    const { clock, lanes } = this.#road;
    const waiting = this.#waiting;
    this.#waiting = [];
    lanes.delete(this);
    for (const one of waiting) {
      const come = () => ('arrive' in one ? this.#come(one) : this.#arrive(one));
      one.timer = clock.setTimeout(come, 0);
    }
  }

  /** Takes in a message, as a frame of its own; false when nobody hears it. */
  accept(text: string): boolean {
    this.#frames += 1;
    return this.#hand(utf8.encode(frameOf(this.#frames, [text])));
  }

  #come(word: Word): void {
    if (this.#road.isCut()) {
      this.#wait(word);
      return;
    }
    this.#forget(word);
    word.arrive();
  }

  #arrive(letter: Letter): void {
    if (letter.isOver) return;
    if (this.#road.isHeld()) {
      this.#wait(letter);
      return;
    }
    if (this.#road.isCut()) {
      this.#post.lose(letter, 'cut');
      return;
    }
    const text = this.#texts.get(letter.name) ?? '';
    const way = letter.isLate ? (this.#post.newestFor(letter) ?? this) : this;
    this.#post.arriving = letter;
    const isHeard = way.accept(text);
    this.#post.arriving = null;
    if (isHeard) this.#post.heard(letter);
    else this.#post.missed(letter);
  }

  #wait(one: Letter | Word): void {
    this.#waiting.push(one);
    this.#road.lanes.add(this);
  }

  /** It is under way no more. */
  drop(letter: Letter): void {
    this.#waiting = this.#waiting.filter((one) => one !== letter);
    if (!this.#letters.delete(letter)) return;
    this.queuedBytes -= this.#texts.get(letter.name)?.length ?? 0;
    if (![...this.#letters].some(({ name }) => name === letter.name)) this.#texts.delete(letter.name);
  }

  #forget(word: Word): void {
    if (!this.#words.delete(word)) return;
    this.#post.words -= 1;
    this.#road.clock.clearTimeout(word.timer);
  }
}
