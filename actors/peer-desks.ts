/**
 * The peer's steps that concern clients: each that comes in gets a desk, which says what is to be done for it; here it is
 * done. What clients submit goes to whoever coordinates, and nothing of it is kept: they send it again.
 */
import { membersOf } from '../machines/values/configuration.js';
import { LIMITS } from '../machines/values/limits.js';
import { headWithin } from '../machines/values/size.js';
import { CLIENT_LIMITS } from '../transport/protocol.js';
import { children } from './children.js';
import type { PeerContext } from './peer-rules.js';
import { childOf, electionOf, forward, steps, wayOf } from './peer-step.js';

/** A client owes its peer one word in twice this time, ms. */
const SILENCE_MS = 5000;

const deskOf = (client: string): string => `desk:${client}`;

const addressesOf = ({ configuration }: PeerContext): readonly string[] =>
  membersOf(configuration)
    .map(({ address }) => address)
    .slice(0, CLIENT_LIMITS.addressesMax);

/** A client that comes back before it was missed gets a new desk. */
export const admit = steps(({ context, event, enqueue, self }) => {
  if (event.type !== 'connection.visited') return;
  const { connection, client } = event;
  const id = deskOf(client);
  if (context.clients.includes(client)) enqueue.stopChild(id);
  const coordinator = electionOf(self)?.context.coordinator ?? null;
  const input = {
    me: context.me.id,
    client,
    coordinator,
    addresses: addressesOf(context),
    silenceMs: SILENCE_MS,
  };
  enqueue.assign(({ spawn }) => {
    spawn(children.desk, { id, input });
    return {
      clients: [...context.clients.filter((one) => one !== client), client],
      connections: context.connections.map((c) =>
        c.key === connection ? { ...c, peer: client, isOpen: true } : c,
      ),
    };
  });
  enqueue.sendTo('delivery', { type: 'client.arrived', client });
});

/** Its last channel has gone, and it with it: whatever peer it turns to, its session is known there. */
export const seeOff = steps(({ context, event, enqueue }) => {
  if (event.type !== 'connection.lost' || event.remote === null) return;
  const { remote } = event;
  const isBack = context.connections.some((c) => c.isOpen && c.peer === remote);
  if (isBack || !context.clients.includes(remote)) return;
  enqueue.stopChild(deskOf(remote));
  enqueue.assign({ clients: context.clients.filter((client) => client !== remote) });
  enqueue.sendTo('delivery', { type: 'client.left', client: remote });
});

/** It costs more than it may, or says nothing any more. */
export const dismiss = steps(({ context, event, enqueue }) => {
  if (event.type !== 'client.dismissed') return;
  for (const { key, peer } of context.connections)
    if (peer === event.client) enqueue.sendTo(key, { type: 'connection.close' });
});

export const toDesk = forward(
  (event) => ('client' in event && event.client !== undefined ? deskOf(event.client) : undefined),
  (event) => event,
);

export const toDeskOfSender = forward(
  (event) => ('from' in event && typeof event.from === 'string' ? deskOf(event.from) : undefined),
  (event) => event,
);

/** What concerns them all. */
export const toDesks = steps(({ context, event, enqueue }) => {
  for (const client of context.clients) enqueue.sendTo(deskOf(client), event);
});

/** Clients learn whom their peer follows: what they submit is lost while it follows nobody. */
export const tellDesks = steps(({ context, event, enqueue }) => {
  const coordinator =
    event.type === 'term.established' ? context.me.id : 'coordinator' in event ? event.coordinator : null;
  for (const client of context.clients)
    enqueue.sendTo(deskOf(client), { type: 'coordinator.followed', coordinator });
});

export const tellAddresses = steps(({ context, enqueue }) => {
  for (const client of context.clients)
    enqueue.sendTo(deskOf(client), { type: 'addresses.changed', addresses: addressesOf(context) });
});

/** Passes on to the coordinator, or towards it, what a client wants ordered; to nobody while there is none. */
export const relay = steps(({ context, event, enqueue, self }) => {
  const next = wayOf(self);
  const to = next === null ? [] : [next];
  const from = context.me.id;
  if (event.type === 'client.opening') {
    const { client, nonce } = event;
    enqueue.sendTo('link', { type: 'send', to, message: { type: 'sequencer.open', from, nonce, client } });
  } else if (event.type === 'client.unplaced') {
    const { session, submissions } = event;
    enqueue.sendTo('link', {
      type: 'send',
      to,
      message: { type: 'sequencer.submit', from, session, submissions },
    });
  }
});

/** Receipts go out with what replicas have answered, as many at a time as one message holds. */
export const settle = steps(({ context, event, enqueue, self }) => {
  if (event.type !== 'client.settled' || childOf(self, deskOf(event.client)) === undefined) return;
  const { deliveries } = context.outlet;
  let rest = event.receipts.map((receipt) => {
    const result = deliveries.results.of(receipt.id);
    return result === undefined ? receipt : { ...receipt, result };
  });
  while (rest.length > 0) {
    const receipts = headWithin(rest, LIMITS.batchEntriesMax, LIMITS.batchBytesMax);
    enqueue.sendTo(deskOf(event.client), { ...event, receipts });
    rest = rest.slice(receipts.length);
  }
});

/** Answers what can be answered: one message for each question. */
export const serve = steps(({ context, event, enqueue }) => {
  if (event.type !== 'client.waiting') return;
  const { client, subscriptions } = event;
  const from = context.me.id;
  for (const { subscription, topic, after } of subscriptions) {
    const dropped = context.outlet.deliveries.dropped(topic ?? undefined);
    const found = context.outlet.deliveries.after(after, LIMITS.batchEntriesMax, topic ?? undefined);
    const deliveries = headWithin(found, LIMITS.batchEntriesMax, LIMITS.batchBytesMax);
    if (after >= dropped && deliveries.length === 0) continue;
    const message =
      after < dropped
        ? { type: 'attachment.gone', from, subscription, after, dropped }
        : { type: 'attachment.delivered', from, subscription, after, deliveries };
    enqueue.sendTo('link', { type: 'send', to: [client], message });
    enqueue.sendTo(deskOf(client), { type: 'subscription.served', subscription });
  }
});
