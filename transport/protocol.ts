/**
 * The whole conversation on one page: everything peers say to each other, declared once.
 * Each has its textbook label and one sentence of meaning as zod metadata, read by pages and documents; types are inferred.
 * Its type is `<machine that hears it>.<verb>`, so it is the event. Parts: protocol-parts.ts; clients: protocol-clients.ts.
 */
import * as z from 'zod';
import { AttachmentMessage, ClientId, DeskMessage } from './protocol-clients.js';
import {
  Configuration,
  Count,
  greeting,
  Incarnation,
  LIMITS,
  Member,
  Members,
  message,
  Origin,
  PeerId,
  PeerIds,
  snapshotPart,
  snapshotPlace,
  Term,
  Topic,
} from './protocol-parts.js';
import { Entries, Submissions } from './protocol-runs.js';

export * from './protocol-clients.js';
export * from './protocol-parts.js';
export { packEntries, packSubmissions, unpackEntries } from './protocol-runs.js';

/** Spoken by this build; a peer that speaks another one is refused in the greeting. */
export const PROTOCOL_VERSION = 1;

export const Mode = z.enum(['safe', 'safe-mem', 'classic']);
export type Mode = z.infer<typeof Mode>;

export const RefusalCode = z.enum([
  'version-mismatch',
  'cluster-mismatch',
  'mode-mismatch',
  'duplicate-id',
  'self-dialled',
  'unexpected-id',
  'bad-greeting',
  'already-connected',
  'too-many-clients',
]);
export type RefusalCode = z.infer<typeof RefusalCode>;

const introduction = {
  version: Count,
  cluster: z.string().min(1).max(64),
  /** Known once the peer has been part of a cluster. */
  clusterId: z.string().min(1).max(64).nullable(),
  mode: z.string().max(32),
  member: Member,
};

/** The greeting: nothing else is heard on a connection before it. */
export const LinkMessage = z.discriminatedUnion('type', [
  greeting('link.hello', 'HELLO', 'I have dialled you; this is who I am.', introduction),
  greeting('link.visit', 'VISIT', 'I have dialled you; I am a client, and no member.', {
    from: ClientId,
    version: Count,
    cluster: z.string().min(1).max(64),
  }),
  greeting('link.welcome', 'HELLO_OK', 'I accept your greeting; this is who I am.', introduction),
  greeting('link.refuse', 'REFUSE', 'I will not talk with you, and this is why.', {
    code: RefusalCode,
    detail: z.string().max(500),
  }),
]);
export type LinkMessage = z.infer<typeof LinkMessage>;

/** Failure detection: who is there, and what each believes. */
export const FailureMessage = z.discriminatedUnion('type', [
  message('failure.heartbeat', 'HEARTBEAT', 'I am alive; this is whom I hear and whom I follow.', {
    term: Term,
    coordinator: PeerId.nullable(),
    /** I have heard that coordinator lately, and it said it had a quorum. */
    coordinatorFresh: z.boolean(),
    /** I hear, and am heard by, a quorum. */
    quorumConnected: z.boolean(),
    /** I may lead: a voter that is not on its way out. */
    fit: z.boolean(),
    /** My process has not stood still lately. */
    healthy: z.boolean(),
    heard: PeerIds,
    lastIndex: Count,
  }),
  message('failure.probe', 'PING_REQ', 'Do you hear this member? Or, when it is yourself: are you there?', {
    member: PeerId,
    /** Which of the asker's questions this is. */
    round: Count,
  }),
  message('failure.probe-result', 'PING_RES', 'I have just heard that member, or have no way to it.', {
    member: PeerId,
    round: Count,
    alive: z.boolean(),
  }),
]);
export type FailureMessage = z.infer<typeof FailureMessage>;
export type Heartbeat = Extract<FailureMessage, { readonly type: 'failure.heartbeat' }>;

/** Bully election (Garcia-Molina 1982): who may run for coordinator. */
export const ElectionMessage = z.discriminatedUnion('type', [
  message('election.start', 'ELECTION', 'I am holding an election. Sent to every higher member.', {
    round: Count,
  }),
  message('election.answer', 'OK', 'I am alive and outrank you: leave it to me, if I am fit.', {
    round: Count,
    fit: z.boolean(),
  }),
  message('election.alive', 'COORDINATOR_ALIVE', 'No need for an election: this coordinator works.', {
    term: Term,
    coordinator: PeerId,
  }),
  message('election.transfer', 'TRANSFER', 'Please hand your office over to that voter.', { to: PeerId }),
  message('election.decline', 'TRANSFER_REFUSED', 'I did not hand it over, and this is why.', {
    to: PeerId,
    reason: z.enum(['not-coordinator', 'unknown', 'not-a-voter', 'unreachable', 'behind', 'busy', 'aborted']),
  }),
  message('election.coordinator', 'COORDINATOR', 'I coordinate this term. Sent to all by the winner.', {
    term: Term,
  }),
]);
export type ElectionMessage = z.infer<typeof ElectionMessage>;

/** The sequencer: promises, the best log, and replication. */
export const SequencerMessage = z.discriminatedUnion('type', [
  message('sequencer.append', 'APPEND', 'These entries follow that place in my log; so much is committed.', {
    term: Term,
    prevIndex: Count,
    prevTerm: Term,
    entries: Entries,
    commit: Count,
  }),
  message('sequencer.appended', 'APPEND_OK', 'My log equals yours up to `match`, on disk.', {
    term: Term,
    incarnation: Incarnation,
    match: Count,
    /** Do not count it: my disk lacks what I had acknowledged before. */
    damaged: z.literal(true).optional(),
    /** What I have derived from the entries up to there, by its hash. */
    state: z
      .strictObject({ index: Count, hash: z.string().regex(/^[0-9a-f]{16}$/) })
      .readonly()
      .optional(),
  }),
  message('sequencer.rejected', 'APPEND_NO', 'My log does not join yours there; try again from `hint`.', {
    term: Term,
    promised: Term,
    hint: Count,
  }),
  message('sequencer.submit', 'SUBMIT', 'Please order these payloads, which my session numbers.', {
    session: Count,
    submissions: Submissions,
  }),
  message('sequencer.open', 'OPEN', 'Please open a session for me, or for a client of mine; or renew it.', {
    nonce: z.string().min(1).max(64),
    /** A peer that works through me is one too. */
    client: Origin.optional(),
  }),
  message('sequencer.collect', 'COLLECT', 'I want to lead this term: promise to obey nothing older.', {
    term: Term,
    /** The term whose coordinator hands over to me, if one does. */
    handoverOf: Term.nullable(),
  }),
  message('sequencer.promise', 'PROMISE', 'I promise, and this is how far my log goes.', {
    term: Term,
    incarnation: Incarnation,
    lastIndex: Count,
    lastTerm: Term,
    configuration: Configuration,
  }),
  message('sequencer.refuse', 'NACK', 'I do not promise: I have promised more, or a coordinator works.', {
    term: Term,
    promised: Term,
    reason: z.enum(['promised', 'busy']),
  }),
  message('sequencer.fetch', 'FETCH', 'Send me what follows that place in your log.', {
    term: Term,
    /** Of the peer asked, as it promised: another life of it has another log. */
    incarnation: Incarnation,
    prevIndex: Count,
    prevTerm: Term,
    /** Of a snapshot that came in parts: how much is here already. */
    held: z.strictObject(snapshotPlace).readonly().optional(),
  }),
  message('sequencer.fetched', 'FETCH_RES', 'These entries follow it; my log ends at `lastIndex`.', {
    term: Term,
    prevIndex: Count,
    prevTerm: Term,
    entries: Entries,
    lastIndex: Count,
  }),
  message('sequencer.mismatched', 'FETCH_NO', 'My log differs there; ask again from `hint`.', {
    term: Term,
    hint: Count,
  }),
  message('sequencer.donated', 'FETCH_SNAP', 'My log begins later; this stands for its past, in part.', {
    term: Term,
    ...snapshotPart,
  }),
  message('sequencer.snapshot', 'SNAP_CHUNK', 'You are too far behind; this stands for the past, in part.', {
    term: Term,
    ...snapshotPart,
  }),
  message('sequencer.received', 'SNAP_ACK', 'So much of that snapshot is here; send me what follows.', {
    term: Term,
    ...snapshotPlace,
  }),
  message('sequencer.diverged', 'DIVERGED', 'You derived what others did not: begin anew.', { term: Term }),
  message('sequencer.relay', 'RELAY', 'I do not hear our coordinator: what is committed behind that place?', {
    commit: Count,
    /** Of a snapshot that came in parts: how much is here already. */
    held: z.strictObject(snapshotPlace).readonly().optional(),
  }),
  message('sequencer.relayed', 'RELAYED', 'I hear it, in this term; these committed entries follow.', {
    term: Term,
    prevIndex: Count,
    prevTerm: Term,
    entries: Entries,
    /** So much is committed, as far as I know; no entry here lies behind it. */
    commit: Count,
  }),
  message('sequencer.recover', 'RECOVER', 'My disk lacks what I had acknowledged: how far must I come?', {
    term: Term,
    incarnation: Incarnation,
    nonce: z.string().min(1).max(64),
    lastIndex: Count,
  }),
  message('sequencer.recovered', 'RECOVER_RES', 'With all that my log holds now you are whole again.', {
    term: Term,
    nonce: z.string().min(1).max(64),
    lastIndex: Count,
  }),
  message('sequencer.handover', 'HANDOVER', 'You have all I have: collect, and lead.', {
    term: Term,
    lastIndex: Count,
    lastTerm: Term,
  }),
]);
export type SequencerMessage = z.infer<typeof SequencerMessage>;

/** Membership: coming and going. Any member passes these on to the coordinator. */
export const MembershipMessage = z.discriminatedUnion('type', [
  message('membership.join', 'JOIN', 'This peer wants to be a member.', { member: Member }),
  message('membership.refuse', 'JOIN_REFUSED', 'This peer may not join, and this is why.', {
    member: PeerId,
    code: z.enum(['duplicate-id', 'cluster-full']),
  }),
  message('membership.leave', 'LEAVE', 'This member wants to leave.', { member: PeerId }),
  message('membership.gone', 'LEAVE_RES', 'This peer is no member any more.', { member: PeerId }),
]);
export type MembershipMessage = z.infer<typeof MembershipMessage>;

/** The meeting of peers that found a cluster together. */
export const MeetingMessage = z.discriminatedUnion('type', [
  message('meeting.report', 'MEET', 'These are the peers I would found a cluster with, or have agreed to.', {
    members: Members,
    /** It is on my disk, and I found with nobody else. */
    agreed: z.boolean(),
    /** So have all the others: I need no answer. */
    founded: z.boolean(),
  }),
]);
export type MeetingMessage = z.infer<typeof MeetingMessage>;

/** Sessions: the way back from the coordinator to whoever submitted. */
export const SessionsMessage = z.discriminatedUnion('type', [
  message('sessions.redirect', 'NOT_COORDINATOR', 'I do not coordinate; I believe this peer does.', {
    coordinator: PeerId.nullable(),
  }),
  message('sessions.retry', 'RETRY', 'I have no room to hold this while I hand over: send it again later.', {
    /** Whose submissions these were; null for an OPEN. */
    session: Count.nullable(),
  }),
]);
export type SessionsMessage = z.infer<typeof SessionsMessage>;

const VectorClock = z
  .array(z.strictObject({ peer: PeerId, life: Count, count: Count }).readonly())
  .max(LIMITS.membersMax)
  .readonly();

/** Causal broadcast, straight between peers and without the log: best effort across crashes. */
export const CausalMessage = z.discriminatedUnion('type', [
  message('causal.message', 'CAUSAL', 'Deliver this behind everything its stamp speaks of.', {
    origin: PeerId,
    stamp: VectorClock,
    topic: Topic,
    payload: z.unknown(),
  }),
  message('causal.fetch', 'CAUSAL_FETCH', 'I miss these: say again what you keep of them.', {
    wanted: z
      .array(z.strictObject({ peer: PeerId, life: Count, after: Count, upTo: Count }).readonly())
      .max(LIMITS.membersMax)
      .readonly(),
  }),
  message('causal.digest', 'CAUSAL_DIGEST', 'This is what I have seen.', { clock: VectorClock }),
]);
export type CausalMessage = z.infer<typeof CausalMessage>;

/** Whose question it is, when it is not the asker's own: that one does not hear the coordinator. */
const reading = { id: Count, reader: PeerId.optional() };

/** Reads: how far the log was committed when a reading began, by a coordinator that is one still. */
export const ReadsMessage = z.discriminatedUnion('type', [
  message('reads.ask', 'READ', 'How far must I have applied the log, to show all that is acknowledged?', {
    ...reading,
  }),
  message('reads.confirm', 'READ_ROUND', 'Do you still obey this term, and none above it?', {
    term: Term,
    round: Count,
  }),
  message('reads.confirmed', 'READ_ROUND_OK', 'I do.', {
    term: Term,
    round: Count,
    incarnation: Incarnation,
  }),
  message('reads.grant', 'READ_RES', 'Up to there.', { ...reading, index: Count }),
]);
export type ReadsMessage = z.infer<typeof ReadsMessage>;

/** Everything peers say to each other once they have greeted. */
export const Message = z.discriminatedUnion('type', [
  SequencerMessage,
  FailureMessage,
  ElectionMessage,
  MembershipMessage,
  MeetingMessage,
  SessionsMessage,
  ReadsMessage,
  CausalMessage,
  DeskMessage,
  AttachmentMessage,
]);
export type Message = z.infer<typeof Message>;

/** Label and meaning of every message, by type: what pages and documents show. */
export const vocabulary: ReadonlyMap<string, { readonly label: string; readonly meaning: string }> = new Map(
  [LinkMessage, ...Message.options].flatMap((group) =>
    group.options.map((schema) => {
      const { label, description } = schema.meta() as { label: string; description: string };
      const type = [...schema.unwrap().shape.type.values][0] as string;
      return [type, { label, meaning: description }] as const;
    }),
  ),
);
