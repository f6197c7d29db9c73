/** What a monitor takes from a peer: as much of its answers as is shown, checked, for a stranger may listen at that address. */
import * as z from 'zod';

const Id = z.string().min(1).max(64);
const Count = z.number().int().min(0);

export const SeenStatus = z.object({
  id: Id,
  pid: z.number().nullable(),
  cluster: z.string().max(64),
  role: z.string().max(32),
  term: z.object({ n: Count }),
  coordinator: Id.nullable(),
  view: z.object({ number: Count, members: z.array(z.object({ id: Id, role: z.string().max(32) })).max(64) }),
  applied: Count,
  last: Count,
  sequence: Count,
  notReady: z.string().max(2000).nullable(),
  machines: z.record(z.string().max(100), z.string().max(1000)),
});
export type SeenStatus = z.output<typeof SeenStatus>;

export const SeenBeliefs = z
  .array(
    z.object({
      id: Id,
      state: z.string().max(32),
      follows: Id.nullable(),
      term: z.object({ n: Count }).nullable(),
      lastIndex: Count.nullable(),
    }),
  )
  .max(64);
export type SeenBeliefs = z.output<typeof SeenBeliefs>;

/** Of a record of the trace, what the monitor tells from. */
export const SeenRecord = z.object({
  k: z.string().max(32),
  a: z.string().max(100).optional(),
  ev: z.string().max(200).optional(),
  st: z.string().max(1000).optional(),
  was: z.string().max(1000).optional(),
  fr: z.string().max(64).optional(),
  lost: z.number().optional(),
  code: z.string().max(100).optional(),
  detail: z.string().max(2000).optional(),
  /** Of a fault that somebody did. */
  words: z.string().max(5000).optional(),
});
export type SeenRecord = z.output<typeof SeenRecord>;

export const SeenMachines = z
  .array(
    z.object({
      actor: z.string().max(100),
      machine: z.string().max(100),
      definition: z.unknown(),
      state: z.string(),
    }),
  )
  .max(1000);
export type SeenMachines = z.output<typeof SeenMachines>;
