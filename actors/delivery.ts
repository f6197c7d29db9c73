/**
 * Delivery: applies committed entries in order. The replicated state that every member derives alike from the log —
 * sessions, sequences, idempotency keys, views — is kept here, cut now and then, and taken from a snapshot.
 */
import { fromCallback } from 'xstate';
import { RunningHash } from '../machines/values/running-hash.js';
import { SessionTable } from '../machines/values/session-table.js';
import type { Snapshot } from '../machines/values/snapshot.js';
import type { ClientId, Entry, PeerId, Submission, View } from '../transport/protocol.js';
import type { Delivery, Receipt } from './api.js';
import { Audience, type ClientFact } from './audience.js';
import { type CheckpointSettings, Checkpoints } from './checkpoints.js';
import { type Deliveries, receiptOf } from './deliveries.js';
import { readState } from './replicated-state.js';

export interface DeliveryInput {
  readonly me: PeerId;
  /** Which session entries are ours: their nonces begin with it. */
  readonly nonce: string;
  readonly deliveries: Deliveries;
  readonly checkpoints: CheckpointSettings;
  /** Our submission of that number has taken effect, and stands there. */
  settled(number: number, receipt: Receipt): void;
  /** Ours up to that number have taken effect, at places that a snapshot has passed over. */
  skipped(upTo: number): void;
}

/** What the peer tells it: entries from index `first` on are committed; whose sessions are served here, and what they submit. */
export type DeliveryCommand =
  | { readonly type: 'entries.committed'; readonly first: number; readonly entries: readonly Entry[] }
  /** Classic mode: what was committed is not so any more; these entries, from the first on, still are. */
  | { readonly type: 'entries.rewritten'; readonly entries: readonly Entry[] }
  /** What stands for all entries before those that will come. */
  | { readonly type: 'state.restored'; readonly snapshot: Snapshot }
  /** Entries up to there are gone from the log. */
  | { readonly type: 'log.compacted'; readonly lastIndex: number }
  | { readonly type: 'client.arrived' | 'client.left'; readonly client: ClientId }
  | {
      readonly type: 'client.submitted';
      readonly client: ClientId;
      readonly session: number;
      readonly submissions: readonly Submission[];
    };

/** What it tells the peer. */
export type DeliveryFact =
  | { readonly type: 'session.opened'; readonly session: number }
  | { readonly type: 'session.expired'; readonly session: number }
  | { readonly type: 'submissions.delivered'; readonly upTo: number }
  | { readonly type: 'submissions.missed' }
  /** Classic mode: these were delivered here, and stand nowhere any more. */
  | { readonly type: 'deliveries.lost'; readonly lost: readonly Delivery[] }
  /** There is more to read, and there are clients that may wait for it. */
  | { readonly type: 'deliveries.made' }
  | { readonly type: 'view.installed'; readonly view: View }
  | { readonly type: 'state.hashed'; readonly index: number; readonly hash: string }
  | {
      readonly type: 'snapshot.due';
      readonly index: number;
      readonly state: string;
      readonly hash: string;
      readonly isUrgent: boolean;
    }
  | ClientFact;

/** How often members compare what they have derived, in entries. */
export const STATE_EVERY = 1000;

export const deliveryActor = fromCallback<DeliveryCommand, DeliveryInput>(({ input, receive, sendBack }) => {
  const table = new SessionTable();
  const hash = new RunningHash();
  const checkpoints = new Checkpoints(input.checkpoints);
  let isReplaying = false;
  const tell = (fact: DeliveryFact) => {
    if (!isReplaying) sendBack(fact);
  };
  const audience = new Audience(table, tell);
  let ours: number | undefined;
  let viewNumber = 0;

  receive((command) => {
    if (command.type === 'entries.committed') deliver(command.first, command.entries);
    else if (command.type === 'state.restored') restore(command.snapshot);
    else if (command.type === 'entries.rewritten') rewrite(command.entries);
    else if (command.type === 'log.compacted') forget(command.lastIndex);
    else audience.hear(command);
  });

  function deliver(first: number, entries: readonly Entry[]): void {
    const fresh: Delivery[] = [];
    const before = input.deliveries.sequence;
    const progress = { delivered: 0, hasMissed: false };
    entries.forEach((entry, offset) => {
      const index = first + offset;
      for (const session of table.pass(entry.at)) expire(session);
      if (entry.kind === 'session') open(index, entry.body.peer, entry.body.nonce);
      else if (entry.kind === 'view') install(entry.body);
      else if (entry.kind === 'submission') judge(entry, entry.body, fresh, progress);
      if (checkpoints.isDue(index, hash.characters)) cut(index, fresh.splice(0));
      if (index % STATE_EVERY === 0) tell({ type: 'state.hashed', index, hash: hash.digest });
    });
    input.deliveries.applied = first + entries.length - 1;
    input.deliveries.tell(fresh);
    if (progress.delivered > 0) tell({ type: 'submissions.delivered', upTo: progress.delivered });
    if (progress.hasMissed) tell({ type: 'submissions.missed' });
    audience.tell();
    if (!audience.isEmpty && input.deliveries.sequence > before) tell({ type: 'deliveries.made' });
    offer(first + entries.length - 1);
  }

  function judge(
    entry: Entry,
    { session, submission }: { readonly session: number; readonly submission: Submission },
    fresh: Delivery[],
    progress: { delivered: number; hasMissed: boolean },
  ): void {
    const { number } = submission;
    const verdict = table.judge(session, number);
    hash.addNumber(session);
    hash.addNumber(number);
    // No two verdicts are words of one length.
    hash.addNumber(verdict.length);
    if (verdict === 'gap' && session === ours) progress.hasMissed = true;
    else if (verdict !== 'effective') audience.note(session, number, verdict);
    if (verdict !== 'effective') return;
    const placed = take(entry, session, submission, fresh);
    audience.note(session, number, verdict);
    if (session !== ours) return;
    progress.delivered = number;
    input.settled(number, receiptOf(placed));
  }

  /** Writes the state down as it is now. Replicas must have heard of all that was delivered. */
  function cut(index: number, fresh: readonly Delivery[]): void {
    input.deliveries.applied = index;
    input.deliveries.tell(fresh);
    const state = { format: 1, sessions: table.state(), ...input.deliveries.state(), hash: hash.state };
    checkpoints.cut(index, JSON.stringify(state), input.deliveries.sequence, hash.characters);
  }

  function offer(applied: number): void {
    const ripe = checkpoints.ripe(applied, hash.characters);
    if (ripe === undefined) return;
    const { index, state, hash: stateHash } = ripe.cut;
    tell({ type: 'snapshot.due', index, state, hash: stateHash, isUrgent: ripe.isUrgent });
  }

  function forget(lastIndex: number): void {
    const gone = checkpoints.compacted(lastIndex);
    if (gone !== undefined) input.deliveries.drop(gone.sequence);
  }

  /** Everything anew, from the first entry on: what has been derived cannot be taken back one by one. */
  function rewrite(entries: readonly Entry[]): void {
    const before = input.deliveries.after(0, Number.MAX_SAFE_INTEGER);
    const session = ours;
    table.restore(new SessionTable().state());
    hash.reset(new RunningHash().state);
    viewNumber = 0;
    input.deliveries.begin();
    isReplaying = true;
    deliver(1, entries);
    isReplaying = false;
    input.deliveries.cut();
    tell({ type: 'deliveries.lost', lost: before.slice(input.deliveries.sequence) });
    // Numbers that were given away are in nobody's table any more: what follows is a new session's.
    if (session !== undefined) tell({ type: 'session.expired', session });
    ours = undefined;
  }

  /** Everything anew, as the snapshot has it. Of our own submissions it knows how many have taken effect, not where. */
  function restore({ lastIndex, state, view }: Snapshot): void {
    const { sessions, hash: hashState, ...delivered } = readState(state);
    table.restore(sessions);
    hash.reset(hashState);
    checkpoints.restored(lastIndex, state.length, hash.characters);
    input.deliveries.restore(delivered);
    input.deliveries.applied = lastIndex;
    if (view !== null) install(view);
    audience.restored();
    const mine = [...table.of(input.me)].filter(([, { nonce }]) => nonce.startsWith(input.nonce));
    const [session, known] = mine.find(([index]) => index === ours) ?? mine.at(-1) ?? [];
    if (ours !== undefined && session !== ours) expire(ours);
    if (session === undefined || known === undefined) return;
    if (ours === undefined) tell({ type: 'session.opened', session });
    ours = session;
    input.skipped(known.next - 1);
    if (known.next > 1) tell({ type: 'submissions.delivered', upTo: known.next - 1 });
  }

  /** A snapshot may tell of a view that was installed already. */
  function install(view: View): void {
    if (view.number <= viewNumber) return;
    viewNumber = view.number;
    tell({ type: 'view.installed', view });
  }

  function open(index: number, peer: PeerId, nonce: string): void {
    const session = table.open(index, peer, nonce);
    audience.opened(session, peer, nonce);
    // One that is opened again is renewed, and was ours already; and one is enough, however often it was asked for.
    if (ours !== undefined || session !== index || peer !== input.me || !nonce.startsWith(input.nonce))
      return;
    ours = session;
    tell({ type: 'session.opened', session });
  }

  function expire(session: number): void {
    if (session !== ours) return;
    ours = undefined;
    tell({ type: 'session.expired', session });
  }

  /** Delivers, unless the key has been delivered before: then that first delivery's place is the answer. */
  function take(entry: Entry, session: number, submission: Submission, fresh: Delivery[]): Receipt {
    const { key } = submission;
    const placed =
      (key === undefined ? undefined : table.keyed(key)) ?? add(entry, session, submission, fresh);
    table.settle(session, placed);
    return placed;
  }

  function add(entry: Entry, session: number, submission: Submission, fresh: Delivery[]): Receipt {
    const { key, topic, payload, number } = submission;
    const origin = table.at(session)?.peer ?? input.me;
    const id = `${session}.${number}`;
    const delivery = input.deliveries.add({ term: entry.term.n, id, origin, topic, payload, at: entry.at });
    fresh.push(delivery);
    hash.addNumber(delivery.sequence);
    hash.add(topic);
    hash.add(payload);
    if (key !== undefined) table.remember(key, delivery);
    return delivery;
  }
});
