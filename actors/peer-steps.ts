/**
 * The peer's steps: what its chart does when something happens — spawning, dialling, watching, delivering, reporting.
 */
import type { AnyActorRef } from 'xstate';
import { membersOf } from '../machines/values/configuration.js';
import type { Recovered } from '../machines/values/journal-record.js';
import { Log } from '../machines/values/log.js';
import { SESSION_TTL_MS } from '../machines/values/session-table.js';
import { isSameTerm } from '../machines/values/term.js';
import { children, DOORS } from './children.js';
import { deliveryActor } from './delivery.js';
import { seedOf } from './environment.js';
import { JOURNAL_INPUT, journalActor } from './journal.js';
import { linkLogic } from './link.js';
import type { Timings } from './options.js';
import * as reports from './peer-reports.js';
import * as rules from './peer-rules.js';
import { childOf, electionOf, forward, sequencerOf, steps, update, wayOf } from './peer-step.js';

/** How long dialling and greeting may take, and how far apart attempts are, ms. */
const CONNECTION = { dialTimeoutMs: 3000, greetTimeoutMs: 3000, backOffMinMs: 5, backOffMaxMs: 2000 };
/** How often a request to join or leave, and a proposal that found no ear, is repeated: in heartbeats. */
const RETRY_HEARTBEATS = 5;

export const openJournal = update(({ context, spawn }) => {
  const store = context.environment.journal(context.freshIncarnation);
  const input = { ...JOURNAL_INPUT, slowSyncMs: context.options.slowDiskMs };
  spawn(journalActor(store), { id: 'journal', systemId: DOORS.journal, input });
  return {};
});

export const noteRecovered = update(({ context, event }) => {
  if (event.type !== 'journal.recovered') return {};
  const { recovered } = event;
  const { configuration } = Log.of(recovered.entries, recovered.snapshot);
  return { recovered, configuration, me: { ...context.me, incarnation: recovered.identity.incarnation } };
});

export const openLink = update(({ context, spawn }) => {
  const { environment, options, outlet, timings } = context;
  const { now } = environment.clock;
  const presence = { now, everyMs: timings.heartbeatIntervalMs };
  const { transport, postmark } = environment;
  const input = { transport, me: options.id, count: outlet.count, presence, postmark };
  const link = spawn(linkLogic, { id: 'link', systemId: DOORS.link, input });
  (link as AnyActorRef).send({ type: 'listen', address: options.listen });
  return {};
});

export const noteAddress = update(({ context, event }) => {
  if (event.type !== 'link.listening') return {};
  return { me: { ...context.me, address: context.options.advertise ?? event.address } };
});

/** An empty journal founds a cluster only when it was asked to; one that holds a cluster never founds another. */
export const mustFound = ({ options, recovered }: rules.PeerContext): boolean =>
  options.bootstrap && recovered !== null && isBlank(recovered);

/** Nothing was ever kept here: a damaged journal that holds nothing any more is another thing. */
const isBlank = ({ entries, snapshot, damage }: Recovered): boolean =>
  entries.length === 0 && snapshot === undefined && damage === undefined;

export const found = steps(({ context, enqueue }) => {
  const entries = [rules.foundingEntry(context)];
  const recovered = context.recovered && { ...context.recovered, entries };
  enqueue.assign({ recovered });
  enqueue.sendTo('journal', {
    type: 'journal.write',
    write: 1,
    promised: null,
    truncateFrom: null,
    first: 1,
    entries,
  });
});

/** Submissions are sent again once a coordinator that is lost would have been missed, and then more and more seldom. */
const sessionTimings = ({ suspectTimeoutMs }: Timings) => ({
  backOffMinMs: 3 * suspectTimeoutMs,
  backOffMaxMs: 24 * suspectTimeoutMs,
  renewIntervalMs: SESSION_TTL_MS / 4,
});

export const spawnChildren = update(({ context, spawn, self }) => {
  const { recovered, me, timings, takeover, environment, outlet, nonce, options } = context;
  if (recovered === null) return {};
  const { mode } = options;
  const log = Log.of(recovered.entries, recovered.snapshot);
  const { configuration } = log;
  const retryMs = RETRY_HEARTBEATS * timings.heartbeatIntervalMs;
  const membershipTimings = {
    joinRetryMs: retryMs,
    changeTimeoutMs: retryMs,
    viewDebounceMs: 2 * timings.heartbeatIntervalMs,
    lonelyMs: 4 * timings.suspectTimeoutMs,
  };
  const jitterSeed = seedOf(environment.random);
  const writes = options.bootstrap && log.lastIndex === 1 ? 1 : 0;
  const { deliveries, settled, skipped } = outlet;
  const { snapshotEvery, trailing } = options;
  const checkpoints = { snapshotEvery: mode === 'classic' ? 0 : snapshotEvery, trailing };

  spawn(deliveryActor, {
    id: 'delivery',
    input: { me: me.id, nonce, checkpoints, deliveries, settled, skipped },
  });
  const sessionsInput = { me: me.id, nonce, jitterSeed, ...sessionTimings(timings) };
  spawn(children.sessions, { id: 'sessions', input: { kind: 'peer', ...sessionsInput } });
  const readsInput = { me, isClassic: mode === 'classic', retryMs: timings.suspectTimeoutMs / 2 };
  const life = Math.floor(environment.wallClock());
  spawn(children.causal, { id: 'causal', input: { me: me.id, life, fetchIntervalMs: retryMs } });
  spawn(children.timers, { id: 'timers' });
  spawn(children.reads, { id: 'reads', input: readsInput });
  const { tieBreaker, lastManStanding, minVoters } = options;
  const policy = { tieBreaker, lastManStanding, minVoters };
  spawn(children.membership, {
    id: 'membership',
    input: { me, configuration, policy, timings: membershipTimings },
  });
  spawn(children.election, {
    id: 'election',
    input: { me, configuration, mode, takeover, jitterSeed, timings },
  });
  const { promised, damage } = recovered;
  // The textbook knows no votes to abstain from.
  const damagedAs = damage === undefined || mode === 'classic' ? null : nonce;
  // Not at once: nobody listens before the peer is there.
  if (damage !== undefined) environment.clock.setTimeout(() => outlet.report(reports.damaged(damage)), 0);
  spawn(children.sequencer, {
    id: 'sequencer',
    input: { me, promised, log, mode, timings, writes, damagedAs },
  });
  self.send({ type: 'configuration.changed', configuration, isCommitted: false });
  return { configuration };
});

/** Dials whoever should be reached and is not: members of the configuration, and seeds while we belong nowhere. */
export const connect = update(({ context, spawn }) => {
  let { dialled, connections } = context;
  const dial = (address: string, expected: string | null) => {
    const key = expected ?? `seed-${address}`;
    const id = `connection:${key}:${++dialled}`;
    spawn(children.connection, { id, input: connectionInput(context, id, address, expected) });
    connections = [...connections, { key: id, peer: expected, address, incarnation: null, isOpen: false }];
  };
  for (const { id, address } of rules.unreached(context)) dial(address, id);
  for (const seed of rules.unaskedSeeds({ ...context, connections })) dial(seed, null);
  return { dialled, connections };
});

export const accept = update(({ context, event, spawn }) => {
  if (event.type !== 'channel.accepted') return {};
  spawn(children.connection, {
    id: event.connection,
    input: connectionInput(context, event.connection, null, null),
  });
  const connection = { key: event.connection, peer: null, address: null, incarnation: null, isOpen: false };
  return { connections: [...context.connections, connection] };
});

const connectionInput = (
  context: rules.PeerContext,
  connection: string,
  address: string | null,
  expected: string | null,
) => ({
  ...CONNECTION,
  connection,
  address,
  expected,
  introduction: rules.introductionOf(context),
  client: null,
  hasRoom: context.clients.length < context.options.clientsMax,
  // A member that dials us at this very moment is the likelier one to get through.
  patient: false,
  jitterSeed: seedOf(context.environment.random),
});

/** Where it leads to is known now, whoever has dialled: nobody there is dialled once more. */
export const noteOpened = update(({ context, event }) => {
  if (event.type !== 'connection.opened') return {};
  const { connection, remote } = event;
  return {
    refusals: [],
    connections: context.connections.map((c) =>
      c.key === connection
        ? {
            ...c,
            peer: remote.id,
            address: c.address ?? remote.address,
            incarnation: remote.incarnation,
            isOpen: true,
          }
        : c,
    ),
  };
});

/** A connection that will not come back is forgotten; one that dials again is kept, as on its way. */
export const noteLost = steps(({ context, event, enqueue, self }) => {
  if (event.type !== 'connection.lost') return;
  const { connection, remote } = event;
  const isOver = childOf(self, connection)?.getSnapshot().status !== 'active';
  const connections = context.connections
    .filter((c) => !(isOver && c.key === connection))
    .map((c) => (c.key === connection ? { ...c, isOpen: false } : c));
  enqueue.assign({ connections });
  if (isOver) enqueue.stopChild(connection);
  // A channel that gave way to a better one has taken nobody away.
  if (remote !== null && !rules.isClient(remote) && !connections.some((c) => c.isOpen && c.peer === remote))
    enqueue.sendTo('membership', { type: 'connection.closed', remote });
});

export const noteRefused = steps(({ context, event, enqueue }) => {
  if (event.type !== 'connection.refused') return;
  const refuser = event.code === 'duplicate-id' ? event.address : null;
  enqueue.assign({
    connections: context.connections.filter((c) => c.key !== event.connection),
    // Of whoever is another cluster's, or not who it was taken for, nothing more is wanted.
    located: context.located.filter((address) => address !== event.address),
    refusals: refuser === null ? context.refusals : [...context.refusals, refuser],
  });
  enqueue.stopChild(event.connection);
});

export const noteConfiguration = steps(({ context, event, enqueue }) => {
  if (event.type !== 'configuration.changed') return;
  const { configuration } = event;
  enqueue.assign({ configuration });
  const introduction = rules.introductionOf({ ...context, configuration });
  if (introduction.clusterId === rules.introductionOf(context).clusterId) return;
  for (const { key } of context.connections)
    enqueue.sendTo(key, { type: 'connection.introduce', introduction });
});

/** Hands what has been committed to delivery: the log is the sequencer's, so it is read there. */
export const deliver = steps(({ context, event, enqueue, self }) => {
  const log = sequencerOf(self)?.context.log;
  if (event.type !== 'log.committed' || log === undefined) return;
  const { base } = log;
  if (base.lastIndex > context.delivered)
    enqueue.sendTo('delivery', { type: 'state.restored', snapshot: base });
  const before = Math.max(context.delivered, base.lastIndex);
  const first = before + 1;
  const entries = log.slice(first, event.commit - before);
  if (entries.length > 0) enqueue.sendTo('delivery', { type: 'entries.committed', first, entries });
  enqueue.assign({ delivered: Math.max(context.delivered, event.commit) });
});

/** Classic mode: delivery begins anew with what still stands. */
export const takeBack = steps(({ event, enqueue, self }) => {
  const log = sequencerOf(self)?.context.log;
  if (event.type !== 'log.rewritten' || log === undefined) return;
  enqueue.sendTo('delivery', { type: 'entries.rewritten', entries: log.slice(1, event.from - 1) });
  enqueue.assign({ delivered: event.from - 1 });
});

/** There is no room on its disk. */
const isFull = (journal: AnyActorRef | undefined): boolean =>
  ['full', 'retrying'].includes(journal?.getSnapshot().value);

/** Who is on its way out should not be handed anything. */
const GOING = ['leaving', 'vacating', 'drained'];

/** Says that we are alive, to all members and, as our own neighbour, to our election. */
export const beat = steps(({ context, enqueue, self }) => {
  const election = electionOf(self);
  const sequencer = sequencerOf(self);
  if (election === undefined || sequencer === undefined) return;
  const life = self.getSnapshot();
  const isGoing = GOING.some((belonging) => life.matches({ running: { belonging } }));
  const isSlow = life.matches({ running: { storage: 'slow' } });
  const healthy = !isSlow && !life.matches({ running: { health: 'stalled' } });
  const isStaying = !isGoing && !isFull(childOf(self, 'journal'));
  const message = rules.heartbeatOf(context, election, sequencer.context, { isStaying, healthy });
  const others = membersOf(context.configuration)
    .map((member) => member.id)
    .filter((id) => id !== context.me.id);
  const to = [...others, ...rules.strangers(context, election.context.coordinator)];
  enqueue.sendTo('link', { type: 'send', to, message });
  // Where nobody has broadcast there is nothing to tell of it.
  if (childOf(self, 'causal')?.getSnapshot().context.clock.length > 0)
    enqueue.sendTo('causal', { type: 'gossip.due' });
  if (rules.isNews(election, message)) enqueue.sendTo('election', message);
});

export const toElection = steps(({ event, enqueue, self }) => {
  const election = electionOf(self);
  if (event.type !== 'failure.heartbeat' || election === undefined) return;
  if (rules.isNews(election, event)) enqueue.sendTo('election', event);
});

/** An APPEND comes often, a coordinator seldom: only news is passed on. */
export const followNews = steps(({ context, event, enqueue, self }) => {
  const election = electionOf(self);
  if (event.type !== 'coordinator.followed' || election === undefined) return;
  const { coordinator, term } = election.context;
  const isKnown = election.matches({ following: 'direct' }) && coordinator === event.coordinator;
  if (isKnown && isSameTerm(term, event.term)) return;
  for (const id of ['election', 'membership', 'sessions', 'reads']) enqueue.sendTo(id, event);
  enqueue({ type: 'watch' });
  enqueue({ type: 'tellDesks' });
  context.outlet.report({ type: 'coordinator', coordinator: event.coordinator, term: event.term });
});

/** Whatever speaks with the coordinator turns to it; or, where only others hear it, to the one that stands in its place. */
export const turn = steps(({ event, enqueue }) => {
  if (event.type !== 'coordinator.announced' && event.type !== 'coordinator.relayed') return;
  const coordinator = 'through' in event ? event.through : event.coordinator;
  if ('through' in event) enqueue.sendTo('sequencer', event);
  for (const id of ['membership', 'sessions', 'reads'])
    enqueue.sendTo(id, { type: 'coordinator.followed', coordinator, term: event.term });
});

/**
 * Nobody coordinates. An election that has found somebody meanwhile is right, and the news is old: a deposed coordinator
 * reports its end and its successor in one breath, and the loss that follows from the end comes last.
 */
export const mourn = steps(({ context, event, enqueue, self }) => {
  if (event.type !== 'coordinator.lost' || electionOf(self)?.context.coordinator != null) return;
  enqueue.sendTo('sequencer', { type: 'coordinator.suspected' });
  for (const id of ['sessions', 'membership', 'reads']) enqueue.sendTo(id, event);
  enqueue({ type: 'tellDesks' });
  context.outlet.report({ type: 'coordinator', coordinator: null, term: event.term });
});

/** What was on its way to that peer may be lost: its log is continued from what it has acknowledged. */
export const greet = steps(({ event, enqueue, self }) => {
  if (event.type !== 'connection.opened') return;
  const { remote } = event;
  enqueue.sendTo('membership', event);
  enqueue.sendTo('sequencer', { type: 'follower.reconnected', peer: remote.id });
  if (wayOf(self) === remote.id) enqueue.sendTo('sessions', { type: 'coordinator.reconnected' });
});

/** Machines first, then the link, then the disk: nobody is left who could send to a closed door. */
export const closeDoors = steps(({ enqueue, self }) => {
  const ids = Object.keys(self.getSnapshot().children).filter((id) => id !== 'journal' && id !== 'link');
  for (const id of ids) enqueue.stopChild(id);
  enqueue.stopChild('link');
  enqueue.sendTo('journal', { type: 'journal.close' });
});

export const toConnection = forward(
  (event) => ('connection' in event ? event.connection : undefined),
  (event) => event,
);
