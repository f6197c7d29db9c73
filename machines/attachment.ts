/**
 * Attachment: a client's bond to one peer, and to the next one when that is gone.
 *
 *   dialing ── connection.opened ──▶ attached { unserved ⇄ served, listening ⇄ doubting }
 *      ▲                                 │ lost, silent, dismissed, or without a coordinator for long
 *      └────────── backingOff ◀──────────┘
 *
 * Seeds come first; then members are tried in turn too, as the peers have named them. Which peer it is makes no
 * difference: each passes on what is submitted, and each delivers everything in the same order.
 */
import { assign, setup } from 'xstate';
import type {
  Address,
  AttachmentMessage,
  ClientId,
  DeskMessage,
  Member,
  PeerId,
} from '../transport/protocol.js';
import { effect } from './effect.js';
import { type BackOff, lengthened } from './values/back-off.js';

export interface AttachmentInput {
  readonly client: ClientId;
  /** Peers to begin with, at least one. */
  readonly seeds: readonly Address[];
  /** How often the peer is asked whether it is there, ms. After three times as long without an answer it is left. */
  readonly pingIntervalMs: number;
  /** How long a peer may be without a coordinator before another one is tried, ms. */
  readonly unservedMs: number;
  readonly backOffMinMs: number;
  readonly backOffMaxMs: number;
  readonly jitterSeed: number;
}

export interface Context extends Omit<AttachmentInput, 'jitterSeed'>, BackOff {
  readonly members: readonly Address[];
  /** Counts attempts, over all candidates. */
  readonly turn: number;
  readonly peer: PeerId | null;
  /** Whom it follows, as it has said last. */
  readonly coordinator: PeerId | null;
}

type News = Extract<AttachmentMessage, { readonly type: 'attachment.news' }>;

export type AttachmentEvent =
  | { readonly type: 'connection.opened'; readonly remote: Member }
  | { readonly type: 'connection.lost' | 'connection.refused' }
  | News
  | Extract<AttachmentMessage, { readonly type: 'attachment.dismissed' }>;

export const attachmentMachine = setup({
  types: { input: {} as AttachmentInput, context: {} as Context, events: {} as AttachmentEvent },
  actions: {
    send: effect<{ to: readonly PeerId[]; message: DeskMessage }>(),
    /** Opens a connection to that address; there is no other. */
    attach: effect<{ address: Address }>(),
    /** Closes it. */
    detach: effect<Record<string, never>>(),
    // Facts.
    followed: effect<{ peer: PeerId; coordinator: PeerId }>(),
    lost: effect<Record<string, never>>(),
    notePeer: assign(({ event }) => (event.type === 'connection.opened' ? { peer: event.remote.id } : {})),
    forgetPeer: assign({ peer: null, coordinator: null }),
    noteCoordinator: assign(({ event }) =>
      event.type === 'attachment.news' ? { coordinator: event.coordinator } : {},
    ),
    noteMembers: assign(({ event }) =>
      event.type === 'attachment.news' ? { members: event.addresses, attempts: 0 } : {},
    ),
    takeTurn: assign(({ context }) => ({ turn: context.turn + 1 })),
    lengthenBackOff: assign(({ context }) => lengthened(context)),
  },
  guards: {
    // Every answer says whom the peer follows; it is news when that has changed.
    isNewlyServed: ({ context, event }) =>
      event.type === 'attachment.news' &&
      event.coordinator !== null &&
      event.coordinator !== context.coordinator,
    isUnserved: ({ event }) => event.type === 'attachment.news' && event.coordinator === null,
  },
  delays: {
    pingInterval: ({ context }) => context.pingIntervalMs,
    patience: ({ context }) => 2 * context.pingIntervalMs,
    unserved: ({ context }) => context.unservedMs,
    backOff: ({ context }) => context.backOffMs,
  },
}).createMachine({
  id: 'attachment',
  context: ({ input }) => ({
    ...input,
    attempts: 0,
    backOffMs: 0,
    members: [],
    turn: 0,
    peer: null,
    coordinator: null,
  }),
  initial: 'dialing',
  states: {
    dialing: {
      // No time limit: the connection has its own.
      entry: { type: 'attach', params: candidate },
      on: {
        'connection.opened': { target: 'attached', actions: 'notePeer' },
        'connection.lost': 'backingOff',
        'connection.refused': 'backingOff',
      },
    },
    attached: {
      type: 'parallel',
      exit: [{ type: 'lost', params: {} }, 'forgetPeer'],
      on: {
        'connection.lost': 'backingOff',
        'attachment.dismissed': { target: 'backingOff', actions: { type: 'detach', params: {} } },
      },
      states: {
        service: {
          initial: 'unserved',
          states: {
            unserved: {
              description: 'The peer follows no coordinator, as far as it has said: it may be cut off.',
              on: {
                'attachment.news': {
                  guard: 'isNewlyServed',
                  target: 'served',
                  actions: ['noteCoordinator', { type: 'followed', params: whomItFollows }],
                },
              },
              after: {
                unserved: { target: '#attachment.backingOff', actions: { type: 'detach', params: {} } },
              },
            },
            served: {
              on: {
                'attachment.news': [
                  {
                    guard: 'isNewlyServed',
                    actions: ['noteCoordinator', { type: 'followed', params: whomItFollows }],
                  },
                  {
                    guard: 'isUnserved',
                    target: 'unserved',
                    actions: ['noteCoordinator', { type: 'lost', params: {} }],
                  },
                ],
              },
            },
          },
        },
        presence: {
          initial: 'asking',
          on: { 'attachment.news': { target: '.listening', actions: 'noteMembers' } },
          states: {
            listening: { after: { pingInterval: 'asking' } },
            asking: {
              entry: { type: 'send', params: ping },
              after: {
                patience: { target: '#attachment.backingOff', actions: { type: 'detach', params: {} } },
              },
            },
          },
        },
      },
    },
    backingOff: {
      entry: ['takeTurn', 'lengthenBackOff'],
      after: { backOff: 'dialing' },
    },
  },
});

interface Now {
  readonly context: Context;
  readonly event: AttachmentEvent;
}

/** Every seed and every member in turn. */
function candidate({ context: { seeds, members, turn } }: Now) {
  const candidates = [...new Set([...seeds, ...members])];
  return { address: candidates[turn % candidates.length] ?? '' };
}

function ping({ context: { client, peer } }: Now): { to: readonly PeerId[]; message: DeskMessage } {
  return { to: peer === null ? [] : [peer], message: { type: 'desk.ping', from: client } };
}

function whomItFollows({ context, event }: { context: Context; event: News }) {
  return { peer: context.peer ?? '', coordinator: event.coordinator ?? '' };
}
