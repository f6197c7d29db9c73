/**
 * A cluster in one thread, in virtual time: real peers on the memory network, with verbs for stories.
 *
 * A run is a function of its seed. Journals outlive a crash, as disks do.
 */
import {
  type Delivery,
  PeerOptions,
  type PeerOptionsInput,
  type Status,
  startPeer,
} from '../../actors/index.js';
import { emptyMemory, type JournalMemory, memoryJournal } from '../../actors/journal-memory.js';
import type { PeerHandle } from '../../actors/peer-handle.js';
import { draw } from '../../machines/values/chance.js';
import { MemoryNetwork } from '../../transport/memory.js';
import { VirtualClock } from '../../transport/virtual-clock.js';

export interface ClusterSettings {
  readonly seed?: number;
  /** The first one founds the cluster; the others join through it. */
  readonly peers: readonly string[];
  readonly options?: Partial<PeerOptionsInput>;
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
  /** Every (term, owner) that any peer was ever seen to coordinate. */
  readonly reigns = new Map<string, Set<string>>();
  readonly warnings: string[] = [];
  readonly #journals = new Map<string, JournalMemory>();
  readonly #settings: ClusterSettings;
  #seed: number;

  constructor(settings: ClusterSettings) {
    this.#settings = settings;
    this.#seed = settings.seed ?? 1;
    this.network = new MemoryNetwork({ clock: this.clock, random: this.random });
  }

  readonly random = (): number => {
    const { value, seed } = draw(this.#seed);
    this.#seed = seed;
    return value;
  };

  /** Starts a peer, or a namesake beside the one that runs. */
  start(id: string, options: Partial<PeerOptionsInput> = {}, { isNamesake = false } = {}): PeerHandle {
    const [founder] = this.#settings.peers;
    const parsed = PeerOptions.parse({
      id,
      listen: `${id}:7000`,
      preset: 'fast',
      ...(id === founder ? { bootstrap: true } : {}),
      seeds: this.#settings.peers.filter((other) => other !== id).map((other) => `${other}:7000`),
      ...this.#settings.options,
      ...options,
    });
    const memory = this.#journals.get(id) ?? emptyMemory();
    this.#journals.set(id, memory);
    const peer = startPeer(parsed, {
      clock: this.clock,
      wallClock: () => 1_700_000_000_000 + this.clock.now(),
      pid: null,
      random: this.random,
      transport: isNamesake ? this.network.transport(id) : this.network.restart(id),
      journal: (freshIncarnation) =>
        memoryJournal({
          wanted: { cluster: parsed.cluster, mode: parsed.mode, id, freshIncarnation },
          defer: (task) => this.clock.setTimeout(task, 1),
          memory,
        }),
    });
    peer.on('warning', ({ code, detail }) => this.warnings.push(`${id}: ${code}: ${detail}`));
    peer.on('stopped', ({ code, detail }) => this.warnings.push(`${id}: ${code}: ${detail}`));
    if (!isNamesake) this.peers.set(id, peer);
    return peer;
  }

  /** Kills the process: its network falls silent first, so that nothing of its end is heard. */
  crash(id: string): void {
    this.network.crash(id);
    this.peer(id).crash();
    this.peers.delete(id);
    this.advance(1);
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

  /** Lets time pass in small steps, looking at who coordinates after each. */
  advance(ms: number): void {
    const end = this.clock.now() + ms;
    while (this.clock.now() < end) {
      this.clock.runUntil(Math.min(end, this.clock.now() + 5));
      this.#look();
    }
  }

  /** Lets time pass until `test` holds; fails the story after `limitMs`. Answers how long it took. */
  until(what: string, test: () => boolean, limitMs = 10_000): number {
    const start = this.clock.now();
    while (!test()) {
      if (this.clock.now() - start >= limitMs)
        throw new Error(`not within ${limitMs} ms: ${what}\n${this.picture()}`);
      this.advance(5);
    }
    return this.clock.now() - start;
  }

  /** All that run know the same coordinator, and are ready. */
  coordinator(): string | null {
    const statuses = [...this.peers.values()].map((peer) => peer.status());
    const [first] = statuses;
    const isAgreed = statuses.every((s) => s.ready && s.coordinator === first?.coordinator);
    return isAgreed ? (first?.coordinator ?? null) : null;
  }

  say(id: string, text: string): void {
    this.peer(id)
      .submit('general', text)
      .then(
        ({ sequence }) => this.acknowledged.push({ text, sequence }),
        ({ code }: { code: string }) => this.failed.push({ text, code }),
      );
  }

  log(id: string): readonly string[] {
    return this.peer(id)
      .history({ limit: Number.MAX_SAFE_INTEGER })
      .map(({ sequence, origin, payload }: Delivery) => `${sequence} ${origin}: ${String(payload)}`);
  }

  picture(): string {
    const lines = [...this.peers.values()].map((peer) => {
      const { id, role, coordinator, term, commit, last, notReady, machines } = peer.status();
      return `${id} ${role} of ${coordinator} term ${term.n}/${term.owner} commit ${commit}/${last} ${notReady ?? 'ready'} ${JSON.stringify(machines)}`;
    });
    return [...lines, ...this.warnings].join('\n');
  }

  #look(): void {
    for (const peer of this.peers.values()) {
      const { id, role, promised } = peer.status();
      if (role !== 'coordinator') continue;
      const term = `${promised.n}/${promised.owner}`;
      this.reigns.set(term, (this.reigns.get(term) ?? new Set()).add(id));
    }
  }
}

/** Starts every peer at once and waits for the highest to lead. */
export function startCluster(
  peers: readonly string[],
  settings: Omit<ClusterSettings, 'peers'> = {},
): Cluster {
  const cluster = new Cluster({ peers, ...settings });
  for (const id of peers) cluster.start(id);
  const highest = peers.at(-1);
  const isFormed = () =>
    cluster.coordinator() === (settings.options?.takeover === 'never' ? peers[0] : highest) &&
    [...cluster.peers.values()].every((peer) =>
      peer.status().view.members.every((m) => m.role === 'voter'),
    ) &&
    cluster.status(peers[0] ?? '').view.members.length === peers.length;
  cluster.until('the cluster forms', isFormed, 15_000);
  return cluster;
}
