/**
 * The peer: one actor that spawns all others, hears every fact, and tells whom it concerns. Only it sends to a machine.
 *
 *   opening ──▶ binding ──▶ (founding) ──▶ running { belonging: joining ⇄ joined ▶ leaving ∥ pulse } ──▶ stopping ──▶ stopped
 *
 * Below the chart's `on` is the routing table: wire messages go to the machine they are named after, facts to those
 * who need them. A child that dies takes the peer with it, loudly: there are no zombies.
 */
import { sendTo, setup } from 'xstate';
import type { Report } from './environment.js';
import { belonging } from './peer-belonging.js';
import * as desks from './peer-desks.js';
import * as discovering from './peer-discovery.js';
import type { PeerCommand, PeerEvent } from './peer-events.js';
import * as meeting from './peer-meeting.js';
import * as office from './peer-office.js';
import * as reads from './peer-reads.js';
import * as reports from './peer-reports.js';
import { rhythm } from './peer-rhythm.js';
import * as rules from './peer-rules.js';
import * as steps from './peer-steps.js';
import * as watching from './peer-watch.js';

/** How long a peer looks for a cluster before it says so, ms; and again each time. */
const LOOKING_MS = 60_000;
/** After how many suspect time-outs a peer that nobody lets in takes its channels for dead. */
const UNANSWERED_SUSPECTS = 10;

/** For so long a disk is slow before the office is laid down for it, and has not been before it is trusted again. */
const SLOW_WINDOW_MS = 10_000;

const FATAL = ['cluster-mismatch', 'version-mismatch', 'mode-mismatch', 'duplicate-id'];

const { mustFound, ...doings } = steps;

export const peerMachine = setup({
  types: {
    input: {} as rules.PeerInput,
    context: {} as rules.PeerContext,
    events: {} as PeerEvent | PeerCommand,
  },
  actions: {
    ...doings,
    ...desks,
    ...reads,
    openMeeting: meeting.openMeeting,
    toMeeting: meeting.toMeeting,
    ...office,
    ...watching,
    ...discovering,
    askToLeave: sendTo('membership', { type: 'leave.requested' }),
    report: ({ context }, report: Report) => context.outlet.report(report),
  },
  guards: {
    mustFound: ({ context }) => mustFound(context),
    isMember: ({ context }) => rules.isMember(context),
    isStranger: ({ context }) => !rules.isMember(context),
    hasLostPeer: ({ event }) => event.type === 'connection.lost' && event.remote !== null,
    // Said by whom we dialled: a stranger who dials us and refuses us decides nothing.
    isFatalRefusal: ({ context, event }) =>
      event.type === 'connection.refused' &&
      event.by === 'there' &&
      event.address !== null &&
      FATAL.includes(event.code) &&
      // What the network shouts may be another cluster of the same name.
      !context.located.includes(event.address) &&
      !rules.isMember(context) &&
      (event.code !== 'duplicate-id' ||
        context.refusals.filter((address) => address === event.address).length + 1 >=
          rules.refusalsMax(context)),
  },
  delays: {
    heartbeatInterval: ({ context }) => context.timings.heartbeatIntervalMs,
    suspectTimeout: ({ context }) => context.timings.suspectTimeoutMs,
    looking: LOOKING_MS,
    // Two handovers, one after the other, each with the time that the election gives it.
    drainTimeout: ({ context }) => 6 * context.timings.handoverTimeoutMs,
    slowWindow: SLOW_WINDOW_MS,
    calm: ({ context }) => 2 * context.options.slowDiskMs,
    unanswered: ({ context }) => UNANSWERED_SUSPECTS * context.timings.suspectTimeoutMs,
  },
}).createMachine({
  id: 'peer',
  context: ({ input }) => rules.initialContext(input),
  initial: 'opening',
  on: {
    'peer.stop': '.stopping',
    'journal.failed': { target: '.failed', actions: { type: 'report', params: reports.failure } },
    'journal.filled': { actions: ['handOver', 'beat', { type: 'report', params: reports.full }] },
    'journal.emptied': { actions: ['beat', { type: 'report', params: reports.emptied }] },
    'link.failed': { target: '.failed', actions: { type: 'report', params: reports.failure } },
    'link.warning': { actions: { type: 'report', params: reports.warning } },
    'xstate.error.*': { target: '.failed', actions: { type: 'report', params: reports.crash } },
  },
  states: {
    opening: {
      entry: 'openJournal',
      on: { 'journal.recovered': { target: 'binding', actions: 'noteRecovered' } },
    },
    binding: {
      entry: 'openLink',
      on: {
        'link.listening': [
          { guard: 'mustFound', target: 'founding', actions: 'noteAddress' },
          { target: 'running', actions: 'noteAddress' },
        ],
      },
    },
    founding: {
      description: 'The first configuration goes to disk before anything else happens.',
      entry: 'found',
      on: { 'journal.persisted': 'running' },
    },
    running: {
      type: 'parallel',
      entry: ['spawnChildren', 'openMeeting', 'openDiscovery'],
      on: {
        // What the wire says, to the machine it says it to.
        'election.*': { actions: sendTo('election', ({ event }) => event) },
        'sequencer.*': { actions: sendTo('sequencer', ({ event }) => event) },
        'sequencer.submit': { actions: sendTo('sequencer', reports.timed) },
        'sequencer.open': { actions: sendTo('sequencer', reports.timed) },
        'membership.*': { actions: sendTo('membership', ({ event }) => event) },
        'meeting.*': { actions: 'toMeeting' },
        'sessions.*': { actions: sendTo('sessions', ({ event }) => event) },
        'failure.heartbeat': {
          actions: ['toDetector', 'noteStranger', 'toElection'],
        },
        'election.decline': { actions: { type: 'report', params: reports.declined } },
        'failure.probe': { actions: ['toDetector', 'answerProbe'] },
        'failure.probe-result': { actions: ['toDetector', 'toAsker'] },
        'link.heard': { actions: 'toDetector' },
        'link.hello': { actions: 'toConnection' },
        'link.visit': { actions: 'toConnection' },
        'link.welcome': { actions: 'toConnection' },
        'link.refuse': { actions: 'toConnection' },
        'channel.accepted': { actions: 'accept' },
        'channel.opened': { actions: 'toConnection' },
        'channel.closed': { actions: 'toConnection' },

        // Connections come and go.
        'connection.opened': { actions: ['noteOpened', 'greet', 'toMeeting', 'toDiscovery', 'beat'] },
        'connection.lost': [
          // Dialled at once: if its doors are closed too, there is no need to wait for its silence.
          { guard: 'hasLostPeer', actions: ['noteLost', 'seeOff', 'toMeeting', 'toDiscovery', 'connect'] },
          // Whoever is missing otherwise is dialled at the next heartbeat, not sooner.
          { actions: ['noteLost', 'noteGone'] },
        ],
        'connection.refused': [
          {
            guard: 'isFatalRefusal',
            target: 'failed',
            actions: { type: 'report', params: reports.refusal },
          },
          { actions: ['noteRefused', { type: 'report', params: reports.refusalWarning }] },
        ],

        // Who is to be found where no address is known.
        'discovery.heard': { actions: 'toDiscovery' },
        'address.located': { actions: ['noteLocated', 'connect'] },

        // Who reads, and how far.
        'reads.ask': { actions: 'noteReader' },
        'reads.confirm': { actions: 'confirmObedience' },
        'reads.*': { actions: sendTo('reads', ({ event }) => event) },
        'reading.wanted': { actions: sendTo('reads', ({ event }) => event) },
        'reading.granted': { actions: { type: 'report', params: reports.readable } },

        'deadlines.told': { actions: sendTo('timers', ({ event }) => event) },
        'deadlines.wanted': { actions: { type: 'report', params: { type: 'deadlines' } } },

        // Broadcast without the log.
        'broadcast.wanted': { actions: sendTo('causal', ({ event }) => event) },
        'causal.*': { actions: sendTo('causal', ({ event }) => event) },
        'broadcasts.delivered': { actions: { type: 'report', params: reports.broadcasts } },

        // Clients, and what is done for them.
        'desk.*': { actions: 'toDeskOfSender' },
        'connection.visited': { actions: 'admit' },
        'client.opening': { actions: 'relay' },
        'client.submitted': { actions: sendTo('delivery', ({ event }) => event) },
        'client.unplaced': { actions: 'relay' },
        'client.settled': { actions: 'settle' },
        'client.waiting': { actions: 'serve' },
        'client.dismissed': { actions: 'dismiss' },
        'client.reading': { actions: { type: 'report', params: reports.reading } },
        'client.*': { actions: 'toDesk' },
        'deliveries.made': { actions: 'toDesks' },

        // Who is there.
        'member.doubted': { actions: 'verify' },
        'member.suspected': { actions: 'suspect' },
        'member.unreached': { actions: 'unreach' },
        'member.missed': { actions: 'redial' },
        'member.absent': { actions: sendTo('membership', ({ event }) => event) },
        'member.trusted': {
          actions: [
            sendTo('membership', ({ event }) => event),
            { type: 'report', params: ({ event }) => ({ type: 'trusted', member: event.member }) },
          ],
        },

        // Who founds.
        'meeting.agreed': { actions: sendTo('sequencer', ({ event }) => event) },
        'meeting.ended': { actions: sendTo('sequencer', ({ event }) => event) },
        'meeting.founded': { actions: sendTo('sequencer', ({ event }) => event) },

        // Who coordinates.
        'candidacy.won': {
          actions: sendTo('sequencer', ({ event }) => ({
            type: 'collect.requested',
            handoverOf: event.handoverOf,
          })),
        },
        'coordinator.followed': { actions: 'followNews' },
        'coordinator.announced': {
          actions: ['turn', 'tellDesks', { type: 'report', params: reports.coordinator }, 'beat'],
        },
        'coordinator.relayed': {
          actions: ['turn', 'tellDesks', { type: 'report', params: reports.coordinator }, 'beat'],
        },
        // Whoever takes our word for it that there is a coordinator has to hear at once that we know of none.
        'coordinator.lost': { actions: ['mourn', 'beat'] },
        'term.established': {
          actions: [
            sendTo('election', ({ event }) => event),
            sendTo('membership', reports.ourselvesFollowed),
            sendTo('sessions', reports.ourselvesFollowed),
            sendTo('reads', reports.ourselvesFollowed),
            'tellDesks',
            { type: 'report', params: reports.ourselvesCoordinate },
          ],
        },
        'term.promised': { actions: sendTo('election', ({ event }) => event) },
        'term.abandoned': { actions: sendTo('election', ({ event }) => event) },
        'term.ended': {
          actions: [
            sendTo('election', ({ event }) => event),
            sendTo('reads', ({ event }) => event),
            sendTo('membership', { type: 'coordination.ended' }),
            sendTo('timers', { type: 'term.ended' }),
            { type: 'report', params: { type: 'unseated' } },
          ],
        },
        'coordination.started': {
          actions: [
            sendTo('membership', { type: 'coordination.started' }),
            sendTo('timers', { type: 'coordination.started' }),
            sendTo('reads', ({ event }) => event),
            'beat',
            'tellServing',
          ],
        },
        'peer.transfer': { actions: 'askForTransfer' },
        'office.yielded': {
          actions: sendTo('sequencer', ({ event }) => ({
            type: 'handover.requested',
            successor: event.successor,
          })),
        },
        'handover.offered': { actions: sendTo('election', ({ event }) => event) },
        'handover.failed': { actions: sendTo('election', ({ event }) => event) },

        // What is ordered.
        'submissions.offered': { actions: sendTo('sessions', ({ event }) => event) },
        'journal.persisted': { actions: sendTo('sequencer', ({ event }) => event) },
        'log.committed': { actions: 'deliver' },
        'log.rewritten': { actions: 'takeBack' },
        'deliveries.lost': { actions: { type: 'report', params: reports.lost } },
        'log.compacted': { actions: sendTo('delivery', ({ event }) => event) },
        'state.hashed': { actions: sendTo('sequencer', ({ event }) => event) },
        'member.diverged': { actions: { type: 'report', params: reports.divergence } },
        'log.dropped': { target: 'failed', actions: { type: 'report', params: reports.dropping } },
        'log.recovered': { actions: ['beat', { type: 'report', params: reports.recovery }] },
        'snapshot.due': { actions: sendTo('sequencer', ({ event }) => event) },
        'session.opened': { actions: sendTo('sessions', ({ event }) => event) },
        'session.expired': {
          actions: [
            sendTo('sessions', ({ event }) => event),
            { type: 'report', params: { type: 'expired' } },
          ],
        },
        'submissions.delivered': { actions: sendTo('sessions', ({ event }) => event) },
        'submissions.missed': { actions: sendTo('sessions', ({ event }) => event) },
        'followers.measured': {
          actions: [sendTo('membership', ({ event }) => event), sendTo('election', ({ event }) => event)],
        },
        'entry.proposed': { actions: sendTo('sequencer', reports.timed) },
        'configuration.changed': {
          actions: [
            'noteConfiguration',
            'toDiscovery',
            sendTo('election', ({ event }) => event),
            sendTo('reads', ({ event }) => event),
            sendTo('causal', reports.othersChanged),
            sendTo('membership', ({ event }) => event),
            'toMeeting',
            'connect',
            'watch',
            'tellAddresses',
          ],
        },
        'view.installed': {
          actions: [
            sendTo('membership', ({ event }) => event),
            { type: 'report', params: ({ event }) => ({ type: 'view', view: event.view }) },
          ],
        },

        // Who may not stay.
        'member.refused': { target: 'failed', actions: { type: 'report', params: reports.expulsion } },
        'member.left': { target: 'stopping', actions: { type: 'report', params: { type: 'left' } } },
      },
      states: {
        belonging,
        ...rhythm,
      },
    },
    stopping: {
      description: 'Waits for the disk to let go, so that another process may open it.',
      entry: 'closeDoors',
      on: { 'journal.closed': 'stopped', 'peer.stop': {} },
    },
    stopped: {
      type: 'final',
      entry: { type: 'report', params: { type: 'stopped' } },
    },
    failed: {
      description: 'Cannot go on. What it acknowledged is on disk.',
      entry: 'closeDoors',
      on: { 'peer.stop': {}, 'journal.failed': {}, 'link.failed': {} },
    },
  },
});
