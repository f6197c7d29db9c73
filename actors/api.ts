/** What people hold: the public handle's types. `createPeer` (create-peer.ts) makes one. */
import type { Address, Configuration, Incarnation, Mode, PeerId, Term, View } from '../transport/protocol.js';
import type { CausalChannel } from './broadcasts.js';
import type { ReplicaDefinition, ReplicaHandle } from './replica-api.js';

export type * from './replica-api.js';

/** Where a submission came to stand. */
export interface Receipt {
  /** Its place in the total order, from 1, without holes. */
  readonly sequence: number;
  /** Its place among those of its topic, from 1, without holes. */
  readonly topicSequence: number;
  /** The number of the term whose coordinator ordered it. */
  readonly term: number;
  /** `session.number`: the submission's own id, the same over retries. */
  readonly id: string;
}

/** One payload handed to the application, in order, once. */
export interface Delivery extends Receipt {
  readonly origin: PeerId;
  readonly topic: string;
  readonly payload: unknown;
  /** The coordinator's wall clock when it ordered it, ms since 1970; never decreasing along the order. */
  readonly at: number;
}

/** What this peer believes of one member, from its own detector and that member's last heartbeat. */
export interface Belief {
  readonly id: PeerId;
  /** `unreachable`: others hear it, this peer does not. */
  readonly state: 'self' | 'trusted' | 'suspected' | 'unreachable' | 'failed' | 'unknown';
  readonly follows: PeerId | null;
  readonly term: Term | null;
  readonly hears: readonly PeerId[];
  readonly fit: boolean;
  /** Its process has not stood still lately, and its disk keeps up. */
  readonly healthy: boolean;
  readonly lastIndex: number | null;
}

export type MemberState = 'alive' | 'suspected';

export interface Status {
  readonly id: PeerId;
  readonly pid: number | null;
  readonly incarnation: Incarnation;
  readonly cluster: string;
  readonly clusterId: string | null;
  readonly mode: Mode;
  /** True when the log is on disk. */
  readonly durable: boolean;
  readonly address: Address;
  readonly role: 'coordinator' | 'follower' | 'candidate' | 'learner' | 'unjoined' | 'leaving' | 'stopped';
  readonly term: Term;
  readonly coordinator: PeerId | null;
  readonly view: {
    readonly number: number;
    readonly members: readonly {
      readonly id: PeerId;
      readonly address: Address;
      readonly role: 'voter' | 'learner';
      readonly state: MemberState;
    }[];
  };
  /** The voter that makes a majority of its half of an even number of voters; null where half is never enough. */
  readonly tie: PeerId | null;
  /** Log indexes: committed, applied, last; and how many deliveries that makes. */
  readonly commit: number;
  readonly applied: number;
  readonly last: number;
  readonly sequence: number;
  readonly promised: Term;
  readonly ready: boolean;
  /** Why it is not ready, in words; null when it is. */
  readonly notReady: string | null;
  /** Active state of every machine, by actor id: `{ election: "following.direct", … }`. */
  readonly machines: Readonly<Record<string, string>>;
}

/** Facts a peer reports as they happen. */
export interface PeerEvents {
  view: View;
  configuration: Configuration;
  coordinator: { coordinator: PeerId | null; term: Term };
  role: { role: Status['role'] };
  suspected: { member: PeerId };
  trusted: { member: PeerId };
  warning: { code: string; detail: string };
  /**
   * Mode `classic` only: another coordinator's log has taken the place of ours, and these were delivered here and stand
   * nowhere any more. What stands in their places is delivered next, from the first place that has changed.
   */
  lost: { lost: readonly Delivery[] };
  /** The peer has stopped: by leaving, by being told to, or because it could not go on. */
  stopped: { code: 'left' | 'stopped' | 'failed'; detail: string };
}

/** One record of the trace (INTERFACE §6): what happened to whom, and because of what. */
export interface TraceRecord {
  /** Number of the record, from 1. */
  readonly s: number;
  /** Monotonic ms since the peer started. */
  readonly t: number;
  readonly p: PeerId;
  /** `timer` is one that fired; `timer-set` and `timer-cleared` only where asked for; `lost` and `violation` are a simulator's, `fault` of whoever does faults. */
  readonly k:
    | 'transition'
    | 'send'
    | 'receive'
    | 'lost'
    | 'timer'
    | 'timer-set'
    | 'timer-cleared'
    | 'delivery'
    | 'status'
    | 'fault'
    | 'actor'
    | 'gap'
    | 'violation';
  /** `s` of the record that led here. */
  readonly c?: number;
  /** The actor: `election`, `failure-detector:2`, … */
  readonly a?: string;
  /** The event's type. */
  readonly ev?: string;
  /** The actor's active state after the event, dotted; and before, when it changed. */
  readonly st?: string;
  readonly was?: string;
  /** The other peer of a send or receive. */
  readonly to?: PeerId;
  readonly fr?: PeerId;
  readonly [detail: string]: unknown;
}

export interface TraceOptions {
  /** Tells of timers as they are set (`due` is when they fire) and taken back, too: many records. Default false. */
  readonly isTimed?: boolean;
}

export interface ReadOptions {
  /**
   * How old an answer may be. `linearizable` (default): it shows all that was acknowledged to anybody before it was asked
   * for. `session`: it shows at least the first `atLeast` deliveries, as a receipt or an earlier answer has named them.
   * `local`: what this peer happens to have.
   */
  readonly level?: 'linearizable' | 'session' | 'local';
  readonly atLeast?: number;
  /** How long to wait for a coordinator, ms; default: for ever. */
  readonly timeoutMs?: number;
}

export interface SubmitOptions {
  /** A second submission with the same key, by whomever, has no second effect and gets the first one's receipt. */
  readonly key?: string;
  /** How long to wait, ms; default: for ever. Past it: `no-coordinator` when it was never sent, else `outcome-unknown`. */
  readonly timeoutMs?: number;
}

/** A client: the same `submit`, `execute` and `deliveries` as a peer has, without being a member. `createClient` makes one. */
export interface Client {
  /** One life of a client: `~` and 16 characters. The origin of what it submits. */
  readonly id: string;
  /**
   * As `Peer.submit`: resolves once delivered at the peer it is attached to. When that one is lost, another takes its place,
   * and the submission still takes effect once, behind those submitted before it.
   *
   * @throws ClusterError as `Peer.submit`; `outcome-unknown` also when the session has expired: the cluster has not heard of
   *   this client for ten minutes.
   */
  submit(topic: string, payload: unknown, options?: SubmitOptions): Promise<Receipt>;
  /**
   * As `Peer.read`, through the peer it is attached to: all that had been acknowledged to anybody when it was called stands at
   * or before `sequence`. Whoever follows `deliveries` up to there has seen it; replicas at that peer show it.
   *
   * @param options.timeoutMs - how long to wait for a peer that hears a coordinator; default: as `createClient` was told.
   * @throws ClusterError `no-coordinator` past that: nothing was read. `stopped`.
   */
  read(options?: Pick<ReadOptions, 'timeoutMs'>): Promise<{ readonly sequence: number }>;
  /** @throws ClusterError `bad-command`; `no-result`: it has taken effect, and this peer runs no such replica. */
  replica<State, Command, Result>(
    definition: ReplicaDefinition<State, Command, Result>,
  ): Pick<ReplicaHandle<State, Command, Result>, 'execute'>;
  /**
   * As `Peer.deliveries`, over any number of peers without gap or double. At most 16 at a time.
   *
   * @throws ClusterError `history-gone` when the peer does not keep what comes next any more.
   */
  deliveries(options?: {
    readonly topic?: string;
    readonly after?: number;
    readonly signal?: AbortSignal;
  }): AsyncIterable<Delivery>;
  status(): ClientStatus;
  on<Name extends keyof ClientEvents>(name: Name, listener: (event: ClientEvents[Name]) => void): () => void;
  /** Lets go of the peer. What waits is rejected with `stopped`: it may still take effect. */
  stop(): Promise<void>;
}

export interface ClientStatus {
  readonly id: string;
  /** The peer it is attached to, and whom that one follows. */
  readonly peer: PeerId | null;
  readonly coordinator: PeerId | null;
  /** Submissions without an outcome. */
  readonly pending: number;
  /** Why it is attached to nobody, in words; null when it is. */
  readonly trouble: string | null;
}

export interface ClientEvents {
  attached: { peer: PeerId | null };
  /** Whom the peer it is attached to follows; null while it is attached to none that follows anybody. */
  coordinator: { coordinator: PeerId | null };
  warning: { code: string; detail: string };
}

/** Tells one reign from every other: of two, the later one has the higher term, or the same and the higher sequence. */
export interface Fence {
  readonly term: number;
  /** The place in the log where the reign began. */
  readonly sequence: number;
}

/** What only the coordinator does. `signal` is aborted when it coordinates no more. */
export type CoordinationTask = (reign: {
  readonly signal: AbortSignal;
  readonly fence: Fence;
}) => void | Promise<void>;

export interface Peer {
  readonly id: PeerId;
  /** Where it listens. */
  readonly address: Address;
  /** Resolves once joined, with a coordinator known, and caught up. @throws ClusterError `not-ready-in-time`, `stopped`, or why it could not start. */
  ready(options?: { readonly timeoutMs?: number }): Promise<void>;
  /**
   * Submits `payload` and resolves once this peer has delivered it. It survives changes of coordinator, and takes
   * effect once.
   *
   * @param payload - anything `JSON.stringify` accepts; at most 65,536 bytes encoded.
   * @throws ClusterError `bad-payload`, `bad-topic`, `overloaded` before anything is sent; `no-coordinator`,
   *   `outcome-unknown` past `timeoutMs`; `stopped` when the peer stops first: the payload may still be delivered.
   */
  submit(topic: string, payload: unknown, options?: SubmitOptions): Promise<Receipt>;
  /** Everything delivered after `after` (a sequence, or a topic sequence when `topic` is given; default 0), then what follows, for ever; with 0, from the oldest that is kept. @throws ClusterError `history-gone` when what follows `after` is not kept any more. */
  deliveries(options?: {
    readonly topic?: string;
    readonly after?: number;
    readonly signal?: AbortSignal;
  }): AsyncIterable<Delivery>;
  /** How many of the first deliveries, of all or of a topic, are gone: a snapshot stands for them. */
  dropped(topic?: string): number;
  /**
   * Resolves once `history()` and the state of replicas here show all that `level` asks for; answers how far they reach.
   *
   * @throws ClusterError `no-coordinator` past `timeoutMs`; `stopped`. Nothing was changed.
   *
   * @example
   * await peer.read();
   * const { total } = peer.replica(counter).state();
   */
  read(options?: ReadOptions): Promise<{ readonly sequence: number }>;
  readonly causal: CausalChannel;
  /** Up to `limit` (default 100) deliveries already here, after `after`; from the oldest that is kept where that one is gone. */
  history(options?: {
    readonly topic?: string;
    readonly after?: number;
    readonly limit?: number;
  }): readonly Delivery[];
  /** Topics with the number of their deliveries. */
  topics(): ReadonlyMap<string, number>;
  replica<State, Command, Result>(
    definition: ReplicaDefinition<State, Command, Result>,
  ): ReplicaHandle<State, Command, Result>;
  status(): Status;
  /** Who this peer believes is there, and whom each of them follows. */
  beliefs(): readonly Belief[];
  on<Name extends keyof PeerEvents>(name: Name, listener: (event: PeerEvents[Name]) => void): () => void;
  /**
   * Has the coordinator hand its office over to `to`, losing nothing; resolves once this peer follows `to`. Any member may ask.
   *
   * @throws ClusterError `unknown-member`, `not-a-voter`, `handover-refused`, `no-coordinator`: nothing was changed;
   *   `handover-failed`: begun and given up, the old coordinator serves again; `outcome-unknown` when no answer came.
   */
  transfer(to: PeerId): Promise<{ readonly coordinator: PeerId; readonly term: Term }>;
  /**
   * Runs `task` whenever this peer coordinates and serves, and at once if it does already. Two peers may believe for a
   * moment that they coordinate, so what `task` changes outside the cluster has to carry `fence` and be refused there when
   * a higher one has been seen. A task that throws is warned of, and runs again with the next reign.
   *
   * @returns what ends it: the signal is aborted, and `task` is not run again.
   */
  onCoordination(task: CoordinationTask): () => void;
  /** Hands over when it coordinates, is taken out of the configuration, and stops. */
  leave(): Promise<void>;
  /** Hands over when it coordinates, waits for what was submitted here, and stops, remaining a member. */
  drain(): Promise<void>;
  /** Stops at once, remaining a member; what is on disk stays. */
  stop(): Promise<void>;
  /** The trace: calls `record` for every transition, send, receive and delivery from now on. Costs speed while attached. */
  trace(record: (record: TraceRecord) => void, options?: TraceOptions): () => void;
  /** XState's own inspection events of every actor, with what is there already told first. */
  inspect(observer: (event: InspectedEvent) => void): () => void;
  /** Every statechart that runs: actor id, machine name, definition (XState config as JSON), active state. */
  machines(): readonly {
    readonly actor: string;
    readonly machine: string;
    readonly definition: unknown;
    readonly state: string;
  }[];
  /** Counters of this peer, by name: frames, batches, refusals, elections … */
  counters(): Readonly<Record<string, number>>;
}

/** What `inspect` tells, already free of ids that other processes share and of large contexts. */
export type InspectedEvent =
  | {
      readonly type: 'actor';
      readonly actor: string;
      readonly parent: string | null;
      readonly machine: string;
      readonly definition: unknown;
      readonly snapshot: InspectedSnapshot;
    }
  | {
      readonly type: 'event';
      readonly actor: string;
      readonly source: string | null;
      readonly event: { readonly type: string };
    }
  | {
      readonly type: 'snapshot';
      readonly actor: string;
      readonly event: { readonly type: string };
      readonly snapshot: InspectedSnapshot;
    };

export interface InspectedSnapshot {
  readonly status: 'active' | 'done' | 'error' | 'stopped';
  /** XState's state value; undefined for an actor without states. */
  readonly value: unknown;
  readonly context: Readonly<Record<string, unknown>>;
  readonly tags: readonly string[];
}
