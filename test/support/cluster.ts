/**
 * A cluster in one thread, in virtual time: real peers on the memory network, with verbs for stories.
 *
 * A run is a function of its seed. Journals outlive a crash, as disks do.
 */
import {
  type Delivery,
  type Environment,
  PeerOptions,
  type PeerOptionsInput,
  type Status,
  type SubmitOptions,
  startPeer,
} from '../../actors/index.js';
import { emptyMemory, type JournalMemory, memoryJournal } from '../../actors/journal-memory.js';
import type { PeerHandle } from '../../actors/peer-handle.js';
import { draw } from '../../machines/values/chance.js';
import { MemoryNetwork, type MemoryNetworkOptions } from '../../transport/memory.js';
import type { Term } from '../../transport/protocol.js';
import type { Transport } from '../../transport/transport.js';
import { VirtualClock } from '../../transport/virtual-clock.js';
import { PausableClock } from './pausable-clock.js';

export interface ClusterSettings {
  readonly seed?: number;
  readonly peers: readonly string[];
  /** Founds the cluster; the others join through it. Default: the first. */
  readonly founder?: string;
  readonly options?: Partial<PeerOptionsInput>;
  /** How long a disk takes to write; default 1 ms. */
  readonly diskMs?: number;
  /** How the network behaves; may draw from the cluster's own chance. */
  readonly network?: (random: () => number) => Partial<MemoryNetworkOptions>;
}

/** How one peer starts that is not like the others. */
export interface Start {
  /** It runs beside the one of that id, and the cluster's verbs keep meaning that one. */
  readonly isNamesake?: boolean;
  /** What it stands on in place of what the cluster gives. */
  readonly environment?: Partial<Environment>;
  /** What stands between it and the network. */
  readonly behind?: (transport: Transport) => Transport;
}

/** What a peer acknowledged to its user: text and place. */
export interface Acknowledged {
  readonly text: string;
  readonly sequence: number;
}

export class Cluster {
  readonly clock = new VirtualClock();
  readonly network: MemoryNetwork;
  readonly peers = new Map<string, PeerHandle>();
  readonly acknowledged: Acknowledged[] = [];
  readonly failed: { readonly text: string; readonly code: string }[] = [];
  /** Every term that anybody ever led, with all that did: a step of any sequencer is enough to be seen. */
  readonly reigns = new Map<string, Set<string>>();
  readonly warnings: string[] = [];
  /** What any peer, dead ones included, ever delivered at a place, shortened: more than one are two truths. */
  readonly delivered = new Map<number, Set<string>>();
  readonly #clocks = new Map<string, PausableClock>();
  readonly #wallClockShifts = new Map<string, number>();
  readonly #journals = new Map<string, JournalMemory>();
  readonly #settings: ClusterSettings;
  #seed: number;

  constructor(settings: ClusterSettings) {
    this.#settings = settings;
    this.#seed = settings.seed ?? 1;
    const { random } = this;
    this.network = new MemoryNetwork({ clock: this.clock, random, ...settings.network?.(random) });
  }

  readonly random = (): number => {
    const { value, seed } = draw(this.#seed);
    this.#seed = seed;
    return value;
  };

  /** Starts a peer, or a namesake beside the one that runs. */
  start(
    id: string,
    options: Partial<PeerOptionsInput> = {},
    { isNamesake = false, environment, behind = (transport) => transport }: Start = {},
  ): PeerHandle {
    const { peers, options: own, founder = peers[0] } = this.#settings;
    const parsed = PeerOptions.parse({
      id,
      listen: `${id}:7000`,
      preset: 'fast',
      ...(id === founder ? { bootstrap: true } : {}),
      seeds: peers.filter((other) => other !== id).map((other) => `${other}:7000`),
      ...own,
      ...options,
    });
    const memory = this.#journals.get(id) ?? emptyMemory();
    this.#journals.set(id, memory);
    const clock = new PausableClock(this.clock);
    const transport = isNamesake ? this.network.transport(id) : this.network.restart(id);
    const peer = startPeer(parsed, {
      clock,
      wallClock: () => 1_700_000_000_000 + this.clock.now() + (this.#wallClockShifts.get(id) ?? 0),
      pid: null,
      random: this.random,
      transport: behind(deferringOn(clock, transport)),
      journal: (freshIncarnation) =>
        memoryJournal({
          wanted: { cluster: parsed.cluster, mode: parsed.mode, id, freshIncarnation },
          defer: (task) => clock.setTimeout(task, this.#settings.diskMs ?? 1),
          memory,
        }),
      ...environment,
    });
    peer.on('warning', ({ code, detail }) => this.warnings.push(`${id}: ${code}: ${detail}`));
    peer.on('stopped', ({ code, detail }) => this.warnings.push(`${id}: ${code}: ${detail}`));
    peer.onCore(({ isCoordinating, promised }) => isCoordinating && this.#noteReign(id, promised));
    peer.onDeliveries((deliveries) => this.#noteDelivered(deliveries));
    if (isNamesake) return peer;
    this.peers.set(id, peer);
    this.#clocks.set(id, clock);
    return peer;
  }

  /**
   * Kills the process: its network falls silent first, so that nothing of its end is heard. What it was writing is on
   * disk or is not, as chance has it; with its power, all that was under way is lost, on its lines too.
   */
  crash(id: string, { isPowerLost = false } = {}): void {
    if (isPowerLost) for (const other of this.peers.keys()) this.network.reset(id, other);
    this.network.crash(id);
    this.peer(id).crash();
    this.peers.delete(id);
    if (this.random() < 0.5 || isPowerLost) this.#clocks.get(id)?.pause();
    const journal = this.#journals.get(id);
    if (journal !== undefined) journal.isHeld = false;
    this.advance(1);
  }

  /** Stops the process, as SIGSTOP does: what is sent to it waits in its kernel. */
  pause(id: string): void {
    this.network.hold(id);
    this.#clocks.get(id)?.pause();
  }

  /** Lets it go on: all its timers that came due are late, and fire at once. */
  resume(id: string): void {
    this.#clocks.get(id)?.resume();
    this.network.release(id);
  }

  /** Sets the wall clock of one peer forward, or back. */
  shiftWallClock(id: string, byMs: number): void {
    this.#wallClockShifts.set(id, (this.#wallClockShifts.get(id) ?? 0) + byMs);
  }

  /** Forgets the disk of a peer that is down. */
  wipe(id: string): void {
    this.#journals.delete(id);
  }

  peer(id: string): PeerHandle {
    const peer = this.peers.get(id);
    if (peer === undefined) throw new Error(`${id} is not running`);
    return peer;
  }

  status(id: string): Status {
    return this.peer(id).status();
  }

  advance(ms: number): void {
    this.clock.advance(ms);
  }

  /** Lets time pass until `test` holds, which is asked every `lookMs`; fails the story after `limitMs`. Answers how long it took. */
  until(what: string, test: () => boolean, limitMs = 10_000, lookMs = 5): number {
    const start = this.clock.now();
    while (!test()) {
      if (this.clock.now() - start >= limitMs)
        throw new Error(`not within ${limitMs} ms: ${what}\n${this.picture()}`);
      this.advance(lookMs);
    }
    return this.clock.now() - start;
  }

  /** All that run know the same coordinator, and are ready. */
  coordinator(): string | null {
    let agreed: string | null = null;
    for (const peer of this.peers.values()) {
      const { ready, coordinator } = peer.status();
      if (!ready || (agreed ?? coordinator) !== coordinator) return null;
      agreed = coordinator;
    }
    return agreed;
  }

  /** Nobody is being taken in, promoted or taken out, and everybody has been told who belongs. */
  isAtRest(): boolean {
    const id = this.coordinator();
    return id !== null && this.status(id).machines.membership?.includes('keeping.stable') === true;
  }

  /** Offers a text at a peer; what becomes of it is noted the moment the peer says so. */
  say(
    id: string,
    text: string,
    { topic = 'general', ...options }: SubmitOptions & { topic?: string } = {},
  ): void {
    this.peer(id).offer(topic, text, options, {
      resolve: ({ sequence }) => this.acknowledged.push({ text, sequence }),
      reject: ({ code }) => this.failed.push({ text, code }),
    });
  }

  log(id: string): readonly string[] {
    return this.peer(id)
      .history({ limit: Number.MAX_SAFE_INTEGER })
      .map(({ sequence, origin, payload }: Delivery) => `${sequence} ${origin}: ${String(payload)}`);
  }

  /** Places that have held two messages, whoever delivered them, and whenever. */
  conflicts(): readonly string[] {
    return [...this.delivered]
      .filter(([, messages]) => messages.size > 1)
      .map(([sequence, messages]) => `${sequence}: ${[...messages].join(' and ')}`);
  }

  picture(): string {
    const lines = [...this.peers.values()].map((peer) => {
      const { id, role, coordinator, term, commit, last, notReady, machines } = peer.status();
      return `${id} ${role} of ${coordinator} term ${term.n}/${term.owner} commit ${commit}/${last} ${notReady ?? 'ready'} ${JSON.stringify(machines)}`;
    });
    return [...lines, ...this.warnings].join('\n');
  }

  #noteDelivered(deliveries: readonly Delivery[]): void {
    for (const { sequence, id, payload } of deliveries) {
      const messages = this.delivered.get(sequence) ?? new Set();
      this.delivered.set(sequence, messages.add(`${id}: ${String(payload).slice(0, 50)}`));
    }
  }

  #noteReign(id: string, { n, owner }: Term): void {
    const term = `${n}/${owner}`;
    this.reigns.set(term, (this.reigns.get(term) ?? new Set()).add(id));
  }
}

/** A process that stands still ends no turn either. */
const deferringOn = (clock: PausableClock, transport: Transport): Transport => ({
  listen: (address, handlers) => transport.listen(address, handlers),
  dial: (address, handlers) => transport.dial(address, handlers),
  defer: (task) => transport.defer(() => clock.run(task)),
  close: (done) => transport.close(done),
});

/** Starts every peer at once and waits for the highest to lead; or the first, where nobody takes over. */
export function startCluster(
  peers: readonly string[],
  settings: Omit<ClusterSettings, 'peers' | 'founder'> = {},
): Cluster {
  // Where the highest founds, nobody has to hand over to it before a story begins.
  const founder = peers.at(settings.options?.takeover === 'never' ? 0 : -1) ?? '';
  const cluster = new Cluster({ peers, founder, ...settings });
  for (const id of peers) cluster.start(id);
  const isFormed = () =>
    cluster.coordinator() === founder &&
    [...cluster.peers.values()].every((peer) =>
      peer.status().view.members.every((m) => m.role === 'voter'),
    ) &&
    cluster.status(peers[0] ?? '').view.members.length === peers.length &&
    cluster.isAtRest();
  cluster.until('the cluster forms', isFormed, 15_000, 20);
  return cluster;
}
