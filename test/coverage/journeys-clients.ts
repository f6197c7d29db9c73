/** As journeys.ts: the machines that serve clients, readings and timers. */
import type { EventObject } from 'xstate';
import {
  attachmentMachine,
  causalMachine,
  deskMachine,
  readsMachine,
  timersMachine,
} from '../../machines/index.js';
import type { PeerId } from '../../transport/protocol.js';
import * as connections from '../support/connections.js';
import { configurationOf, member, term } from '../support/members.js';
import type { Journey } from './paths.js';

export const always = (...events: readonly object[]) => {
  const all = events as readonly EventObject[];
  return () => all;
};

const line = (number: number) => ({ number, topic: 'general', payload: 'x' });
const client = connections.CLIENT;

const desk: Journey = {
  machine: deskMachine,
  inputs: [{ me: '2', client, coordinator: '3', addresses: [], silenceMs: 5000 }],
  events: ({ context }) => [
    { type: 'desk.ping', from: client },
    { type: 'desk.open', from: client, nonce: 'today' },
    { type: 'desk.submit', from: client, session: 9, submissions: [line(1)] },
    { type: 'desk.submit', from: client, session: 9, submissions: [line(1), line(5000)] },
    { type: 'desk.follow', from: client, subscription: context.waiting.length, topic: null, after: 0 },
    { type: 'desk.unfollow', from: client, subscription: 0 },
    { type: 'subscription.served', subscription: 0 },
    { type: 'deliveries.made' },
    { type: 'coordinator.followed', coordinator: '3' },
    { type: 'addresses.changed', addresses: [] },
    { type: 'client.opened', session: 9, nonce: 'today' },
    { type: 'client.settled', session: 9, receipts: [] },
    { type: 'client.missed', session: 9 },
    { type: 'client.expired', session: 9 },
    { type: 'desk.read', from: client, id: context.reading + 1 },
    { type: 'client.read', id: context.reading, sequence: 3 },
    { type: 'client.unread', id: context.reading },
  ],
  tellApart: ({ context }) => [context.waiting.length, context.asked > context.reading],
};

const attachment: Journey = {
  machine: attachmentMachine,
  inputs: [
    {
      client,
      seeds: ['a:1'],
      pingIntervalMs: 1000,
      unservedMs: 3000,
      backOffMinMs: 50,
      backOffMaxMs: 2000,
      jitterSeed: 1,
    },
  ],
  events: always(
    { type: 'connection.opened', remote: connections.us.member },
    { type: 'connection.lost' },
    { type: 'connection.refused' },
    { type: 'attachment.news', from: '2', coordinator: '3', addresses: [] },
    { type: 'attachment.news', from: '2', coordinator: null, addresses: [] },
    { type: 'attachment.dismissed', from: '2', code: 'silent', detail: '' },
  ),
  tellApart: ({ context }) => context.coordinator,
};

const asking = (from: PeerId, id: number) => ({ type: 'reads.ask', from, id, commit: 3 });

const reads: Journey = {
  machine: readsMachine,
  inputs: [{ me: member('2'), isClassic: false, retryMs: 100 }],
  events: ({ context }) => [
    { type: 'configuration.changed', configuration: configurationOf(['1', '2', '3']) },
    { type: 'coordination.started', term: term(1, '2') },
    { type: 'term.ended' },
    { type: 'coordinator.followed', coordinator: '3' },
    { type: 'coordinator.lost' },
    { type: 'reading.wanted', number: context.settled + 1 },
    { type: 'reads.grant', from: '3', id: context.request, index: 3 },
    asking('1', 1),
    {
      type: 'reads.confirmed',
      from: '3',
      term: term(1, '2'),
      round: context.round,
      incarnation: member('3').incarnation,
    },
  ],
  tellApart: ({ context }) => [
    context.coordinator,
    context.wanted > context.settled,
    context.next.length > 0,
  ],
};

const timers: Journey = {
  machine: timersMachine,
  inputs: [undefined],
  events: always(
    { type: 'coordination.started' },
    { type: 'term.ended' },
    { type: 'deadlines.told', inMs: null },
    { type: 'deadlines.told', inMs: 50 },
  ),
};

const causal: Journey = {
  machine: causalMachine,
  inputs: [{ me: '1', life: 1, fetchIntervalMs: 100 }],
  events: () => [
    { type: 'others.changed', others: ['2', '3'] },
    { type: 'broadcast.wanted', topic: 'talk', payload: 'x' },
    ...[1, 2].map((count) => ({
      type: 'causal.message',
      from: '2',
      origin: '2',
      stamp: [{ peer: '2', life: 1, count }],
      topic: 'talk',
      payload: count,
    })),
    { type: 'causal.fetch', from: '3', wanted: [{ peer: '2', life: 1, after: 0, upTo: 2 }] },
    { type: 'causal.digest', from: '3', clock: [{ peer: '2', life: 1, count: 2 }] },
    { type: 'gossip.due' },
  ],
  tellApart: ({ context }) => [context.held.length, Math.min(context.attempts, 21)],
};

export const clientJourneys: readonly Journey[] = [desk, reads, timers, attachment, causal];
