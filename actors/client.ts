/**
 * The client: one actor that spawns all others, hears every fact, and tells whom it concerns; the peer's little sister.
 *
 *   running ──▶ stopped
 *
 * It has a link, one connection at a time, the sessions chart that peers have, and the attachment that says with which
 * peer it talks. To the sessions chart that peer is the coordinator, for as long as it follows one.
 */
import {
  type AnyActorRef,
  assign,
  enqueueActions,
  type ProvidedActor,
  type Spawner,
  sendTo,
  setup,
  stopChild,
} from 'xstate';
import { SESSION_TTL_MS } from '../machines/values/session-table.js';
import { printable } from '../transport/codec.js';
import {
  type Address,
  type AttachmentMessage,
  type ClientId,
  type DeskMessage,
  type LinkMessage,
  type Member,
  type PeerId,
  PROTOCOL_VERSION,
  type Submission,
} from '../transport/protocol.js';
import type { Delivery, Receipt } from './api.js';
import { children } from './children.js';
import { attachmentOf, clientReads, clientSessions } from './client-children.js';
import type { ClientOptions } from './client-options.js';
import type { ClientEnvironment } from './environment.js';
import { seedOf } from './environment.js';
import { type LinkFact, linkLogic } from './link.js';

/** What the actor tells the public handle. */
export interface ClientOutlet {
  settled(number: number, receipt: Receipt, result: unknown): void;
  delivered(subscription: number, after: number, deliveries: readonly Delivery[]): void;
  /** Readings up to that number may be answered: all they must show stands up to `sequence`. */
  readable(upTo: number, sequence: number): void;
  /** What follows `after` is not kept any more; the first `dropped` are gone. */
  gone(subscription: number, after: number, dropped: number): void;
  /** A peer is attached that follows that coordinator; or none is. */
  attached(peer: PeerId | null, coordinator: PeerId | null): void;
  expired(): void;
  warned(code: string, detail: string): void;
  failed(detail: string): void;
}

export interface ClientInput {
  readonly client: ClientId;
  readonly nonce: string;
  readonly options: ClientOptions;
  readonly environment: ClientEnvironment;
  readonly outlet: ClientOutlet;
}

interface Context extends ClientInput {
  readonly dialled: number;
  readonly connection: string | null;
  readonly peer: PeerId | null;
}

/** What the handle asks. */
export type ClientCommand =
  | { readonly type: 'submissions.offered'; readonly submissions: readonly Submission[] }
  | { readonly type: 'desk.wanted'; readonly message: DeskMessage }
  | { readonly type: 'reading.wanted'; readonly number: number }
  | { readonly type: 'client.stop' };

type Fact =
  | { readonly type: 'connection.wanted'; readonly address: Address }
  | { readonly type: 'connection.unwanted' }
  | { readonly type: 'connection.opened'; readonly connection: string; readonly remote: Member }
  | { readonly type: 'connection.lost'; readonly connection: string; readonly reason: string }
  | {
      readonly type: 'connection.refused';
      readonly connection: string;
      readonly code: string;
      readonly detail: string;
    }
  | { readonly type: 'peer.followed'; readonly peer: PeerId; readonly coordinator: PeerId }
  | { readonly type: 'peer.lost' }
  | { readonly type: 'reading.granted'; readonly upTo: number; readonly index: number }
  | { readonly type: `xstate.error.actor.${string}`; readonly error: unknown };

export type ClientEvent = ClientCommand | Fact | LinkFact | LinkMessage | AttachmentMessage;

/** How long a question waits for its answer before it is put again. */
const RETRY_MS = 1000;

const CONNECTION = { dialTimeoutMs: 3000, greetTimeoutMs: 3000, backOffMinMs: 1000, backOffMaxMs: 1000 };

const steps = (
  body: (args: {
    context: Context;
    event: ClientEvent;
    self: AnyActorRef;
    enqueue: { sendTo(actor: string, event: object): void; stopChild(actor: string): void };
  }) => void,
) => enqueueActions(body as never) as never;

/** A step that changes the context, and may spawn. */
const update = (
  body: (args: { context: Context; event: ClientEvent; spawn: Spawner<ProvidedActor> }) => Partial<Context>,
) => assign<Context, ClientEvent, undefined, ClientEvent, never>(body as never);

const childOf = (self: AnyActorRef, id: string): AnyActorRef | undefined => self.getSnapshot().children[id];

export const clientMachine = setup({
  types: { input: {} as ClientInput, context: {} as Context, events: {} as ClientEvent },
  actions: {
    spawnChildren: update(({ context, spawn }) => {
      const { client, nonce, options, environment, outlet } = context;
      const { seeds, pingIntervalMs, unservedMs, backOffMinMs, backOffMaxMs } = options;
      const jitterSeed = seedOf(environment.random);
      const backOff = { backOffMinMs, backOffMaxMs, jitterSeed };
      const { transport } = environment;
      spawn(linkLogic, { id: 'link', systemId: 'link', input: { transport, me: client, count: () => {} } });
      const patience = { backOffMinMs: 2000, backOffMaxMs: 16_000, renewIntervalMs: SESSION_TTL_MS / 4 };
      spawn(clientSessions, {
        id: 'sessions',
        input: { me: client, kind: 'client', nonce, jitterSeed, ...patience },
      });
      spawn(clientReads, {
        id: 'reads',
        input: { me: memberOf(client), isClassic: false, retryMs: RETRY_MS },
      });
      spawn(attachmentOf, {
        id: 'attachment',
        input: { client, seeds, pingIntervalMs, unservedMs, ...backOff },
      });
      outlet.attached(null, null);
      return {};
    }),
    connect: update(({ context, event, spawn }) => {
      if (event.type !== 'connection.wanted') return {};
      const dialled = context.dialled + 1;
      const connection = `connection:${dialled}`;
      spawn(children.connection, {
        id: connection,
        input: connectionInput(context, connection, event.address),
      });
      return { dialled, connection };
    }),
    forgetConnection: stopChild(({ context }) => context.connection ?? ''),
    /** One that is no longer ours is not heard. */
    toConnection: steps(({ context, event, enqueue, self }) => {
      const id = 'connection' in event ? event.connection : null;
      if (id !== null && id === context.connection && childOf(self, id) !== undefined)
        enqueue.sendTo(id, event);
    }),
    disconnect: steps(({ context, enqueue }) => {
      if (context.connection !== null) enqueue.sendTo(context.connection, { type: 'connection.close' });
    }),
    notePeer: assign(({ event }) => (event.type === 'peer.followed' ? { peer: event.peer } : {})),
    forgetPeer: assign({ peer: null }),
    tellAttached: ({ context, event }) => {
      if (event.type === 'peer.followed') context.outlet.attached(event.peer, event.coordinator);
      else context.outlet.attached(null, null);
    },
    warn: ({ context, event }) => {
      if (event.type === 'connection.refused') context.outlet.warned(event.code, printable(event.detail));
      if (event.type === 'link.warning') context.outlet.warned(event.code, printable(event.detail));
      if (event.type === 'attachment.dismissed') context.outlet.warned('dismissed', printable(event.detail));
    },
    settle: steps(({ context, event, enqueue, self }) => {
      const sessions = childOf(self, 'sessions')?.getSnapshot().context;
      if (event.type !== 'attachment.settled' || sessions?.session !== event.session) return;
      let expected: number | undefined = sessions.pending[0]?.number;
      for (const { number, result, ...receipt } of event.receipts) {
        // One out of turn belongs to numbers that are asked for again: their receipts come together.
        if (number !== expected) continue;
        context.outlet.settled(number, receipt, result);
        expected += 1;
      }
      if (expected !== undefined && expected !== sessions.pending[0]?.number)
        enqueue.sendTo('sessions', { type: 'submissions.delivered', upTo: expected - 1 });
    }),
    open: steps(({ event, enqueue, self }) => {
      const sessions = childOf(self, 'sessions')?.getSnapshot().context;
      if (event.type !== 'attachment.opened' || sessions === undefined) return;
      const { nonce, expired } = sessions;
      if (event.nonce === (expired === 0 ? nonce : `${nonce}.${expired}`))
        enqueue.sendTo('sessions', { type: 'session.opened', session: event.session });
    }),
    expire: steps(({ context, event, enqueue, self }) => {
      const sessions = childOf(self, 'sessions')?.getSnapshot().context;
      if (event.type !== 'attachment.expired' || sessions?.session !== event.session) return;
      enqueue.sendTo('sessions', { type: 'session.expired', session: event.session });
      context.outlet.expired();
    }),
    deliver: ({ context, event }) => {
      if (event.type === 'attachment.gone')
        context.outlet.gone(event.subscription, event.after, event.dropped);
      if (event.type !== 'attachment.delivered') return;
      context.outlet.delivered(event.subscription, event.after, event.deliveries);
    },
    /** To the chart its peer is the coordinator, and a sequence the place in the log that must be reached. */
    grant: steps(({ event, enqueue }) => {
      if (event.type !== 'attachment.readable') return;
      const { from, id, sequence } = event;
      enqueue.sendTo('reads', { type: 'reads.grant', from, id, index: sequence });
    }),
    tellReadable: ({ context, event }) => {
      if (event.type === 'reading.granted') context.outlet.readable(event.upTo, event.index);
    },
    ask: steps(({ context, event, enqueue }) => {
      if (event.type !== 'desk.wanted' || context.peer === null) return;
      enqueue.sendTo('link', { type: 'send', to: [context.peer], message: event.message });
    }),
    tellFailure: ({ context, event }) => context.outlet.failed(`${event.type}: ${reasonIn(event)}`),
    stopAll: steps(({ enqueue, self }) => {
      const ids = Object.keys(self.getSnapshot().children).filter((id) => id !== 'link');
      for (const id of [...ids, 'link']) enqueue.stopChild(id);
    }),
  },
  guards: {
    isOurs: ({ context, event }) => 'connection' in event && event.connection === context.connection,
  },
}).createMachine({
  id: 'client-root',
  context: ({ input }) => ({ ...input, dialled: 0, connection: null, peer: null }),
  initial: 'running',
  states: {
    running: {
      entry: 'spawnChildren',
      on: {
        // What the wire says.
        'link.welcome': { actions: 'toConnection' },
        'link.refuse': { actions: 'toConnection' },
        'link.warning': { actions: 'warn' },
        'channel.opened': { actions: 'toConnection' },
        'channel.closed': { actions: 'toConnection' },
        'attachment.news': { actions: sendTo('attachment', ({ event }) => event) },
        'attachment.dismissed': { actions: ['warn', sendTo('attachment', ({ event }) => event)] },
        'attachment.opened': { actions: 'open' },
        'attachment.settled': { actions: 'settle' },
        'attachment.missed': { actions: sendTo('sessions', { type: 'submissions.missed' }) },
        'attachment.expired': { actions: 'expire' },
        'attachment.delivered': { actions: 'deliver' },
        'attachment.gone': { actions: 'deliver' },
        'attachment.readable': { actions: 'grant' },

        // Which peer it is.
        'connection.wanted': { actions: ['forgetConnection', 'connect'] },
        'connection.unwanted': { actions: 'disconnect' },
        'connection.opened': { guard: 'isOurs', actions: sendTo('attachment', ({ event }) => event) },
        'connection.lost': {
          guard: 'isOurs',
          actions: ['disconnect', sendTo('attachment', ({ event }) => event)],
        },
        'connection.refused': {
          guard: 'isOurs',
          actions: ['warn', sendTo('attachment', ({ event }) => event)],
        },
        'peer.followed': {
          actions: [
            'notePeer',
            sendTo('sessions', peerFollowed),
            sendTo('reads', peerFollowed),
            'tellAttached',
          ],
        },
        'peer.lost': {
          actions: [
            'forgetPeer',
            sendTo('sessions', { type: 'coordinator.lost' }),
            sendTo('reads', { type: 'coordinator.lost' }),
            'tellAttached',
          ],
        },

        // What the handle asks.
        'submissions.offered': { actions: sendTo('sessions', ({ event }) => event) },
        'desk.wanted': { actions: 'ask' },
        'reading.wanted': { actions: sendTo('reads', ({ event }) => event) },
        'reading.granted': { actions: 'tellReadable' },
        'client.stop': 'stopped',
        'xstate.error.*': { target: 'stopped', actions: 'tellFailure' },
      },
    },
    stopped: { type: 'final', entry: 'stopAll' },
  },
});

function peerFollowed({ event: { peer } }: { event: Extract<Fact, { type: 'peer.followed' }> }) {
  return { type: 'coordinator.followed' as const, coordinator: peer, term: { n: 0, owner: peer } };
}

/** A client has no address, and one life only. */
const memberOf = (client: ClientId): Member => ({
  id: client,
  incarnation: client,
  address: '~:0',
  priority: 0,
});

const connectionInput = (
  { client, options, environment }: Context,
  connection: string,
  address: Address,
) => ({
  ...CONNECTION,
  connection,
  address,
  expected: null,
  client,
  hasRoom: false,
  introduction: {
    version: PROTOCOL_VERSION,
    cluster: options.cluster,
    clusterId: null,
    mode: '',
    member: memberOf(client),
  },
  patient: false,
  jitterSeed: seedOf(environment.random),
});

const reasonIn = (event: object): string =>
  'error' in event && event.error instanceof Error ? printable(event.error.message) : 'no reason';
