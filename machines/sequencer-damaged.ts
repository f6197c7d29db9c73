/**
 * The sequencer while its disk lacks what it had acknowledged (the `damaged` state of sequencer.ts; PROTOCOL §11, D3).
 *
 *   asking ── RECOVER_RES: the coordinator's log ended there ──▶ catchingUp ── we hold it all ──▶ mending ── on disk ──▶ replica
 *      ▲                                                            │
 *      └───────────────────── another term ─────────────────────────┘
 *
 * It obeys like any replica, but gives no promise, stands for nothing, and its acknowledgements do not count: a quorum that
 * counted on what is gone must not be outvoted by a peer that has forgotten it. Whatever it acknowledged is in the log of a
 * coordinator whose term is not below its promise; so once it holds what that coordinator held after the damage, it is whole.
 *
 * Source: viewstamped replication's recovery, with its nonce (Liskov & Cowling 2012, §4.3); mutants `corruptvote` and
 * `nohandshake` of the reference model.
 */
import * as letters from './sequencer-letters.js';
import { sequencerSetup } from './sequencer-setup.js';
import * as snapshots from './sequencer-snapshots.js';

const obeyed = { type: 'followed', params: letters.coordinatorNow } as const;
const acknowledgement = { type: 'send', params: letters.appendedByDamaged } as const;
const storing = [{ type: 'write', params: letters.writeOfOffer }, 'takeEntries', 'verify', obeyed] as const;

export const damaged = sequencerSetup.createStateConfig({
  description: 'Part of what it had acknowledged is gone: it obeys, and has no say until it holds it again.',
  initial: 'asking',
  on: {
    'sequencer.collect': {},
    'sequencer.fetch': {},
    'collect.requested': { actions: { type: 'abandoned', params: letters.promisedNow } },
    'sequencer.append': [
      { guard: 'isFenced', actions: { type: 'send', params: letters.rejectFenced } },
      { guard: 'doesNotJoin', actions: ['noteTerm', obeyed, { type: 'send', params: letters.rejectGap }] },
      { guard: 'changesNothing', actions: ['verify', obeyed, acknowledgement] },
      { actions: storing },
    ],
    'sequencer.snapshot': [
      { guard: 'isFenced', actions: { type: 'send', params: letters.rejectFenced } },
      {
        guard: 'completesSnapshot',
        actions: [{ type: 'write', params: snapshots.writeOfInstallation }, 'install', obeyed],
      },
      {
        guard: 'doesNotJoin',
        actions: ['takePart', 'noteTerm', obeyed, { type: 'send', params: snapshots.receipt }],
      },
      { guard: 'changesNothing', actions: ['verify', obeyed, acknowledgement] },
      { actions: storing },
    ],
    'journal.persisted': [
      { guard: 'isPromiseDurable', actions: ['noteDisk', acknowledgement] },
      { actions: 'noteDisk' },
    ],
  },
  states: {
    // For ever, where nobody coordinates: then those who have lost nothing are too few, and only people can decide.
    asking: {
      entry: { type: 'send', params: letters.recover },
      on: { 'sequencer.recovered': { guard: 'answersUs', target: 'catchingUp', actions: 'noteAnswer' } },
      after: { heartbeatInterval: { target: 'asking', reenter: true } },
    },
    catchingUp: {
      always: [
        { guard: 'hasRecovered', target: 'mending' },
        { guard: 'isAnsweredByOther', target: 'asking' },
      ],
    },
    mending: {
      description: 'The mark is on its way off the disk.',
      entry: [{ type: 'write', params: letters.writeOfMending }, 'mend'],
      on: {
        'journal.persisted': [
          {
            guard: 'isMended',
            target: '#sequencer.replica.free',
            actions: ['noteDisk', 'forgetDamage', { type: 'recovered', params: letters.promisedNow }],
          },
          { actions: 'noteDisk' },
        ],
      },
    },
  },
});
