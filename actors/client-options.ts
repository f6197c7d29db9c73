/** Every setting of a client, in one schema. Times are milliseconds. */
import * as z from 'zod';
import { Address, LIMITS } from '../transport/protocol.js';
import { TransportKind } from '../transport/protocol-discovery.js';

export const ClientOptions = z.strictObject({
  /** `HOST:PORT` of any live peers; one suffices. In a browser also `wss://HOST/PATH`, if something in front speaks TLS. */
  seeds: z.array(Address).min(1, 'names no peer to begin with').max(64),
  cluster: z.string().min(1).max(64).default('bullpen'),
  /** The peers' own. A web page speaks `ws` alone. */
  transport: TransportKind.default('ws'),
  /** Submissions that may wait for their outcome. */
  pendingMax: z.number().int().min(1).max(1_000_000).default(10_000),
  /** And bytes of their payloads, encoded. */
  pendingBytesMax: z
    .number()
    .int()
    .min(LIMITS.payloadBytesMax)
    .default(8 * 1024 * 1024),
  /** How long a submission waits for its outcome unless it says so itself; default: for ever. */
  timeoutMs: z.number().int().min(1).optional(),
  /** How often the peer is asked whether it is there; after three times as long without an answer another one is tried. */
  pingIntervalMs: z.number().int().min(10).max(3000).default(1000),
  /** How long a peer may be without a coordinator before another one is tried. */
  unservedMs: z.number().int().min(10).max(600_000).default(3000),
  /** The pause between two attempts: half of the first to all of it, doubled with every failure up to the second. */
  backOffMinMs: z.number().int().min(1).max(60_000).default(50),
  backOffMaxMs: z.number().int().min(1).max(600_000).default(2000),
});
export type ClientOptions = z.output<typeof ClientOptions>;
/** What a caller writes: everything but `seeds` may be left out. */
export type ClientOptionsInput = z.input<typeof ClientOptions>;
