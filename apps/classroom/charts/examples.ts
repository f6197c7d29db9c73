/**
 * Something to start a shipped machine with, and to tell it: peer 2 of three, whose coordinator is 3.
 *
 * Every word means one thing in the whole house, so an event is filled by the names of its fields.
 */
import { Log } from '../../../machines/index.js';

const CLIENT = '~0000000000000001';
const member = (id: string) => ({
  id,
  incarnation: `i${id}`,
  address: `127.0.0.1:700${id}`,
  priority: Number(id),
});
const term = (n: number, owner: string) => ({ n, owner });

const termZero = term(0, '1');

const CONFIGURATION = {
  clusterId: 'example',
  voters: ['1', '2', '3'].map(member),
  outgoing: [],
  learners: [],
};
const FOUNDING = { kind: 'configuration', term: termZero, at: 0, body: CONFIGURATION } as const;
const SUBMISSION = { number: 1, topic: 'general', payload: { text: 'hello' } };
const ENTRY = { kind: 'submission', term: term(1, '3'), at: 0, body: { session: 2, submission: SUBMISSION } };
const HEAD = {
  lastIndex: 4,
  lastTerm: term(1, '3'),
  lastAt: 0,
  configuration: CONFIGURATION,
  configurationIndex: 1,
  view: null,
  viewIndex: 0,
  hash: '0'.repeat(64),
};

const TIMINGS = {
  heartbeatIntervalMs: 100,
  suspectTimeoutMs: 500,
  stickinessMs: 300,
  joinGraceMs: 400,
  answerTimeoutMs: 100,
  coordinatorTimeoutMs: 400,
  collectTimeoutMs: 400,
  takeoverStableMs: 1000,
  handoverTimeoutMs: 300,
  holdDownMs: 1000,
  holdDownMaxMs: 8000,
  flapWindowMs: 5000,
  joinRetryMs: 300,
  changeTimeoutMs: 400,
  viewDebounceMs: 50,
  lonelyMs: 2000,
};

const BACK_OFF = { backOffMinMs: 50, backOffMaxMs: 800, jitterSeed: 1 };

/** By machine. Those that are absent begin without anything. */
const INPUTS: Readonly<Record<string, () => object>> = {
  election: () => ({
    me: member('2'),
    configuration: CONFIGURATION,
    takeover: 'afterSync',
    jitterSeed: 1,
    timings: TIMINGS,
  }),
  sequencer: () => ({
    me: member('2'),
    promised: termZero,
    log: Log.of([FOUNDING]),
    writes: 0,
    timings: TIMINGS,
  }),
  membership: () => ({
    me: member('2'),
    configuration: CONFIGURATION,
    policy: { tieBreaker: false, lastManStanding: false, minVoters: 1 },
    timings: TIMINGS,
  }),
  'failure-detector': () => ({ me: '2', member: '3', ...TIMINGS, verifyTimeoutMs: 200, absenceMs: 60_000 }),
  meeting: () => ({ me: member('2'), expected: 3, company: null, heartbeatIntervalMs: 100 }),
  sessions: () => ({ me: '2', kind: 'peer', nonce: 'n2', renewIntervalMs: 1000, ...BACK_OFF }),
  reads: () => ({ me: member('2'), isClassic: false, retryMs: 100 }),
  causal: () => ({ me: '2', life: 1, fetchIntervalMs: 100 }),
  journal: () => ({ waitingMax: 100, fullRetryMs: 1000, slowSyncMs: 1000 }),
  connection: () => ({
    connection: 'c1',
    address: '127.0.0.1:7003',
    expected: '3',
    introduction: { version: 1, cluster: 'bullpen', clusterId: 'example', mode: 'safe', member: member('2') },
    client: null,
    hasRoom: true,
    patient: true,
    dialTimeoutMs: 500,
    greetTimeoutMs: 500,
    ...BACK_OFF,
  }),
  desk: () => ({
    me: '2',
    client: CLIENT,
    coordinator: '3',
    addresses: ['127.0.0.1:7003'],
    silenceMs: 5000,
  }),
  attachment: () => ({
    client: CLIENT,
    seeds: ['127.0.0.1:7002', '127.0.0.1:7003'],
    pingIntervalMs: 1000,
    unservedMs: 2000,
    ...BACK_OFF,
  }),
};

/** @returns undefined for a machine that begins without input. */
export const inputOf = (machine: string): object | undefined => INPUTS[machine]?.();

/** What a field holds, whatever the event. */
const VALUES: Readonly<Record<string, unknown>> = {
  from: '3',
  by: '3',
  member: '3',
  peer: '3',
  to: '2',
  coordinator: '3',
  successor: '3',
  through: '1',
  remote: member('3'),
  term: term(1, '3'),
  promised: term(1, '3'),
  handoverOf: null,
  configuration: CONFIGURATION,
  isCommitted: true,
  round: 1,
  fit: true,
  alive: true,
  asked: ['1'],
  heard: ['1', '2'],
  coordinatorFresh: true,
  quorumConnected: true,
  healthy: true,
  lastIndex: 1,
  lastTerm: termZero,
  prevIndex: 1,
  prevTerm: termZero,
  entries: [ENTRY],
  commit: 1,
  match: 2,
  incarnation: 'i3',
  nonce: 'n3',
  hint: 1,
  session: 2,
  submissions: [SUBMISSION],
  submission: SUBMISSION,
  upTo: 1,
  number: 1,
  inMs: 250,
  at: 1000,
  topic: 'general',
  payload: { text: 'hello' },
  others: ['1', '3'],
  address: '127.0.0.1:7003',
  addresses: ['127.0.0.1:7003'],
  followers: [{ id: '1', incarnation: 'i1', match: 1 }],
  view: { number: 2, coordinator: '3', members: [] },
  members: ['1', '2', '3'].map(member),
  agreed: true,
  founded: false,
  write: 1,
  last: 1,
  reason: 'aborted',
  code: 'already-connected',
  detail: 'an example',
  version: 1,
  cluster: 'bullpen',
  clusterId: 'example',
  mode: 'safe',
  rival: null,
  introduction: { version: 1, cluster: 'bullpen', clusterId: 'example', mode: 'safe', member: member('3') },
  recovered: {
    identity: { cluster: 'bullpen', id: '2', incarnation: 'i2' },
    promised: termZero,
    entries: [],
  },
  draft: { kind: 'configuration', body: CONFIGURATION },
  entry: FOUNDING,
  subscription: 1,
  receipts: [],
  id: 1,
  sequence: 1,
  head: HEAD,
  offset: 0,
  text: '',
  isLast: true,
  hash: '0'.repeat(64),
  index: 1,
  clocks: [],
  origin: '3',
  life: 1,
  count: 1,
  clock: [],
  stamp: [],
  wanted: [],
  after: 0,
  reader: '3',
};

/** Facts and the fields they carry. What the wire carries is known from its schema; what is absent here carries nothing. */
const FIELDS: Readonly<Record<string, string>> = {
  'member.suspected': 'member',
  'member.trusted': 'member',
  'member.absent': 'member',
  'stranger.heard': 'member',
  'configuration.changed': 'configuration isCommitted',
  'coordinator.followed': 'coordinator term',
  'coordinator.relayed': 'through',
  'coordination.started': 'term',
  'term.established': 'term',
  'term.abandoned': 'term',
  'term.promised': 'term',
  'term.ended': 'term',
  'handover.offered': 'term',
  'handover.requested': 'successor',
  'followers.measured': 'commit followers',
  'connection.opened': 'remote',
  'view.installed': 'view',
  'member.heard': 'at',
  'probe.asked': 'by round',
  'probe.sent': 'asked',
  'probe.answered': 'by round alive',
  'meeting.recorded': 'configuration',
  'meeting.agreed': 'entry',
  'meeting.founded': 'entry',
  'submissions.offered': 'submissions',
  'submissions.delivered': 'upTo',
  'session.opened': 'session',
  'session.expired': 'session',
  'reading.wanted': 'number',
  'deadlines.told': 'inMs',
  'broadcast.wanted': 'topic payload',
  'others.changed': 'others',
  'collect.requested': 'handoverOf',
  'entry.proposed': 'at draft',
  'follower.reconnected': 'peer',
  'journal.persisted': 'write promised last',
  'journal.write': 'write promised entries',
  'snapshot.due': 'index text',
  'state.hashed': 'index hash',
  'disk.opened': 'recovered',
  'disk.refused': 'detail',
  'disk.synced': 'upTo',
  'disk.failed': 'detail',
  'discovery.heard': 'address',
  'addresses.changed': 'addresses',
  'connection.introduce': 'introduction',
  'subscription.served': 'subscription',
  'client.opened': 'session nonce',
  'client.settled': 'session receipts',
  'client.missed': 'session',
  'client.expired': 'session',
  'client.read': 'id sequence',
  'client.unread': 'id',
};

/** Where a field means something else than elsewhere. */
const SPECIAL: Readonly<Record<string, object>> = {
  'connection.closed': { remote: '3' },
  'channel.closed': { reason: 'closed' },
  'disk.refused': { code: 'data-in-use', detail: 'an example' },
  'journal.write': { write: 1, promised: null, truncateFrom: null, first: 2, entries: [ENTRY] },
  'sequencer.refuse': { reason: 'promised' },
  'membership.refuse': { code: 'cluster-full' },
  'membership.join': { member: member('3') },
  'link.hello': { member: member('3') },
  'link.welcome': { member: member('3') },
  'link.visit': { from: CLIENT },
  'desk.ping': { from: CLIENT },
  'desk.open': { from: CLIENT },
  'desk.submit': { from: CLIENT },
  'desk.follow': { from: CLIENT },
  'desk.unfollow': { from: CLIENT },
  'desk.read': { from: CLIENT },
  'attachment.dismissed': { code: 'silent' },
};

/** @param fields - of a message of the wire, by its schema. */
export function exampleOf(type: string, fields: readonly string[] = []): { readonly type: string } {
  const names = fields.length > 0 ? fields : (FIELDS[type] ?? '').split(' ');
  const filled = names.filter((name) => name in VALUES).map((name) => [name, VALUES[name]]);
  return { type, ...Object.fromEntries(filled), ...SPECIAL[type] };
}
