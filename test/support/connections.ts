/** A connection of peer 2 with peer 3, its events, and the effects it may ask for. */
import { type ConnectionEvent, type ConnectionInput, connectionMachine } from '../../machines/connection.js';
import type { Introduction, Rival } from '../../machines/values/greeting.js';
import type { LinkMessage } from '../../transport/protocol.js';
import { after, type Effect, start, step } from './step.js';

export type Snapshot = ReturnType<typeof start<typeof connectionMachine>>[0];

export const introductionOf = (id: string): Introduction => ({
  version: 1,
  cluster: 'blue',
  clusterId: 'c1',
  mode: 'safe',
  member: { id, incarnation: `of-${id}`, address: `127.0.0.1:700${id}`, priority: Number(id) },
});

export const us = introductionOf('2');
export const them = introductionOf('3');

export const theirHello: ConnectionEvent = { type: 'link.hello', from: '3', ...them, rival: null };
export const theirWelcome: ConnectionEvent = { type: 'link.welcome', from: '3', ...them, rival: null };
export const ourHello: LinkMessage = { type: 'link.hello', from: '2', ...us };
export const ourWelcome: LinkMessage = { type: 'link.welcome', from: '2', ...us };
/** A channel to peer 3 that peer 3 has dialled: as its id is higher, it stays. */
export const betterRival: Rival = { incarnation: 'of-3', dialled: 'there' };

export const weDial: ConnectionInput = {
  connection: 'k',
  address: '127.0.0.1:7003',
  expected: null,
  introduction: us,
  client: null,
  hasRoom: true,
  patient: false,
  dialTimeoutMs: 1000,
  greetTimeoutMs: 1000,
  backOffMinMs: 100,
  backOffMaxMs: 5000,
  jitterSeed: 1,
};
export const theyDial: ConnectionInput = { ...weDial, address: null };

export const dial: Effect = { type: 'dial', connection: 'k', address: '127.0.0.1:7003' };
export const hangUp: Effect = { type: 'hangUp', connection: 'k' };
export const bind: Effect = { type: 'bind', connection: 'k', remote: them.member };
export const opened: Effect = { type: 'opened', connection: 'k', remote: them.member, clusterId: 'c1' };
export const greet = (message: LinkMessage): Effect => ({ type: 'greet', connection: 'k', message });
export const lost = (remote: string | null, reason: string): Effect => ({
  type: 'lost',
  connection: 'k',
  remote,
  reason,
});

/** Steps through all events and answers the last snapshot and what the last event led to. */
export function having(input: ConnectionInput, ...events: ConnectionEvent[]): [Snapshot, Effect[]] {
  return events.reduce<[Snapshot, Effect[]]>(
    ([snapshot], event) => step(connectionMachine, snapshot, event),
    start(connectionMachine, input),
  );
}

export const elapse = (snapshot: Snapshot, delay: string, state: string) =>
  after(connectionMachine, snapshot, delay, `connection.${state}`);

export const channelOpened: ConnectionEvent = { type: 'channel.opened' };
export const channelClosed: ConnectionEvent = { type: 'channel.closed', reason: 'closed-there' };
export const superseded: ConnectionEvent = { type: 'channel.closed', reason: 'superseded' };
export const drop: ConnectionEvent = { type: 'connection.drop' };
export const close: ConnectionEvent = { type: 'connection.close' };
export const refusal = (code: 'mode-mismatch' | 'already-connected'): ConnectionEvent => ({
  type: 'link.refuse',
  from: '3',
  code,
  detail: 'because',
  rival: null,
});

export const CLIENT = '~abcdefgh01234567';
export const theirVisit: ConnectionEvent = {
  type: 'link.visit',
  from: CLIENT,
  version: us.version,
  cluster: us.cluster,
  rival: null,
};
