/** What lasts, and what is marked, along a history: for bars, bands, ticks and lamps. */
import type { PeerId } from '../contract.js';

/** How a peer's row looks for a while. */
export type BarLook =
  | 'absent'
  | 'starting'
  | 'following'
  | 'candidate'
  | 'waiting'
  /** Hears no majority, or has just lost it: it does not stand. */
  | 'lonely'
  | 'leading'
  | 'leaving'
  | 'paused'
  | 'crashed';

/** A stretch of one peer's row, up to the next. */
export interface Bar {
  /** The event it begins with. */
  readonly index: number;
  readonly from: number;
  /** Null for the one that goes on. */
  readonly to: number | null;
  readonly look: BarLook;
  /** In one word, for people: `canvassing`. */
  readonly word: string;
}

/** Who led, as one of them saw it: two at once are two reigns that overlap. */
export interface Reign {
  readonly leader: PeerId;
  readonly term: number;
  readonly from: number;
  readonly to: number | null;
}

export interface Mark {
  readonly at: number;
  readonly index: number;
  readonly kind: 'fault' | 'fault-end' | 'candidate' | 'violation' | 'gap' | 'branch' | 'bookmark';
  readonly peer: PeerId | null;
  readonly words: string;
}

export type LampName = 'one-leader-per-term' | 'highest-leads' | 'same-order' | 'no-gap' | 'causal-order';

export interface Lamp {
  readonly name: LampName;
  readonly words: string;
  /** `not yet`: it has to become true, and may; `unknown`: this trace does not tell enough to judge. */
  readonly state: 'holds' | 'not yet' | 'broken' | 'unknown';
  /** The event that broke it. */
  readonly index: number | null;
  /** What happened, or what is missing, in one sentence. */
  readonly detail: string;
}

/** What `step` goes to. */
export type StepKind = 'event' | 'message' | 'state' | 'leader' | 'fault' | 'violation';
