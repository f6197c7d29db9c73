/** Any message peers may send, for property tests: one generator per type of the vocabulary. */
import fc from 'fast-check';
import type {
  Configuration,
  Entry,
  Member,
  Message,
  PeerId,
  Submission,
  Term,
} from '../../transport/protocol.js';

const peerId: fc.Arbitrary<PeerId> = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,15}$/);
const count = fc.nat();
const short = fc.string({ minLength: 1, maxLength: 64, unit: 'binary' }).filter((text) => text.length <= 64);
const term: fc.Arbitrary<Term> = fc.record({ n: count, owner: peerId });
const member: fc.Arbitrary<Member> = fc.record({
  id: peerId,
  incarnation: short,
  address: peerId.map((id) => `${id}:7001`),
  priority: fc.integer(),
});
const members = fc.array(member, { maxLength: 3 });
const configuration: fc.Arbitrary<Configuration> = fc.record({
  clusterId: short,
  voters: members,
  outgoing: members,
  learners: members,
});
/** What JSON can say, not too deep, without the keys that are forbidden. */
export const payload = fc
  .jsonValue({ maxDepth: 4 })
  .filter((value) => !/"(__proto__|constructor|prototype)":/.test(JSON.stringify(value)))
  .map((value) => JSON.parse(JSON.stringify(value)) as unknown);
const submission: fc.Arbitrary<Submission> = fc.oneof(
  fc.record({ number: fc.integer({ min: 1 }), topic: short, payload }),
  fc.record({ number: fc.integer({ min: 1 }), topic: short, payload, key: short }),
);
const view = fc.record({
  number: count,
  coordinator: peerId,
  members: fc.array(
    fc.record({
      id: peerId,
      incarnation: short,
      address: fc.constant('h:1'),
      role: fc.constantFrom('voter' as const, 'learner' as const),
      state: fc.constantFrom('alive' as const, 'suspected' as const),
    }),
    { maxLength: 3 },
  ),
});
const entry: fc.Arbitrary<Entry> = fc.oneof(
  fc.record({
    kind: fc.constant('submission' as const),
    term,
    at: count,
    body: fc.record({ session: count, submission }),
  }),
  fc.record({ kind: fc.constant('noop' as const), term, at: count, body: fc.constant(null) }),
  fc.record({ kind: fc.constant('configuration' as const), term, at: count, body: configuration }),
  fc.record({ kind: fc.constant('view' as const), term, at: count, body: view }),
  fc.record({
    kind: fc.constant('session' as const),
    term,
    at: count,
    body: fc.record({ peer: peerId, nonce: short }),
  }),
);
const clientId = fc.stringMatching(/^~[a-z0-9]{16}$/);
const vectorClock = fc.array(fc.record({ peer: peerId, life: count, count }), { maxLength: 3 });
const placed = { sequence: count, topicSequence: count, term: count, id: fc.constant('5.1') };
const entries = fc.array(entry, { maxLength: 4 });

const hash = fc.stringMatching(/^[0-9a-f]{64}$/);
const part = {
  head: fc.record({
    lastIndex: count,
    lastTerm: term,
    lastAt: count,
    configuration,
    configurationIndex: count,
    view: fc.option(view),
    viewIndex: count,
    hash,
  }),
  offset: count,
  text: fc.string({ maxLength: 100, unit: 'binary' }),
  isLast: fc.boolean(),
};

type Bodies = {
  [Type in Message['type']]: fc.Arbitrary<Omit<Extract<Message, { type: Type }>, 'type' | 'from'>>;
};

const bodies: Bodies = {
  'failure.heartbeat': fc.record({
    term,
    coordinator: fc.option(peerId),
    coordinatorFresh: fc.boolean(),
    quorumConnected: fc.boolean(),
    fit: fc.boolean(),
    healthy: fc.boolean(),
    heard: fc.array(peerId, { maxLength: 5 }),
    lastIndex: count,
  }),
  'meeting.report': fc.record({
    members: fc.array(member, { maxLength: 3 }),
    agreed: fc.boolean(),
    founded: fc.boolean(),
  }),
  'failure.probe': fc.record({ member: peerId, round: count }),
  'failure.probe-result': fc.record({ member: peerId, round: count, alive: fc.boolean() }),
  'election.start': fc.record({ round: count }),
  'election.answer': fc.record({ round: count, fit: fc.boolean() }),
  'election.alive': fc.record({ term, coordinator: peerId }),
  'election.transfer': fc.record({ to: peerId }),
  'election.decline': fc.record({
    to: peerId,
    reason: fc.constantFrom('busy' as const, 'behind' as const, 'aborted' as const),
  }),
  'election.coordinator': fc.record({ term }),
  'sequencer.append': fc.record({ term, prevIndex: count, prevTerm: term, entries, commit: count }),
  'sequencer.appended': fc.oneof(
    fc.record({ term, incarnation: short, match: count }),
    fc.record({ term, incarnation: short, match: count, damaged: fc.constant(true as const) }),
    fc.record({
      term,
      incarnation: short,
      match: count,
      state: fc.record({ index: count, hash: fc.stringMatching(/^[0-9a-f]{16}$/) }),
    }),
  ),
  'sequencer.diverged': fc.record({ term }),
  'sequencer.relay': fc.oneof(
    fc.record({ commit: count }),
    fc.record({ commit: count, held: fc.record({ lastIndex: count, hash, offset: count }) }),
  ),
  'sequencer.relayed': fc.record({ term, prevIndex: count, prevTerm: term, entries, commit: count }),
  'sequencer.recover': fc.record({ term, incarnation: short, nonce: short, lastIndex: count }),
  'sequencer.recovered': fc.record({ term, nonce: short, lastIndex: count }),
  'sequencer.rejected': fc.record({ term, promised: term, hint: count }),
  'sequencer.submit': fc.record({ session: count, submissions: fc.array(submission, { maxLength: 4 }) }),
  'sequencer.open': fc.oneof(
    fc.record({ nonce: short }),
    fc.record({ nonce: short, client: fc.oneof(clientId, peerId) }),
  ),
  'sequencer.collect': fc.record({ term, handoverOf: fc.option(term) }),
  'sequencer.promise': fc.record({
    term,
    incarnation: short,
    lastIndex: count,
    lastTerm: term,
    configuration,
  }),
  'sequencer.refuse': fc.record({
    term,
    promised: term,
    reason: fc.constantFrom('promised' as const, 'busy' as const),
  }),
  'sequencer.fetch': fc.record({ term, incarnation: short, prevIndex: count, prevTerm: term }),
  'sequencer.donated': fc.record({ term, ...part }),
  'sequencer.snapshot': fc.record({ term, ...part }),
  'sequencer.received': fc.record({ term, lastIndex: count, hash, offset: count }),
  'sequencer.fetched': fc.record({ term, prevIndex: count, prevTerm: term, entries, lastIndex: count }),
  'sequencer.mismatched': fc.record({ term, hint: count }),
  'sequencer.handover': fc.record({ term, lastIndex: count, lastTerm: term }),
  'membership.join': fc.record({ member }),
  'membership.refuse': fc.record({
    member: peerId,
    code: fc.constantFrom('duplicate-id' as const, 'cluster-full' as const),
  }),
  'membership.leave': fc.record({ member: peerId }),
  'membership.gone': fc.record({ member: peerId }),
  'sessions.redirect': fc.record({ coordinator: fc.option(peerId) }),
  'sessions.retry': fc.record({ session: fc.option(count) }),
  'causal.message': fc.record({ origin: peerId, stamp: vectorClock, topic: short, payload }),
  'causal.fetch': fc.record({
    wanted: fc.array(fc.record({ peer: peerId, life: count, after: count, upTo: count }), { maxLength: 3 }),
  }),
  'causal.digest': fc.record({ clock: vectorClock }),
  'reads.ask': fc.oneof(fc.record({ id: count }), fc.record({ id: count, reader: peerId })),
  'reads.confirm': fc.record({ term, round: count }),
  'reads.confirmed': fc.record({ term, round: count, incarnation: short }),
  'reads.grant': fc.record({ id: count, index: count }),
  'desk.open': fc.record({ nonce: short }),
  'desk.submit': fc.record({ session: count, submissions: fc.array(submission, { maxLength: 4 }) }),
  'desk.follow': fc.record({ subscription: fc.nat(1000), topic: fc.option(short), after: count }),
  'desk.unfollow': fc.record({ subscription: fc.nat(1000) }),
  'desk.read': fc.record({ id: count }),
  'desk.ping': fc.record({}),
  'attachment.news': fc.record({ coordinator: fc.option(peerId), addresses: fc.array(fc.constant('h:1')) }),
  'attachment.opened': fc.record({ nonce: short, session: count }),
  'attachment.settled': fc.record({
    session: count,
    receipts: fc.array(fc.record({ number: count, ...placed, result: payload }), { maxLength: 4 }),
  }),
  'attachment.missed': fc.record({ session: count }),
  'attachment.expired': fc.record({ session: count }),
  'attachment.readable': fc.record({ id: count, sequence: count }),
  'attachment.delivered': fc.record({
    subscription: fc.nat(1000),
    after: count,
    deliveries: fc.array(fc.record({ ...placed, origin: peerId, topic: short, payload, at: count }), {
      maxLength: 4,
    }),
  }),
  'attachment.gone': fc.record({ subscription: fc.nat(1000), after: count, dropped: count }),
  'attachment.dismissed': fc.record({
    code: fc.constantFrom('silent' as const, 'misbehaved' as const),
    detail: short,
  }),
};

/** A message of `type`. */
export const messageOf = (type: Message['type']): fc.Arbitrary<Message> =>
  fc
    .tuple(type.startsWith('desk.') ? clientId : peerId, bodies[type] as fc.Arbitrary<object>)
    .map(([from, body]) => ({ type, from, ...body }) as Message);

export const messageTypes = Object.keys(bodies) as Message['type'][];

/** A message of any type. */
export const anyMessage: fc.Arbitrary<Message> = fc.constantFrom(...messageTypes).chain(messageOf);
