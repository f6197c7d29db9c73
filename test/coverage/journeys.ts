/** What may happen to each published machine on the walk of paths.ts: the casts of test/support, and no more. */
import {
  connectionMachine,
  electionMachine,
  failureDetectorMachine,
  journalMachine,
  membershipMachine,
  sequencerMachine,
  sessionsMachine,
} from '../../machines/index.js';
import type { Promised } from '../../machines/values/ballot.js';
import { Log } from '../../machines/values/log.js';
import type { Member, PeerId, Submission, Term } from '../../transport/protocol.js';
import * as connections from '../support/connections.js';
import * as elections from '../support/elections.js';
import { configurationOf, member, term } from '../support/members.js';
import * as memberships from '../support/memberships.js';
import * as sequencing from '../support/sequencing.js';
import { always, clientJourneys } from './journeys-clients.js';
import { moreJourneys } from './journeys-more.js';
import type { Journey } from './paths.js';

const failureDetector: Journey = {
  machine: failureDetectorMachine,
  inputs: [
    {
      ...{ me: '2', member: '3', heartbeatIntervalMs: 50, suspectTimeoutMs: 250 },
      ...{ verifyTimeoutMs: 25, absenceMs: 5000 },
    },
  ],
  events: ({ context: { round } }) => [
    { type: 'member.heard' },
    { type: 'member.heard', at: 5 },
    { type: 'member.gone' },
    { type: 'member.dismissed' },
    { type: 'self.stalled' },
    { type: 'probe.asked', by: '1', round: 1 },
    ...[[], ['1'], ['1', '4']].map((asked) => ({ type: 'probe.sent', asked })),
    ...[true, false].map((alive) => ({ type: 'probe.answered', by: '1', round, alive })),
  ],
  tellApart: ({ context }) => [context.silentIntervals, context.asked, context.inquirers.length],
};

const election: Journey = {
  machine: electionMachine,
  inputs: [elections.us],
  events: always(
    ...['1', '2', '3'].map((id) => elections.heartbeat(id)),
    elections.heartbeat('3', elections.hears4),
    elections.heartbeat('4', elections.hears4),
    elections.heartbeat('4'),
    ...['1', '3', '4'].map(elections.suspected),
    elections.followed('4', elections.term1),
    elections.challenge('1'),
    elections.challenge('3'),
    elections.answer('3', true),
    elections.answer('3', false),
    elections.alive('4', elections.term1),
    elections.alive('2', elections.term1),
    elections.alive('3', term(0, '3')),
    elections.announcement('4', elections.term1),
    elections.announcement('3', term(0, '3')),
    elections.reconfigured(['1', '2']),
    elections.reconfigured(['3', '4']),
    elections.handoverOffered,
    elections.handoverFailed,
    ...['1', '2', '3', '9'].map((id) => elections.transfer(id)),
    elections.established,
    elections.abandoned,
    elections.ended,
  ),
};

const connection: Journey = {
  machine: connectionMachine,
  inputs: [
    connections.weDial,
    { ...connections.weDial, patient: true },
    connections.theyDial,
    { ...connections.theyDial, introduction: connections.introductionOf('4') },
  ],
  events: always(
    connections.channelOpened,
    connections.channelClosed,
    connections.superseded,
    connections.drop,
    connections.close,
    connections.theirHello,
    connections.theirWelcome,
    connections.theirVisit,
    { ...connections.theirVisit, version: 99 },
    { ...connections.theirHello, rival: connections.betterRival },
    { ...connections.theirWelcome, rival: connections.betterRival },
    { ...connections.theirHello, rival: { incarnation: 'of-3', dialled: 'here' } },
    connections.refusal('mode-mismatch'),
    connections.refusal('already-connected'),
    { type: 'connection.introduce', introduction: connections.us },
  ),
};

const written = (write: number) => ({
  type: 'journal.write',
  write,
  promised: null,
  truncateFrom: null,
  first: 0,
  entries: [],
});

const journal: Journey = {
  machine: journalMachine,
  inputs: [{ waitingMax: 1, fullRetryMs: 1000, slowSyncMs: 1000 }],
  events: ({ context }) => [
    {
      type: 'disk.opened',
      recovered: {
        identity: { format: 1, cluster: 'test', mode: 'safe', id: '1', incarnation: 'first' },
        promised: term(1, '1'),
        entries: [],
      },
    },
    { type: 'disk.refused', code: 'data-in-use', detail: 'held by another' },
    { type: 'disk.failed', detail: 'input/output error' },
    { type: 'disk.filled' },
    { type: 'disk.synced', upTo: context.underway.write },
    { type: 'disk.closed' },
    written(context.accepted.write + 1),
    written(context.accepted.write),
    { type: 'journal.close' },
  ],
};

const moved: Member = member('2', { address: 'elsewhere:7000' });
const crowd = configurationOf(Array.from({ length: 100 }, (_, i) => `${i + 1}`));

const membership: Journey = {
  machine: membershipMachine,
  inputs: [memberships.newcomer, memberships.us, memberships.keeper, memberships.peer('3', crowd)],
  events: ({ context }) => [
    memberships.opened(member('1')),
    memberships.opened(moved),
    memberships.closed('1'),
    memberships.reconfigured(configurationOf(['1', '3'], { learners: ['2', '4'] })),
    memberships.reconfigured(configurationOf(['1', '2', '3', '4']), false),
    memberships.reconfigured(configurationOf(['3'])),
    memberships.reconfigured(configurationOf(['1', '2', '3'], { outgoing: ['1', '2', '3'] })),
    memberships.followed('3'),
    memberships.lost,
    memberships.started,
    memberships.ended,
    memberships.join(member('200')),
    memberships.join(member('1', { incarnation: 'another' })),
    memberships.leave('1'),
    memberships.leaveRequested,
    memberships.refused(context.me.id),
    memberships.refused('9'),
    memberships.suspected('1'),
    memberships.absent('1'),
    memberships.trusted('1'),
    memberships.measured('4', 90),
    memberships.installed(memberships.viewOf(context.viewNumber + 1)),
  ],
};

const offered = (after: number): readonly Submission[] =>
  [1, 2].map((n) => ({ number: after + n, topic: 'general', payload: n }));

const sessions: Journey = {
  machine: sessionsMachine,
  inputs: [
    {
      me: '2',
      kind: 'peer',
      nonce: 'today',
      backOffMinMs: 500,
      backOffMaxMs: 4000,
      renewIntervalMs: 60_000,
      jitterSeed: 1,
    },
  ],
  events: ({ context }) => [
    { type: 'submissions.offered', submissions: offered(context.pending.at(-1)?.number ?? 0) },
    { type: 'submissions.delivered', upTo: context.pending[0]?.number ?? 0 },
    { type: 'submissions.delivered', upTo: context.pending.at(-1)?.number ?? 0 },
    { type: 'submissions.missed' },
    { type: 'session.opened', session: 9 },
    { type: 'session.expired', session: 9 },
    { type: 'coordinator.followed', coordinator: '3', term: term(1, '3') },
    { type: 'coordinator.reconnected' },
    { type: 'coordinator.lost' },
    { type: 'sessions.redirect', from: '3', coordinator: '4' },
    { type: 'sessions.retry', from: '3', session: 9 },
  ],
  tellApart: ({ context }) => [context.pending.length > 3, context.coordinator],
};

/** Whom 1 may hear from: 3 with a term of its own, and answers that fit what 1 has come to. */
const sequencer: Journey = {
  machine: sequencerMachine,
  inputs: [
    {
      me: member('1'),
      promised: sequencing.T0,
      log: Log.of([sequencing.founding]),
      writes: 0,
      timings: sequencing.timings,
    },
  ],
  events: (snapshot) => {
    const { log, promised, commit } = snapshot.context;
    const higher: Term = term(promised.n + 1, '3');
    const { lastIndex, lastTerm } = log as Log;
    const from = (id: PeerId, type: string, rest: object) => ({
      type: `sequencer.${type}`,
      from: id,
      ...rest,
    });
    return [
      { type: 'collect.requested', handoverOf: null },
      sequencing.persisted(snapshot as never),
      sequencing.persisted(snapshot as never, { write: 0, last: 0, promised: sequencing.T0 }),
      sequencing.append(higher, lastIndex, lastTerm),
      sequencing.append(higher, lastIndex, lastTerm, [sequencing.noop(higher)], commit + 1),
      sequencing.append(higher, lastIndex + 5, higher),
      sequencing.append(promised, lastIndex, lastTerm, [], lastIndex + 3),
      sequencing.append(sequencing.T0, 0, sequencing.T0),
      sequencing.collect(higher),
      sequencing.collect(higher, promised),
      sequencing.collect(promised),
      sequencing.collect(sequencing.T0),
      sequencing.promise('2', promised),
      ...[1, 2].map((more) =>
        sequencing.promise('2', promised, { lastIndex: lastIndex + more, lastTerm: higher }),
      ),
      sequencing.appended('2', promised, lastIndex),
      sequencing.rejected('2', promised),
      sequencing.rejected('2', promised, { promised: higher }),
      sequencing.refuse('2', promised, higher),
      sequencing.refuse('2', promised, promised, 'busy'),
      sequencing.submit(1),
      from('2', 'open', { nonce: 'n', at: 0 }),
      from('3', 'handover', { term: promised, lastIndex, lastTerm }),
      from('2', 'fetch', {
        term: promised,
        incarnation: member('1').incarnation,
        prevIndex: 1,
        prevTerm: sequencing.T0,
      }),
      ...[1, 2].map((more) =>
        from('2', 'fetched', {
          term: promised,
          prevIndex: lastIndex,
          prevTerm: lastTerm,
          entries: [sequencing.noop(higher)],
          lastIndex: lastIndex + more,
        }),
      ),
      from('2', 'mismatched', { term: promised, hint: 1 }),
      { type: 'follower.reconnected', peer: '2' },
      { type: 'coordinator.suspected' },
      { type: 'handover.requested', successor: '2' },
      { type: 'entry.proposed', draft: { kind: 'configuration', body: sequencing.voters }, at: 0 },
    ];
  },
  // How far the best log is ahead shows only once all of it has been fetched.
  tellApart: ({ context }) =>
    Math.max(0, ...(context.promises as readonly Promised[]).map((p) => p.lastIndex - context.log.lastIndex)),
};

export const journeys: readonly Journey[] = [
  connection,
  election,
  failureDetector,
  journal,
  membership,
  sequencer,
  sessions,
  ...clientJourneys,
  ...moreJourneys,
];
