/** What the messages of protocol.ts are made of: names, limits, members, entries. People import all of it from there. */
import * as z from 'zod';

export const LIMITS = {
  /** One application payload, encoded. */
  payloadBytesMax: 64 * 1024,
  /** One frame on a connection, encoded. */
  frameBytesMax: 512 * 1024,
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
  /** Characters of a snapshot's state in one message: below 256 KiB, encoded. */
  partCharactersMax: 32 * 1024,
} as const;

export const PeerId = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'must match [A-Za-z0-9][A-Za-z0-9._-]{0,63}');
/** A process that can speak the protocol. */
export type PeerId = z.infer<typeof PeerId>;

export const Count = z.number().int().nonnegative();

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

export const Members = z.array(Member).max(LIMITS.membersMax).readonly();
export const PeerIds = z.array(PeerId).max(LIMITS.membersMax).readonly();

export const Configuration = z
  .strictObject({
    clusterId: z.string().min(1).max(64),
    voters: Members,
    /** The voters being replaced; empty unless this configuration is joint. */
    outgoing: Members,
    learners: Members,
    /** The voter whose half of an even number of voters is a majority; none where no half is. */
    tie: PeerId.optional(),
    /** The same among the outgoing ones. */
    outgoingTie: PeerId.optional(),
  })
  .readonly();
/** Who votes, and how votes are counted. The latest one in a log holds, committed or not. */
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

const Hash = z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256');

/** Which snapshot it is, and what of it comes next or is here already, in characters. */
export const snapshotPlace = { lastIndex: Count, hash: Hash, offset: Count };

/** All of a snapshot but the state. */
export const snapshotHead = {
  lastIndex: Count,
  lastTerm: Term,
  lastAt: Count,
  configuration: Configuration,
  configurationIndex: Count,
  view: View.nullable(),
  viewIndex: Count,
  hash: Hash,
};

/** One part of a snapshot on its way. */
export const snapshotPart = {
  head: z.strictObject(snapshotHead).readonly(),
  offset: Count,
  text: z.string().max(LIMITS.partCharactersMax),
  isLast: z.boolean(),
};

export const Topic = z.string().min(1).max(LIMITS.topicCharactersMax);

/** Who submits: a peer, or a client, whose id begins with `~`. */
export const Origin = z
  .string()
  .regex(/^~?[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'must be the id of a peer or a client');

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
  entry('session', z.strictObject({ peer: Origin, nonce: z.string().min(1).max(64) }).readonly()),
]);
/** One place of the log. Its index is its position, from 1; `at` is the coordinator's clock, ms, never decreasing. */
export type Entry = z.infer<typeof Entry>;

/** A message: its type, who says it, and what; with its textbook label and one sentence of meaning. */
export const message = <Type extends string, Body extends z.core.$ZodLooseShape>(
  type: Type,
  label: string,
  meaning: string,
  body: Body,
) =>
  z
    .strictObject({ type: z.literal(type), from: PeerId, ...body })
    .readonly()
    .meta({ label, description: meaning });

/** A greeting must be understood across versions, if only to be refused: what a later version adds is left out. */
export const greeting = <Type extends string, Body extends z.core.$ZodLooseShape>(
  type: Type,
  label: string,
  meaning: string,
  body: Body,
) =>
  z
    .object({ type: z.literal(type), from: PeerId, ...body })
    .readonly()
    .meta({ label, description: meaning });
