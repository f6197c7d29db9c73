/**
 * Delivery: applies committed entries in order. The replicated state that every member derives alike from the log —
 * sessions, sequences, idempotency keys, views — is kept here.
 */
import { fromCallback } from 'xstate';
import { SessionTable } from '../machines/values/session-table.js';
import type { ClientId, Entry, PeerId, Submission, View } from '../transport/protocol.js';
import type { Delivery, Receipt } from './api.js';
import { Audience, type ClientFact } from './audience.js';
import { type Deliveries, receiptOf } from './deliveries.js';

export interface DeliveryInput {
  readonly me: PeerId;
  /** Which session entries are ours: their nonces begin with it. */
  readonly nonce: string;
  readonly deliveries: Deliveries;
  /** Our submission of that number has taken effect, and stands there. */
  settled(number: number, receipt: Receipt): void;
}

/** What the peer tells it: entries from index `first` on are committed; whose sessions are served here, and what they submit. */
export type DeliveryCommand =
  | { readonly type: 'entries.committed'; readonly first: number; readonly entries: readonly Entry[] }
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
  | { readonly type: 'view.installed'; readonly view: View }
  | ClientFact;

export const deliveryActor = fromCallback<DeliveryCommand, DeliveryInput>(({ input, receive, sendBack }) => {
  const table = new SessionTable();
  const tell = (fact: DeliveryFact) => sendBack(fact);
  const audience = new Audience(table, tell);
  let ours: number | undefined;

  receive((command) => {
    if (command.type === 'entries.committed') deliver(command.first, command.entries);
    else audience.hear(command);
  });

  function deliver(first: number, entries: readonly Entry[]): void {
    const fresh: Delivery[] = [];
    let delivered = 0;
    let missed = false;
    entries.forEach((entry, offset) => {
      for (const session of table.pass(entry.at)) expire(session);
      if (entry.kind === 'session') open(first + offset, entry.body.peer, entry.body.nonce);
      else if (entry.kind === 'view') tell({ type: 'view.installed', view: entry.body });
      else if (entry.kind === 'submission') {
        const { session, submission } = entry.body;
        const verdict = table.judge(session, submission.number);
        if (verdict === 'effective') {
          const placed = take(entry, session, submission, fresh);
          audience.note(session, submission.number, verdict);
          if (session !== ours) return;
          delivered = submission.number;
          input.settled(submission.number, receiptOf(placed));
        } else if (verdict === 'gap' && session === ours) missed = true;
        else audience.note(session, submission.number, verdict);
      }
    });
    input.deliveries.tell(fresh);
    if (delivered > 0) tell({ type: 'submissions.delivered', upTo: delivered });
    if (missed) tell({ type: 'submissions.missed' });
    audience.tell();
  }

  function open(index: number, peer: PeerId, nonce: string): void {
    const session = table.open(index, peer, nonce);
    audience.opened(session, peer, nonce);
    // One that is opened again is renewed, and was ours already.
    if (session !== index || peer !== input.me || !nonce.startsWith(input.nonce)) return;
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
    if (key !== undefined) table.remember(key, delivery);
    return delivery;
  }
});
