/**
 * What must hold in every world, after every step: the invariants I1–I8 of the protocol, and its rules of what may be on
 * the wire before it is on the disk (P1, P2).
 *
 * Entries are compared by what they say: every submission of a walk has a number of its own.
 */
import type { Log } from '../../machines/values/log.js';
import { isMajority } from '../../machines/values/quorum.js';
import type { Letter } from '../../machines/values/sequencing.js';
import { compareTerms, isSameTerm } from '../../machines/values/term.js';
import type { Entry, SequencerMessage, Term } from '../../transport/protocol.js';
import { type CoreWorld, NOBODY, type Node, type Step } from './core-world.js';

interface Reign {
  readonly term: Term;
  readonly coordinator: string;
  log: Log;
}

interface Committed {
  readonly entry: Entry;
  readonly by: Term;
}

const texts = new WeakMap<Entry, string>();

function textOf(entry: Entry): string {
  const text = texts.get(entry) ?? JSON.stringify(entry);
  texts.set(entry, text);
  return text;
}

const isSame = (a: Entry | undefined, b: Entry | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && textOf(a) === textOf(b));

const nameOf = ({ n, owner }: Term): string => `${n}.${owner}`;

function must(holds: boolean, invariant: string, detail: () => string): void {
  if (!holds) throw new Error(`${invariant}: ${detail()}`);
}

export class CoreChecks {
  /** What has been committed anywhere, by its place. */
  readonly ledger: Committed[] = [];
  readonly reigns = new Map<string, Reign>();
  /** Every entry by place and term, with the one before it. */
  readonly #places = new Map<string, { readonly entry: Entry; readonly previous: Entry | undefined }>();
  readonly #promised = new Map<string, Term>();
  readonly #revealed = new Map<string, Term>();
  #cuts = 0;
  readonly #world: CoreWorld;

  constructor(world: CoreWorld) {
    this.#world = world;
    world.onStep = (step) => this.#afterStep(step);
    world.onDisk = (node) => this.#afterWrite(node);
  }

  /** How often a peer dropped entries: a search without any has proved little. */
  get cuts(): number {
    return this.#cuts;
  }

  #afterStep(step: Step): void {
    const { node, before, after, effects } = step;
    this.#checkLog(before?.context.log, after.context.log);
    this.#checkBounds(step);
    for (const { type, params } of effects) {
      if (type === 'established') this.#crown(node, (params as { term: Term }).term, after.context.log);
      if (type === 'send') this.#checkLetter(node, (params as Letter).message);
      if (type === 'sendEach')
        for (const { message } of (params as { letters: Letter[] }).letters) this.#checkLetter(node, message);
    }
    if (after.matches('coordinating')) this.#checkReign(after.context.promised, after.context.log);
    if (after.context.commit > (before?.context.commit ?? 0)) this.#commit(step);
  }

  /** I3, log matching: by induction, it is enough that an entry always has the same neighbour before it. */
  #checkLog(before: Log | undefined, log: Log): void {
    if (before === log) return;
    let index = log.lastIndex;
    for (; index > 0 && before?.at(index) !== log.at(index); index--) {
      const entry = log.at(index) as Entry;
      const previous = log.at(index - 1);
      const key = `${index}:${nameOf(entry.term)}`;
      const known = this.#places.get(key) ?? { entry, previous };
      this.#places.set(key, known);
      must(
        isSame(known.entry, entry) && isSame(known.previous, previous),
        'I3',
        () => `two entries at ${key}`,
      );
      must(entry.at >= (previous?.at ?? 0), 'time', () => `entry ${key} is earlier than the one before it`);
    }
    if (before !== undefined && index < before.lastIndex) this.#cuts++;
  }

  /** I8, and I2 while it runs. */
  #checkBounds({ node, before, after }: Step): void {
    const { commit, log, promised } = after.context;
    must(commit <= log.lastIndex, 'I8', () => `${node.id} commits ${commit} of ${log.lastIndex}`);
    if (before === undefined) return;
    must(
      commit >= before.context.commit,
      'I8',
      () => `${node.id} takes back commit ${before.context.commit}`,
    );
    const isKept = compareTerms(promised, before.context.promised) >= 0;
    must(isKept, 'I2', () => `${node.id} goes back from ${nameOf(before.context.promised)}`);
  }

  /** I1, and I5: a new coordinator holds all that older terms have committed. */
  #crown(node: Node, term: Term, log: Log): void {
    const name = nameOf(term);
    must(term.owner === node.id, 'I1', () => `${node.id} leads ${name}`);
    must(!this.reigns.has(name), 'I1', () => `${name} is led twice`);
    this.reigns.set(name, { term, coordinator: node.id, log });
    this.ledger.forEach(({ entry, by }, place) => {
      if (compareTerms(by, term) >= 0) return;
      must(
        isSame(log.at(place + 1), entry),
        'I5',
        () => `coordinator of ${name} lacks committed entry ${place + 1}`,
      );
    });
  }

  /** I4: while it coordinates, its log only grows. */
  #checkReign(term: Term, log: Log): void {
    const reign = this.reigns.get(nameOf(term));
    must(reign !== undefined, 'I1', () => `${nameOf(term)} was never established`);
    if (reign === undefined) return;
    const end = reign.log.lastIndex;
    must(
      isSame(log.at(end), reign.log.at(end)),
      'I4',
      () => `coordinator of ${nameOf(term)} cut entry ${end}`,
    );
    reign.log = log;
  }

  /** I6, I5 for reigns that have begun already, and I7 for what is new. */
  #commit({ node, before, after }: Step): void {
    const { log, commit, promised } = after.context;
    for (let index = (before?.context.commit ?? 0) + 1; index <= commit; index++) {
      const entry = log.at(index) as Entry;
      const known = this.ledger[index - 1];
      if (known !== undefined) {
        must(isSame(known.entry, entry), 'I6', () => `${node.id} commits another entry at ${index}`);
        continue;
      }
      must(after.matches('coordinating'), 'I6', () => `${node.id} commits ${index} before any coordinator`);
      this.ledger.push({ entry, by: promised });
      for (const reign of this.reigns.values())
        if (compareTerms(reign.term, promised) > 0)
          must(
            isSame(reign.log.at(index), entry),
            'I5',
            () => `${nameOf(reign.term)} lacks late commit ${index}`,
          );
    }
    this.#checkDurability();
  }

  /** P1, P2: what a message promises is on the sender's disk. */
  #checkLetter(node: Node, message: Letter['message']): void {
    const sends = (type: SequencerMessage['type']) => message.type === type;
    if (sends('sequencer.promise') || sends('sequencer.appended') || sends('sequencer.collect')) {
      const { term } = message as Extract<SequencerMessage, { type: 'sequencer.promise' }>;
      must(isSameTerm(node.disk.promised, term), 'P1', () => `${node.id} reveals ${nameOf(term)} too early`);
      const revealed = this.#revealed.get(node.member.incarnation) ?? NOBODY;
      must(compareTerms(term, revealed) >= 0, 'I2', () => `${node.id} breaks promise ${nameOf(revealed)}`);
      this.#revealed.set(node.member.incarnation, term);
    }
    // A promise that is repeated once its term is led is of no use to anybody.
    if (message.type === 'sequencer.promise' && !this.reigns.has(nameOf(message.term)))
      must(node.disk.entries.length === message.lastIndex, 'P1', () => `${node.id} promises what it lacks`);
    if (message.type === 'sequencer.appended') this.#checkMatch(node, message);
  }

  #checkMatch({ id, disk }: Node, message: Extract<SequencerMessage, { type: 'sequencer.appended' }>): void {
    const name = nameOf(message.term);
    const reign = this.reigns.get(name);
    must(reign !== undefined, 'I1', () => `${id} obeys ${name}, which nobody leads`);
    must(disk.entries.length >= message.match, 'P2', () => `${id} acknowledges ${message.match} too early`);
    const entry = disk.entries[message.match - 1];
    must(
      isSame(entry, reign?.log.at(message.match)),
      'P2',
      () => `${id} acknowledges another entry to ${name}`,
    );
  }

  #afterWrite(node: Node): void {
    const { promised } = node.disk;
    const before = this.#promised.get(node.member.incarnation) ?? NOBODY;
    must(compareTerms(promised, before) >= 0, 'I2', () => `the disk of ${node.id} forgets ${nameOf(before)}`);
    this.#promised.set(node.member.incarnation, promised);
    this.#checkDurability();
  }

  /**
   * I7: what was committed is on the disks of a majority, by the latest committed configuration or a newer one. Which of
   * them counted is only known to the coordinator that counted, so any will do; I5 is what must not fail.
   */
  #checkDurability(): void {
    const last = this.ledger.length;
    const committed = this.ledger[last - 1]?.entry;
    if (committed === undefined || this.#world.hasLostDisks) return;
    const holders = this.#world.nodes.filter((node) => isSame(node.disk.entries[last - 1], committed));
    const ids = new Set(holders.map((node) => node.id));
    const first = this.ledger.findLastIndex(({ entry }) => entry.kind === 'configuration');
    const configurations = this.#world.nodes.flatMap(({ disk, snapshot }) => [
      ...disk.entries.slice(first),
      ...(snapshot?.context.log.slice(first + 1, Number.MAX_SAFE_INTEGER) ?? []),
    ]);
    const isHeld = configurations.some(
      (entry) => entry.kind === 'configuration' && isMajority(ids, entry.body.voters),
    );
    must(isHeld, 'I7', () => `committed entry ${last} is on ${[...ids].join()} only`);
  }
}
