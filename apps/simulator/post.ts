/**
 * The post of a simulated network: every message by its name, `4>5#17`, with what becomes of it.
 *
 * All chance is drawn by name, and a message keeps its own order behind the earlier ones of its path whatever becomes of those.
 * So an act on one message changes nothing that this message does not lead to.
 */
import type { Clock, PeerId, Road, Way } from '../../transport/anywhere.js';
import { PostWay } from './post-way.js';
import { drawnFor, heavyTailed } from './random.js';
import type { Network } from './scenario.js';

/** Why a message never arrives. */
export type Loss = 'dropped' | 'cut' | 'down' | 'no-channel' | 'broken';

export interface Letter {
  readonly name: string;
  readonly from: PeerId;
  readonly to: PeerId;
  readonly type: string;
  /** When it arrives, as things stand, ms; null while it is held. */
  due: number | null;
  /** It sets out, and gets half-way. */
  isDoomed: boolean;
  /** Somebody has acted on it: it may come when its channel is long gone, and takes the one there is then. */
  isLate: boolean;
  readonly isCopy: boolean;
  /** Copies that set out with it. */
  copies: number;
  isOver: boolean;
  /** It has been told that it was received. */
  isTold: boolean;
  /** Where it is, once it has set out. */
  way: PostWay | null;
  timer: unknown;
}

/** Which messages, and what is done about them. */
export interface PostRule {
  readonly kind: 'drop' | 'hold' | 'delay' | 'duplicate' | 'deliver';
  readonly matches: (letter: Letter) => boolean;
  /** Of those that are sent before then, ms. */
  readonly until: number;
  /** How many of them. */
  left: number;
  readonly byMs: number;
}

export interface PostSettings {
  readonly clock: Clock;
  readonly seed: number;
  readonly network: Network;
  /** What the path takes longer at present, ms. */
  readonly slowMs: (from: string, to: string) => number;
  readonly isRunning: (id: PeerId) => boolean;
}

/** What a peer has begun and not ended in this moment. */
interface Turn {
  /** Things put off to its end, and how many of them are done. */
  putOff: number;
  done: number;
  /** Messages handed in and on no way yet, each with how many things had been put off by then. */
  readonly handedIn: Map<Letter, number>;
}

const TAIL_MS = 40;
const LEAST_MS = 0.3;

export class Post {
  readonly #settings: PostSettings;
  readonly #counts = new Map<string, number>();
  readonly #lastDues = new Map<string, number>();
  readonly #letters = new Map<string, Letter>();
  /** Told of already, and not yet handed in: in the order of each path. */
  readonly #drafts = new Map<string, Letter[]>();
  readonly #turns = new Map<PeerId, Turn>();
  readonly #newest = new Map<string, PostWay>();
  #rules: PostRule[] = [];
  /** The message that is being heard at this moment. */
  arriving: Letter | null = null;
  /** Kernels' words under way. */
  words = 0;
  /** Everything takes the least time, and arrives. */
  isForming = false;
  onLost: ((letter: Letter, why: Loss) => void) | undefined;

  constructor(settings: PostSettings) {
    this.#settings = settings;
  }

  get clock(): Clock {
    return this.#settings.clock;
  }

  /** Nothing is under way. */
  get isQuiet(): boolean {
    return this.words === 0 && this.#letters.size === 0;
  }

  /** From now on messages are counted from 1, and travel as the scenario says. */
  begin(): void {
    this.isForming = false;
    this.#counts.clear();
    this.#lastDues.clear();
  }

  way(road: Road): Way {
    return new PostWay(road, this);
  }

  /** How long something takes, drawn by its name, ms. */
  latencyOf(name: string): number {
    const { seed, network } = this.#settings;
    const { latency } = network;
    if (this.isForming) return LEAST_MS;
    if (typeof latency === 'number') return latency;
    const value = drawnFor(seed, `latency of ${name}`);
    if (latency === undefined) return heavyTailed(value, LEAST_MS, TAIL_MS);
    return latency.from + value * (latency.to - latency.from);
  }

  /** No earlier than whatever set out before it on the same path. */
  inOrder(path: string, due: number): number {
    const ordered = Math.max(due, this.#lastDues.get(path) ?? 0);
    this.#lastDues.set(path, ordered);
    return ordered;
  }

  /** A peer is about to hand a message in. */
  draft(from: PeerId, to: PeerId, type: string): Letter {
    const letter = this.#write(from, to, type);
    const path = `${from}>${to}`;
    const drafts = this.#drafts.get(path) ?? [];
    drafts.push(letter);
    this.#drafts.set(path, drafts);
    return letter;
  }

  /** A peer hands a message in; answers its name. */
  handIn(from: PeerId, to: PeerId, type: string, isRouted: boolean): string {
    const drafts = this.#drafts.get(`${from}>${to}`) ?? [];
    let letter = drafts.shift();
    // What fits no frame is never handed in.
    for (; letter !== undefined && letter.type !== type; letter = drafts.shift())
      this.lose(letter, 'no-channel');
    letter ??= this.#write(from, to, type);
    if (!isRouted) this.lose(letter, 'no-channel');
    else this.#turnOf(from).handedIn.set(letter, this.#turnOf(from).putOff);
    return letter.name;
  }

  /** A peer has put something off to the end of its turn: sending what it has handed in, for one. */
  puttingOff(from: PeerId): void {
    this.#turnOf(from).putOff += 1;
  }

  /** One of those things is done: what it has handed in before that was put off has set out, or never will. */
  done(from: PeerId): void {
    const turn = this.#turnOf(from);
    turn.done += 1;
    for (const [letter, putOff] of turn.handedIn) {
      if (turn.done < turn.putOff && turn.done <= putOff) continue;
      turn.handedIn.delete(letter);
      if (letter.to === from) this.#finish(letter);
      else this.lose(letter, 'no-channel');
    }
  }

  /** A peer is no more. What has set out goes its way. */
  ended(from: PeerId): void {
    const drafts = [...this.#drafts].filter(([path]) => path.startsWith(`${from}>`));
    for (const [path, letters] of drafts) {
      for (const letter of letters) this.lose(letter, 'down');
      this.#drafts.delete(path);
    }
    for (const letter of this.#turnOf(from).handedIn.keys()) this.lose(letter, 'down');
    this.#turns.delete(from);
  }

  /** A peer hears what it has said to itself: the messages come in order. */
  ownOf(id: PeerId): Letter | undefined {
    const letter = [...this.#turnOf(id).handedIn.keys()].find(({ to, isTold }) => to === id && !isTold);
    if (letter !== undefined) letter.isTold = true;
    return letter;
  }

  /** A message sets out: on which way; answers it, with its copies. */
  setOut(name: string, way: PostWay): readonly Letter[] {
    const letter = this.#letters.get(name);
    if (letter === undefined) return [];
    letter.way = way;
    this.#newest.set(`${letter.from}>${letter.to}`, way);
    this.#turnOf(letter.from).handedIn.delete(letter);
    return [letter, ...Array.from({ length: letter.copies }, (_, place) => this.#copyOf(letter, place))];
  }

  /** The way that the two go by at present. */
  newestFor({ from, to }: Letter): PostWay | undefined {
    return this.#newest.get(`${from}>${to}`);
  }

  heard(letter: Letter): void {
    // Whoever traces tells what is received; what nobody took in was not.
    if (this.onLost !== undefined && !letter.isTold) this.lose(letter, 'no-channel');
    else this.#finish(letter);
  }

  /** Nobody was there to hear it. */
  missed(letter: Letter): void {
    this.lose(letter, this.#settings.isRunning(letter.to) ? 'broken' : 'down');
  }

  lose(letter: Letter, why: Loss): void {
    if (letter.isOver) return;
    this.#finish(letter);
    this.onLost?.(letter, why);
  }

  find(name: string): Letter | undefined {
    return this.#letters.get(name);
  }

  /** From now on this is done about messages that are sent. */
  rule(rule: PostRule): void {
    this.#rules.push(rule);
  }

  /** Does to one message what a rule asks for. */
  apply({ kind, byMs }: Pick<PostRule, 'kind' | 'byMs'>, letter: Letter): void {
    letter.isLate = true;
    if (kind === 'drop') {
      letter.isDoomed = true;
      if (letter.way !== null) this.lose(letter, 'dropped');
    } else if (kind === 'hold') this.move(letter, null);
    else if (kind === 'delay') this.move(letter, this.dueAfter(letter.due, byMs));
    else if (kind === 'deliver') {
      letter.isDoomed = false;
      if (letter.way !== null) this.move(letter, this.clock.now());
    } else if (letter.way === null) letter.copies += 1;
    else letter.way.send(this.#copyOf(letter, 0));
  }

  /** When it arrives that much later, ms; a negative one is sooner, but never before now. */
  dueAfter(due: number | null, byMs: number): number {
    const now = this.clock.now();
    return Math.max(now, (due ?? now) + byMs);
  }

  /** It arrives at `due` instead; with null, not before somebody says when. */
  move(letter: Letter, due: number | null): void {
    letter.due = due;
    letter.isLate = true;
    letter.way?.send(letter);
  }

  #write(from: PeerId, to: PeerId, type: string): Letter {
    const path = `${from}>${to}`;
    const number = (this.#counts.get(path) ?? 0) + 1;
    this.#counts.set(path, number);
    const name = `${path}#${number}`;
    const now = this.clock.now();
    const { seed, network, slowMs } = this.#settings;
    const isOwn = from === to;
    const due = isOwn ? now : this.inOrder(path, now + this.latencyOf(name) + slowMs(from, to));
    const isLost =
      !isOwn && !this.isForming && network.loss > 0 && drawnFor(seed, `loss of ${name}`) < network.loss;
    const letter: Letter = {
      name,
      from,
      to,
      type,
      due,
      isDoomed: isLost,
      isLate: false,
      isCopy: false,
      copies: 0,
      isOver: false,
      isTold: false,
      way: null,
      timer: null,
    };
    this.#letters.set(name, letter);
    if (!isOwn) this.#govern(letter, now);
    return letter;
  }

  #govern(letter: Letter, now: number): void {
    for (const rule of this.#rules) {
      if (rule.left <= 0 || now >= rule.until || !rule.matches(letter)) continue;
      rule.left -= 1;
      this.apply(rule, letter);
    }
    this.#rules = this.#rules.filter(({ left, until }) => left > 0 && now < until);
  }

  #copyOf(letter: Letter, place: number): Letter {
    const after = this.latencyOf(`copy ${place + 1} of ${letter.name}`);
    const due = (letter.due ?? this.clock.now()) + after;
    return { ...letter, due, isCopy: true, isLate: true, isDoomed: false, copies: 0, timer: null };
  }

  #finish(letter: Letter): void {
    letter.isOver = true;
    this.clock.clearTimeout(letter.timer);
    letter.way?.drop(letter);
    if (!letter.isCopy) this.#letters.delete(letter.name);
  }

  #turnOf(id: PeerId): Turn {
    const turn = this.#turns.get(id) ?? { putOff: 0, done: 0, handedIn: new Map() };
    this.#turns.set(id, turn);
    return turn;
  }
}
