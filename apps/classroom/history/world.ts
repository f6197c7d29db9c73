/** What there is at one place of a history: immutable, and sharing what did not change with other places. */
import type { PeerId } from '../contract.js';

/** A place: the events up to `index` have happened, and it is `ms`; -1 is before the first. Events of one moment are stepped through at the same `ms`. */
export interface Place {
  readonly index: number;
  readonly ms: number;
}

/** `absent` was never started; `left` said goodbye; `stopped` ended by itself. */
export type Condition = 'up' | 'crashed' | 'paused' | 'absent' | 'left' | 'stopped';

/** What one peer holds of another: its detector's state, with `unknown` for whom it does not watch. */
export type Suspicion = 'trusted' | 'verifying' | 'suspected' | 'unreachable' | 'failed' | 'unknown';

/** The last event an actor heard. `was` is null when its state stayed: the event was ignored, or no guard let it through. */
export interface Heard {
  readonly index: number;
  readonly event: string;
  readonly was: string | null;
}

export interface ActorFace {
  /** The chart's id; null for what is no chart. */
  readonly machine: string | null;
  /** As the trace writes it: `coordinating.{office.serving,pulse.beating}`. */
  readonly state: string;
  /** When it came to this state, ms; when it is first heard of, in a trace that begins later. */
  readonly since: number;
  readonly heard: Heard | null;
}

export interface TimerFace {
  readonly actor: string;
  /** XState's event, `xstate.after.…`. */
  readonly event: string;
  readonly setAt: number;
  readonly due: number;
}

/** What a peer is known for; changes seldom. */
export interface PeerCore {
  readonly id: PeerId;
  readonly condition: Condition;
  readonly conditionSince: number;
  /** As `status` tells it, else worked out from the charts: coordinator, follower, candidate, learner, unjoined, leaving, stopped. */
  readonly role: string;
  readonly roleSince: number;
  /** Whom it follows; null when it knows of nobody. */
  readonly follows: PeerId | null;
  readonly term: number;
  readonly view: number;
  readonly members: readonly PeerId[];
  readonly commit: number;
  readonly suspicion: Readonly<Record<PeerId, Suspicion>>;
  /** States of the charts that make its role. */
  readonly charts: Readonly<Record<RoleChart, string>>;
  /** How many times it was started. */
  readonly lives: number;
  /** The event that began this life; -1 when the trace begins in the middle of it. */
  readonly bornIndex: number;
  /** Messages to it are lost, or all that it says: by a fault that lasts. */
  readonly isDeaf: boolean;
  readonly isMute: boolean;
}

export type RoleChart = 'peer' | 'membership' | 'election' | 'sequencer';

/** A peer at a place; what follows from its single events is looked up when it is asked for. */
export interface PeerFace extends PeerCore {
  readonly actors: Readonly<Record<string, ActorFace>>;
  readonly timers: readonly TimerFace[];
  /** Entries of the log handed to the application. */
  readonly delivered: number;
  /** Its last event, and when; -1 before the first. */
  readonly lastIndex: number;
  readonly lastMs: number;
}

/** A message under way, as much as is known at the place; its end stands in the history's flight of the same id. */
export interface Aloft {
  readonly id: string;
  readonly from: PeerId;
  readonly to: PeerId;
  readonly type: string;
  readonly sentAt: number;
  /** When it should arrive; null while it is held, or where nobody knows. */
  readonly due: number | null;
}

export interface Cut {
  readonly from: PeerId;
  readonly to: PeerId;
}

/** A fault that began and has not ended. */
export interface Trouble {
  readonly index: number;
  readonly kind: string;
  readonly words: string;
  /** Tells it from others, so that its end finds it. */
  readonly key: string;
}

/** What changes only with some events. */
export interface Core {
  /** In order of rank, the lowest first. */
  readonly ids: readonly PeerId[];
  readonly peers: Readonly<Record<PeerId, PeerCore>>;
  readonly cuts: readonly Cut[];
  /** The sides of partitions in force. */
  readonly partitions: readonly (readonly (readonly PeerId[])[])[];
  readonly troubles: readonly Trouble[];
  /** Who leads now, as they themselves see it; crashed and paused ones do not. */
  readonly leaders: readonly PeerId[];
  /** Somebody has led: before that, nobody is missed. */
  readonly hasBegun: boolean;
  /** Time without a leader, and with several, summed up to `countedTo`, the last change of leaders. */
  readonly leaderlessMs: number;
  readonly rivalryMs: number;
  readonly countedTo: number;
}

export interface World extends Core {
  readonly place: Place;
  readonly peers: Readonly<Record<PeerId, PeerFace>>;
  readonly aloft: readonly Aloft[];
  /** Messages said so far, by wire type. What carries nothing and is said all the time counts as `heartbeat`. */
  readonly said: Readonly<Record<string, number>>;
  readonly lost: number;
  readonly elections: number;
}

export const NO_CORE: Core = {
  ids: [],
  peers: {},
  cuts: [],
  partitions: [],
  troubles: [],
  leaders: [],
  hasBegun: false,
  leaderlessMs: 0,
  rivalryMs: 0,
  countedTo: 0,
};
