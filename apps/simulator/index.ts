/**
 * What people import from `bullpen/simulator`: whole clusters in one thread, in Node or in a browser.
 *
 * @example
 * const scenario = planOf(17, { peers: 3, kinds: FAULT_KINDS });
 * const { violation, traceHash } = simulate(scenario, (line) => console.log(line));
 */

export type { SimulatedChat } from './hosted-chat.js';
export { begin as beginFault, end as endFault } from './interventions.js';
export { Violation } from './invariants.js';
export { type PlanSettings, planOf } from './plan.js';
export type { Letter, Loss, Post, PostRule } from './post.js';
export { type Outcome, run as simulate } from './run.js';
export { describe, FAULT_KINDS, Fault, type FaultKind, Network, Scenario, timingsIn } from './scenario.js';
export { keeping, type Shrunk, shrink } from './shrink.js';
export { Simulation, type SimulationOptions } from './simulation.js';
export {
  type Audit,
  type SimulatedSystem,
  type Situation,
  SYSTEM_NAMES,
  SYSTEMS,
  type SystemName,
} from './systems.js';
export { traceHash } from './trace.js';
