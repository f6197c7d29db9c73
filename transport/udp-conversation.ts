/**
 * One end of a channel over datagrams, without sockets and clocks: datagrams and time in, datagrams and wishes out.
 *
 *   dialler    calling ── cookie ──▶ knocking ── welcome ──┐
 *                                                          ▼
 *   listener   ─────────────────── welcome said ────────▶ open ── close() ──▶ closing ── all acknowledged ──▶ ended
 *
 *   any ── reset · the other end's last piece · no answer for too long · the kernel says nobody is there ──▶ ended
 *
 * The welcome, too, is said until something comes back. Acknowledgements go at the end of a turn, one for all that came in it.
 */
import { type Address, LIMITS } from './protocol-parts.js';
import type { Channel, ChannelHandlers, CloseReason } from './transport.js';
import {
  DATA_OVERHEAD_BYTES,
  type Datagram,
  isSameCookie,
  NO_COOKIE,
  type Piece,
  type ResetReason,
  type Token,
  writeDatagram,
} from './udp-datagram.js';
import { Receiving } from './udp-receiving.js';
import { Sending, TIMEOUT_MAX_MS, TIMEOUT_START_MS, TRIES_MIN } from './udp-sending.js';
import type { ConversationInput, End, Surroundings } from './udp-surroundings.js';

/** After so long without a word the other end is asked whether it is there. */
const QUIET_MS = 2000;
/** Nobody at the remote port, says the kernel: believed when the other end says nothing for so long. A router may be mistaken. */
const DOUBT_MS = 100;

type Phase = 'resolving' | 'calling' | 'knocking' | 'open' | 'closing' | 'ended';
type Hearing = Omit<ChannelHandlers, 'opened'>;

export class Conversation implements Channel {
  readonly remoteAddress: Address;
  readonly here: End;
  readonly #queueBytesMax: number;
  readonly #around: Surroundings;
  #phase: Phase = 'resolving';
  /** Null once closed here: nothing is told any more. */
  #hearing: Partial<ChannelHandlers> | null = {};
  #there: End | null = null;
  #cookie = NO_COOKIE;
  /** The next time a greeting is said again, and how often it has been said; null once it is answered. */
  #greeting: { readonly dueAt: number; readonly tries: number } | null = null;
  #sending = new Sending(0);
  readonly #receiving = new Receiving();
  #isAckDue = false;
  #quietSince = 0;
  #doubtUntil: number | null = null;
  #wakesAt: number | null = null;

  constructor({ here, remoteAddress, queueBytesMax, surroundings }: ConversationInput) {
    this.here = here;
    this.remoteAddress = remoteAddress;
    this.#queueBytesMax = queueBytesMax;
    this.#around = surroundings;
  }

  get isEnded(): boolean {
    return this.#phase === 'ended';
  }

  /** The other end's token, once it is known. */
  get theirs(): Token | null {
    return this.#there?.token ?? null;
  }

  hear(hearing: Hearing | ChannelHandlers): void {
    if (this.#hearing !== null) this.#hearing = hearing;
  }

  /** Dials: there is a way to the remote address now. */
  call(): void {
    if (this.#phase !== 'resolving') return;
    this.#phase = 'calling';
    this.#greet(1);
    this.#around.probe();
  }

  /** Was dialled, by an end whose address is proved. Open at once. */
  welcome(there: End): void {
    this.#open(there);
    this.#around.becameLoose(true);
    this.#greet(1);
  }

  /** The dialler has not heard the welcome. */
  welcomeAgain(): void {
    if (this.#phase === 'open' || this.#phase === 'closing') this.#sayGreeting();
  }

  send(frame: string): void {
    if (this.#phase !== 'open') return;
    const bytes = encoder.encode(frame);
    if (bytes.length > LIMITS.frameBytesMax) this.#breakOff('frame-too-large');
    else if (this.#sending.queuedBytes + bytes.length > this.#queueBytesMax) this.#breakOff('queue-full');
    else {
      this.#sending.queue(bytes);
      this.#pump();
    }
  }

  close(): void {
    this.#hearing = null;
    if (this.#phase === 'open') {
      this.#phase = 'closing';
      this.#sending.finish();
      this.#pump();
      this.#around.becameLoose(true);
    } else if (this.#phase !== 'closing') this.#end(null);
  }

  /** Ends at once, whatever is queued. */
  terminate(): void {
    this.#hearing = null;
    if (this.#phase === 'ended') return;
    this.#sayReset('closed-there');
    this.#end(null);
  }

  /** Ends for want of room. */
  giveWay(): void {
    this.#fail('closed-there', 'closed-there');
  }

  /** What the other end has said: whoever knows the token is it. */
  receive(datagram: Datagram): void {
    if (this.#phase === 'ended') return;
    this.#quietSince = this.#around.now();
    this.#doubtUntil = null;
    switch (datagram.kind) {
      case 'cookie':
        this.#knock(datagram.cookie);
        break;
      case 'welcome':
        this.#enter({ token: datagram.mine, limit: datagram.limit });
        break;
      case 'data':
        this.#take(datagram);
        break;
      case 'ack':
        this.#acknowledge(datagram.next, datagram.bits);
        break;
      case 'ping':
        this.#confirm();
        this.#acknowledgeSoon();
        break;
      case 'reset':
        if (datagram.of === this.theirs) this.#end(datagram.reason);
        break;
      default:
        datagram.kind satisfies 'hello' | 'probe';
    }
    this.#scheduleNext();
  }

  /** The kernel says that nobody is at the remote port. */
  vanished(): void {
    if (this.#isGreeting) this.#end('refused');
    else if (this.#phase === 'closing') this.#end(null);
    else if (this.#phase === 'open') this.#doubtUntil ??= this.#around.now() + DOUBT_MS;
    this.#scheduleNext();
  }

  /** There is no way to the remote address. */
  unreachable(): void {
    if (this.#phase === 'resolving' || this.#isGreeting) this.#end('unreachable');
  }

  /** Time has passed. */
  wake(): void {
    this.#wakesAt = null;
    const now = this.#around.now();
    if (this.#doubtUntil !== null && now >= this.#doubtUntil) this.#end('closed-there');
    if (isDue(this.#greeting?.dueAt, now)) this.#greetAgain();
    if (isDue(this.#sending.dueAt, now)) this.#sayAgain(now);
    if (this.#phase === 'open' && now >= this.#quietSince + QUIET_MS) {
      this.#quietSince = now;
      this.#say({ kind: 'ping', to: this.theirs ?? 0n });
      this.#around.probe();
    }
    this.#scheduleNext();
  }

  get #isGreeting(): boolean {
    return this.#phase === 'calling' || this.#phase === 'knocking';
  }

  #knock(cookie: Uint8Array): void {
    if (!this.#isGreeting || isSameCookie(cookie, this.#cookie)) return;
    this.#phase = 'knocking';
    this.#cookie = cookie.slice();
    this.#greet(1);
  }

  #enter(there: End): void {
    if (this.#isGreeting) {
      this.#open(there);
      this.#greeting = null;
      this.#hearing?.opened?.();
    }
    // Said again, because our answer was lost; or by an end that a late echo of our knocking has made.
    if (this.theirs === there.token) this.#acknowledgeSoon();
    else this.#around.say(writeDatagram({ kind: 'reset', of: this.here.token, reason: 'closed-there' }));
  }

  #open(there: End): void {
    this.#phase = 'open';
    this.#there = there;
    this.#quietSince = this.#around.now();
    this.#sending = new Sending(Math.min(this.here.limit, there.limit) - DATA_OVERHEAD_BYTES);
  }

  #greet(tries: number): void {
    const waitMs = Math.min(TIMEOUT_MAX_MS, TIMEOUT_START_MS * 2 ** (tries - 1));
    this.#greeting = { dueAt: this.#around.now() + waitMs, tries };
    this.#sayGreeting();
    this.#scheduleNext();
  }

  #greetAgain(): void {
    const tries = (this.#greeting?.tries ?? 0) + 1;
    if (tries > TRIES_MIN) this.#end('unreachable');
    else {
      this.#greet(tries);
      this.#around.probe();
    }
  }

  #sayGreeting(): void {
    const { token: mine, limit } = this.here;
    const to = this.theirs;
    if (to === null) this.#say({ kind: 'hello', mine, limit, cookie: this.#cookie });
    else this.#say({ kind: 'welcome', to, mine, limit });
  }

  /** The dialler has heard our welcome. */
  #confirm(): void {
    if (this.#greeting === null || this.#isGreeting) return;
    this.#greeting = null;
    if (this.#phase === 'open') this.#around.becameLoose(false);
  }

  #take(piece: Piece): void {
    if (this.#phase !== 'open' && this.#phase !== 'closing') return;
    this.#confirm();
    this.#acknowledgeSoon();
    for (const arrival of this.#receiving.take(piece)) {
      if (arrival.type === 'frame') this.#hearing?.received?.(arrival.text);
      else if (arrival.type === 'ended') {
        this.#acknowledgeNow();
        this.#end('closed-there');
      } else if (arrival.code === 'frame-too-large') this.#fail('frame-too-large', 'frame-too-large');
      else this.#fail('closed-there', 'closed-here');
    }
  }

  #fail(toThem: ResetReason, toUs: CloseReason): void {
    this.#sayReset(toThem);
    this.#end(toUs);
  }

  #acknowledge(next: number, bits: Uint8Array): void {
    if (this.#phase !== 'open' && this.#phase !== 'closing') return;
    this.#confirm();
    this.#sending.acknowledge(next, bits, this.#around.now());
    if (this.#phase === 'closing' && this.#sending.isFinished) this.#end(null);
    else this.#pump();
  }

  #pump(): void {
    const to = this.theirs;
    if (to === null) return;
    for (const piece of this.#sending.next(this.#around.now())) this.#say({ kind: 'data', to, ...piece });
    this.#scheduleNext();
  }

  #sayAgain(now: number): void {
    if (this.#sending.isHopeless(now)) {
      this.#sayReset('closed-there');
      this.#end('unreachable');
      return;
    }
    this.#sending.timeOut(now);
    this.#around.probe();
    this.#pump();
  }

  #acknowledgeSoon(): void {
    if (this.#isAckDue) return;
    this.#isAckDue = true;
    this.#around.defer(() => {
      if (this.#isAckDue && this.#phase !== 'ended') this.#acknowledgeNow();
    });
  }

  #acknowledgeNow(): void {
    this.#isAckDue = false;
    const to = this.theirs;
    if (to !== null) this.#say({ kind: 'ack', to, ...this.#receiving.acknowledgement() });
  }

  /** What is under way is lost; both sides hear of it, this one a moment later. */
  #breakOff(reason: 'queue-full' | 'frame-too-large'): void {
    const hearing = this.#hearing;
    this.#hearing = null;
    this.#fail(reason === 'queue-full' ? 'closed-there' : reason, reason);
    this.#around.defer(() => hearing?.closed?.(reason));
  }

  #sayReset(reason: ResetReason): void {
    if (this.theirs !== null) this.#say({ kind: 'reset', of: this.here.token, reason });
  }

  #end(reason: CloseReason | null): void {
    if (this.#phase === 'ended') return;
    const hearing = this.#hearing;
    this.#phase = 'ended';
    this.#hearing = null;
    this.#greeting = null;
    this.#doubtUntil = null;
    this.#sending = new Sending(0);
    this.#around.becameLoose(false);
    this.#around.ended();
    if (reason !== null) hearing?.closed?.(reason);
  }

  #say(datagram: Datagram): void {
    if (this.#phase !== 'ended') this.#around.say(writeDatagram(datagram));
  }

  #scheduleNext(): void {
    if (this.#phase === 'ended') return;
    const times = [this.#greeting?.dueAt, this.#sending.dueAt, this.#doubtUntil];
    if (this.#phase === 'open') times.push(this.#quietSince + QUIET_MS);
    const time = Math.min(...times.map((one) => one ?? Number.POSITIVE_INFINITY));
    // Waking too early costs less than moving the timer with every datagram.
    if (time === Number.POSITIVE_INFINITY || (this.#wakesAt !== null && this.#wakesAt <= time)) return;
    this.#wakesAt = time;
    this.#around.wakeAt(time);
  }
}

const encoder = new TextEncoder();

const isDue = (time: number | null | undefined, now: number): boolean => now >= (time ?? Infinity);
