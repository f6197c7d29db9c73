/**
 * A cluster in one thread: real peer actors on a virtual clock, a simulated network, and disks that can be crashed.
 *
 * It is a function of its scenario. Whoever holds it may step it, look at it, and intervene; every invariant is checked
 * after every step, and the step that breaks one throws a `Violation`.
 */
import type { Core, PeerHandle, SubmitOptions } from '../../actors/anywhere.js';
import { type PeerId, type SequencerMessage, VirtualClock } from '../../transport/anywhere.js';
import { CausalInvariants } from './causal-invariants.js';
import { type ClientFault, SimulatedClient } from './clients.js';
import { DeliveryInvariants } from './delivery-invariants.js';
import { believedBy, type Electorate, maySpareOne, proposedIn, suffice, suspectedBy } from './electorates.js';
import { Fences } from './fences.js';
import { checkHandover } from './handover-invariants.js';
import type { SimulatedChat } from './hosted-chat.js';
import { type Hosting, hostingOf, type SystemSurroundings } from './hosting.js';
import { begin, end } from './interventions.js';
import { Invariants, must, Violation } from './invariants.js';
import { Paths } from './paths.js';
import { Post } from './post.js';
import { SimulatedProcess, type Watcher } from './process.js';
import { describe, type Fault, type Scenario, timingsIn } from './scenario.js';
import { type SimulatedSystem, SYSTEMS } from './systems.js';
import { type Telling, TraceKeeper, type TraceLine } from './trace.js';

export interface SimulationOptions {
  /** Told of everything that happens; costs half the speed. */
  readonly onTrace?: ((line: TraceLine) => void) | undefined;
  /** In place of the one that the scenario names: a system that is not among ours. */
  readonly system?: SimulatedSystem | SimulatedChat | undefined;
  /** Whether invariants are checked; default: all but in mode classic, which promises none of them. Costs a third. */
  readonly isChecked?: boolean | undefined;
  /** Told of what breaks an invariant, in place of having it thrown. */
  readonly onViolation?: ((violation: Violation) => void) | undefined;
}

/** No flapping member waits longer than twice the hold-down here: ten minutes tell no more, and take longer. */
export const holdDownMaxOf = (scenario: Scenario): number => 2 * timingsIn(scenario).holdDownMs;

/** What is said on the causal channel: something, or an answer to it. */
interface Broadcast {
  readonly number: number;
  readonly answered: number | null;
}

const PORT = 7000;
const TOPIC = 'general';

export class Simulation implements Watcher {
  readonly scenario: Scenario;
  readonly clock = new VirtualClock();
  readonly paths: Paths;
  /** By which messages go one by one; undefined where the scenario says nothing of its network. */
  readonly post: Post | undefined;
  readonly processes = new Map<PeerId, SimulatedProcess>();
  readonly invariants: Invariants;
  readonly deliveries: DeliveryInvariants;
  readonly fences = new Fences();
  readonly clients: SimulatedClient[] = [];
  readonly causal = new CausalInvariants();
  /** What every peer hosts beside the plain messages; null when there is nothing. */
  readonly system: Hosting | null;
  /** What peers warned of or stopped for, newest last. */
  readonly remarks: string[] = [];
  steps = 0;
  readonly #isChecked: boolean;
  readonly #onViolation: ((violation: Violation) => void) | undefined;
  #trace: TraceKeeper | undefined;
  /** A violation met in the middle of a step; thrown at its end, when no peer is half-way. */
  #violation: unknown;
  /** Outcomes told within the step: a receipt may be out before the delivery is told. */
  #outcomes: (() => void)[] = [];

  constructor(scenario: Scenario, settings: SimulationOptions = {}) {
    const { onTrace, system, isChecked, onViolation } = settings;
    this.scenario = scenario;
    this.#isChecked = isChecked ?? scenario.options.mode !== 'classic';
    this.#onViolation = onViolation;
    this.post = this.#postOf(scenario);
    this.paths = new Paths(this.clock, scenario.seed, this.post);
    this.deliveries = new DeliveryInvariants(
      () => scenario.wallClockRate !== 1 || [...this.processes.values()].some((one) => one.hasSetItsClock),
    );
    this.invariants = new Invariants(
      () => [...this.processes.values()],
      () => [...this.processes.values()].some(({ drive }) => drive.hasBeenWiped || drive.hasBeenDamaged),
    );
    const hosted = system ?? (scenario.system === null ? null : SYSTEMS[scenario.system]);
    this.system = hosted === null ? null : hostingOf(hosted, this.#surroundings());
    for (const fault of scenario.faults) this.intervene(fault);
    if (onTrace !== undefined) this.trace(onTrace);
    for (const id of scenario.peers) this.start(this.process(id));
  }

  /** Puts a fault, or a load, on the calendar: at its time, or now when that has passed. */
  intervene(fault: Fault): void {
    const delay = Math.max(0, fault.at - this.clock.now());
    this.clock.setTimeout(() => {
      this.#trace?.tell({ k: 'fault', ev: describe(fault) });
      begin(this, fault);
      if ('forMs' in fault) this.clock.setTimeout(() => end(this, fault), fault.forMs);
    }, delay);
  }

  /**
   * Tells `onTrace` of everything from now on, which is 0 in the trace. Where messages go by the post, all of the simulator's
   * own knowledge is told too: names and dues of messages, timers, what is delivered.
   *
   * @param details - added to the header.
   */
  trace(onTrace: (line: TraceLine) => void, details?: object): void {
    this.#trace = new TraceKeeper(this.clock.now, onTrace, this.post);
    this.#trace.header(this.scenario, details);
    for (const { id, peer } of this.processes.values()) if (peer) this.#follow(id, peer);
  }

  /** Tells something in the trace, if there is one; answers its number. */
  tell(telling: Telling): number | undefined {
    return this.#trace?.tell(telling);
  }

  /** One event: a timer, a packet, a sync. Answers false when nothing is under way any more. */
  step(): boolean {
    const isMore = this.clock.runNext();
    this.steps += 1;
    for (const outcome of this.#outcomes.splice(0)) this.#note(outcome);
    if (this.#violation !== undefined) this.#complain(this.#violation);
    return isMore;
  }

  /** Lets time pass until it is `time`, ms. */
  runUntil(time: number): void {
    while ((this.clock.nextDue ?? time) < time) this.step();
    this.clock.runUntil(time);
  }

  process(id: PeerId): SimulatedProcess {
    const known = this.processes.get(id);
    if (known !== undefined) return known;
    const { seed, clockRates, wallClockRate } = this.scenario;
    const { clock, post } = this;
    const pace = { clockRate: clockRates[id] ?? 1, wallClockRate };
    const machine = { id, seed, clock, ...pace, post, isChecked: this.#isChecked };
    const process = new SimulatedProcess(machine, this);
    this.processes.set(id, process);
    return process;
  }

  /** Starts the peer of a machine, which founds the cluster or joins through whomever it can reach. */
  start(process: SimulatedProcess): void {
    const { id } = process;
    const { peers, options } = this.scenario;
    const { timings, ...others } = options;
    const peer = process.start(
      {
        ...others,
        ...timings,
        holdDownMaxMs: holdDownMaxOf(this.scenario),
        listen: `${id}:${PORT}`,
        seeds: peers.filter((other) => other !== id).map((other) => `${other}:${PORT}`),
        ...this.#foundingOf(process),
      },
      this.paths.network.restart(id),
    );
    this.#listenTo(process, peer);
    // Those set from now on are known by when they are due.
    if (this.post !== undefined) peer.timers.pending();
    this.#follow(id, peer);
  }

  /** Who founds with others is told the same in every life; who founds alone, no more once its disk was lost. */
  #foundingOf({ id, drive }: SimulatedProcess): { expect: number } | { bootstrap: boolean } {
    const { peers, founding } = this.scenario;
    if (founding === 'first') return { bootstrap: id === peers[0] && !drive.hasBeenWiped };
    return peers.includes(id) ? { expect: peers.length } : { bootstrap: false };
  }

  #follow(id: PeerId, peer: PeerHandle): void {
    this.#trace?.attach(id, peer, this.scenario.clockRates[id] ?? 1);
  }

  kill(process: SimulatedProcess, isPowerCut: boolean): void {
    // With the power, its kernel goes too, and cannot say goodbye.
    if (isPowerCut) this.paths.network.silence(process.id);
    else this.paths.network.crash(process.id);
    if (process.isRunning) this.#trace?.detach(process.id);
    process.kill();
  }

  /** Whether the cluster is promised to survive the loss of a disk. */
  get maySpareOne(): boolean {
    const isAnyDamaged = [...this.processes.values()].some(({ disk }) => disk.damage !== undefined);
    const missed = this.scenario.options.lastManStanding ? suspectedBy([...this.processes.values()]) : [];
    return !isAnyDamaged && maySpareOne(this.#electorates(), missed);
  }

  /** Whether these are a majority wherever one is needed: of every configuration that is, or may come to be, in force. */
  suffice(processes: readonly SimulatedProcess[]): boolean {
    return suffice(processes, this.#electorates());
  }

  #electorates(): readonly Electorate[] {
    const processes = [...this.processes.values()];
    return this.#isChecked ? proposedIn(processes, this.invariants.ledger) : believedBy(processes);
  }

  /** A client of this peer submits so many bytes, or words; a key makes a second submission of it harmless. */
  submit(process: SimulatedProcess, said: number | string, options: SubmitOptions = {}): void {
    const { peer } = process;
    if (peer === undefined) return;
    const number = this.deliveries.submit(`${process.id}/${process.lives}`, options.key);
    const content = typeof said === 'string' ? { text: said } : { filling: 'x'.repeat(said) };
    const payload = { number, ...content };
    peer.offer(TOPIC, payload, options, {
      resolve: (receipt) => this.#outcomes.push(() => this.deliveries.acknowledged(number, receipt)),
      reject: (error) => this.#outcomes.push(() => this.deliveries.refused(number, error)),
    });
  }

  /** Somebody at this peer gives the hosted system a command, if there is one. */
  command(process: SimulatedProcess, options: SubmitOptions = {}): void {
    this.system?.submit(process, options);
  }

  /** This peer broadcasts on the causal channel. */
  broadcast({ id, lives, peer }: SimulatedProcess, answered: number | null = null): void {
    if (peer?.status().ready !== true) return;
    const payload: Broadcast = { number: this.causal.sent(`${id}/${lives}`), answered };
    peer.causal.send(TOPIC, payload);
  }

  /** Somebody reads at this peer. */
  read({ id, peer }: SimulatedProcess): void {
    const check = peer === undefined ? undefined : this.deliveries.reading(id);
    peer?.readings.ask({}, (problem) => {
      // After the step: what it delivers within it is told at its end.
      if (problem === null) this.#outcomes.push(() => check?.(peer.status().sequence));
    });
  }

  /** A client begins. */
  visit(fault: ClientFault): void {
    const watcher = {
      later: (outcome: () => void) => void this.#outcomes.push(outcome),
      note: (check: () => void) => this.#note(check),
    };
    this.clients.push(new SimulatedClient(`c${this.clients.length + 1}`, fault, this, watcher));
  }

  stored(process: SimulatedProcess): void {
    this.#note(() => this.invariants.stored(process));
  }

  said(process: SimulatedProcess, message: SequencerMessage): void {
    this.#note(() => this.invariants.said(process, message));
  }

  #surroundings(): SystemSurroundings {
    return {
      seed: this.scenario.seed,
      deliveries: this.deliveries,
      peers: () => [...this.processes.keys()],
      note: (check) => this.#note(check),
      later: (outcome) => void this.#outcomes.push(outcome),
    };
  }

  #listenTo(process: SimulatedProcess, peer: PeerHandle): void {
    const { id } = process;
    this.system?.host(process, peer);
    peer.onCore((core) => this.#observe(process, core));
    peer.onCoordination(({ fence }) => this.#note(() => this.fences.note(id, fence)));
    peer.onDeliveries((deliveries) => {
      for (const delivery of deliveries) this.#note(() => this.deliveries.delivered(id, delivery));
    });
    const life = `${id}/${process.lives}`;
    peer.causal.on((messages) => {
      for (const { origin, payload } of messages) {
        const { number, answered } = payload as Broadcast;
        this.#note(() => this.causal.delivered(life, number));
        // Without conversation no order would be missed.
        if (answered === null && origin !== id) this.broadcast(process, number);
      }
    });
    peer.on('view', (view) => this.#note(() => this.deliveries.installed(life, view)));
    peer.on('warning', ({ code, detail }) => this.#remark(`${id}: ${code}: ${detail}`));
    peer.on('stopped', ({ code, detail }) => {
      this.#remark(`${id}: ${code}: ${detail}`);
      const isOurs = code === 'failed' && !process.drive.hasFailed;
      const defect = () => must(!isOurs, 'defect', () => `${id} stops, though its disk works: ${detail}`);
      this.#note(defect, true);
      // Past the step that tells of it: it has not finished yet.
      this.clock.setTimeout(() => this.#buried(process, peer, code === 'left'), 0);
    });
  }

  /** Its process has ended by itself. */
  #buried(process: SimulatedProcess, peer: PeerHandle, hasLeft: boolean): void {
    if (process.peer !== peer) return;
    this.kill(process, false);
    if (!hasLeft) return;
    process.isOut = true;
    process.drive.wipe();
  }

  #observe(process: SimulatedProcess, core: Core): void {
    const before = process.seen;
    process.seen = core;
    this.#note(() => this.invariants.observe(process, before, core));
    this.#note(() => checkHandover(process.id, before, core));
  }

  #note(check: () => void, isAlwaysPromised = false): void {
    if (!this.#isChecked && !isAlwaysPromised) return;
    try {
      check();
    } catch (violation) {
      this.#violation ??= violation;
    }
  }

  #complain(violation: unknown): void {
    this.#violation = undefined;
    if (this.#onViolation === undefined || !(violation instanceof Violation)) throw violation;
    this.#onViolation(violation);
  }

  #postOf({ seed, network }: Scenario): Post | undefined {
    if (network === undefined) return undefined;
    return new Post({
      clock: this.clock,
      seed,
      network,
      slowMs: (from, to) => this.paths.slowMs(from, to),
      isRunning: (id) => this.processes.get(id)?.isRunning === true,
    });
  }

  #remark(text: string): void {
    this.remarks.push(`${Math.round(this.clock.now())} ms: ${text}`);
    if (this.remarks.length > 100) this.remarks.shift();
  }
}
