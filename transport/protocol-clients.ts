/**
 * What clients and peers say to each other. A client is no member: it talks with one peer at a time, whose desk serves it.
 *
 * A client's id begins with `~`, which no peer's does, so neither can ever speak in the name of the other.
 */
import * as z from 'zod';
import { Address, Count, LIMITS, message, PeerId, Topic } from './protocol-parts.js';
import { Submissions } from './protocol-runs.js';

export const CLIENT_LIMITS = {
  /** Submissions of one client that may be under way. */
  windowMax: 1024,
  /** Subscriptions of one client. */
  subscriptionsMax: 16,
  /** Where members listen, as one message tells it. */
  addressesMax: 128,
} as const;

/** Which submission a delivery was: its session, and its number there. */
const DeliveryId = z.string().regex(/^\d{1,16}\.\d{1,16}$/, 'must be SESSION.NUMBER');

export const ClientId = z.string().regex(/^~[a-z0-9]{16}$/, 'must be ~ and 16 letters or digits');
/** One life of a client. */
export type ClientId = z.infer<typeof ClientId>;

const Nonce = z.string().min(1).max(64);
const Subscription = Count.max(1_000_000);

/** What a client asks of the peer it is attached to. */
export const DeskMessage = z.discriminatedUnion('type', [
  message('desk.open', 'OPEN', 'Please have a session opened for me, or renewed.', {
    from: ClientId,
    nonce: Nonce,
  }),
  message('desk.submit', 'SUBMIT', 'Please have these payloads ordered, which my session numbers.', {
    from: ClientId,
    session: Count,
    submissions: Submissions,
  }),
  message(
    'desk.follow',
    'SUBSCRIBE',
    'I have everything up to there: send what follows, once there is any.',
    {
      from: ClientId,
      subscription: Subscription,
      topic: Topic.nullable(),
      /** A sequence, or a topic sequence where there is a topic. */
      after: Count,
    },
  ),
  message('desk.unfollow', 'UNSUBSCRIBE', 'I want no more of that.', {
    from: ClientId,
    subscription: Subscription,
  }),
  message('desk.read', 'READ', 'What must I have seen, to have seen all that is acknowledged by now?', {
    from: ClientId,
    /** Counts up; a newer question takes the place of an older one. */
    id: Count,
  }),
  message('desk.ping', 'PING', 'I am here; are you?', { from: ClientId }),
]);
export type DeskMessage = z.infer<typeof DeskMessage>;

const ReceiptOfNumber = z
  .strictObject({
    number: Count,
    sequence: Count,
    topicSequence: Count,
    term: Count,
    id: DeliveryId,
    /** What the replica answered, where the submission was a command and this peer runs that replica. */
    result: z.unknown().optional(),
  })
  .readonly();

const Delivered = z
  .strictObject({
    sequence: Count,
    topicSequence: Count,
    term: Count,
    id: DeliveryId,
    origin: z.string().min(1).max(65),
    topic: Topic,
    payload: z.unknown(),
    at: Count,
  })
  .readonly();

/** What the peer tells its client. */
export const AttachmentMessage = z.discriminatedUnion('type', [
  message('attachment.news', 'PONG', 'I am here; this is whom I follow, and where members listen.', {
    coordinator: PeerId.nullable(),
    addresses: z.array(Address).max(CLIENT_LIMITS.addressesMax).readonly(),
  }),
  message('attachment.opened', 'OPENED', 'Your session is open, and has this number.', {
    nonce: Nonce,
    session: Count,
  }),
  message('attachment.settled', 'ACK', 'These submissions have taken effect, and stand there.', {
    session: Count,
    receipts: z.array(ReceiptOfNumber).max(LIMITS.batchEntriesMax).readonly(),
  }),
  message('attachment.missed', 'GAP', 'A submission before the last one is missing: send them again.', {
    session: Count,
  }),
  message('attachment.expired', 'SESSION_EXPIRED', 'That session is not known any more.', { session: Count }),
  message('attachment.readable', 'READ_RES', 'All that was acknowledged then stands up to there.', {
    id: Count,
    sequence: Count,
  }),
  message('attachment.delivered', 'EVENT', 'These follow the place you have named.', {
    subscription: Subscription,
    after: Count,
    deliveries: z.array(Delivered).max(LIMITS.batchEntriesMax).readonly(),
  }),
  message(
    'attachment.gone',
    'GONE',
    'What follows there is not kept any more: the first `dropped` are gone.',
    {
      subscription: Subscription,
      after: Count,
      dropped: Count,
    },
  ),
  message('attachment.dismissed', 'DISMISSED', 'I serve you no longer, and this is why.', {
    code: z.enum(['silent', 'misbehaved']),
    detail: z.string().max(300),
  }),
]);
export type AttachmentMessage = z.infer<typeof AttachmentMessage>;
