/**
 * Delivery: applies committed entries in order. The replicated state that every member derives alike from the log —
 * sessions, sequences, idempotency keys, views — is kept here.
 */
import { fromCallback } from 'xstate';
import { SessionTable } from '../machines/values/session-table.js';
import type { Entry, PeerId, Submission, View } from '../transport/protocol.js';
import type { Delivery, Receipt } from './api.js';
import { type Deliveries, receiptOf } from './deliveries.js';

export interface DeliveryInput {
  readonly me: PeerId;
  /** Which session entry is ours. */
  readonly nonce: string;
  readonly deliveries: Deliveries;
  /** Our submission of that number has taken effect, and stands there. */
  settled(number: number, receipt: Receipt): void;
}

/** What the peer tells it: entries from index `first` on are committed. */
export interface EntriesCommitted {
  readonly type: 'entries.committed';
  readonly first: number;
  readonly entries: readonly Entry[];
}

/** What it tells the peer. */
export type DeliveryFact =
  | { readonly type: 'session.opened'; readonly session: number }
  | { readonly type: 'submissions.delivered'; readonly upTo: number }
  | { readonly type: 'submissions.missed' }
  | { readonly type: 'view.installed'; readonly view: View };

export const deliveryActor = fromCallback<EntriesCommitted, DeliveryInput>(({ input, receive, sendBack }) => {
  const table = new SessionTable();
  let ours: number | undefined;

  receive(({ first, entries }) => {
    const fresh: Delivery[] = [];
    let delivered = 0;
    let missed = false;
    const tell = (fact: DeliveryFact) => sendBack(fact);
    entries.forEach((entry, offset) => {
      const index = first + offset;
      if (entry.kind === 'session') {
        const session = table.open(index, entry.body.peer, entry.body.nonce);
        if (session !== index || entry.body.nonce !== input.nonce || entry.body.peer !== input.me) return;
        ours = session;
        tell({ type: 'session.opened', session });
      } else if (entry.kind === 'view') tell({ type: 'view.installed', view: entry.body });
      else if (entry.kind === 'submission') {
        const { session, submission } = entry.body;
        const verdict = table.judge(session, submission);
        if (verdict === 'effective') {
          const delivery = take(entry, session, submission, fresh);
          if (session !== ours) return;
          delivered = submission.number;
          input.settled(submission.number, receiptOf(delivery));
        } else if (verdict === 'gap' && session === ours) missed = true;
      }
    });
    input.deliveries.tell(fresh);
    if (delivered > 0) tell({ type: 'submissions.delivered', upTo: delivered });
    if (missed) tell({ type: 'submissions.missed' });
  });

  /** Delivers, unless the key has been delivered before: then that first delivery is the answer. */
  function take(entry: Entry, session: number, submission: Submission, fresh: Delivery[]): Delivery {
    const { key, topic, payload, number } = submission;
    const earlier = key === undefined ? undefined : input.deliveries.at(table.keyed(key) ?? 0);
    if (earlier !== undefined) return earlier;
    const origin = table.at(session)?.peer ?? input.me;
    const id = `${session}.${number}`;
    const delivery = input.deliveries.add({ term: entry.term.n, id, origin, topic, payload, at: entry.at });
    if (key !== undefined) table.remember(key, delivery.sequence);
    fresh.push(delivery);
    return delivery;
  }
});
