/**
 * The systems that a simulation can host, and what it has to know of each.
 *
 * A system gives its pure replica, draws commands, honest and dishonest, and says what must hold of a state (I18). The rest,
 * that all members have equal states at equal places, is checked for every system alike (hosted-system.ts). The chat has no
 * replica: its rooms are the log itself (hosted-chat.ts).
 */
import type { Delivery, ReplicaChange, ReplicaDefinition } from '../../actors/anywhere.js';
import type { PeerId } from '../../transport/anywhere.js';
import type { SimulatedChat } from './hosted-chat.js';
import type { Random } from './random.js';
import { simulatedAuction } from './system-auction.js';
import { simulatedChat } from './system-chat.js';
import { simulatedEnergy } from './system-energy.js';
import { simulatedSensor } from './system-sensor.js';

/** Where a command is drawn for. */
export interface Situation<State> {
  /** Whoever submits it. */
  readonly peer: PeerId;
  /** All there are or have been. */
  readonly peers: readonly PeerId[];
  /** As that peer knows it just now. */
  readonly state: State;
}

/** Counts again what a system holds, from nothing but its log. */
export interface Audit<State = unknown, Result = unknown> {
  /** The next entry of its topic, in order, whatever it says. */
  enter(entry: Delivery): void;
  /** What a change is not as the entries so far, its own the last of them, make it; null when it is. */
  faultOf(change: ReplicaChange<State, Result>): string | null;
}

export interface SimulatedSystem<State = unknown, Command = unknown, Result = unknown> {
  readonly replica: ReplicaDefinition<State, Command, Result>;
  /** Any command that might come, a liar's too: a function of `random` and the situation. */
  readonly commandOf: (random: Random, situation: Situation<State>) => Command;
  /** What is wrong with a state, in words; null when nothing is. Asked at every step of every peer, so it is quick. */
  readonly faultOf: (state: State) => string | null;
  /** What is wrong with a step from one state to the next; null when nothing is. */
  readonly stepFaultOf?: (change: ReplicaChange<State, Result>) => string | null;
  /** Names of what took effect by this step, such as trades that were settled: each may do so at one place of the log only. */
  readonly effectsOf: (change: ReplicaChange<State, Result>) => readonly string[];
  /** A fresh one for each run. */
  readonly audit?: () => Audit<State, Result>;
}

/** Forgets the types of one system: they meet again in its own functions. */
const untyped = <State, Command, Result>(system: SimulatedSystem<State, Command, Result>): SimulatedSystem =>
  system as unknown as SimulatedSystem;

/** By name, as `--system` says it. */
export const SYSTEMS = {
  energy: untyped(simulatedEnergy),
  sensor: untyped(simulatedSensor),
  auction: untyped(simulatedAuction),
  chat: simulatedChat,
} as const satisfies Record<string, SimulatedSystem | SimulatedChat>;

export type SystemName = keyof typeof SYSTEMS;
export const SYSTEM_NAMES = Object.keys(SYSTEMS) as [SystemName, ...SystemName[]];
