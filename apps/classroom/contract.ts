/**
 * What the parts of the classroom promise each other: engine ─ lines ─▶ history ─ worlds ─▶ panes.
 *
 * A run is a function of its script; whatever is on the screen is a function of the trace and a place in it.
 */
import type { Fault, Scenario } from '../simulator/index.js';

export type PeerId = string;

/** Something done to a run, at a virtual time in ms. Faults are the simulator's own; the rest is about single messages and timers. */
export type Act = Fault | MessageAct | TimerAct;

/** Which messages: one by its id, or all that match from `at` on for `forMs`, the first `most` of them. */
export type MessageSelector =
  | { readonly id: string }
  | {
      readonly from?: PeerId;
      readonly to?: PeerId;
      /** The wire type, `election.answer`. */
      readonly type?: string;
      readonly forMs?: number;
      readonly most?: number;
    };

export type MessageAct =
  | { readonly kind: 'drop' | 'hold' | 'duplicate'; readonly at: number; readonly which: MessageSelector }
  /** Arrives that much later, ms; sooner with a negative one, though not before the act. */
  | { readonly kind: 'delay'; readonly at: number; readonly which: MessageSelector; readonly byMs: number }
  /** Arrives at this moment, however long it would have taken or was held. */
  | { readonly kind: 'deliver'; readonly at: number; readonly which: { readonly id: string } };

/** A pending timer of a machine: `toMs` after `at` in place of when it was due; 0 fires it now. */
export interface TimerAct {
  readonly kind: 'timer';
  readonly at: number;
  readonly peer: PeerId;
  /** The actor and XState's event, as the trace names them: `failure-detector:7`, `xstate.after.…`. */
  readonly actor: string;
  readonly event: string;
  readonly toMs: number;
}

/** A whole run as plain data: what a link carries and a file keeps. */
export interface Script {
  readonly v: 1;
  readonly name?: string;
  /** Peers, seed, mode, timings, latency and loss: the simulator's, without faults. */
  readonly scenario: Omit<Scenario, 'faults' | 'founding'>;
  readonly acts: readonly Act[];
}

/** A record of the trace, one JSON line. The simulator's and a peer's own are alike; only a simulator knows `m`, `due` and `why`. */
export interface TraceEvent {
  readonly s: number;
  /** Virtual ms in a simulation; the peer's own monotonic ms otherwise. */
  readonly t: number;
  /** The peer; '' for what concerns the cluster. */
  readonly p: PeerId;
  /**
   * `send` has `m`, `due`; `receive` has `m`; `lost` tells the end of a message that never arrives, `why` it;
   * `timer-set` has `a`, `ev`, `due`, `timer-cleared` the same `a`, `ev`; `timer` is one that fired;
   * `status` is told when one of its fields changes; `fault` has `act`, `phase` and `words`;
   * `mark` is a moment that somebody has marked in a recording, `words` say why.
   */
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
    | 'violation'
    | 'mark';
  readonly c?: number;
  readonly a?: string;
  readonly ev?: string;
  readonly st?: string;
  readonly was?: string;
  readonly to?: PeerId;
  readonly fr?: PeerId;
  /** A message: `4>5#17`, the 17th that peer 4 said to peer 5. */
  readonly m?: string;
  /** When it will arrive or fire, as things stand; null while it is held. */
  readonly due?: number | null;
  readonly why?: 'dropped' | 'cut' | 'down' | 'no-channel' | 'broken';
  readonly act?: Act;
  readonly phase?: 'begin' | 'end';
  readonly words?: string;
  readonly [detail: string]: unknown;
}

/** What a `status` record tells; all that others may believe of a peer, and it of others. */
export interface StatusFields {
  readonly role: string;
  readonly coordinator: PeerId | null;
  readonly term: number;
  readonly view: number;
  readonly members: readonly PeerId[];
  readonly commit: number;
}

/** The engine, in a worker or not: plays a script up to a time and tells its trace. */
export interface Engine {
  /**
   * Plays from the start, or goes on when `script` differs from what is being played only in acts that lie ahead.
   * Lines come in parts, in order; `isFresh` begins a new trace.
   */
  play(
    script: Script,
    untilMs: number,
    hear: (part: {
      readonly lines: readonly string[];
      readonly isFresh: boolean;
      readonly nowMs: number;
    }) => void,
  ): Promise<void>;
  /** What may happen next, for untimed play: messages under way and timers set. */
  close(): void;
}
