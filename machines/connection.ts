/**
 * Connection: the channel to one remote peer, dialled again and again until both have greeted.
 *
 *   we dial        dialing ── channel.opened ──▶ greeting ── link.welcome ──▶ open
 *                   ▲   │                          │                           │
 *                   │   └──────── channel.closed, connection.drop, silence ────┘
 *                   │                              ▼
 *                   └───── back-off over ───── backingOff
 *
 *   they dial      greeting ── link.hello, link.visit ──▶ open ── channel.closed ──▶ closed
 *
 *   from anywhere  ── connection.close ──▶ closed      a greeting refused ──▶ refused      a better channel ──▶ superseded
 *
 * Source: two-way handshake; collisions as in BGP (RFC 4271, §6.8), where the connection opened by the higher id stays.
 * Back-off doubles up to a cap, half of it drawn by lot, so that peers that lost one another together do not all return
 * in the same moment. A refusal is final here: what to do about it is for the peer to decide.
 */
import { assign, setup } from 'xstate';
import type { Address, ClientId, LinkMessage, Member, PeerId } from '../transport/protocol.js';
import { isAcceptable, isNeedless, theObjection } from './connection-rules.js';
import { effect } from './effect.js';
import { lengthened } from './values/back-off.js';
import type { Dialled, Introduction, Refusal, Rival } from './values/greeting.js';

export interface ConnectionInput {
  /** The key by which the link knows the channel. */
  readonly connection: string;
  /** Whom to dial; null when the other side has dialled us, and the channel is open already. */
  readonly address: Address | null;
  /** Who should answer; null when any peer will do. */
  readonly expected: PeerId | null;
  readonly introduction: Introduction;
  /** A client dials with a visit, not with a hello; null for a peer. */
  readonly client: ClientId | null;
  /** Whether a client may come in; of no interest where we dial. */
  readonly hasRoom: boolean;
  /** Waits before the first attempt, because the other side will probably dial. */
  readonly patient: boolean;
  readonly dialTimeoutMs: number;
  /** From an open channel to the greeting's answer. */
  readonly greetTimeoutMs: number;
  /** Around the first back-off, doubled with every attempt. At least 1. */
  readonly backOffMinMs: number;
  /** No back-off is longer. */
  readonly backOffMaxMs: number;
  readonly jitterSeed: number;
}

/** Why a channel ended, in the link's words and in ours. */
export type ConnectionEnd =
  | 'closed-here'
  | 'closed-there'
  | 'refused'
  | 'unreachable'
  | 'frame-too-large'
  | 'queue-full'
  /** It said something that is no greeting, or too much that is no frame. */
  | 'misspoken'
  /** Messages came in the name of another peer. */
  | 'impostor'
  /** Another channel to the same peer took its place. */
  | 'superseded'
  /** No answer to the dialling, or to the greeting. */
  | 'timed-out'
  /** This peer hung up: it suspects the other one. */
  | 'dropped';

export type ConnectionEvent =
  | { readonly type: 'channel.opened' }
  | { readonly type: 'channel.closed'; readonly reason: ConnectionEnd }
  | (LinkMessage & { readonly rival: Rival | null })
  /** Hang up and, if we dialled, dial again after the back-off. */
  | { readonly type: 'connection.drop' }
  | { readonly type: 'connection.close' }
  /** From now on we introduce ourselves like this. */
  | { readonly type: 'connection.introduce'; readonly introduction: Introduction };

export interface ConnectionContext extends ConnectionInput {
  /** The peer we have greeted, while the connection is open. */
  readonly remote: PeerId | null;
  /** Attempts since it was last open for a while. */
  readonly attempts: number;
  readonly backOffMs: number;
}

export const connectionMachine = setup({
  types: {
    input: {} as ConnectionInput,
    context: {} as ConnectionContext,
    events: {} as ConnectionEvent,
  },
  actions: {
    dial: effect<{ connection: string; address: Address }>(),
    greet: effect<{ connection: string; message: LinkMessage }>(),
    bind: effect<{ connection: string; remote: Member }>(),
    hangUp: effect<{ connection: string }>(),
    opened: effect<{ connection: string; remote: Member; clusterId: string | null }>(),
    visited: effect<{ connection: string; client: ClientId }>(),
    lost: effect<{ connection: string; remote: PeerId | null; reason: ConnectionEnd }>(),
    refused: effect<{ connection: string; address: Address | null; by: Dialled } & Refusal>(),
    noteRemote: assign((_, { remote }: { remote: Member }) => ({ remote: remote.id })),
    forgetRemote: assign({ remote: null }),
    calmDown: assign({ attempts: 0 }),
    lengthenBackOff: assign(({ context }) => lengthened(context)),
    introduce: assign((_, { introduction }: { introduction: Introduction }) => ({ introduction })),
  },
  guards: {
    isDialledThere: ({ context }) => context.address === null,
    isPatient: ({ context }) => context.patient,
    isAcceptable,
    isNeedless,
    isRefusedAsNeedless: ({ event }) => event.type === 'link.refuse' && event.code === 'already-connected',
    isReplaced: ({ event }) => event.type === 'channel.closed' && event.reason === 'superseded',
  },
  delays: {
    dialTimeout: ({ context }) => context.dialTimeoutMs,
    greetTimeout: ({ context }) => context.greetTimeoutMs,
    backOff: ({ context }) => context.backOffMs,
    // Longer than any back-off: what closes again and again is dialled less and less often.
    steadiness: ({ context }) => context.backOffMaxMs,
  },
}).createMachine({
  id: 'connection',
  context: ({ input }) => ({ ...input, remote: null, attempts: 0, backOffMs: 0 }),
  initial: 'choosing',
  on: {
    'connection.introduce': { actions: { type: 'introduce', params: ({ event }) => event } },
  },
  states: {
    choosing: {
      always: [
        { guard: 'isDialledThere', target: 'greeting' },
        { guard: 'isPatient', target: 'backingOff' },
        'dialing',
      ],
    },

    dialing: {
      entry: { type: 'dial', params: whereTo },
      on: {
        'channel.opened': { target: 'greeting', actions: { type: 'greet', params: hello } },
        'channel.closed': { target: 'parting', actions: { type: 'lost', params: whyClosed } },
        'connection.drop': { target: 'parting', actions: [hangUp(), lostAs('dropped')] },
        'connection.close': { target: 'closed', actions: hangUp() },
      },
      after: {
        dialTimeout: { target: 'parting', actions: [hangUp(), lostAs('timed-out')] },
      },
    },

    greeting: {
      on: {
        'link.hello': [
          {
            guard: 'isAcceptable',
            target: 'open',
            actions: [{ type: 'greet', params: welcome }, ...opening()],
          },
          ...declining(),
        ],
        'link.visit': [
          {
            guard: 'isAcceptable',
            target: 'open',
            actions: [
              { type: 'greet', params: welcome },
              { type: 'bind', params: whoseChannel },
              { type: 'noteRemote', params: whoTheyAre },
              { type: 'visited', params: whoVisits },
            ],
          },
          declining()[1],
        ],
        'link.welcome': [{ guard: 'isAcceptable', target: 'open', actions: opening() }, ...declining()],
        'link.refuse': [
          { guard: 'isRefusedAsNeedless', target: 'superseded', actions: [hangUp(), lostAs('superseded')] },
          { target: 'refused', actions: [hangUp(), { type: 'refused', params: theyRefuse }] },
        ],
        'channel.closed': { target: 'parting', actions: { type: 'lost', params: whyClosed } },
        'connection.drop': { target: 'parting', actions: [hangUp(), lostAs('dropped')] },
        'connection.close': { target: 'closed', actions: hangUp() },
      },
      after: {
        greetTimeout: { target: 'parting', actions: [hangUp(), lostAs('timed-out')] },
      },
    },

    // No time limit: whether the other side is alive is the failure detector's business, which has the peer drop it.
    open: {
      on: {
        'channel.closed': [
          { guard: 'isReplaced', target: 'superseded', actions: lostAs('superseded') },
          { target: 'parting', actions: { type: 'lost', params: whyClosed } },
        ],
        // The other side judges our welcome when we have judged its hello already.
        'link.refuse': [
          { guard: 'isRefusedAsNeedless', target: 'superseded', actions: [hangUp(), lostAs('superseded')] },
          {
            target: 'refused',
            actions: [hangUp(), lostAs('closed-there'), { type: 'refused', params: theyRefuse }],
          },
        ],
        'connection.drop': { target: 'parting', actions: [hangUp(), lostAs('dropped')] },
        'connection.close': { target: 'closed', actions: [hangUp(), lostAs('closed-here')] },
      },
      after: { steadiness: { actions: 'calmDown' } },
    },

    parting: {
      entry: 'forgetRemote',
      always: [{ guard: 'isDialledThere', target: 'closed' }, 'backingOff'],
    },

    backingOff: {
      entry: 'lengthenBackOff',
      on: { 'connection.close': 'closed' },
      after: { backOff: 'dialing' },
    },

    refused: { type: 'final' },

    superseded: { type: 'final' },

    closed: { type: 'final' },
  },
});

interface Here {
  readonly context: ConnectionContext;
}

interface Now<Type extends ConnectionEvent['type']> extends Here {
  readonly event: Extract<ConnectionEvent, { type: Type }>;
}

type Greeted = Now<'link.hello' | 'link.welcome'>;
type Arrived = Now<'link.hello' | 'link.welcome' | 'link.visit'>;

/** The other side is one we talk with, on this channel. */
function opening() {
  return [
    { type: 'bind', params: whoseChannel },
    { type: 'noteRemote', params: whoTheyAre },
    { type: 'opened', params: whatOpened },
  ] as const;
}

/** It is not; tell it why. */
function declining() {
  const sayNo = { type: 'greet', params: refusal } as const;
  return [
    { guard: 'isNeedless', target: 'superseded', actions: [sayNo, hangUp(), lostAs('superseded')] },
    { target: 'refused', actions: [sayNo, hangUp(), { type: 'refused', params: weRefuse }] },
  ] as const;
}

function hangUp() {
  return { type: 'hangUp', params: ({ context: { connection } }: Here) => ({ connection }) } as const;
}

function lostAs(reason: ConnectionEnd) {
  return {
    type: 'lost',
    params: ({ context: { connection, remote } }: Here) => ({ connection, remote, reason }),
  } as const;
}

function whyClosed({ context: { connection, remote }, event: { reason } }: Now<'channel.closed'>) {
  return { connection, remote, reason };
}

function whereTo({ context: { connection, address } }: Here) {
  if (address === null) throw new Error('dialing without an address: the chart never does');
  return { connection, address };
}

function hello({ context: { connection, introduction, client } }: Here) {
  const { version, cluster } = introduction;
  if (client !== null)
    return { connection, message: { type: 'link.visit' as const, from: client, version, cluster } };
  const message: LinkMessage = { type: 'link.hello', from: introduction.member.id, ...introduction };
  return { connection, message };
}

function welcome({ context: { connection, introduction } }: Here) {
  const message: LinkMessage = { type: 'link.welcome', from: introduction.member.id, ...introduction };
  return { connection, message };
}

function refusal({ context, event }: Arrived) {
  const { connection, introduction } = context;
  const message: LinkMessage = {
    type: 'link.refuse',
    from: introduction.member.id,
    ...theObjection(context, event),
  };
  return { connection, message };
}

/** A client has no address, and one life only. */
const memberIn = (event: Arrived['event']): Member =>
  event.type === 'link.visit'
    ? { id: event.from, incarnation: event.from, address: '~:0', priority: 0 }
    : event.member;

function whoseChannel({ context: { connection }, event }: Arrived) {
  return { connection, remote: memberIn(event) };
}

function whoTheyAre({ event }: Arrived) {
  return { remote: memberIn(event) };
}

function whoVisits({ context: { connection }, event }: Now<'link.visit'>) {
  return { connection, client: event.from };
}

function whatOpened({ context: { connection }, event: { member, clusterId } }: Greeted) {
  return { connection, remote: member, clusterId };
}

function weRefuse({ context, event }: Arrived) {
  const { connection, address } = context;
  return { connection, address, by: 'here', ...theObjection(context, event) } as const;
}

function theyRefuse({ context: { connection, address }, event: { code, detail } }: Now<'link.refuse'>) {
  return { connection, address, by: 'there', code, detail } as const;
}
