/**
 * Sequencer: one log, one order. The safety core: a wrong time-out here costs time, never a message.
 *
 *   replica ── collect.requested ──▶ standing ── quorum promised, best log adopted ──▶ coordinating
 *      ▲                                │                                                  │
 *      └──── a higher term is heard ────┴───── or a quorum does not answer any more ───────┘
 *
 * A replica promises, verifies and stores; a candidate collects durable promises from a quorum and adopts the best log
 * among them; a coordinator numbers what is submitted and commits what a quorum has on disk. Whatever reveals a promise
 * or an entry is sent by the transition that hears `journal.persisted`, never beside the write.
 *
 * Source: Lamport's Synod, in the shape of Omni-Paxos (Ng, Haridi, Carbone 2023) for the ballot and of Raft
 * (Ongaro & Ousterhout 2014, §5.3, §5.4.2, §6) for the log. What differs: terms name their owner, so there are no split
 * votes; and any candidate may win, since it adopts the best log instead of having to own it.
 */

import * as checks from './sequencer-checks.js';
import { coordinating } from './sequencer-coordinating.js';
import { damaged } from './sequencer-damaged.js';
import * as letters from './sequencer-letters.js';
import { replica } from './sequencer-replica.js';
import { initialContext } from './sequencer-rules.js';
import { sequencerSetup } from './sequencer-setup.js';
import * as snapshots from './sequencer-snapshots.js';

export type { SequencerEvent, SequencerInput } from './sequencer-rules.js';

export const sequencerMachine = sequencerSetup.createMachine({
  id: 'sequencer',
  context: ({ input }) => initialContext(input),
  initial: 'replica',
  // Whatever has been committed or reconfigured by a step is told right behind it.
  always: [
    {
      guard: 'hasUntoldConfiguration',
      actions: [{ type: 'reconfigured', params: letters.configurationNow }, 'tellConfiguration'],
    },
    { guard: 'hasUntoldCommit', actions: [{ type: 'committed', params: letters.commitNow }, 'tellCommit'] },
  ],
  on: {
    'sequencer.append': [
      { guard: 'isFenced', actions: { type: 'send', params: letters.rejectFenced } },
      {
        guard: 'doesNotJoin',
        target: '.replica.loyal',
        actions: [
          'noteTerm',
          { type: 'followed', params: letters.coordinatorNow },
          { type: 'send', params: letters.rejectGap },
        ],
      },
      {
        guard: 'changesNothing',
        target: '.replica.loyal',
        actions: [
          'verify',
          { type: 'followed', params: letters.coordinatorNow },
          { type: 'send', params: letters.appended },
        ],
      },
      {
        guard: 'rewritesHistory',
        target: '.replica.loyal',
        actions: [
          { type: 'write', params: letters.writeOfOffer },
          { type: 'rewritten', params: letters.rewriting },
          'takeBack',
          'takeEntries',
          'verify',
          { type: 'followed', params: letters.coordinatorNow },
        ],
      },
      {
        target: '.replica.loyal',
        actions: [
          { type: 'write', params: letters.writeOfOffer },
          'takeEntries',
          'verify',
          { type: 'followed', params: letters.coordinatorNow },
        ],
      },
    ],
    // Part of what stands for the past. Where that is held already, it is an APPEND without entries.
    'sequencer.snapshot': [
      { guard: 'isFenced', actions: { type: 'send', params: letters.rejectFenced } },
      {
        guard: 'completesSnapshot',
        target: '.replica.loyal',
        actions: [
          { type: 'write', params: snapshots.writeOfInstallation },
          'install',
          { type: 'followed', params: letters.coordinatorNow },
        ],
      },
      {
        guard: 'doesNotJoin',
        target: '.replica.loyal',
        actions: [
          'takePart',
          'noteTerm',
          { type: 'followed', params: letters.coordinatorNow },
          { type: 'send', params: snapshots.receipt },
        ],
      },
      {
        guard: 'changesNothing',
        target: '.replica.loyal',
        actions: [
          'verify',
          { type: 'followed', params: letters.coordinatorNow },
          { type: 'send', params: letters.appended },
        ],
      },
      {
        target: '.replica.loyal',
        actions: [
          { type: 'write', params: letters.writeOfOffer },
          'takeEntries',
          'verify',
          { type: 'followed', params: letters.coordinatorNow },
        ],
      },
    ],
    // Delivery has a state that may stand for old entries.
    'snapshot.due': {
      guard: 'mayCompact',
      actions: [
        { type: 'write', params: snapshots.writeOfCompaction },
        'compact',
        { type: 'compacted', params: snapshots.baseNow },
      ],
    },
    'state.hashed': { actions: 'noteState' },
    'sequencer.diverged': { guard: 'isToldOdd', target: '.quarantined' },
    'sequencer.collect': [
      { guard: 'isRepeatedCollect', actions: { type: 'send', params: letters.promiseMessage } },
      {
        guard: 'isHigherTerm',
        target: '.replica.promising',
        actions: [{ type: 'write', params: letters.writeOfPromise }, 'promise'],
      },
      { guard: 'isFenced', actions: { type: 'send', params: letters.refusePromised } },
    ],
    // We may be the donor: our log cannot change while our promise stands.
    'sequencer.fetch': { guard: 'isDonor', actions: { type: 'send', params: letters.fetched } },
    'sequencer.submit': { actions: { type: 'send', params: letters.redirect } },
    'sequencer.open': { actions: { type: 'send', params: letters.redirect } },
    'journal.persisted': { actions: 'noteDisk' },
    'sequencer.refuse': { actions: 'noteTerm' },
    'sequencer.rejected': { actions: 'noteTerm' },
  },
  states: {
    replica,

    standing: {
      description: 'A candidate: owns a term, and may not lead it yet.',
      initial: 'gathering',
      on: {
        'sequencer.collect': [
          {
            guard: 'isHigherTerm',
            target: 'replica.promising',
            actions: [
              { type: 'abandoned', params: letters.promisedNow },
              { type: 'write', params: letters.writeOfPromise },
              'promise',
            ],
          },
          { guard: 'isFenced', actions: { type: 'send', params: letters.refusePromised } },
        ],
        'sequencer.refuse': {
          guard: 'isHigherTerm',
          target: '.abandoning',
          actions: 'noteTerm',
        },
      },
      states: {
        gathering: {
          initial: 'securing',
          after: { collectTimeout: 'abandoning' },
          states: {
            securing: {
              description: 'Its own promise is on its way to disk.',
              on: {
                'journal.persisted': [
                  { guard: 'leadsUnasked', target: '#sequencer.coordinating', actions: 'noteDisk' },
                  {
                    guard: 'isPromiseDurable',
                    target: 'collecting',
                    actions: ['noteDisk', 'promiseOurselves'],
                  },
                  { actions: 'noteDisk' },
                ],
              },
            },
            collecting: {
              entry: { type: 'send', params: letters.collect },
              always: [
                { guard: 'isElectedWithBestLog', target: '#sequencer.coordinating' },
                { guard: 'isElected', target: '#sequencer.standing.adopting', actions: 'aimFetch' },
              ],
              on: { 'sequencer.promise': { guard: 'isOwnTerm', actions: 'notePromise' } },
              after: { heartbeatInterval: { target: 'collecting', reenter: true } },
            },
          },
        },
        adopting: {
          description: 'A quorum has promised; the best log among them must become ours before we lead.',
          initial: 'fetching',
          after: { collectTimeout: 'abandoning' },
          states: {
            fetching: {
              entry: { type: 'send', params: letters.fetch },
              on: {
                'sequencer.fetched': {
                  guard: 'isAdoptable',
                  target: 'storing',
                  actions: [{ type: 'write', params: letters.writeOfAdoption }, 'adoptEntries'],
                },
                'sequencer.donated': [
                  {
                    guard: 'completesDonation',
                    target: 'storing',
                    actions: [{ type: 'write', params: snapshots.writeOfInstallation }, 'install'],
                  },
                  { guard: 'isOwnTerm', target: 'fetching', reenter: true, actions: 'takeDonation' },
                ],
                'sequencer.mismatched': {
                  guard: 'isOwnTerm',
                  target: 'fetching',
                  reenter: true,
                  actions: 'aimLower',
                },
              },
              after: { heartbeatInterval: { target: 'fetching', reenter: true } },
            },
            storing: {
              description: 'Adopted entries are on their way to disk.',
              on: {
                'journal.persisted': [
                  { guard: 'isAdoptionStored', target: '#sequencer.coordinating', actions: 'noteDisk' },
                  {
                    guard: 'isStored',
                    target: '#sequencer.standing.adopting',
                    reenter: true,
                    actions: 'noteDisk',
                  },
                  { actions: 'noteDisk' },
                ],
              },
            },
          },
        },
        // Never falls back to a worse log within the term: the next attempt opens a new one.
        abandoning: {
          entry: { type: 'abandoned', params: letters.promisedNow },
          always: '#sequencer.replica.free',
        },
      },
    },

    coordinating,
    damaged,
    quarantined: {
      description: 'Has derived what nobody else has. All it holds goes; then it ends, to begin anew.',
      entry: { type: 'write', params: checks.writeOfDropping },
      on: {
        'sequencer.append': {},
        'sequencer.snapshot': {},
        'sequencer.collect': {},
        'sequencer.fetch': {},
        'sequencer.diverged': {},
        'snapshot.due': {},
        'journal.persisted': {
          guard: 'isBehindLast',
          actions: { type: 'dropped', params: letters.promisedNow },
        },
      },
    },
  },
});
