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

/** In suspect time-outs and stable times of a takeover: longer than any formation takes. */
const PATIENCE = 100;
/** How often it is looked whether there is a cluster, ms. */
const LOOK_MS = 10;
/** For so many suspect time-outs everything has to stay as it is. */
const CALM_SUSPECTS = 1;

export interface Formed {
  readonly simulation: Simulation;
  /** Virtual ms that it took. */
  readonly formedMs: number;
}

/**
 * Plays up to the moment at which a run begins.
 *
 * @throws ScriptProblem when no cluster comes about: the script's time-outs allow none.
 */
export function form(scenario: Script['scenario'], options: SimulationOptions): Formed {
  // Where the first founds that is the highest, so that nobody has to take over from anybody.
  const peers = [...scenario.peers].sort((a, b) => compareIds(b, a));
  const isFoundedTogether = peers.length <= configuration.VOTERS_MAX;
  const simulation = new Simulation(
    { network: { loss: 0 }, ...scenario, peers, faults: [] },
    { ...options, isFoundedTogether },
  );
  const { clock, post } = simulation;
  if (post === undefined) throw new Error('there is no post');
  post.isForming = true;
  const { suspectTimeoutMs, takeoverStableMs, joinGraceMs } = timingsIn(scenario);
  const limit = PATIENCE * (suspectTimeoutMs + joinGraceMs) + takeoverStableMs;
  const calmMs = CALM_SUSPECTS * suspectTimeoutMs;
  for (let calmUntil = calmMs; clock.now() < calmUntil; ) {
    if (clock.now() > limit) throw new ScriptProblem('no cluster comes about with these time-outs');
    simulation.runUntil(clock.now() + LOOK_MS);
    if (!isFormed(simulation)) calmUntil = clock.now() + calmMs;
  }
  while (!post.isQuiet) simulation.step();
  post.begin();
  return { simulation, formedMs: clock.now() };
}

/** All that may vote do, the highest leads, and everybody knows as much as everybody else. */
function isFormed(simulation: Simulation): boolean {
  const {
    processes,
    scenario: { peers },
  } = simulation;
  if (!isLevel(simulation)) return false;
  const statuses = [...processes.values()].map(({ peer }) => peer?.status());
  const seats = Math.min(peers.length, configuration.VOTERS_MAX);
  const first = statuses.find((status) => status?.id === peers[0]);
  return statuses.every(
    (status) =>
      status?.ready === true &&
      status.coordinator === peers[0] &&
      status.view.number === first?.view.number &&
      status.view.members.length === peers.length &&
      status.view.members.filter(({ role }) => role === 'voter').length === seats &&
      status.commit === first.last &&
      status.last === first.last,
  );
}

/** The logs are equal, and all of each is committed: what a status says of them, at less cost. */
function isLevel({ processes }: Simulation): boolean {
  const cores = [...processes.values()].map(({ seen }) => seen);
  const last = cores[0]?.log.lastIndex;
  return cores.every(
    (core) => core !== undefined && core.commit === core.log.lastIndex && core.commit === last && last > 1,
  );
}
