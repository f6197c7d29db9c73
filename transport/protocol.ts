/**
 * The whole conversation on one page: everything peers say to each other, declared once.
 *
 * Every message carries its textbook label and one sentence of meaning as zod metadata; types are inferred, and pages
 * and documents read the same metadata. A message's type is `<machine that hears it>.<verb>`, so it is the event.
 */
import { z } from 'zod';

/** Spoken by this build; a peer that speaks another one is refused in the greeting. */
export const PROTOCOL_VERSION = 1;

export const LIMITS = {
  /** One application payload, encoded. */
  payloadBytesMax: 64 * 1024,
  /** One frame on a connection, encoded. */
  frameBytesMax: 1024 * 1024,
  /** What one batch of entries or submissions aims to stay below, encoded. */
  batchBytesMax: 256 * 1024,
  /** Entries or submissions in one message. */
  batchEntriesMax: 256,
  /** Messages in one frame. */
  frameMessagesMax: 1024,
  /** The one frame that is heard before the greeting, encoded. */
  greetingBytesMax: 8 * 1024,
  /** Levels of objects and arrays in one message, itself included; a payload stands at the sixth. */
  depthMax: 16,
  /** Levels of objects and arrays in one payload: what is left of a message's. */
  payloadDepthMax: 11,
  /** Members of one configuration, learners included. */
  membersMax: 128,
  topicCharactersMax: 64,
} as const;

export const PeerId = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'must match [A-Za-z0-9][A-Za-z0-9._-]{0,63}');
/** A process that can speak the protocol. */
export type PeerId = z.infer<typeof PeerId>;

const Count = z.number().int().nonnegative();

export const Term = z.strictObject({ n: Count, owner: PeerId }).readonly();
/** The reign of one coordinator. It names the only peer that may lead it; ordered by `n`, then by owner. */
export type Term = z.infer<typeof Term>;

export const Address = z.string().min(3).max(270);
/** `HOST:PORT` */
export type Address = z.infer<typeof Address>;

export const Incarnation = z.string().min(1).max(64);
/** One life of a peer's disk: a peer that has lost its promises has a new incarnation. */
export type Incarnation = z.infer<typeof Incarnation>;

export const Member = z
  .strictObject({ id: PeerId, incarnation: Incarnation, address: Address, priority: z.number().int() })
  .readonly();
export type Member = z.infer<typeof Member>;

const Members = z.array(Member).max(LIMITS.membersMax).readonly();
const PeerIds = z.array(PeerId).max(LIMITS.membersMax).readonly();

export const Configuration = z
  .strictObject({
    clusterId: z.string().min(1).max(64),
    voters: Members,
    /** The voters being replaced; empty unless this configuration is joint. */
    outgoing: Members,
    learners: Members,
  })
  .readonly();
/** Who votes. The latest one in a log holds, committed or not. */
export type Configuration = z.infer<typeof Configuration>;

export const View = z
  .strictObject({
    number: Count,
    coordinator: PeerId,
    members: z
      .array(
        z
          .strictObject({
            id: PeerId,
            incarnation: Incarnation,
            address: Address,
            role: z.enum(['voter', 'learner']),
            state: z.enum(['alive', 'suspected']),
          })
          .readonly(),
      )
      .max(LIMITS.membersMax)
      .readonly(),
  })
  .readonly();
/** The agreed set of members, as applications learn it: in the log, at one place for all. */
export type View = z.infer<typeof View>;

export const Topic = z.string().min(1).max(LIMITS.topicCharactersMax);

export const Submission = z
  .strictObject({
    /** Counts a session's submissions from 1. */
    number: Count.min(1),
    topic: Topic,
    payload: z.unknown(),
    /** An idempotency key: a second submission with it takes no second effect. */
    key: z.string().min(1).max(128).optional(),
  })
  .readonly();
/** A payload offered to the cluster. */
export type Submission = z.infer<typeof Submission>;

const entry = <Kind extends string, Body extends z.ZodType>(kind: Kind, body: Body) =>
  z.strictObject({ kind: z.literal(kind), term: Term, at: Count, body }).readonly();

export const Entry = z.discriminatedUnion('kind', [
  entry('submission', z.strictObject({ session: Count, submission: Submission }).readonly()),
  entry('noop', z.null()),
  entry('configuration', Configuration),
  entry('view', View),
  entry('session', z.strictObject({ peer: PeerId, nonce: z.string().min(1).max(64) }).readonly()),
]);
/** One place of the log. Its index is its position, from 1; `at` is the coordinator's clock, ms, never decreasing. */
export type Entry = z.infer<typeof Entry>;

const Entries = z.array(Entry).max(LIMITS.batchEntriesMax).readonly();

const message = <Type extends string, Body extends z.core.$ZodLooseShape>(
  type: Type,
  label: string,
  meaning: string,
  body: Body,
) =>
  z
    .strictObject({ type: z.literal(type), from: PeerId, ...body })
    .readonly()
    .meta({ label, description: meaning });

export const Mode = z.enum(['safe', 'safe-mem']);
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

/** A greeting must be understood across versions, if only to be refused: what a later version adds is left out. */
const greeting = <Type extends string, Body extends z.core.$ZodLooseShape>(
  type: Type,
  label: string,
  meaning: string,
  body: Body,
) =>
  z
    .object({ type: z.literal(type), from: PeerId, ...body })
    .readonly()
    .meta({ label, description: meaning });

/** The greeting: nothing else is heard on a connection before it. */
export const LinkMessage = z.discriminatedUnion('type', [
  greeting('link.hello', 'HELLO', 'I have dialled you; this is who I am.', introduction),
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
    heard: PeerIds,
    lastIndex: Count,
  }),
]);
export type FailureMessage = z.infer<typeof FailureMessage>;

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
  }),
  message('sequencer.rejected', 'APPEND_NO', 'My log does not join yours there; try again from `hint`.', {
    term: Term,
    promised: Term,
    hint: Count,
  }),
  message('sequencer.submit', 'SUBMIT', 'Please order these payloads, which my session numbers.', {
    session: Count,
    submissions: z.array(Submission).max(LIMITS.batchEntriesMax).readonly(),
  }),
  message('sequencer.open', 'OPEN', 'Please open a session for me.', { nonce: z.string().min(1).max(64) }),
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
]);
export type MembershipMessage = z.infer<typeof MembershipMessage>;

/** Sessions: the way back from the coordinator to whoever submitted. */
export const SessionsMessage = z.discriminatedUnion('type', [
  message('sessions.redirect', 'NOT_COORDINATOR', 'I do not coordinate; I believe this peer does.', {
    coordinator: PeerId.nullable(),
  }),
]);
export type SessionsMessage = z.infer<typeof SessionsMessage>;

/** Everything peers say to each other once they have greeted. */
export const Message = z.discriminatedUnion('type', [
  SequencerMessage,
  FailureMessage,
  ElectionMessage,
  MembershipMessage,
  SessionsMessage,
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
