/**
 * What must hold after every step of any simulated cluster: the invariants I1–I8 and I16 of the protocol, and its rules of
 * what may be said before it is on the disk (P1, P2).
 *
 * Entries are compared by what they say: every submission of a run has a number of its own.
 */
import type { Core } from '../../actors/anywhere.js';
import { compareTerms, isMajority, isSameTerm, type Log } from '../../machines/index.js';
import type { Entry, PeerId, SequencerMessage, Term } from '../../transport/anywhere.js';
import { meetInEveryQuorum } from './quorums.js';

/** What a disk would still hold if its peer crashed now. */
export interface Disk {
  readonly promised: Term;
  /** What stands for the entries before those that are there. */
  readonly snapshot?: Log['base'];
  readonly entries: readonly Entry[];
  /** Part of what was acknowledged is gone, and the mark of it is there. */
  readonly damage?: string;
}

/** The index of the entry before the first that is there. */
const baseOf = ({ snapshot }: Disk): number => snapshot?.lastIndex ?? 0;
const lastOf = (disk: Disk): number => baseOf(disk) + disk.entries.length;

/** What a disk has from `index` on, as far as it is there. */
export const entriesFrom = (disk: Disk, index: number): readonly Entry[] =>
  disk.entries.slice(Math.max(0, index - 1 - baseOf(disk)));

/** It is there, or a snapshot stands for it. */
const isOnDisk = (disk: Disk, index: number, entry: Entry): boolean =>
  index <= baseOf(disk) || isSameEntry(disk.entries[index - 1 - baseOf(disk)], entry);

const isInLog = (log: Log, index: number, entry: Entry | undefined): boolean =>
  index <= log.base.lastIndex || isSameEntry(log.at(index), entry);

/** A peer as the invariants see it: its name, which life of its disk this is, and what that disk holds. */
export interface Subject {
  readonly id: PeerId;
  readonly incarnation: string;
  readonly disk: Disk;
}

interface Reign {
  readonly term: Term;
  log: Log;
}

interface Committed {
  readonly entry: Entry;
  readonly by: Term;
}

/** An invariant does not hold. `message` names it and says who did what. */
export class Violation extends Error {
  readonly invariant: string;

  constructor(invariant: string, detail: string) {
    super(`${invariant}: ${detail}`);
    this.invariant = invariant;
  }
}

export function must(holds: boolean, invariant: string, detail: () => string): void {
  if (!holds) throw new Violation(invariant, detail());
}

const NOBODY: Term = { n: 0, owner: '1' };
const texts = new WeakMap<Entry, string>();

function textOf(entry: Entry): string {
  const text = texts.get(entry) ?? JSON.stringify(entry);
  texts.set(entry, text);
  return text;
}

export const isSameEntry = (a: Entry | undefined, b: Entry | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && textOf(a) === textOf(b));

export const nameOf = ({ n, owner }: Term): string => `${n}.${owner}`;

export class Invariants {
  /** What has been committed anywhere, by its place. */
  readonly ledger: Committed[] = [];
  readonly #reigns = new Map<string, Reign>();
  /** Every entry by place and term, with the one before it. */
  readonly #places = new Map<string, { readonly entry: Entry; readonly previous: Entry | undefined }>();
  /** The state after so many entries, by its hash. */
  readonly #states = new Map<number, string>();
  readonly #promised = new Map<string, Term>();
  readonly #revealed = new Map<string, Term>();
  readonly #subjects: () => readonly Subject[];
  readonly #hasLostDisks: () => boolean;
  #cuts = 0;

  /**
   * @param subjects - every peer there is, running or not.
   * @param hasLostDisks - a disk is gone for good: what is durable cannot be counted any more (I7 is not checked then).
   */
  constructor(subjects: () => readonly Subject[], hasLostDisks: () => boolean) {
    this.#subjects = subjects;
    this.#hasLostDisks = hasLostDisks;
  }

  /** How often a peer dropped entries: a run without any has proved little. */
  get cuts(): number {
    return this.#cuts;
  }

  get reigns(): number {
    return this.#reigns.size;
  }

  /** A peer has made a step; `before` is undefined when it has just started. */
  observe(subject: Subject, before: Core | undefined, after: Core): void {
    this.#checkLog(before?.log, after.log);
    this.#checkBounds(subject, before, after);
    if (before?.log.base !== after.log.base) this.#checkBase(subject.id, after.log);
    const isNew =
      after.isCoordinating && (!before?.isCoordinating || !isSameTerm(before.promised, after.promised));
    if (isNew) this.#crown(subject.id, after.promised, after.log);
    if (after.isCoordinating) this.#checkReign(after.promised, after.log);
    if (after.commit > (before?.commit ?? 0)) this.#commit(subject.id, before?.commit ?? 0, after);
  }

  /** P1, P2: what a message of the sender promises is on its disk. */
  said({ id, incarnation, disk }: Subject, message: SequencerMessage): void {
    const { type } = message;
    if (type !== 'sequencer.promise' && type !== 'sequencer.appended' && type !== 'sequencer.collect') return;
    const { term } = message;
    if (disk.damage !== undefined) {
      const isQuiet = type === 'sequencer.appended' && message.damaged === true;
      must(isQuiet, 'D3', () => `${id} says ${type}, and its disk is damaged`);
    }
    must(isSameTerm(disk.promised, term), 'P1', () => `${id} reveals ${nameOf(term)} too early`);
    const revealed = this.#revealed.get(incarnation) ?? NOBODY;
    must(compareTerms(term, revealed) >= 0, 'I2', () => `${id} breaks promise ${nameOf(revealed)}`);
    this.#revealed.set(incarnation, term);
    // A promise that is repeated once its term is led is of no use to anybody.
    if (type === 'sequencer.promise' && !this.#reigns.has(nameOf(term)))
      must(lastOf(disk) === message.lastIndex, 'P1', () => `${id} promises what it lacks`);
    if (type === 'sequencer.appended') this.#checkMatch(id, disk, term, message.match);
  }

  /** A disk has changed. */
  stored({ id, incarnation, disk: { promised } }: Subject): void {
    const before = this.#promised.get(incarnation) ?? NOBODY;
    must(compareTerms(promised, before) >= 0, 'I2', () => `the disk of ${id} forgets ${nameOf(before)}`);
    this.#promised.set(incarnation, promised);
    this.#checkDurability();
  }

  /** I3, log matching: by induction, it is enough that an entry always has the same neighbour before it. */
  #checkLog(before: Log | undefined, log: Log): void {
    if (before === log) return;
    let index = log.lastIndex;
    for (; index > log.base.lastIndex && before?.at(index) !== log.at(index); index--)
      this.#checkPlace(log, index);
    if (before !== undefined && index < before.lastIndex) this.#cuts++;
  }

  #checkPlace(log: Log, index: number): void {
    const entry = log.at(index) as Entry;
    const previous = log.at(index - 1) ?? this.ledger[index - 2]?.entry;
    const key = `${index}:${nameOf(entry.term)}`;
    const known = this.#places.get(key);
    if (known === undefined) {
      this.#places.set(key, { entry, previous });
      this.#checkConfiguration(log, index, entry);
    }
    must(
      known === undefined || (isSameEntry(known.entry, entry) && isSameEntry(known.previous, previous)),
      'I3',
      () => `two entries at ${key}`,
    );
    must(entry.at >= (previous?.at ?? 0), 'time', () => `entry ${key} is earlier than the one before it`);
  }

  /** D2, I17: a snapshot stands for what is committed, and for the same state wherever it was taken. */
  #checkBase(id: PeerId, { base }: Log): void {
    if (base.lastIndex === 0) return;
    const { lastIndex, lastTerm, hash } = base;
    const last = this.ledger[lastIndex - 1]?.entry;
    must(last !== undefined, 'D2', () => `${id} has a snapshot of ${lastIndex}, which is not committed`);
    const isLast = last !== undefined && isSameTerm(last.term, lastTerm);
    must(isLast, 'D2', () => `${id} has a snapshot that ends with another entry at ${lastIndex}`);
    const known = this.#states.get(lastIndex) ?? hash;
    this.#states.set(lastIndex, known);
    must(known === hash, 'I17', () => `${id} has another state at ${lastIndex}`);
  }

  /** I16: every quorum of a configuration meets every quorum of the one before it. */
  #checkConfiguration(log: Log, index: number, entry: Entry): void {
    if (entry.kind !== 'configuration') return;
    const before = log.truncate(index);
    if (before.configurationIndex === 0) return;
    must(
      meetInEveryQuorum(before.configuration, entry.body),
      'I16',
      () => `configuration ${index} has a quorum that misses one of ${before.configurationIndex}`,
    );
  }

  /** I8, and I2 while it runs. */
  #checkBounds({ id, disk }: Subject, before: Core | undefined, { commit, log, promised }: Core): void {
    const isKnown = compareTerms(promised, disk.promised) >= 0;
    must(isKnown, 'I2', () => `${id} does not know of the promise on its disk, ${nameOf(disk.promised)}`);
    must(commit <= log.lastIndex, 'I8', () => `${id} commits ${commit} of ${log.lastIndex}`);
    if (before === undefined) return;
    must(commit >= before.commit, 'I8', () => `${id} takes back commit ${before.commit}`);
    const isKept = compareTerms(promised, before.promised) >= 0;
    must(isKept, 'I2', () => `${id} goes back from ${nameOf(before.promised)}`);
  }

  /** I1, and I5: a new coordinator holds all that older terms have committed. */
  #crown(id: PeerId, term: Term, log: Log): void {
    const name = nameOf(term);
    must(term.owner === id, 'I1', () => `${id} leads ${name}`);
    must(!this.#reigns.has(name), 'I1', () => `${name} is led twice`);
    this.#reigns.set(name, { term, log });
    this.ledger.forEach(({ entry, by }, place) => {
      if (compareTerms(by, term) >= 0) return;
      const holds = isInLog(log, place + 1, entry);
      must(holds, 'I5', () => `coordinator of ${name} lacks committed entry ${place + 1}`);
    });
  }

  /** I4: while it coordinates, its log only grows. */
  #checkReign(term: Term, log: Log): void {
    const reign = this.#reigns.get(nameOf(term));
    if (reign === undefined || reign.log === log) return;
    const end = reign.log.lastIndex;
    const isKept = log.holds(end, reign.log.lastTerm) && isInLog(log, end, reign.log.at(end) ?? log.at(end));
    must(isKept, 'I4', () => `coordinator of ${nameOf(term)} cut entry ${end}`);
    reign.log = log;
  }

  /** I6, I5 for reigns that have begun already, and I7 for what is new. */
  #commit(id: PeerId, from: number, { log, commit, isCoordinating }: Core): void {
    // Only its own entries are ever counted by a coordinator: the last one says whose commit this is.
    const by = log.termAt(commit) as Term;
    for (let index = from + 1; index <= commit; index++) {
      const known = this.ledger[index - 1];
      if (known !== undefined) {
        must(isInLog(log, index, known.entry), 'I6', () => `${id} commits another entry at ${index}`);
        continue;
      }
      const entry = log.at(index) as Entry;
      must(entry !== undefined, 'D2', () => `${id} has a snapshot of ${index}, which nobody has committed`);
      must(by.owner === id, 'I6', () => `${id} commits ${index} before any coordinator`);
      must(isCoordinating, 'I21', () => `${id} commits ${index}, and coordinates no more`);
      this.ledger.push({ entry, by });
      for (const reign of this.#reigns.values()) {
        if (compareTerms(reign.term, by) <= 0) continue;
        const holds = isInLog(reign.log, index, entry);
        must(holds, 'I5', () => `${nameOf(reign.term)} lacks late commit ${index}`);
      }
    }
    this.#checkDurability();
  }

  #checkMatch(id: PeerId, disk: Disk, term: Term, match: number): void {
    const name = nameOf(term);
    const reign = this.#reigns.get(name);
    must(reign !== undefined, 'I1', () => `${id} obeys ${name}, which nobody leads`);
    must(lastOf(disk) >= match, 'P2', () => `${id} acknowledges ${match} too early`);
    const entry = reign?.log.at(match);
    const isPast = match <= (reign?.log.base.lastIndex ?? -1);
    const isEqual = isPast || (entry !== undefined && isOnDisk(disk, match, entry));
    must(isEqual, 'P2', () => `${id} acknowledges another entry to ${name}`);
  }

  /**
   * I7: what was committed is on the disks of a majority, by the latest committed configuration or a newer one. Which of
   * them counted is only known to the coordinator that counted, so any will do; I5 is what must not fail.
   */
  #checkDurability(): void {
    const last = this.ledger.length;
    const committed = this.ledger[last - 1]?.entry;
    if (committed === undefined || this.#hasLostDisks()) return;
    const subjects = this.#subjects();
    const holders = subjects.filter(({ disk }) => isOnDisk(disk, last, committed));
    const ids = new Set(holders.map(({ id }) => id));
    const first = this.ledger.findLastIndex(({ entry }) => entry.kind === 'configuration');
    const isHeldBy = (entry: Entry | undefined) =>
      entry?.kind === 'configuration' && isMajority(ids, entry.body.voters, entry.body.tie);
    const isHeld =
      isHeldBy(this.ledger[first]?.entry) ||
      subjects.some(({ disk }) => entriesFrom(disk, first + 1).some(isHeldBy));
    must(
      isHeld || this.#isHeldByProposal(isHeldBy),
      'I7',
      () => `entry ${last} is on ${[...ids].join()} only`,
    );
  }

  /** A configuration holds from the moment it is in its coordinator's log, on the disk or not. */
  #isHeldByProposal(isHeldBy: (entry: Entry | undefined) => boolean): boolean {
    return [...this.#reigns.values()].some(({ log }) => isHeldBy(log.at(log.configurationIndex)));
  }
}
