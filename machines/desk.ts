/**
 * Desk: what a peer does for one client, and what that may cost it.
 *
 *   attending { heard ⇄ quiet, idle ⇄ reading } ── silence, or more than it may have ──▶ dismissed
 *
 * A client owes its peer one word every so often, and never has more under way than its window. What it follows it fetches
 * itself: every answer waits for its own question, so that a client that reads slowly makes nothing pile up here. Nothing
 * of a client is kept once it has gone; its session is in the log, and any other peer goes on where this one ended.
 */
import { assign, setup } from 'xstate';
import type {
  Address,
  AttachmentMessage,
  ClientId,
  DeskMessage,
  PeerId,
  Submission,
} from '../transport/protocol.js';
import { type Context, type Flight, granted, isTooMuch, settledBy, type Waiting } from './desk-rules.js';
import { effect } from './effect.js';

export interface DeskInput {
  readonly me: PeerId;
  readonly client: ClientId;
  readonly coordinator: PeerId | null;
  /** Where members listen: where the client may go when this peer is gone. */
  readonly addresses: readonly Address[];
  /** After twice as long without a word a client is taken for gone, ms. */
  readonly silenceMs: number;
}

type Receipts = Extract<AttachmentMessage, { readonly type: 'attachment.settled' }>['receipts'];

export type DeskEvent =
  | DeskMessage
  | { readonly type: 'coordinator.followed'; readonly coordinator: PeerId | null }
  | { readonly type: 'addresses.changed'; readonly addresses: readonly Address[] }
  /** Something new may be read. */
  | { readonly type: 'deliveries.made' }
  /** A question has been answered. */
  | { readonly type: 'subscription.served'; readonly subscription: number }
  | { readonly type: 'client.opened'; readonly session: number; readonly nonce: string }
  | { readonly type: 'client.settled'; readonly session: number; readonly receipts: Receipts }
  | { readonly type: 'client.missed' | 'client.expired'; readonly session: number }
  /** What the peer has read for the client, or has not. */
  | { readonly type: 'client.read'; readonly id: number; readonly sequence: number }
  | { readonly type: 'client.unread'; readonly id: number };

export const deskMachine = setup({
  types: { input: {} as DeskInput, context: {} as Context, events: {} as DeskEvent },
  actions: {
    send: effect<{ to: readonly ClientId[]; message: AttachmentMessage }>(),
    // Facts.
    opening: effect<{ client: ClientId; nonce: string }>(),
    submitted: effect<{ client: ClientId; session: number; submissions: readonly Submission[] }>(),
    waiting: effect<{ client: ClientId; subscriptions: readonly Waiting[] }>(),
    reading: effect<{ client: ClientId; id: number }>(),
    dismissed: effect<{ client: ClientId }>(),
    // Steps.
    noteCoordinator: assign(({ event }) =>
      event.type === 'coordinator.followed' ? { coordinator: event.coordinator } : {},
    ),
    noteAddresses: assign(({ event }) =>
      event.type === 'addresses.changed' ? { addresses: event.addresses } : {},
    ),
    noteFlight: assign(({ context, event }) => granted(context, event)),
    noteQuestion: assign(({ context, event }) =>
      event.type === 'desk.read' ? { asked: Math.max(context.asked, event.id) } : {},
    ),
    takeQuestion: assign(({ context }) => ({ reading: context.asked })),
    noteSettled: assign(({ context, event }) => settledBy(context, event)),
    follow: assign(({ context, event }) => {
      if (event.type !== 'desk.follow') return {};
      const { subscription, topic, after } = event;
      return { waiting: [...without(context, subscription), { subscription, topic, after }] };
    }),
    unfollow: assign(({ context, event }) =>
      event.type === 'desk.unfollow' || event.type === 'subscription.served'
        ? { waiting: without(context, event.subscription) }
        : {},
    ),
  },
  guards: {
    isTooMuch: ({ context, event }) => isTooMuch(context, event),
    hasQuestion: ({ context }) => context.asked > context.reading,
    isUnderWay: ({ context, event }) => 'id' in event && event.id === context.reading,
    hasWaiting: ({ context }) => context.waiting.length > 0,
  },
  delays: { silence: ({ context }) => context.silenceMs },
}).createMachine({
  id: 'desk',
  context: ({ input }) => ({
    ...input,
    flights: [] as readonly Flight[],
    waiting: [] as readonly Waiting[],
    asked: 0,
    reading: 0,
  }),
  initial: 'attending',
  states: {
    attending: {
      type: 'parallel',
      on: {
        'coordinator.followed': { actions: ['noteCoordinator', { type: 'send', params: news }] },
        'addresses.changed': { actions: 'noteAddresses' },
        'client.opened': { actions: { type: 'send', params: opened } },
        'client.settled': { actions: ['noteSettled', { type: 'send', params: settled }] },
        'client.missed': { actions: { type: 'send', params: missed } },
        'client.expired': { actions: { type: 'send', params: expired } },
      },
      states: {
        service: {
          initial: 'serving',
          states: {
            serving: {
              on: {
                'desk.ping': { actions: { type: 'send', params: news } },
                'desk.open': { actions: { type: 'opening', params: whatToOpen } },
                'desk.submit': [
                  {
                    guard: 'isTooMuch',
                    target: '#desk.dismissed',
                    actions: { type: 'send', params: misbehaved },
                  },
                  { actions: ['noteFlight', { type: 'submitted', params: whatToSubmit }] },
                ],
                'desk.follow': [
                  {
                    guard: 'isTooMuch',
                    target: '#desk.dismissed',
                    actions: { type: 'send', params: misbehaved },
                  },
                  { actions: ['follow', { type: 'waiting', params: whatIsAsked }] },
                ],
                'desk.unfollow': { actions: 'unfollow' },
                'deliveries.made': { guard: 'hasWaiting', actions: { type: 'waiting', params: whatWaits } },
                'subscription.served': { actions: 'unfollow' },
              },
            },
          },
        },
        reading: {
          initial: 'idle',
          on: { 'desk.read': { actions: 'noteQuestion' } },
          states: {
            idle: { always: { guard: 'hasQuestion', target: 'reading' } },
            reading: {
              description:
                'One reading at a time. What is asked meanwhile waits for the next: this one may be older than it.',
              entry: ['takeQuestion', { type: 'reading', params: whatToRead }],
              on: {
                'client.read': {
                  guard: 'isUnderWay',
                  target: 'idle',
                  actions: { type: 'send', params: readable },
                },
                // The client asks again.
                'client.unread': { guard: 'isUnderWay', target: 'idle' },
              },
            },
          },
        },
        presence: {
          initial: 'heard',
          states: {
            heard: { after: { silence: 'quiet' } },
            quiet: {
              on: { 'desk.*': 'heard' },
              after: {
                silence: { target: '#desk.dismissed', actions: { type: 'send', params: silent } },
              },
            },
          },
        },
      },
    },
    dismissed: {
      type: 'final',
      entry: { type: 'dismissed', params: ({ context: { client } }) => ({ client }) },
    },
  },
});

interface Now {
  readonly context: Context;
  readonly event: DeskEvent;
}

const without = ({ waiting }: Context, subscription: number): readonly Waiting[] =>
  waiting.filter((one) => one.subscription !== subscription);

const to = ({ client }: Context, message: AttachmentMessage) => ({ to: [client], message });

function news({ context }: Now) {
  const { me, coordinator, addresses } = context;
  return to(context, { type: 'attachment.news', from: me, coordinator, addresses });
}

function opened({
  context,
  event,
}: {
  context: Context;
  event: Extract<DeskEvent, { type: 'client.opened' }>;
}) {
  const { nonce, session } = event;
  return to(context, { type: 'attachment.opened', from: context.me, nonce, session });
}

function settled({
  context,
  event,
}: {
  context: Context;
  event: Extract<DeskEvent, { type: 'client.settled' }>;
}) {
  const { session, receipts } = event;
  return to(context, { type: 'attachment.settled', from: context.me, session, receipts });
}

type Trouble = Extract<DeskEvent, { type: 'client.missed' | 'client.expired' }>;

function missed({ context, event }: { context: Context; event: Trouble }) {
  return to(context, { type: 'attachment.missed', from: context.me, session: event.session });
}

function expired({ context, event }: { context: Context; event: Trouble }) {
  return to(context, { type: 'attachment.expired', from: context.me, session: event.session });
}

function whatToRead({ context: { client, asked } }: Now) {
  return { client, id: asked };
}

function readable({
  context,
  event: { id, sequence },
}: {
  context: Context;
  event: Extract<DeskEvent, { type: 'client.read' }>;
}) {
  return to(context, { type: 'attachment.readable', from: context.me, id, sequence });
}

function misbehaved({ context }: Now) {
  const detail = 'it has more under way, or follows more, than a client may';
  return to(context, { type: 'attachment.dismissed', from: context.me, code: 'misbehaved', detail });
}

function silent({ context }: Now) {
  const detail = `nothing was heard of it for ${2 * context.silenceMs} ms`;
  return to(context, { type: 'attachment.dismissed', from: context.me, code: 'silent', detail });
}

function whatToOpen({
  context,
  event,
}: {
  context: Context;
  event: Extract<DeskEvent, { type: 'desk.open' }>;
}) {
  return { client: context.client, nonce: event.nonce };
}

function whatToSubmit({
  context,
  event,
}: {
  context: Context;
  event: Extract<DeskEvent, { type: 'desk.submit' }>;
}) {
  const { session, submissions } = event;
  return { client: context.client, session, submissions };
}

function whatIsAsked({
  context,
  event,
}: {
  context: Context;
  event: Extract<DeskEvent, { type: 'desk.follow' }>;
}) {
  const { subscription, topic, after } = event;
  return { client: context.client, subscriptions: [{ subscription, topic, after }] };
}

function whatWaits({ context: { client, waiting } }: Now) {
  return { client, subscriptions: waiting };
}
