/**
 * Journal: says what is on disk, and only once it is.
 *
 *   opening ── disk.opened ──▶ ready ── a write waits ──▶ syncing
 *      │                        ▲                         │  │
 *      │                        └────── disk.synced ──────┘  │
 *      └── disk.refused ──▶ failed ◀────── disk.failed ──────┘
 *
 *   syncing ── it takes long ──▶ lagging ⟲ says so again and again; else as syncing
 *
 *   syncing ── disk.filled ──▶ full ── there may be room again ──▶ syncing, with all that waits
 *
 *   journal.close, from anywhere ──▶ closing ── disk.closed ──▶ closed
 *
 * Source: group commit, DeWitt et al. 1984. Writes that come during a sync wait, and share the next one; so a slow disk
 * makes larger syncs, not a longer queue. What must not be revealed before it is on disk (P1, P2) waits for `persisted`.
 * A failed sync is final: never tried again (P4). A full disk is not a failure: nothing of what was asked is lost, it waits for
 * room, and the store begins that write anew (D5).
 */
import { assign, setup } from 'xstate';
import { effect } from './effect.js';
import {
  advance,
  type JournalProblem,
  type JournalTip,
  type JournalWrite,
  obstacleTo,
  type Recovered,
  tipOf,
} from './values/journal-record.js';
import { termZero } from './values/term.js';

/** Writes that may wait for the sync under way; more means a disk that stands still. */
export const JOURNAL_WAITING_MAX = 10_000;

export interface JournalInput {
  readonly waitingMax: number;
  /** How long a full disk is left alone before it is tried again, ms. */
  readonly fullRetryMs: number;
  /** How long a sync may take before the disk counts as slow at that moment, ms. */
  readonly slowSyncMs: number;
}

export type JournalEvent =
  | { readonly type: 'disk.opened'; readonly recovered: Recovered }
  | ({ readonly type: 'disk.refused' } & JournalProblem)
  | ({ readonly type: 'journal.write' } & JournalWrite)
  | { readonly type: 'disk.synced'; readonly upTo: number }
  | { readonly type: 'disk.failed'; readonly detail: string }
  /** Nothing of the sync under way is there. */
  | { readonly type: 'disk.filled' }
  | { readonly type: 'journal.close' }
  | { readonly type: 'disk.closed' };

export interface JournalContext extends JournalInput {
  /** Accepted, and not yet given to the disk. */
  readonly waiting: readonly JournalWrite[];
  /** Given to the disk, and not synced yet. */
  readonly given: readonly JournalWrite[];
  /** Where the journal will end once all that was accepted is on disk. */
  readonly accepted: JournalTip;
  /** Where it will end once the sync under way is done. */
  readonly underway: JournalTip;
}

const journalSetup = setup({
  types: {
    input: {} as JournalInput,
    context: {} as JournalContext,
    events: {} as JournalEvent,
  },
  actions: {
    open: effect<undefined>(),
    sync: effect<{ writes: readonly JournalWrite[] }>(),
    close: effect<undefined>(),
    recovered: effect<{ recovered: Recovered }>(),
    persisted: effect<JournalTip>(),
    failed: effect<JournalProblem>(),
    filled: effect<undefined>(),
    emptied: effect<undefined>(),
    dragged: effect<undefined>(),
    closed: effect<undefined>(),
    startFrom: assign((_, tip: JournalTip) => ({ accepted: tip, underway: tip })),
    accept: assign(({ context }, write: JournalWrite) => ({
      waiting: [...context.waiting, write],
      accepted: advance(context.accepted, write),
    })),
    markUnderway: assign(({ context }) => ({
      waiting: [],
      given: context.waiting,
      underway: context.accepted,
    })),
    takeBack: assign(({ context }) => ({ waiting: [...context.given, ...context.waiting], given: [] })),
  },
  guards: {
    isObstructed: ({ context }, write: JournalWrite) => obstacleTo(context.accepted, write) !== null,
    isFull: ({ context }) => context.waiting.length >= context.waitingMax,
    hasWaiting: ({ context }) => context.waiting.length > 0,
    isUnderway: ({ context }, synced: { upTo: number }) => synced.upTo === context.underway.write,
  },
  delays: {
    fullRetry: ({ context }) => context.fullRetryMs,
    slowSync: ({ context }) => context.slowSyncMs,
  },
});

/** What may happen while a sync is under way. */
const underway = {
  'journal.write': [
    {
      guard: { type: 'isObstructed', params: theWrite },
      target: 'failed',
      actions: { type: 'failed', params: theObstacle },
    },
    { guard: 'isFull', target: 'failed', actions: { type: 'failed', params: tooManyWait } },
    { actions: { type: 'accept', params: theWrite } },
  ],
  'disk.synced': {
    guard: { type: 'isUnderway', params: theSync },
    target: 'ready',
    actions: { type: 'persisted', params: whatIsOnDisk },
  },
  'disk.failed': { target: 'failed', actions: { type: 'failed', params: theFailure } },
  'disk.filled': { target: 'full', actions: ['takeBack', 'filled'] },
  // A peer that leaves must remember that it has: the disk serves what it was asked in order, and then lets go.
  'journal.close': [
    { guard: 'hasWaiting', target: 'closing', actions: { type: 'sync', params: allThatWaits } },
    { target: 'closing' },
  ],
} as const;

export const journalMachine = journalSetup.createMachine({
  id: 'journal',
  context: ({ input }) => ({ ...input, waiting: [], given: [], accepted: NOWHERE, underway: NOWHERE }),
  initial: 'opening',
  states: {
    // No time limit: reading a long log takes as long as it takes, and the peer has nothing to say before.
    opening: {
      entry: 'open',
      on: {
        'disk.opened': {
          target: 'ready',
          actions: [
            { type: 'startFrom', params: whereItEnds },
            { type: 'recovered', params: whatItHeld },
          ],
        },
        'disk.refused': { target: 'failed', actions: { type: 'failed', params: theRefusal } },
        'journal.write': { target: 'failed', actions: { type: 'failed', params: tooEarly } },
        'journal.close': 'closing',
      },
    },

    ready: {
      always: { guard: 'hasWaiting', target: 'syncing' },
      on: {
        'journal.write': [
          {
            guard: { type: 'isObstructed', params: theWrite },
            target: 'failed',
            actions: { type: 'failed', params: theObstacle },
          },
          { actions: { type: 'accept', params: theWrite } },
        ],
        'journal.close': 'closing',
      },
    },

    // No time limit: a sync that hangs can neither be given up nor repeated. The bound is on what waits for it.
    syncing: {
      entry: [{ type: 'sync', params: allThatWaits }, 'markUnderway'],
      on: underway,
      after: { slowSync: 'lagging' },
    },

    lagging: {
      description:
        'The same sync, and the disk takes its time: a coordinator that hears so often lays its office down.',
      entry: 'dragged',
      on: underway,
      after: { slowSync: { target: 'lagging', reenter: true } },
    },

    // Nothing more gets onto the disk, and nothing is acknowledged; what is asked meanwhile waits, within its bound.
    full: {
      after: { fullRetry: 'retrying' },
      on: {
        'journal.write': [
          {
            guard: { type: 'isObstructed', params: theWrite },
            target: 'failed',
            actions: { type: 'failed', params: theObstacle },
          },
          { guard: 'isFull', target: 'failed', actions: { type: 'failed', params: tooManyWait } },
          { actions: { type: 'accept', params: theWrite } },
        ],
        'journal.close': 'closing',
      },
    },

    // As syncing, but the peer does not know of any room yet.
    retrying: {
      entry: [{ type: 'sync', params: allThatWaits }, 'markUnderway'],
      on: {
        'journal.write': [
          {
            guard: { type: 'isObstructed', params: theWrite },
            target: 'failed',
            actions: { type: 'failed', params: theObstacle },
          },
          { guard: 'isFull', target: 'failed', actions: { type: 'failed', params: tooManyWait } },
          { actions: { type: 'accept', params: theWrite } },
        ],
        'disk.synced': {
          guard: { type: 'isUnderway', params: ({ event }) => event },
          target: 'ready',
          actions: ['emptied', { type: 'persisted', params: whatIsOnDisk }],
        },
        'disk.failed': { target: 'failed', actions: { type: 'failed', params: theFailure } },
        'disk.filled': { target: 'full', actions: 'takeBack' },
        'journal.close': 'closing',
      },
    },

    // Nothing is accepted, so nothing is acknowledged, until the peer lets go.
    failed: {
      on: { 'journal.close': 'closing' },
    },

    // No time limit: the folder's lock is ours until the disk says otherwise.
    closing: {
      entry: 'close',
      on: { 'disk.closed': 'closed' },
    },

    closed: {
      type: 'final',
      entry: 'closed',
    },
  },
});

const NOWHERE: JournalTip = { write: 0, promised: termZero('-'), last: 0 };

interface Now<Type extends JournalEvent['type']> {
  readonly context: JournalContext;
  readonly event: Extract<JournalEvent, { type: Type }>;
}

function whereItEnds({ event }: Now<'disk.opened'>): JournalTip {
  return tipOf(event.recovered);
}

function whatItHeld({ event }: Now<'disk.opened'>) {
  return { recovered: event.recovered };
}

function theWrite({ event }: Now<'journal.write'>): JournalWrite {
  return event;
}

function theSync({ event }: Now<'disk.synced'>) {
  return { upTo: event.upTo };
}

function allThatWaits({ context }: { readonly context: JournalContext }) {
  return { writes: context.waiting };
}

function whatIsOnDisk({ context }: Now<'disk.synced'>): JournalTip {
  return context.underway;
}

function theRefusal({ event }: Now<'disk.refused'>): JournalProblem {
  return { code: event.code, detail: event.detail };
}

function theFailure({ event }: Now<'disk.failed'>): JournalProblem {
  return broken(event.detail);
}

function theObstacle({ context, event }: Now<'journal.write'>): JournalProblem {
  return broken(obstacleTo(context.accepted, event) ?? '');
}

function tooEarly({ event }: Now<'journal.write'>): JournalProblem {
  return broken(`write ${event.write} came before the journal was open`);
}

function tooManyWait({ context }: Now<'journal.write'>): JournalProblem {
  return broken(`the disk stands still: ${context.waitingMax} writes wait for one sync`);
}

function broken(detail: string): JournalProblem {
  return { code: 'journal-failed', detail };
}
