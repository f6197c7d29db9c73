/**
 * The sequencer while only others hear its coordinator (the `relayed` state of sequencer-replica.ts; PROTOCOL §5, E1).
 *
 *   (judging) ── more is committed than we hold ──▶ catchingUp ── RELAYED: no news ──▶ level        both ask at every heartbeat
 *       ▲  └────── we hold it all ──────────────────────────────────────────────────────▶ │
 *       └───────────────────────────── RELAYED: news ─────────────────────────────────────┘
 *
 * It asks a member that hears the coordinator what is committed, and learns it. It promises as a free replica does, and
 * acknowledges nothing: whom it could tell is out of reach. The first APPEND that comes through ends this.
 *
 * Source: learners, whom any that knows may tell what was chosen (Lamport 1998, §2 and §3: ledgers are copied from others).
 */
import * as letters from './sequencer-letters.js';
import * as relay from './sequencer-relay.js';
import { sequencerSetup } from './sequencer-setup.js';
import * as snapshots from './sequencer-snapshots.js';

const asking = { type: 'send', params: relay.question } as const;

export const relayed = sequencerSetup.createStateConfig({
  description: 'Does not hear its coordinator; learns from a member that does what is committed.',
  initial: 'catchingUp',
  on: {
    'coordinator.suspected': 'free',
    'sequencer.relayed': {
      guard: 'bringsNews',
      target: '.judging',
      actions: [{ type: 'write', params: letters.writeOfOffer }, 'takeEntries', 'verify'],
    },
    'sequencer.donated': [
      {
        guard: 'completesPast',
        target: '.judging',
        actions: [{ type: 'write', params: snapshots.writeOfInstallation }, 'install'],
      },
      { guard: 'leadsFurther', target: '.catchingUp', actions: 'takePart' },
    ],
  },
  states: {
    judging: { always: [{ guard: 'holdsAllKnown', target: 'level' }, 'catchingUp'] },
    catchingUp: {
      entry: asking,
      on: { 'sequencer.relayed': { guard: 'confirmsLevel', target: 'level' } },
      after: { heartbeatInterval: { target: 'catchingUp', reenter: true } },
    },
    level: {
      description: 'Holds all that the other one knew to be committed a moment ago.',
      entry: asking,
      after: { heartbeatInterval: { target: 'level', reenter: true } },
    },
  },
});
