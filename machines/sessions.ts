/**
 * Sessions: what this peer submits takes effect once, in the order it was submitted, whoever coordinates.
 *
 *   opening ── session.opened ──▶ idle ⇄ submitting ── no progress, or a new coordinator ──▶ resubmitting
 *                                            ▲   ├── coordinator.lost ──▶ stranded ──────────────┤
 *                                            │   └── sessions.retry ──▶ deferring, for a while ──┤
 *                                            └─────────────────────────────────────────────────────┘
 *
 * A session is an entry of the log; it numbers its submissions. The replicated session table (values/session-table.ts)
 * takes each number once, so sending again is always safe, and after a change of coordinator it is what we do. Without
 * news it is done more and more seldom: what is slow is not helped by more of it. A session that is not used is renewed; one
 * that has expired all the same is never resumed, for what was under way may have taken effect or not.
 *
 * A client runs the same chart. Its coordinator is the peer it is attached to, for as long as that one follows one.
 *
 * Source: Ongaro 2014 (dissertation), §6.3.
 */
import { assign, setup } from 'xstate';
import type { PeerId, SequencerMessage, Submission, Term } from '../transport/protocol.js';
import { effect } from './effect.js';
import { type BackOff, lengthened } from './values/back-off.js';
import { LIMITS } from './values/limits.js';
import { remembered } from './values/remembered.js';
import { headWithin, sizeOf } from './values/size.js';

/** What may be on its way at a time: more would queue up before a slow line, and what keeps us trusted behind it. */
export const WINDOW_BYTES_MAX = 16 * LIMITS.batchBytesMax;

/** Submissions of a client that may be on their way: the session table keeps so many receipts for it (RECEIPTS_MAX). */
export const CLIENT_WINDOW_MAX = 1024;
/** And bytes of them, by the estimate of `sizeOf`: a peer serves many clients over one line to the coordinator. */
export const CLIENT_WINDOW_BYTES_MAX = 4 * LIMITS.batchBytesMax;

export interface SessionsInput {
  readonly me: PeerId;
  readonly kind: 'peer' | 'client';
  /** Tells our session entries from those of an earlier start. */
  readonly nonce: string;
  /** How long without progress before everything that waits is sent again: half of this to all of it, doubled each time. */
  readonly backOffMinMs: number;
  readonly backOffMaxMs: number;
  /** How often a session that is not used is renewed; well below its time to live (SESSION_TTL_MS). */
  readonly renewIntervalMs: number;
  readonly jitterSeed: number;
}

export interface Context extends Omit<SessionsInput, 'jitterSeed'>, BackOff {
  readonly coordinator: PeerId | null;
  /** Sessions that have expired: the next one has a nonce of its own. */
  readonly expired: number;
  readonly session: number;
  /** Offered and not delivered yet, in order; bounded by the public handle (`pendingMax`). */
  readonly pending: readonly Submission[];
  /** What is on its way to the coordinator. */
  readonly sent: readonly Batch[];
}

/** Submissions of one message: the last one's number, and about how many bytes they take. */
interface Batch {
  readonly last: number;
  readonly bytes: number;
}

export type SessionsEvent =
  | { readonly type: 'submissions.offered'; readonly submissions: readonly Submission[] }
  | { readonly type: 'submissions.delivered'; readonly upTo: number }
  | { readonly type: 'submissions.missed' }
  | { readonly type: 'session.opened'; readonly session: number }
  /** What was offered until now has been given up by whoever offered it; numbers begin anew. */
  | { readonly type: 'session.expired'; readonly session: number }
  | { readonly type: 'coordinator.followed'; readonly coordinator: PeerId; readonly term: Term }
  | { readonly type: 'coordinator.reconnected' }
  | { readonly type: 'coordinator.lost' }
  /** Heard and not heeded: whom to follow instead, our own election finds out. */
  | { readonly type: 'sessions.redirect'; readonly from: PeerId; readonly coordinator: PeerId | null }
  /** There was no room for what was sent. Those of clients come by here too; their own chart sends again in its time. */
  | { readonly type: 'sessions.retry'; readonly from: PeerId; readonly session: number | null };

export interface Letter {
  readonly to: readonly PeerId[];
  readonly message: SequencerMessage;
}

export const sessionsMachine = setup({
  types: {
    input: {} as SessionsInput,
    context: {} as Context,
    events: {} as SessionsEvent,
  },
  actions: {
    sendEach: effect<{ letters: readonly Letter[] }>(),
    noteCoordinator: assign(({ context, event }) =>
      event.type === 'coordinator.followed'
        ? { coordinator: event.coordinator }
        : { coordinator: context.coordinator },
    ),
    forgetCoordinator: assign({ coordinator: null }),
    noteSession: assign(({ context, event }) => ({
      session: event.type === 'session.opened' ? event.session : context.session,
    })),
    keep: assign(({ context, event }) => ({
      pending:
        event.type === 'submissions.offered' ? [...context.pending, ...event.submissions] : context.pending,
    })),
    settle: assign(({ context, event }) =>
      event.type === 'submissions.delivered' ? settle(context, event.upTo) : {},
    ),
    recall: assign({ sent: [] }),
    lengthenBackOff: assign(({ context }) => lengthened(context)),
    calmDown: assign(({ context }) =>
      context.attempts === 0 ? {} : lengthened({ ...context, attempts: 0 }),
    ),
    begin: assign(({ context }) => ({ expired: context.expired + 1, session: 0, pending: [], sent: [] })),
    markSent: assign(({ context }) => ({ sent: [...context.sent, ...unsentOf(context).map(batchOf)] })),
  },
  guards: {
    lacksCoordinator: ({ context }) => context.coordinator === null,
    isOurs: ({ context, event }) => 'session' in event && event.session === context.session,
    hasPending: ({ context }) => context.pending.length > 0,
    isLast: ({ context, event }) =>
      event.type === 'submissions.delivered' && remaining(context.pending, event.upTo).length === 0,
  },
  delays: {
    resubmitTimeout: ({ context }) => context.backOffMs,
    renewInterval: ({ context }) => context.renewIntervalMs,
  },
}).createMachine({
  id: 'sessions',
  context: ({ input }) => ({
    ...input,
    ...lengthened({ ...input, attempts: 0 }),
    coordinator: null,
    expired: 0,
    session: 0,
    pending: [],
    sent: [],
  }),
  initial: 'opening',
  on: {
    'submissions.offered': { actions: 'keep' },
    'coordinator.followed': { actions: 'noteCoordinator' },
    'submissions.delivered': { actions: 'settle' },
    'session.expired': { guard: 'isOurs', target: '.opening', actions: 'begin' },
  },
  states: {
    opening: {
      description: 'Without a session nothing is submitted; what is offered waits.',
      initial: 'choosing',
      on: {
        'session.opened': { target: 'resubmitting', actions: ['noteSession', 'calmDown'] },
        'coordinator.followed': { target: '.asking', actions: ['noteCoordinator', 'calmDown'] },
        'coordinator.reconnected': '.asking',
        'coordinator.lost': { target: '.waiting', actions: 'forgetCoordinator' },
      },
      states: {
        choosing: { always: [{ guard: 'lacksCoordinator', target: 'waiting' }, 'asking'] },
        // Waits for a coordinator, for ever.
        waiting: {},
        asking: {
          entry: { type: 'sendEach', params: open },
          after: { resubmitTimeout: { target: 'asking', reenter: true, actions: 'lengthenBackOff' } },
        },
      },
    },

    idle: {
      on: {
        'submissions.offered': {
          target: 'submitting',
          actions: ['keep', { type: 'sendEach', params: next }, 'markSent'],
        },
        'coordinator.lost': { target: 'stranded', actions: 'forgetCoordinator' },
      },
      after: {
        renewInterval: { target: 'idle', reenter: true, actions: { type: 'sendEach', params: open } },
      },
    },

    submitting: {
      on: {
        'submissions.offered': { actions: ['keep', { type: 'sendEach', params: next }, 'markSent'] },
        'submissions.delivered': [
          { guard: 'isLast', target: 'idle', actions: ['settle', 'calmDown'] },
          {
            target: 'submitting',
            reenter: true,
            actions: ['settle', 'calmDown', { type: 'sendEach', params: next }, 'markSent'],
          },
        ],
        'submissions.missed': 'resubmitting',
        'sessions.retry': { guard: 'isOurs', target: 'deferring' },
        'coordinator.followed': { target: 'resubmitting', actions: ['noteCoordinator', 'calmDown'] },
        'coordinator.reconnected': 'resubmitting',
        'coordinator.lost': { target: 'stranded', actions: 'forgetCoordinator' },
      },
      after: { resubmitTimeout: { target: 'resubmitting', actions: 'lengthenBackOff' } },
    },

    resubmitting: {
      description: 'Sends what waits once more, from the first on; what has taken effect takes none again.',
      entry: ['recall', { type: 'sendEach', params: next }, 'markSent'],
      always: [
        { guard: 'lacksCoordinator', target: 'stranded' },
        { guard: 'hasPending', target: 'submitting' },
        { target: 'idle' },
      ],
    },

    deferring: {
      description: 'The coordinator hands over and has no room for more: nothing is sent for a while.',
      on: {
        'coordinator.followed': { target: 'resubmitting', actions: ['noteCoordinator', 'calmDown'] },
        'coordinator.reconnected': 'resubmitting',
        'coordinator.lost': { target: 'stranded', actions: 'forgetCoordinator' },
      },
      after: { resubmitTimeout: { target: 'resubmitting', actions: 'lengthenBackOff' } },
    },

    // Waits for a coordinator, for ever.
    stranded: {
      on: {
        'coordinator.followed': { target: 'resubmitting', actions: ['noteCoordinator', 'calmDown'] },
      },
    },
  },
});

interface Now {
  readonly context: Context;
  readonly event: SessionsEvent;
}

/** Without what has a number up to this one: numbers are contiguous, so the place is known without looking. */
function remaining(pending: readonly Submission[], upTo: number): readonly Submission[] {
  const first = pending[0]?.number ?? 0;
  return upTo < first ? pending : pending.slice(upTo - first + 1);
}

/** What has been delivered waits no more, and makes room for what follows. */
function settle({ pending, sent }: Context, upTo: number): Partial<Context> {
  return { pending: remaining(pending, upTo), sent: sent.filter(({ last }) => last > upTo) };
}

function open({ context: { me, nonce, expired, coordinator } }: Now) {
  const word = expired === 0 ? nonce : `${nonce}.${expired}`;
  const message: SequencerMessage = { type: 'sequencer.open', from: me, nonce: word };
  return { letters: coordinator === null ? [] : [{ to: [coordinator], message }] };
}

/** What may be sent now: what waits and is not on its way, as far as the window goes. */
function next({ context }: Now) {
  const { me, session, coordinator } = context;
  const letters = unsentOf(context).map(
    (submissions): Letter => ({
      to: coordinator === null ? [] : [coordinator],
      message: { type: 'sequencer.submit', from: me, session, submissions },
    }),
  );
  return { letters };
}

/** In batches the other side accepts; none while nobody coordinates. */
function unsentOf({ kind, coordinator, pending, sent }: Context): readonly (readonly Submission[])[] {
  return coordinator === null ? [] : unsentBehind[kind](pending, sent);
}

/** As far as a window of `windowMax` submissions goes, and one of about so many bytes. */
const within = (windowMax: number, bytesMax: number) =>
  remembered((pending: readonly Submission[], sent: readonly Batch[]) => {
    const batches: (readonly Submission[])[] = [];
    let room = bytesMax - sent.reduce((sum, { bytes }) => sum + bytes, 0);
    let from = Math.max(0, (sent.at(-1)?.last ?? 0) + 1 - (pending[0]?.number ?? 0));
    const end = Math.min(pending.length, windowMax);
    while (from < end && room > 0) {
      const some = pending.slice(from, Math.min(end, from + LIMITS.batchEntriesMax));
      const batch = headWithin(some, LIMITS.batchEntriesMax, LIMITS.batchBytesMax);
      batches.push(batch);
      from += batch.length;
      room -= sizeOf(batch);
    }
    return batches;
  });

const unsentBehind = {
  peer: within(Number.POSITIVE_INFINITY, WINDOW_BYTES_MAX),
  client: within(CLIENT_WINDOW_MAX, CLIENT_WINDOW_BYTES_MAX),
};

const batchOf = (submissions: readonly Submission[]): Batch => ({
  last: submissions.at(-1)?.number ?? 0,
  bytes: sizeOf(submissions),
});
