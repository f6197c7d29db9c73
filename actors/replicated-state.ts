/** The replicated state as text: what every member has derived from the same entries, to the letter the same. */
import * as z from 'zod';
import type { HashState } from '../machines/values/running-hash.js';
import type { SessionTableState } from '../machines/values/session-table.js';
import { ClusterError, type ClusterErrorCode } from './errors.js';

const Count = z.number().int().nonnegative();
const Placed = z
  .strictObject({ sequence: Count, topicSequence: Count, term: Count, id: z.string() })
  .readonly();
const Session = z
  .strictObject({
    peer: z.string(),
    nonce: z.string(),
    next: Count,
    activeAt: z.number(),
    receipts: z.array(Placed).readonly().nullable(),
  })
  .readonly();
const Keyed = z.strictObject({ receipt: Placed, at: z.number() }).readonly();
const Table: z.ZodType<SessionTableState> = z.strictObject({
  at: z.number(),
  time: z.number(),
  sweptAt: z.number(),
  sessions: z.array(z.tuple([Count, Session]).readonly()).readonly(),
  keys: z.array(z.tuple([z.string(), Keyed]).readonly()).readonly(),
});

/** The state of a replica after so many deliveries of its topic. */
const Carried = z
  .strictObject({
    upTo: Count,
    state: z.unknown(),
    /** Deadlines that are set: name, and ms since 1970. */
    timers: z
      .array(z.tuple([z.string(), z.number()]).readonly())
      .readonly()
      .default([]),
  })
  .readonly();
export type Carried = z.infer<typeof Carried>;

export const ReplicatedState = z
  .strictObject({
    format: z.literal(1),
    sessions: Table,
    /** Deliveries so far, in all and by topic. */
    sequence: Count,
    topics: z.array(z.tuple([z.string(), Count]).readonly()).readonly(),
    /** By topic. */
    replicas: z.array(z.tuple([z.string(), Carried]).readonly()).readonly(),
    hash: z.tuple([z.number(), z.number()]).readonly() satisfies z.ZodType<HashState>,
  })
  .readonly();
export type ReplicatedState = z.infer<typeof ReplicatedState>;

/** @throws ClusterError `journal-failed` when the text is no state that this build understands. */
export function readState(text: string): ReplicatedState {
  try {
    return ReplicatedState.parse(JSON.parse(text));
  } catch {
    const code: ClusterErrorCode = 'journal-failed';
    throw new ClusterError(code, 'the snapshot holds no state that this build understands');
  }
}
