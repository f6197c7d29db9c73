/** One run: the faults of a scenario, then time without any, in which the cluster has to become whole again (L1–L6). */
import { compareIds, configuration } from '../../machines/index.js';
import type { PeerId } from '../../transport/anywhere.js';
import type { SimulatedChat } from './hosted-chat.js';
import { must, Violation } from './invariants.js';
import type { SimulatedProcess } from './process.js';
import { drawnFor } from './random.js';
import { type Scenario, timingsIn } from './scenario.js';
import { holdDownMaxOf, Simulation } from './simulation.js';
import type { SimulatedSystem } from './systems.js';
import { traceHash } from './trace.js';

export interface Outcome {
  /** Null when every invariant held. */
  readonly violation: { readonly invariant: string; readonly detail: string; readonly atMs: number } | null;
  readonly simulatedMs: number;
  readonly steps: number;
  /** From the end of the faults to a coordinator that serves everybody; null when it did not come to that. */
  readonly healedAfterMs: number | null;
  readonly reigns: number;
  readonly committed: number;
  readonly cuts: number;
  readonly acknowledged: number;
  readonly unknown: number;
  readonly refused: number;
  /** Things that took effect in the hosted system; 0 without one. */
  readonly effects: number;
  /** SHA-256 of the trace; null unless it was traced. */
  readonly traceHash: string | null;
}

/** How long the cluster has, in suspect time-outs, to be whole again once the faults have ended. */
const WHOLE_WITHIN_SUSPECTS = 40;

/** By then whoever is not heard any more is suspected, and somebody has been elected. */
const MISSED_WITHIN_SUSPECTS = 4;

const SETTLING_MS = 10;

/**
 * Steps between two peers in a heartbeat interval in which nothing happens: twice what seeds come to, which is 3.5 to 6. Where
 * two of three answered each other's answers, it was 14 and more.
 */
const STEPS_IN_CALM_MAX = 12;

/** An election takes about so long where a death is noticed at once. */
const HEIR_LIVES_MAX_MS = 30;

/**
 * Plays `scenario` to its end.
 *
 * @param onTrace - told every line of the trace; without it nothing is traced, and the run is twice as fast.
 * @param system - hosted in place of the one that the scenario names.
 */
export function run(
  scenario: Scenario,
  onTrace?: (line: string) => void,
  system?: SimulatedSystem | SimulatedChat,
): Outcome {
  const hash = traceHash();
  const trace = (line: string) => {
    hash.add(line);
    onTrace?.(line);
  };
  const simulation = new Simulation(scenario, { onTrace: onTrace && trace, system });
  let violation: Outcome['violation'] = null;
  let healedAfterMs: number | null = null;
  try {
    simulation.runUntil(scenario.horizonMs);
    healedAfterMs = heal(simulation);
  } catch (problem) {
    violation = violationOf(problem, simulation.clock.now());
  }
  const { deliveries, invariants } = simulation;
  return {
    violation,
    simulatedMs: simulation.clock.now(),
    steps: simulation.steps,
    healedAfterMs,
    reigns: invariants.reigns,
    committed: invariants.ledger.length,
    cuts: invariants.cuts,
    acknowledged: deliveries.count('acknowledged'),
    unknown: deliveries.count('unknown'),
    refused: deliveries.count('refused'),
    effects: simulation.system?.effects ?? 0,
    traceHash: onTrace === undefined ? null : hash.digest(),
  };
}

/** Whatever a machine throws is a defect: charts do not throw. */
function violationOf(problem: unknown, atMs: number) {
  const detail = problem instanceof Error ? problem.message : String(problem);
  if (problem instanceof Violation) return { invariant: problem.invariant, detail, atMs };
  return { invariant: 'defect', detail, atMs };
}

/** No more faults: everybody runs, everybody hears everybody. Answers how long it took. */
function heal(simulation: Simulation): number {
  const { scenario, clock } = simulation;
  const { suspectTimeoutMs, takeoverStableMs } = timingsIn(scenario);
  const start = clock.now();
  const limit = start + WHOLE_WITHIN_SUSPECTS * suspectTimeoutMs + takeoverStableMs + holdDownMaxOf(scenario);
  const wait = (invariant: string, holds: () => string | null) => {
    while (holds() !== null) {
      const why = holds();
      must(
        clock.now() < limit,
        invariant,
        () => `${why}, ${Math.round(clock.now() - start)} ms after the last fault`,
      );
      simulation.runUntil(clock.now() + suspectTimeoutMs / 5);
    }
  };
  // What the last faults have begun is over before anybody is brought back.
  simulation.runUntil(start + SETTLING_MS);
  bringBack(simulation);
  wait('L1', () => leaderless(simulation));
  const healed = clock.now() - start;
  // No more is promised of it.
  if (scenario.options.mode === 'classic') return healed;
  if (scenario.options.takeover === 'afterSync') wait('L2', () => notHighest(simulation));
  for (const process of members(simulation)) simulation.submit(process, 10);
  wait('L3', () => unanswered(simulation));
  // In one moment: a load that goes on may have said something more meanwhile, which is on its way then.
  wait('L4', () => unequal(simulation) ?? unanswered(simulation));
  simulation.system?.compare(members(simulation));
  wait('L5', () => unsettled(simulation));
  // A channel that broke unheard just before the end is missed only now, and may cost the office once more.
  simulation.runUntil(Math.max(clock.now(), start + MISSED_WITHIN_SUSPECTS * suspectTimeoutMs));
  wait('L1', () => leaderless(simulation));
  if (scenario.options.takeover === 'afterSync') wait('L2', () => notHighest(simulation));
  const { reigns } = simulation.invariants;
  const isIdle = nobodySaysMore(simulation);
  const steps = stepsInCalm(simulation, 4 * suspectTimeoutMs);
  must(
    !isIdle || steps < STEPS_IN_CALM_MAX,
    'L6',
    () => `nothing happens, and two peers take ${Math.round(steps)} steps a heartbeat`,
  );
  must(
    simulation.invariants.reigns === reigns,
    'L1',
    () => 'the coordinator does not stay, though nothing fails',
  );
  const heir = endCoordinator(simulation);
  if (heir !== null) {
    wait('L1', () => leaderless(simulation));
    must(leads(simulation, heir), 'L2', () => `${heir} is the highest voter left, and was not elected`);
  }
  return healed;
}

/** All that clients were to say has been said. */
const nobodySaysMore = ({ scenario: { faults }, clock }: Simulation): boolean =>
  faults.every((fault) => !('everyMs' in fault) || fault.at + fault.count * fault.everyMs < clock.now());

/** Steps in the next `durationMs`, for each way between two that talk, peers or clients, and each heartbeat interval. */
function stepsInCalm(simulation: Simulation, durationMs: number): number {
  const { clock, steps } = simulation;
  const count = members(simulation).length + simulation.clients.length;
  simulation.runUntil(clock.now() + durationMs);
  const ways = Math.max(1, count * (count - 1));
  return (
    ((simulation.steps - steps) / ways / durationMs) * timingsIn(simulation.scenario).heartbeatIntervalMs
  );
}

/**
 * Kills the coordinator, in the calm; and where enough are left also the one that is to follow it, at some moment of its
 * election. Answers who has to be elected: the highest voter left; null when too few are.
 */
function endCoordinator(simulation: Simulation): PeerId | null {
  const { clock, scenario } = simulation;
  const present = members(simulation);
  const leader = present.find(({ id }) => leads(simulation, id));
  const others = present.filter((process) => process !== leader);
  if (leader === undefined || !simulation.suffice(others)) return null;
  const { configuration: seats } = leader.seen?.log ?? { configuration: configuration.NO_CONFIGURATION };
  const [heir, ...rest] = others
    .filter(({ id }) => configuration.isVoter(seats, id))
    .sort((a, b) => compareIds(b.id, a.id));
  simulation.kill(leader, false);
  if (heir === undefined || !simulation.suffice(others.filter((process) => process !== heir)))
    return heir?.id ?? null;
  simulation.runUntil(clock.now() + HEIR_LIVES_MAX_MS * drawnFor(scenario.seed, 'how long the heir lives'));
  simulation.kill(heir, false);
  return rest[0]?.id ?? null;
}

/** Whoever is down for good stays so, as long as the others are enough to go on, also once nobody is about to leave. */
function bringBack(simulation: Simulation): void {
  const isSettled = members(simulation).every(({ peer }) => peer?.status().role !== 'leaving');
  const down = [...simulation.processes.values()].filter(({ isRunning, isOut }) => !isRunning && !isOut);
  for (const process of down) {
    const isGone = isSettled && process.downs > 0 && simulation.suffice(members(simulation));
    if (isGone) continue;
    process.downs = 0;
    simulation.start(process);
  }
}

const members = ({ processes }: Simulation): readonly SimulatedProcess[] =>
  [...processes.values()].filter(({ isRunning }) => isRunning);

/** Why not all of them know one coordinator and are ready; null when they are. */
function leaderless(simulation: Simulation): string | null {
  const statuses = members(simulation).map(({ peer }) => peer?.status());
  const late = statuses.find((status) => status?.ready !== true);
  if (late !== undefined) return `${late.id} is not ready: ${late.notReady}`;
  const named = new Set(statuses.map((status) => status?.coordinator));
  if (named.size > 1) return `they follow different coordinators: ${[...named].join(', ')}`;
  const absent = [...named].find((id) => id != null && !leads(simulation, id));
  return absent === undefined ? null : `they follow ${absent}, which does not lead`;
}

function notHighest(simulation: Simulation): string | null {
  const alive = members(simulation).map(({ id }) => id);
  const [highest] = [...alive].sort((a, b) => compareIds(b, a));
  return highest === undefined || leads(simulation, highest) ? null : `${highest} should lead, and does not`;
}

const leads = ({ processes }: Simulation, id: PeerId): boolean =>
  processes.get(id)?.peer?.status().role === 'coordinator';

function unanswered({ deliveries, processes, clients }: Simulation): string | null {
  const client = clients.find(({ pending, isServable }) => pending > 0 && isServable);
  if (client !== undefined) return `submissions of client ${client.name} have no outcome`;
  const waiting = [...processes.values()].find(({ peer }) => (peer?.counters().submissions_pending ?? 0) > 0);
  return waiting === undefined || deliveries.count('open') === 0
    ? null
    : `submissions of ${waiting.id} have no outcome`;
}

function unequal(simulation: Simulation): string | null {
  const length = simulation.deliveries.order.length;
  const late = members(simulation).find(({ peer }) => peer?.status().sequence !== length);
  const deaf = simulation.clients.find((client) => client.last !== length && client.isServable);
  if (late === undefined && deaf !== undefined)
    return `client ${deaf.name} has heard ${deaf.last} of ${length} messages`;
  return late === undefined ? null : `${late.id} has not delivered all ${length} messages`;
}

/**
 * Every join, leave and change ends: no configuration is half done, votes are counted as asked for, whoever runs belongs, and
 * whoever has left has no vote.
 */
function unsettled(simulation: Simulation): string | null {
  const { tieBreaker, lastManStanding, minVoters } = simulation.scenario.options;
  for (const { id, seen, incarnation } of members(simulation)) {
    const present = seen?.log.configuration ?? configuration.NO_CONFIGURATION;
    if (configuration.isJoint(present)) return `${id} is in the middle of a change of voters`;
    if (present.tie !== (tieBreaker ? configuration.tieOf(present.voters) : undefined))
      return `${id} has ${present.tie ?? 'nobody'} break the tie`;
    const departed = present.voters.find((voter) => simulation.processes.get(voter.id)?.isOut === true);
    if (departed !== undefined) return `${id} leaves ${departed.id} its vote, which has left`;
    const absent = present.voters.find((voter) => simulation.processes.get(voter.id)?.isRunning !== true);
    if (lastManStanding && absent !== undefined && present.voters.length > minVoters)
      return `${id} leaves ${absent.id} its vote, which is down`;
    const isSeated = configuration.isSeated(present, id, incarnation);
    if (!isSeated && present.voters.length < configuration.VOTERS_MAX) return `${id} runs, and has no vote`;
  }
  return null;
}
