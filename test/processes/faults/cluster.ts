/** The peers under test together: who they follow, who is free to be harmed, and whether all is well again. */
import type { Status } from '../../../actors/index.js';
import type { Chance } from './chance.js';
import type { Network } from './network.js';
import { type PeerEvent, PeerProcess, type Timings } from './peer-process.js';
import type { Trail } from './trail.js';

export interface ClusterSettings {
  readonly ids: readonly string[];
  readonly network: Network;
  readonly command: string;
  /** The journal's folder of a peer. */
  readonly dataOf: (id: string) => string;
  readonly records: string;
  readonly isTraced: boolean;
  /** Of every peer; default: those of `npm run faults`. */
  readonly timings?: Timings;
  readonly trail: Trail;
}

export class Cluster {
  readonly peers: readonly PeerProcess[];
  readonly #settings: ClusterSettings;
  readonly #taken = new Set<PeerProcess>();
  #coordinator: string | null = null;
  /** `TERM/COORDINATOR` of every reign that any peer told of. */
  readonly reigns = new Set<string>();
  /** Ends that nothing explains, as sentences. */
  readonly unexpectedEnds: string[] = [];

  constructor(settings: ClusterSettings) {
    this.#settings = settings;
    const { ids, network, command, dataOf, records, isTraced, timings } = settings;
    const heard = (peer: PeerProcess, event: PeerEvent) => this.#hear(peer, event);
    this.peers = ids.map((id) => {
      const data = dataOf(id);
      return new PeerProcess({
        ...{ id, place: network.placeOf(id), command, data, records, isTraced, timings, heard },
      });
    });
    for (const peer of this.peers)
      peer.onUnexpectedEnd = ({ code, lastWords }) => {
        const sentence = `peer ${peer.id} ended by itself with ${code}: ${lastWords || 'it said nothing'}`;
        this.unexpectedEnds.push(sentence);
        settings.trail.note(sentence);
      };
  }

  /** The highest id: whom all should follow when all is well. */
  get highest(): PeerProcess {
    const highest = this.peers.at(-1);
    if (highest === undefined) throw new Error('a cluster without peers');
    return highest;
  }

  /** Whom the peer that spoke last of it follows. */
  get coordinator(): PeerProcess | undefined {
    return this.peers.find(({ id }) => id === this.#coordinator);
  }

  get running(): readonly PeerProcess[] {
    return this.peers.filter((peer) => peer.isRunning);
  }

  #hear(peer: PeerProcess, event: PeerEvent): void {
    if (event.event !== 'coordinator') return;
    const { id, term } = event;
    this.#settings.trail.keep(`peer ${peer.id} follows ${id ?? 'nobody'} in term ${term}`);
    if (typeof id !== 'string') return;
    this.#coordinator = id;
    this.reigns.add(`${term}/${id}`);
  }

  /** The first founds the cluster, the others join it. */
  form(): void {
    const [founder, ...others] = this.peers;
    founder?.start(['--bootstrap']);
    for (const peer of others) this.restart(peer);
  }

  restart(peer: PeerProcess): void {
    const others = this.peers.filter((other) => other !== peer);
    peer.start(others.flatMap(({ place }) => ['--seed', place.advertise]));
  }

  /**
   * Takes up to `count` running peers that nobody harms now, so that nobody else harms them before `release`.
   *
   * @param coordinatorFirst - with the coordinator among them, if it is free.
   */
  take(chance: Chance, count: number, coordinatorFirst: boolean): readonly PeerProcess[] {
    const free = chance.shuffled(this.running.filter((peer) => !this.#taken.has(peer)));
    const first = coordinatorFirst ? free.filter((peer) => peer === this.coordinator) : [];
    const chosen = [...first, ...free.filter((peer) => !first.includes(peer))].slice(0, count);
    for (const peer of chosen) this.#taken.add(peer);
    return chosen;
  }

  /** Takes this one, unless it is taken already or does not run. */
  takeOne(peer: PeerProcess): boolean {
    if (!peer.isRunning || this.#taken.has(peer)) return false;
    this.#taken.add(peer);
    return true;
  }

  release(peers: readonly PeerProcess[]): void {
    for (const peer of peers) this.#taken.delete(peer);
  }

  /** Every process runs, and none is held. */
  reviveAll(): void {
    for (const peer of this.peers) {
      if (peer.isStopped) peer.continue();
      if (!peer.isRunning) this.restart(peer);
    }
  }

  /** What is missing until all are ready and follow the highest; null when nothing is. */
  async unrest(): Promise<string | null> {
    const statuses = await Promise.all(this.peers.map((peer) => peer.status()));
    const silent = this.peers.filter((_, i) => statuses[i] === undefined).map(({ id }) => id);
    if (silent.length > 0) return `no answer from ${silent.join(', ')}`;
    const known = statuses.filter((status) => status !== undefined);
    const terms = new Set(known.map(({ term }) => term.n));
    const others = known.filter(({ ready, coordinator }) => !ready || coordinator !== this.highest.id);
    if (others.length === 0 && terms.size === 1) return null;
    return known.map(describe).join('; ');
  }

  async end(): Promise<void> {
    await Promise.all(this.peers.map((peer) => peer.kill()));
  }
}

const describe = ({ id, role, coordinator, term, notReady, machines }: Status): string =>
  `${id} is ${role}, follows ${coordinator ?? 'nobody'} in term ${term.n}${notReady === null ? '' : ` (${notReady})`}, election ${machines.election}, sequencer ${machines.sequencer}`;
