/**
 * The time before 0: the peers start, find each other, and become one cluster in which all vote and the highest leads.
 *
 * It is played with the shipped protocol like everything else, only over a network that takes no time to speak of, and nobody
 * watches. A run begins at the first moment after that in which nothing is under way.
 */
import { compareIds, configuration } from '../../../machines/index.js';
import { Simulation, type SimulationOptions, timingsIn } from '../../simulator/index.js';
import type { Script } from '../contract.js';
import { ScriptProblem } from './script.js';

/** In suspect time-outs: longer than any formation takes. */
const PATIENCE_SUSPECTS = 20;
/** How often it is looked whether there is a cluster, ms. */
const LOOK_MS = 10;

/** The peers of a scenario, started and not yet met. */
export function gathered(scenario: Script['scenario'], options: SimulationOptions): Simulation {
  // Where the first founds that is the highest, so that nobody has to take over from anybody.
  const peers = [...scenario.peers].sort((a, b) => compareIds(b, a));
  const founding = peers.length <= configuration.VOTERS_MAX ? 'together' : 'first';
  const simulation = new Simulation(
    { network: { loss: 0 }, ...scenario, peers, founding, faults: [] },
    options,
  );
  if (simulation.post !== undefined) simulation.post.isForming = true;
  return simulation;
}

/**
 * Plays up to the moment at which a run begins; it may be left alone after every step.
 *
 * @throws ScriptProblem when no cluster comes about: the script's time-outs allow none.
 */
export function* forming(simulation: Simulation): Generator<undefined, void> {
  const { clock, post, scenario } = simulation;
  const { suspectTimeoutMs, takeoverStableMs, joinGraceMs } = timingsIn(scenario);
  const limitMs = PATIENCE_SUSPECTS * (suspectTimeoutMs + joinGraceMs) + takeoverStableMs;
  let lookMs = 0;
  // Everything has to stay as it is for a suspect time-out.
  for (let calmMs = suspectTimeoutMs; clock.now() < calmMs || post?.isQuiet === false; ) {
    if (clock.now() > limitMs) throw new ScriptProblem('no cluster comes about with these time-outs');
    simulation.step();
    yield;
    if (clock.now() < lookMs) continue;
    lookMs = clock.now() + LOOK_MS;
    if (!isFormed(simulation)) calmMs = clock.now() + suspectTimeoutMs;
  }
  post?.begin();
}

/** All that may vote do, the highest leads, and everybody knows as much as everybody else. */
function isFormed(simulation: Simulation): boolean {
  if (!isLevel(simulation)) return false;
  const { peers } = simulation.scenario;
  const seats = Math.min(peers.length, configuration.VOTERS_MAX);
  const statuses = [...simulation.processes.values()].map(({ peer }) => peer?.status());
  const [first] = statuses;
  return statuses.every(
    (status) =>
      status?.ready === true &&
      status.coordinator === peers[0] &&
      status.view.number === first?.view.number &&
      status.view.members.length === peers.length &&
      status.view.members.filter(({ role }) => role === 'voter').length === seats,
  );
}

/** The logs are equal, and all of each is committed: most of what a status would say, at less cost. */
function isLevel({ processes }: Simulation): boolean {
  const cores = [...processes.values()].map(({ seen }) => seen);
  const last = cores[0]?.log.lastIndex ?? 0;
  return (
    last > 1 &&
    cores.every((core) => core !== undefined && core.commit === last && core.log.lastIndex === last)
  );
}
