/**
 * The smallest world the sequencer can be wrong in: some peers, each the shipped machine over a disk of its own, and a bag
 * of messages. Nothing happens by itself; whoever plays the world says what arrives, what is lost, and who crashes.
 */
import { createActor, type SnapshotFrom } from 'xstate';
import { coreIn } from '../../actors/anywhere.js';
import {
  type JournalWrite,
  type Letter,
  Log,
  type SequencerEvent,
  sequencerMachine,
} from '../../machines/index.js';
import type { Entry, Member, PeerId, SequencerMessage, Term } from '../../transport/anywhere.js';
import { checkHandover } from './handover-invariants.js';
import { type Disk, Invariants, type Subject } from './invariants.js';

export type Snapshot = SnapshotFrom<typeof sequencerMachine>;

export interface Node {
  readonly id: PeerId;
  /** Changes with the disk: a peer that has lost it comes back as another incarnation. */
  member: Member;
  disk: Disk;
  /** Asked for, and not on the disk yet. */
  pending: JournalWrite[];
  /** Undefined while it is down. */
  snapshot: Snapshot | undefined;
}

export interface Parcel {
  readonly to: PeerId;
  readonly incarnation: string;
  readonly event: SequencerEvent;
}

const NOBODY: Term = { n: 0, owner: '1' };
/** Messages on their way; the oldest are lost first. */
const BAG_MAX = 48;
const timings = {
  heartbeatIntervalMs: 1,
  suspectTimeoutMs: 1,
  stickinessMs: 1,
  collectTimeoutMs: 1,
  handoverTimeoutMs: 1,
};

const memberOf = (id: PeerId, incarnation = `${id}-1`): Member => ({
  id,
  incarnation,
  address: `h:${id}`,
  priority: 0,
});

export class CoreWorld {
  readonly nodes: readonly Node[];
  bag: Parcel[] = [];
  readonly invariants = new Invariants(
    () => this.nodes.map(subjectOf),
    () => this.hasLostDisks,
  );
  hasLostDisks = false;
  #lives = 0;
  // `transition()` builds an actor each time; one scope for all steps makes the search several times faster.
  readonly #effects: { readonly type: string; readonly params: unknown }[] = [];
  readonly #scope: Parameters<typeof sequencerMachine.transition>[2];

  /** The first `voters` of `ids` vote; the rest have an empty disk and belong to nothing yet. */
  constructor(ids: readonly PeerId[], voters: number) {
    const members = ids.slice(0, voters).map((id) => memberOf(id));
    const body = { clusterId: 'c', voters: members, outgoing: [], learners: [] };
    const founding: Entry = { kind: 'configuration', term: NOBODY, at: 0, body };
    this.nodes = ids.map((id, place) => ({
      id,
      member: memberOf(id),
      disk: { promised: NOBODY, entries: place < voters ? [founding] : [] },
      pending: [],
      snapshot: undefined,
    }));
    const idle = createActor(sequencerMachine, { input: this.#inputOf(this.nodes[0] as Node) });
    this.#scope = {
      self: idle,
      id: '',
      sessionId: '',
      system: idle.system,
      logger: () => {},
      defer: () => {},
      stopChild: () => {},
      emit: () => {},
      actionExecutor: (action: { type: string; params: unknown }) => this.#effects.push(action),
    } as never;
  }

  node(id: PeerId): Node {
    const found = this.nodes.find((node) => node.id === id);
    if (found === undefined) throw new Error(`no peer ${id}`);
    return found;
  }

  /** Starts a peer from what its disk holds. */
  start(node: Node): void {
    this.#effects.length = 0;
    const snapshot = sequencerMachine.getInitialSnapshot(this.#scope, this.#inputOf(node));
    this.#settle(node, undefined, snapshot);
  }

  /** Stops a peer; of what it had asked its disk for, the first `kept` writes are there when it comes back. */
  crash(node: Node, kept: number): void {
    for (const write of node.pending.slice(0, kept)) this.#store(node, write);
    node.pending = [];
    node.snapshot = undefined;
  }

  /** Stops a peer for good; another one of its name may come, who remembers nothing. */
  lose(node: Node, incarnation: string): void {
    this.crash(node, 0);
    this.hasLostDisks = true;
    node.member = memberOf(node.id, incarnation);
    node.disk = { promised: NOBODY, entries: [] };
  }

  /** Stops a peer, whose disk loses what it holds from that entry on, knows so, and still knows what it has promised. */
  damage(node: Node, place: number): void {
    this.crash(node, 0);
    this.hasLostDisks = true;
    const { snapshot: _, entries, ...rest } = node.disk;
    node.disk =
      place === 0
        ? { ...rest, entries: [], damage: 'all' }
        : { ...node.disk, entries: entries.slice(0, place), damage: 'some' };
  }

  /** Lets the disk finish the first `count` writes, all in one sync, and says so. */
  persist(node: Node, count: number): void {
    const written = node.pending.splice(0, count);
    for (const write of written) this.#store(node, write);
    const last = written.at(-1);
    if (last === undefined) return;
    const { promised, entries, snapshot } = node.disk;
    const end = (snapshot?.lastIndex ?? 0) + entries.length;
    this.tell(node, { type: 'journal.persisted', write: last.write, promised, last: end });
  }

  tell(node: Node, event: SequencerEvent): void {
    const before = node.snapshot;
    if (before === undefined) return;
    this.#effects.length = 0;
    this.#settle(node, before, sequencerMachine.transition(before, event, this.#scope));
  }

  /** Lets a parcel arrive; it stays in the bag when it is to arrive again. */
  deliver(parcel: Parcel, isKept: boolean): void {
    if (!isKept) this.lost(parcel);
    const node = this.node(parcel.to);
    if (node.member.incarnation === parcel.incarnation) this.tell(node, parcel.event);
  }

  lost(parcel: Parcel): void {
    this.bag = this.bag.filter((other) => other !== parcel);
  }

  /** The delays a peer waits for. */
  timersOf({ snapshot }: Node): readonly string[] {
    return snapshot?._nodes.flatMap((state) => state.after.map((timer) => timer.eventType)) ?? [];
  }

  #inputOf({ member, disk }: Node) {
    const damagedAs = disk.damage === undefined ? null : `life ${++this.#lives}`;
    return {
      me: member,
      promised: disk.promised,
      log: Log.of(disk.entries, disk.snapshot),
      writes: 0,
      timings,
      damagedAs,
    };
  }

  #settle(node: Node, before: Snapshot | undefined, after: Snapshot): void {
    node.snapshot = after;
    const effects = [...this.#effects];
    for (const { type, params } of effects) if (type === 'write') node.pending.push(params as JournalWrite);
    const [seen, now] = [before && coreIn(before), coreIn(after)];
    this.invariants.observe(subjectOf(node), seen, now);
    checkHandover(node.id, seen, now);
    for (const { type, params } of effects) {
      if (type === 'send') this.#post(node, params as Letter);
      if (type === 'sendEach')
        for (const letter of (params as { letters: Letter[] }).letters) this.#post(node, letter);
    }
  }

  #post(node: Node, { to, message }: Letter): void {
    if (!message.type.startsWith('sequencer.')) return;
    // What is passed on may as well be lost: whoever submits sends again.
    if (message.type === 'sequencer.submit' || message.type === 'sequencer.open') return;
    this.invariants.said(subjectOf(node), message as SequencerMessage);
    for (const id of to) {
      const receiver = this.nodes.find((other) => other.id === id);
      if (receiver === undefined) continue;
      this.bag.push({ to: id, incarnation: receiver.member.incarnation, event: message as SequencerEvent });
    }
    if (this.bag.length > BAG_MAX) this.bag = this.bag.slice(-BAG_MAX);
  }

  #store(node: Node, write: JournalWrite): void {
    const { promised, truncateFrom, entries, isMended, snapshot = node.disk.snapshot } = write;
    const { disk } = node;
    const base = disk.snapshot?.lastIndex ?? 0;
    const left =
      truncateFrom === null ? disk.entries : disk.entries.slice(0, Math.max(0, truncateFrom - 1 - base));
    const kept = left.slice((snapshot?.lastIndex ?? 0) - base);
    node.disk = {
      promised: promised ?? disk.promised,
      entries: [...kept, ...entries],
      ...(snapshot && { snapshot }),
      ...(disk.damage !== undefined && !isMended && { damage: disk.damage }),
    };
    this.invariants.stored(subjectOf(node));
  }
}

const subjectOf = ({ id, member, disk }: Node): Subject => ({ id, incarnation: member.incarnation, disk });
