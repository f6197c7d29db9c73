/** What a simulation asks of whatever its peers host beside the plain messages, and what that has of the simulation. */
import type { PeerHandle, SubmitOptions } from '../../actors/anywhere.js';
import type { PeerId } from '../../transport/anywhere.js';
import type { DeliveryInvariants } from './delivery-invariants.js';
import { HostedChat, type SimulatedChat } from './hosted-chat.js';
import { HostedSystem } from './hosted-system.js';
import type { SimulatedProcess } from './process.js';
import type { SimulatedSystem } from './systems.js';

export interface Hosting {
  /** How many things took effect. */
  readonly effects: number;
  /** Hosts it on a peer that has just been started. */
  host(process: SimulatedProcess, peer: PeerHandle): void;
  /** Somebody at this peer does something. */
  submit(process: SimulatedProcess, options: SubmitOptions): void;
  /** All these peers have delivered the same: what they hold is one. */
  compare(processes: readonly SimulatedProcess[]): void;
}

export interface SystemSurroundings {
  readonly seed: number;
  readonly deliveries: DeliveryInvariants;
  readonly peers: () => readonly PeerId[];
  /** Runs a check that may throw a violation. */
  readonly note: (check: () => void) => void;
  /** Does it at the end of the step: a receipt may be out before the delivery is told. */
  readonly later: (outcome: () => void) => void;
}

export const hostingOf = (
  system: SimulatedSystem | SimulatedChat,
  surroundings: SystemSurroundings,
): Hosting =>
  'replica' in system ? new HostedSystem(system, surroundings) : new HostedChat(system, surroundings);
