/**
 * The whole world in a few integers, the number of each peer and of the history, and every step it may take from there.
 *
 * Letters are not kept on their way: a term's coordinator may have sent any part of its log to anybody, so any part may
 * arrive at any time, again and again, or never; a promise arrives at once, or never; an acknowledgement at once. What
 * would arrive later changes nothing that arriving at once does not.
 */
import { type Bounds, Domain } from './domain.js';
import { Histories, type Reign } from './history.js';
import { Peers } from './peers.js';
import { Possibilities } from './possibilities.js';
import type { Space, Visit } from './search.js';
import type { Step } from './step.js';
import { Symmetry } from './symmetry.js';

/** What a step of the world was, for whoever tells the story. */
export interface Move {
  readonly kind: 'own' | 'loss' | 'stand' | 'collect' | 'append' | 'adopt';
  readonly peer: number;
  readonly step: Step;
  /** The reign whose letter was heard. */
  readonly reign: Reign | undefined;
  /** How the owner of the term took the promise or the acknowledgement; undefined when it never arrived. */
  readonly heard: Step | undefined;
}

const DIFFERENT = 'I3: two logs differ below an entry they share';

export class World implements Space {
  readonly domain: Domain;
  readonly peers: Peers;
  readonly histories: Histories;
  readonly possibilities: Possibilities;
  readonly symmetry: Symmetry;
  readonly width: number;
  /** The step being visited, while `isTold`. */
  move: Move | undefined;
  isTold = false;
  readonly #next: Uint32Array;
  readonly #size: number;
  #visit: Visit = () => {};
  #kind: Move['kind'] = 'own';
  #reign: Reign | undefined;

  constructor(bounds: Bounds) {
    this.domain = new Domain(bounds);
    this.peers = new Peers(this.domain);
    this.histories = new Histories(this.peers.logs, this.peers.deeds, bounds.terms);
    this.symmetry = new Symmetry(this.peers, this.histories);
    this.possibilities = new Possibilities(this.peers);
    this.#size = this.domain.ids.length;
    this.width = this.#size + 1;
    this.#next = new Uint32Array(this.width);
  }

  /** Everybody holds the founding entry, but the learner, who holds nothing. */
  first(): Uint32Array {
    const { logs } = this.peers;
    const founded = logs.numberOf(logs.at(0).append([this.domain.founding]));
    const peers = this.domain.ids.map((id, place) => {
      const log = logs.at(this.domain.isVoterAtFirst(place) ? founded : 0);
      return this.peers.numberOf(
        this.peers.started(this.domain.member(place, 1), { promised: { n: 0, owner: id }, log }),
      );
    });
    return Uint32Array.from([...peers, this.histories.first]);
  }

  canonical(world: Uint32Array): Uint32Array {
    return this.symmetry.canonical(world);
  }

  /** I3: no two logs that are held, or were sent, differ below an entry they share. */
  problemIn(world: Uint32Array): string | undefined {
    const { logs } = this.peers;
    for (let place = 0; place < this.#size; place++) {
      const { log } = this.peers.at(world[place] as number);
      for (let other = 0; other < place; other++)
        if (!logs.match(log, this.peers.at(world[other] as number).log)) return DIFFERENT;
      for (let rank = 1; rank <= this.domain.bounds.terms; rank++) {
        const reign = this.histories.reignAt(world[this.#size] as number, rank);
        if (reign !== undefined && !logs.match(log, reign.log)) return DIFFERENT;
      }
    }
    return undefined;
  }

  expand(world: Uint32Array, visit: Visit): void {
    this.#visit = visit;
    for (let peer = 0; peer < this.#size; peer++) {
      this.#expandPeer(world, peer);
      this.#expandLetters(world, peer);
    }
  }

  #expandPeer(world: Uint32Array, place: number): void {
    const peer = world[place] as number;
    this.#reign = undefined;
    this.#kind = 'own';
    for (const step of this.possibilities.own(peer)) this.#take(world, place, step);
    if (this.domain.bounds.losses > 0 && this.#lost(world) < this.domain.bounds.losses) {
      this.#kind = 'loss';
      for (const step of this.possibilities.losses(peer)) this.#take(world, place, step);
    }
    this.#kind = 'stand';
    for (const step of this.possibilities.stands(peer)) {
      const reign = this.histories.reignAt(world[this.#size] as number, step.opened);
      if (reign === undefined ? this.#mayOwn(place, step.opened) : reign.owner === place)
        this.#take(world, place, step);
    }
    this.#kind = 'adopt';
    const fetch = this.possibilities.fetch(peer);
    if (fetch !== undefined) this.#adopt(world, place, fetch.event, fetch.donor);
  }

  #mayOwn(place: number, rank: number): boolean {
    return this.domain.bounds.owners === 'any' || (rank - 1) % this.#size === place;
  }

  #lost(world: Uint32Array): number {
    let lives = 0;
    for (let place = 0; place < this.#size; place++) lives += this.peers.at(world[place] as number).life;
    return lives - this.#size;
  }

  #adopt(world: Uint32Array, place: number, event: number, donor: number): void {
    for (const { reply, next } of this.peers.answers(world[donor] as number, event)) {
      if (reply === 0 || next !== world[donor]) continue;
      for (const step of this.peers.answers(world[place] as number, reply)) this.#take(world, place, step);
    }
  }

  #expandLetters(world: Uint32Array, place: number): void {
    const peer = world[place] as number;
    for (let rank = 1; rank <= this.domain.bounds.terms; rank++) {
      const reign = this.histories.reignAt(world[this.#size] as number, rank);
      if (reign === undefined || reign.owner === place) continue;
      this.#reign = reign;
      this.#kind = 'collect';
      if (reign.hasAsked)
        for (const step of this.possibilities.collects(peer, reign.rank, reign.owner))
          this.#take(world, place, step);
      this.#kind = 'append';
      if (reign.log !== 0)
        for (const step of this.possibilities.appends(peer, reign)) this.#take(world, place, step);
    }
  }

  #take(world: Uint32Array, place: number, step: Step): void {
    const history = this.#remember(world[this.#size] as number, step);
    const letter = step.promise !== 0 ? step.promise : step.acknowledgement;
    const owner = letter === 0 ? -1 : this.#ownerHearing(world, place, step);
    // A promise may get lost.
    if (owner < 0 || step.promise !== 0) this.#arrive(world, place, step, history);
    if (owner < 0) return;
    for (const heard of this.peers.answers(world[owner] as number, letter)) {
      const later = history < 0 ? history : this.#remember(history, heard);
      this.#arrive(world, place, step, later, owner, heard);
    }
  }

  /**
   * The owner of the term of a letter, if it is there to hear a promise or an acknowledgement: in that term or in a later one
   * of its own, to which the letter comes too late.
   */
  #ownerHearing(world: Uint32Array, place: number, step: Step): number {
    const reign = this.histories.reignAt(world[this.#size] as number, step.letterRank);
    if (reign === undefined || reign.owner === place) return -1;
    const owner = this.peers.at(world[reign.owner] as number);
    const isThere = step.promise !== 0 ? owner.posture === 'collecting' : owner.isCoordinating;
    return isThere ? reign.owner : -1;
  }

  #remember(history: number, { deeds }: Step): number {
    let now = history;
    for (const deed of deeds) if (now >= 0) now = this.histories.after(now, deed);
    return now;
  }

  #arrive(world: Uint32Array, place: number, step: Step, history: number, owner = -1, heard?: Step): void {
    const next = this.#next;
    for (let i = 0; i < this.#size; i++) next[i] = world[i] as number;
    next[place] = step.next;
    if (heard !== undefined) next[owner] = heard.next;
    next[this.#size] = history < 0 ? (world[this.#size] as number) : history;
    let problem = step.problem ?? heard?.problem ?? this.#overstated(world, step);
    if (history < 0) problem ??= this.histories.problem(history);
    problem ??= this.#cutIn(world, next, place, step.isCrash);
    if (heard !== undefined) problem ??= this.#cutIn(world, next, owner, heard.isCrash);
    if (this.isTold) this.move = { kind: this.#kind, peer: place, step, reign: this.#reign, heard };
    this.#visit(next, problem);
  }

  /** P2: what is acknowledged is on the disk, and as the coordinator has it. */
  #overstated(world: Uint32Array, { acknowledgement, letterRank, next }: Step): string | undefined {
    if (acknowledgement === 0) return undefined;
    const reign = this.histories.reignAt(world[this.#size] as number, letterRank);
    const { logs } = this.peers;
    const isTrue = logs.agree(
      this.peers.at(next).diskLog,
      reign?.log ?? 0,
      this.peers.matchIn(acknowledgement),
    );
    return isTrue ? undefined : 'P2: more is acknowledged than is on the disk as the coordinator has it';
  }

  /**
   * I8: what a peer holds, and a term it has obeyed has committed, it may know to be committed: it must not cut it. What was
   * not on its disk yet, a crash may.
   */
  #cutIn(world: Uint32Array, next: Uint32Array, place: number, isCrash: boolean): string | undefined {
    const before = this.peers.at(world[place] as number);
    const after = this.peers.at(next[place] as number);
    const { logs } = this.peers;
    const held = isCrash ? before.diskLog : before.log;
    if (after.log === held || after.life !== before.life || logs.isPrefix(held, after.log)) return undefined;
    for (let rank = 1; rank <= before.rank; rank++) {
      const reign = this.histories.reignAt(world[this.#size] as number, rank);
      if (reign === undefined) continue;
      const known = Math.min(reign.commit, logs.agreement(reign.log, held));
      if (logs.agreement(reign.log, after.log) < known)
        return `I8: what term ${rank} committed is cut from a log`;
    }
    return undefined;
  }
}
