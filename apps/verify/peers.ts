/**
 * What a peer may do, by number: every state of a single peer that the search meets, and every way in which the shipped
 * chart may take an event there. Asked once, remembered for ever.
 */
import { Log, type SequencerEvent } from '../../machines/index.js';
import type { Member, SequencerMessage } from '../../transport/index.js';
import { Chart, type Snapshot } from './chart.js';
import { type Course, type Known, stored, synced, type Take, takeEvent } from './course.js';
import type { Domain } from './domain.js';
import { PairTable, Register } from './integers.js';
import { Logs } from './logs.js';
import {
  type Disk,
  isCoordinating,
  isSameDisk,
  type PeerState,
  type Posture,
  rest,
  textOf,
  wake,
} from './peer-state.js';
import { type Deed, distinct, type Step } from './step.js';

/** A peer as the search looks at it. */
export interface Peer {
  readonly number: number;
  readonly state: PeerState;
  readonly place: number;
  /** Which life of its disk this is. */
  readonly life: number;
  /** The rank of the term it has promised. */
  readonly rank: number;
  readonly posture: Posture;
  readonly isCoordinating: boolean;
  readonly log: number;
  readonly diskLog: number;
}

const NOTHING: Omit<Step, 'next' | 'problem'> = {
  promise: 0,
  acknowledgement: 0,
  letterRank: 0,
  reply: 0,
  opened: 0,
  deeds: [],
  commit: 0,
  isCrash: true,
};

export class Peers {
  readonly domain: Domain;
  readonly logs = new Logs();
  readonly deeds = new Register<Deed>();
  readonly chart: Chart;
  readonly #peers = new Register<Peer>();
  readonly #numbers = new WeakMap<PeerState, number>();
  readonly #events = new Register<SequencerEvent | undefined>();
  readonly #started = new Map<string, PeerState>();
  /** Loyal peers by their text, as they are when their coordinator was silent for long. */
  readonly #free = new Map<string, PeerState>();
  readonly #answers = new PairTable();
  readonly #lists: (readonly Step[])[] = [];

  constructor(domain: Domain) {
    this.domain = domain;
    this.chart = new Chart(domain.member(0, 1), Log.of([domain.founding]));
    this.#events.numberOf('', () => undefined);
  }

  get count(): number {
    return this.#peers.values.length;
  }

  at(number: number): Peer {
    return this.#peers.values[number] as Peer;
  }

  numberOf(state: PeerState): number {
    const known = this.#numbers.get(state);
    if (known !== undefined) return known;
    const number = this.#peers.numberOf(textOf(this.logs, state), () => this.#peerOf(state));
    this.#numbers.set(state, number);
    return number;
  }

  event(number: number): SequencerEvent {
    return this.#events.at(number) as SequencerEvent;
  }

  /** 0 for no event. */
  numberOfEvent(event: SequencerEvent | undefined): number {
    return event === undefined ? 0 : this.#events.numberOf(JSON.stringify(event), () => event);
  }

  /** How much an acknowledgement says; 0 for another event, or none. */
  matchIn(event: number): number {
    const letter = event === 0 ? undefined : this.event(event);
    return letter?.type === 'sequencer.appended' ? letter.match : 0;
  }

  /** Every way in which the peer may take the event. */
  answers(peer: number, event: number): readonly Step[] {
    const known = this.#answers.get(peer, event);
    if (known !== undefined) return this.#lists[known] as readonly Step[];
    const before = this.at(peer);
    const letter = this.event(event);
    const leaves =
      before.posture === 'free' && 'term' in letter && this.domain.rankOf(letter.term) > before.rank;
    const steps = this.hear(before.state, (now) =>
      this.chart.hear(leaves ? withAllVerified(now) : now, letter),
    );
    this.#answers.set(peer, event, this.#lists.push(steps) - 1);
    return steps;
  }

  /** Every way in which a peer may take something that `answers` cannot remember. */
  hear(before: PeerState, take: Take): readonly Step[] {
    try {
      const course = takeEvent(this.chart, this.logs, before, take, this.domain.bounds.slowDisks);
      if (course === undefined) return [];
      return this.#stepsOf(before, { ...course, after: this.#settled(course.after) });
    } catch (defect) {
      const detail = defect instanceof Error ? defect.message : String(defect);
      return [{ ...NOTHING, next: this.numberOf(before), problem: `I8: ${detail}` }];
    }
  }

  /** A peer that starts with what its disk holds. */
  started(me: Member, { promised, log }: Disk): PeerState {
    const disk = { promised, log: this.logs.same(log) };
    const key = `${me.incarnation} ${promised.n} ${promised.owner} ${this.logs.numberOf(log)}`;
    const known =
      this.#started.get(key) ?? rest(this.logs, this.chart.start(me, promised, disk.log), disk, []);
    this.#started.set(key, known);
    return known;
  }

  /** Crashes, with some of what was asked of the disk on it, and starts again. */
  restarts(before: PeerState): readonly Step[] {
    const disks = [before.disk];
    for (const write of before.pending) disks.push(stored(disks.at(-1) as Disk, write));
    return disks.map((disk) => this.#restart(before, this.started(before.me, disk)));
  }

  /** Loses its disk, and starts another life. */
  losses(before: PeerState): readonly Step[] {
    const life = this.domain.lifeOf(before.me) + 1;
    const me = this.domain.member(this.domain.peerOf(before.me.id), life);
    return [
      this.#restart(before, this.started(me, { promised: { n: 0, owner: me.id }, log: this.logs.at(0) })),
    ];
  }

  /** The disk finishes the oldest writes, some or all of them, and says so once. */
  syncs(before: PeerState): readonly Step[] {
    const writes = before.pending.length;
    return before.pending.flatMap(({ write }) => {
      const disk = before.pending.slice(0, write).reduce(stored, before.disk);
      const state = { ...before, disk, pending: before.pending.slice(write) };
      const now = (snapshot: Snapshot) => ({ ...snapshot, context: { ...snapshot.context, writes } });
      return this.hear(state, (snapshot) => this.chart.hear(now(snapshot), synced(disk, write)));
    });
  }

  /** That a peer has heard its coordinator lately makes it refuse others; it may as well have been long ago. */
  #settled(state: PeerState): PeerState {
    if (state.posture !== 'loyal' || state.pending.length > 0) return state;
    const text = textOf(this.logs, state);
    const known = this.#free.get(text) ?? this.#setFree(state);
    this.#free.set(text, known);
    return known;
  }

  #setFree(state: PeerState): PeerState {
    const answer = this.chart.expire(wake(this.chart, state), 'stickiness');
    return answer === undefined ? state : rest(this.logs, answer.snapshot, state.disk, []);
  }

  #peerOf(state: PeerState): Peer {
    const { me, promised, posture, log, disk } = state;
    return {
      number: this.count,
      state,
      place: this.domain.peerOf(me.id),
      life: this.domain.lifeOf(me),
      rank: this.domain.rankOf(promised),
      posture,
      isCoordinating: isCoordinating(posture),
      log: this.logs.numberOf(log),
      diskLog: this.logs.numberOf(disk.log),
    };
  }

  #restart(before: PeerState, after: PeerState): Step {
    return { ...NOTHING, next: this.numberOf(after), problem: this.#problemOf(before, after, 0, true) };
  }

  #stepsOf(before: PeerState, { after, commit, known, moments }: Course): readonly Step[] {
    const end = this.#stepOf(before, after, known, commit, false);
    const crashes = moments
      .filter((moment) => !this.#isCovered(moment.disk, moment.known, before, after))
      .map((moment) => this.#stepOf(before, this.started(before.me, moment.disk), moment.known, 0, true));
    return crashes.length === 0 ? [end] : distinct([end, ...crashes]);
  }

  /**
   * A crash that the search need not follow. The peer starts again with what its disk holds after the whole step: then it
   * might as well have crashed behind it. Or with what it held before, and nobody heard anything: then, before it.
   */
  #isCovered(disk: Disk, known: Known, before: PeerState, after: PeerState): boolean {
    const held = { ...disk, log: this.logs.same(disk.log) };
    const isSilent = known.promise === undefined && known.acknowledgement === undefined;
    const isUnknown = isSilent && known.opened === undefined && !known.hasAsked && known.led === undefined;
    return isSameDisk(held, after.disk) || (isSameDisk(held, before.disk) && isUnknown);
  }

  #stepOf(before: PeerState, after: PeerState, known: Known, commit: number, isCrash: boolean): Step {
    return {
      next: this.numberOf(after),
      promise: this.numberOfEvent(known.promise as SequencerEvent | undefined),
      acknowledgement: this.numberOfEvent(known.acknowledgement as SequencerEvent | undefined),
      letterRank: this.#rankOfLetter(known.promise ?? known.acknowledgement),
      reply: this.numberOfEvent(known.reply as SequencerEvent | undefined),
      opened: known.opened === undefined ? 0 : this.domain.rankOf(known.opened),
      deeds: this.#deedsOf(before, known),
      commit,
      isCrash,
      problem: this.#problemOf(before, after, commit, isCrash) ?? this.#revealed(before, after, known),
    };
  }

  #rankOfLetter(letter: SequencerMessage | undefined): number {
    return letter !== undefined && 'term' in letter ? this.domain.rankOf(letter.term) : 0;
  }

  #deedsOf(before: PeerState, { opened, hasAsked, led }: Known): readonly number[] {
    const owner = this.domain.peerOf(before.me.id);
    const deeds: Deed[] = [];
    if (opened !== undefined || hasAsked)
      deeds.push({ kind: 'opened', rank: this.domain.rankOf(opened ?? before.promised), owner, hasAsked });
    if (led !== undefined) {
      const [rank, log] = [this.domain.rankOf(led.promised), this.logs.numberOf(led.log)];
      deeds.push({
        kind: 'led',
        rank,
        owner,
        log,
        commit: led.commit,
        isFirst: !isCoordinating(before.posture),
      });
    }
    return deeds.map((deed) => this.deeds.numberOf(JSON.stringify(deed), () => deed));
  }

  /** P1: nobody hears of a term before the promise to obey nothing older is on the disk. */
  #revealed(before: PeerState, after: PeerState, known: Known): string | undefined {
    const asked = known.hasAsked ? this.domain.rankOf(known.opened ?? before.promised) : 0;
    const revealed = Math.max(asked, this.#rankOfLetter(known.promise ?? known.acknowledgement));
    const isOnDisk = this.domain.rankOf(after.disk.promised) >= revealed;
    return isOnDisk ? undefined : 'P1: a term is revealed before it is on the disk';
  }

  #problemOf(before: PeerState, after: PeerState, commit: number, isCrash: boolean): string | undefined {
    // What was only heard, and neither written nor answered, may be forgotten.
    const promised = this.domain.rankOf(isCrash ? before.disk.promised : before.promised);
    const isSameLife = before.me.incarnation === after.me.incarnation;
    if (isSameLife && this.domain.rankOf(after.promised) < promised) return 'I2: a promise is taken back';
    if (!isCrash && commit < before.commit) return 'I8: what was committed is not any more';
    if (commit > after.log.lastIndex) return 'I8: more is committed than there is';
    return this.logs.problemOf(this.logs.numberOf(after.log));
  }
}

/** Under the term it leaves it may have verified all it holds: that must not count in the next. */
const withAllVerified = (now: Snapshot): Snapshot => ({
  ...now,
  context: { ...now.context, verified: now.context.log.lastIndex },
});
