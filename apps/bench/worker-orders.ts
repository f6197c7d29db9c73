/** What the bench tells its worker processes and what they answer: plain JSON over the channel of the child process. */
import type { PeerOptionsInput, Status } from '../../actors/index.js';
import type { Mark } from './statistics.js';

export type Load =
  /** As fast as it goes, with that many submissions waiting for their delivery. */
  | { readonly kind: 'saturating'; readonly inFlight: number }
  /** At a fixed rate, however long the answers take. */
  | { readonly kind: 'steady'; readonly perSecond: number };

export type Order =
  | { readonly do: 'start'; readonly options: PeerOptionsInput }
  | { readonly do: 'load'; readonly load: Load; readonly payloadBytes: number }
  /** Submits nothing more; answered once everything submitted has its answer. */
  | { readonly do: 'rest' }
  | { readonly do: 'status' }
  /** Answered once the peer follows `to`. */
  | { readonly do: 'transfer'; readonly to: string }
  /** Answered with what was recorded since the last time. */
  | { readonly do: 'record' }
  /** Answered with what the process takes. */
  | { readonly do: 'weigh' };

/** What a worker has seen. All times are ms of the machine's monotonic clock, which its processes share. */
export interface Recording {
  /** How many deliveries the application had taken, and when. */
  readonly marks: readonly Mark[];
  /** From submission to delivery at the submitter, of each message of a steady load. */
  readonly latencies: readonly number[];
  /** When each message of a steady load was submitted, by whomever, and delivered here. */
  readonly arrivals: readonly (readonly [submitted: number, delivered: number])[];
  /** Submissions that were refused or whose outcome stayed unknown. */
  readonly failures: number;
  /** How often this peer has suspected another, and told of another coordinator or of none. */
  readonly suspicions: number;
  readonly coordinatorChanges: number;
}

/** What a worker's process takes, and what its peer keeps. */
export interface Weight {
  readonly rssMiB: number;
  /** What lived on the heap after the last full collection; until there was one, what is on it. */
  readonly heapMiB: number;
  /** Messages that can still be read here: the others stand in a snapshot. */
  readonly kept: number;
  /** One of them as JSON; 0 when there is none. */
  readonly entryBytes: number;
}

export interface Answers {
  readonly start: { readonly address: string };
  readonly load: null;
  readonly rest: null;
  readonly status: Status;
  readonly transfer: null;
  readonly record: Recording;
  readonly weigh: Weight;
}

export interface Request {
  readonly number: number;
  readonly order: Order;
}

export type Response =
  | { readonly number: number; readonly ok: true; readonly answer: Answers[Order['do']] }
  | { readonly number: number; readonly ok: false; readonly detail: string };

/** Now, by the clock that all processes of this machine share, ms. */
export const sharedNow = (): number => Number(process.hrtime.bigint()) / 1e6;
