/**
 * A cluster in one thread: real peer actors on a virtual clock, a simulated network, and disks that can be crashed.
 *
 * It is a function of its scenario. Whoever holds it may step it, look at it, and intervene; every invariant is checked
 * after every step, and the step that breaks one throws a `Violation`.
 */
import { type Core, type PeerHandle, type SubmitOptions, timingsOf } from '../../actors/anywhere.js';
import { isMajority } from '../../machines/index.js';
import {
  type Configuration,
  type Member,
  type PeerId,
  type SequencerMessage,
  VirtualClock,
} from '../../transport/anywhere.js';
import { CausalInvariants } from './causal-invariants.js';
import { type ClientFault, SimulatedClient } from './clients.js';
import { DeliveryInvariants } from './delivery-invariants.js';
import { Fences } from './fences.js';
import { checkHandover } from './handover-invariants.js';
import type { SimulatedChat } from './hosted-chat.js';
import { type Hosting, hostingOf, type SystemSurroundings } from './hosting.js';
import { begin, end } from './interventions.js';
import { entriesFrom, Invariants, must } from './invariants.js';
import { Paths } from './paths.js';
import { SimulatedProcess, type Watcher } from './process.js';
import { describe, type Fault, type Scenario } from './scenario.js';
import { type SimulatedSystem, SYSTEMS } from './systems.js';
import { TraceKeeper, type TraceLine } from './trace.js';

export interface SimulationOptions {
  /** Told of everything that happens; costs half the speed. */
  readonly onTrace?: ((line: TraceLine) => void) | undefined;
  /** In place of the one that the scenario names: a system that is not among ours. */
  readonly system?: SimulatedSystem | SimulatedChat | undefined;
}

/** No flapping member waits longer than twice the hold-down here: ten minutes tell no more, and take longer. */
export const holdDownMaxOf = ({ options }: Scenario): number => 2 * timingsOf(options).holdDownMs;

/** What is said on the causal channel: something, or an answer to it. */
interface Broadcast {
  readonly number: number;
  readonly answered: number | null;
}

const PORT = 7000;
const TOPIC = 'general';

/** Voters, and who breaks their tie. */
interface Electorate {
  readonly voters: readonly Member[];
  readonly tie: PeerId | undefined;
}

const electoratesOf = ({ voters, tie, outgoing, outgoingTie }: Configuration): readonly Electorate[] => [
  { voters, tie },
  { voters: outgoing, tie: outgoingTie },
];

export class Simulation implements Watcher {
  readonly scenario: Scenario;
  readonly clock = new VirtualClock();
  readonly paths: Paths;
  readonly processes = new Map<PeerId, SimulatedProcess>();
  readonly invariants: Invariants;
  readonly deliveries = new DeliveryInvariants();
  readonly fences = new Fences();
  readonly clients: SimulatedClient[] = [];
  readonly causal = new CausalInvariants();
  /** What every peer hosts beside the plain messages; null when there is nothing. */
  readonly system: Hosting | null;
  /** What peers warned of or stopped for, newest last. */
  readonly remarks: string[] = [];
  steps = 0;
  readonly #trace: TraceKeeper | undefined;
  /** A violation met in the middle of a step; thrown at its end, when no peer is half-way. */
  #violation: unknown;
  /** Outcomes told within the step: a receipt may be out before the delivery is told. */
  #outcomes: (() => void)[] = [];

  constructor(scenario: Scenario, { onTrace, system }: SimulationOptions = {}) {
    this.scenario = scenario;
    this.paths = new Paths(this.clock, scenario.seed);
    this.#trace = onTrace === undefined ? undefined : new TraceKeeper(this.clock.now, onTrace);
    this.invariants = new Invariants(
      () => [...this.processes.values()],
      () => [...this.processes.values()].some(({ drive }) => drive.hasBeenWiped || drive.hasBeenDamaged),
    );
    const hosted = system ?? (scenario.system === null ? null : SYSTEMS[scenario.system]);
    this.system = hosted === null ? null : hostingOf(hosted, this.#surroundings());
    for (const fault of scenario.faults) this.intervene(fault);
    this.#trace?.header(scenario);
    for (const id of scenario.peers) this.start(this.process(id));
  }

  /** Puts a fault, or a load, on the calendar: at its time, or now when that has passed. */
  intervene(fault: Fault): void {
    const delay = Math.max(0, fault.at - this.clock.now());
    this.clock.setTimeout(() => {
      this.#trace?.fault(this.clock.now(), describe(fault));
      begin(this, fault);
      if ('forMs' in fault) this.clock.setTimeout(() => end(this, fault), fault.forMs);
    }, delay);
  }

  /** One event: a timer, a packet, a sync. Answers false when nothing is under way any more. */
  step(): boolean {
    const isMore = this.clock.runNext();
    this.steps += 1;
    for (const outcome of this.#outcomes.splice(0)) this.#note(outcome);
    if (this.#violation !== undefined) throw this.#violation;
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
    const machine = { id, seed, clock: this.clock, clockRate: clockRates[id] ?? 1, wallClockRate };
    const process = new SimulatedProcess(machine, this);
    this.processes.set(id, process);
    return process;
  }

  /** Starts the peer of a machine, which founds the cluster or joins through whomever it can reach. */
  start(process: SimulatedProcess): void {
    const { id } = process;
    const { peers, options } = this.scenario;
    const peer = process.start(
      {
        ...options,
        holdDownMaxMs: holdDownMaxOf(this.scenario),
        listen: `${id}:${PORT}`,
        seeds: peers.filter((other) => other !== id).map((other) => `${other}:${PORT}`),
        bootstrap: id === peers[0] && !process.drive.hasBeenWiped,
      },
      this.paths.network.restart(id),
    );
    this.#listenTo(process, peer);
    this.#trace?.attach(id, peer);
  }

  kill(process: SimulatedProcess, isPowerCut: boolean): void {
    // With the power, its kernel goes too, and cannot say goodbye.
    if (isPowerCut) this.paths.network.silence(process.id);
    else this.paths.network.crash(process.id);
    process.kill();
  }

  /**
   * Whether the cluster is promised to survive the loss of a disk: a majority of all that may vote keeps theirs. Two voters
   * do not, nor one that is about to be joined by the peer whose disk is lost.
   */
  get maySpareOne(): boolean {
    const electorates = this.#electorates();
    const isAnyDamaged = [...this.processes.values()].some(({ disk }) => disk.damage !== undefined);
    return !isAnyDamaged && electorates.length > 0 && electorates.every(({ voters }) => voters.length >= 3);
  }

  /** Whether these are a majority wherever one is needed: of every configuration that is, or may come to be, in force. */
  suffice(processes: readonly SimulatedProcess[]): boolean {
    const isThere = (seat: Member) =>
      processes.some(
        ({ id, incarnation, disk }) =>
          id === seat.id && incarnation === seat.incarnation && disk.damage === undefined,
      );
    const electorates = this.#electorates();
    return (
      electorates.length > 0 &&
      electorates.every(({ voters, tie }) =>
        isMajority(new Set(voters.filter(isThere).map(({ id }) => id)), voters, tie),
      )
    );
  }

  /** The voters, new and outgoing, of the newest committed configuration and of all that have been proposed since. */
  #electorates(): readonly Electorate[] {
    const settled = this.invariants.ledger.findLastIndex(({ entry }) => entry.kind === 'configuration');
    if (settled === -1) return [];
    const proposed = [...this.processes.values()].flatMap(({ disk, seen }) => [
      ...entriesFrom(disk, settled + 1),
      ...(seen?.log.slice(Math.max(settled, seen.log.base.lastIndex) + 1, Number.MAX_SAFE_INTEGER) ?? []),
    ]);
    const entries = [this.invariants.ledger[settled]?.entry, ...proposed].filter((e) => e !== undefined);
    return entries
      .flatMap((entry) => (entry.kind === 'configuration' ? electoratesOf(entry.body) : []))
      .filter(({ voters }) => voters.length > 0);
  }

  /** A client of this peer submits `bytes`; a key makes a second submission of it harmless. */
  submit(process: SimulatedProcess, bytes: number, options: SubmitOptions = {}): void {
    const { peer } = process;
    if (peer === undefined) return;
    const number = this.deliveries.submit(`${process.id}/${process.lives}`, options.key);
    const payload = { number, filling: 'x'.repeat(bytes) };
    peer.offer(TOPIC, payload, options, {
      resolve: (receipt) => this.#outcomes.push(() => this.deliveries.acknowledged(number, receipt)),
      reject: ({ code }) => this.#outcomes.push(() => this.deliveries.refused(number, code)),
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
      this.#note(() => must(!isOurs, 'defect', () => `${id} stops, though its disk works: ${detail}`));
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

  #note(check: () => void): void {
    try {
      check();
    } catch (violation) {
      this.#violation ??= violation;
    }
  }

  #remark(text: string): void {
    this.remarks.push(`${Math.round(this.clock.now())} ms: ${text}`);
    if (this.remarks.length > 100) this.remarks.shift();
  }
}
