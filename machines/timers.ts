/**
 * Timers: when a coordinator looks whether a deadline of the replicated state has passed.
 *
 *   resting ── coordination.started ──▶ looking ── deadlines.told ──▶ waiting (or idle, when there is none) ──▶ looking
 *      ▲                                                                  │
 *      └───────────────────────────── term.ended ─────────────────────────┘
 *
 * Deadlines are part of the state that commands have led to. No member acts on its own clock: the coordinator writes into
 * the log that one has passed, and that entry is what all of them act on. Whoever coordinates next looks at the same state
 * (PROTOCOL §10).
 */
import { assign, setup } from 'xstate';
import { effect } from './effect.js';

/** What a timer of the runtime can bear; a longer wait is looked at in between, ms. */
const WAIT_MAX_MS = 3_600_000;

export type TimersEvent =
  | { readonly type: 'coordination.started' }
  | { readonly type: 'term.ended' }
  /** How long until the next deadline, by the wall clock, ms; null when there is none. */
  | { readonly type: 'deadlines.told'; readonly inMs: number | null };

export const timersMachine = setup({
  types: { context: {} as { readonly waitMs: number }, events: {} as TimersEvent },
  actions: {
    /** Asks for what is due to be written into the log, and then for `deadlines.told`. */
    look: effect<Record<string, never>>(),
    noteWait: assign(({ context, event }) =>
      event.type === 'deadlines.told' ? { waitMs: Math.min(event.inMs ?? 0, WAIT_MAX_MS) } : context,
    ),
  },
  guards: { hasDeadline: ({ event }) => event.type === 'deadlines.told' && event.inMs !== null },
  delays: { wait: ({ context }) => context.waitMs },
}).createMachine({
  id: 'timers',
  context: { waitMs: 0 },
  initial: 'resting',
  states: {
    // What is due is for the coordinator to say.
    resting: { on: { 'coordination.started': 'coordinating' } },
    coordinating: {
      initial: 'looking',
      on: {
        'term.ended': 'resting',
        'deadlines.told': [
          { guard: 'hasDeadline', target: '.waiting', actions: 'noteWait' },
          { target: '.idle' },
        ],
      },
      states: {
        looking: { entry: { type: 'look', params: {} } },
        idle: {},
        waiting: { after: { wait: 'looking' } },
      },
    },
  },
});
