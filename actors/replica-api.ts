/** Replicas as people hold them: what `defineReplica` is given, and what `peer.replica()` answers. */
import type * as z from 'zod';
import type { PeerId } from '../transport/protocol.js';
import type { Transport } from '../transport/transport.js';
import type { SubmitOptions } from './api.js';
import type { PeerOptionsInput } from './options.js';
import type { TimerSetting } from './timekeeper.js';

/** What `defineReplica` is given: a pure replicated state machine. */
export interface ReplicaDefinition<State, Command, Result> {
  readonly name: string;
  readonly command: z.ZodType<Command>;
  readonly initial: () => State;
  /** Pure: no clock, no chance, no I/O. A command at which it throws changes nothing; `execute` says `bad-command`. */
  readonly apply: (
    state: State,
    command: Command,
    context: { readonly sequence: number; readonly at: number; readonly origin: PeerId },
  ) => { readonly state: State; readonly result: Result; readonly timers?: readonly TimerSetting[] };
  /**
   * A deadline that was set has passed by the time of the log; it is not set any more. Pure, like `apply`. Commands are
   * never objects with a key `$timer`, which is how it stands in the log.
   */
  readonly expire?: (
    state: State,
    timer: { readonly name: string; readonly at: number },
    context: { readonly sequence: number; readonly at: number; readonly origin: PeerId },
  ) => { readonly state: State; readonly timers?: readonly TimerSetting[] };
}

/** What `createPeer` takes: the options, replicas to host from the first entry on, and what stands before its network. */
export type PeerOptionsWithReplicas = PeerOptionsInput & {
  // biome-ignore lint/suspicious/noExplicitAny: each replica has types of its own, which meet only in `replica()`.
  readonly replicas?: readonly ReplicaDefinition<any, any, any>[];
  /** What the peer speaks through in place of its own transport, which it is given: for who does faults to it. */
  readonly throughTransport?: (own: Transport) => Transport;
};

/** One step of a replica's state. */
export interface ReplicaChange<State, Result> {
  readonly before: State;
  readonly state: State;
  /** A command of `origin`, with what came of it; a deadline that has passed; or a snapshot that was taken over. */
  readonly cause: 'command' | 'deadline' | 'snapshot';
  readonly result?: Result;
  /** Its place in the total order, who submitted it, and the time of the log; of a snapshot: 0, nobody, 0. */
  readonly sequence: number;
  readonly origin: PeerId;
  readonly at: number;
}

export interface ReplicaHandle<State, Command, Result> {
  /** The state after everything delivered here so far. */
  state(): State;
  /** Calls `listener` within the step that changed the state, from now on, in order. It must not throw. @returns what ends it. */
  watch(listener: (change: ReplicaChange<State, Result>) => void): () => void;
  /**
   * Applies `command` at one place of the total order, on every member, once; resolves when applied here.
   *
   * @throws ClusterError `bad-command` when it does not fit the schema, or `apply` throws at it; else as `Peer.submit`.
   */
  execute(
    command: Command,
    options?: SubmitOptions,
  ): Promise<{ readonly result: Result; readonly sequence: number }>;
}
