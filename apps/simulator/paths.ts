/** Which network paths are cut, and by how many faults: a path opens again when the last of them ends. */
import { MemoryNetwork, type PeerId, type Road, type VirtualClock } from '../../transport/anywhere.js';
import type { Post } from './post.js';
import { drawnFor, heavyTailed } from './random.js';

const TAIL_MS = 40;

export class Paths {
  readonly network: MemoryNetwork;
  readonly #cuts = new Map<string, number>();
  readonly #slow = new Map<string, number>();
  /** Packets sent on each path: the n-th from one host to another is drawn by its name. */
  readonly #packets = new Map<string, number>();

  /** @param post - by which messages go, each for itself; without it frames travel whole. */
  constructor(clock: VirtualClock, seed: number, post?: Post) {
    const latencyMs = (from: string, to: string) => {
      const path = `${from} → ${to}`;
      const packet = (this.#packets.get(path) ?? 0) + 1;
      this.#packets.set(path, packet);
      const name = `${path} packet ${packet}`;
      const usual = post?.latencyOf(name) ?? heavyTailed(drawnFor(seed, name), 0.3, TAIL_MS);
      return usual + this.slowMs(from, to);
    };
    const way = post && { way: (road: Road) => post.way(road) };
    this.network = new MemoryNetwork({ clock, latencyMs, ...way });
  }

  /** What that path takes longer at present, ms. */
  slowMs(from: PeerId, to: PeerId): number {
    return this.#slow.get(`${from} → ${to}`) ?? 0;
  }

  cut(from: PeerId, to: PeerId): void {
    this.#count(from, to, 1);
    this.network.cutOneWay(from, to);
  }

  mend(from: PeerId, to: PeerId): void {
    if (this.#count(from, to, -1) === 0) this.network.mendOneWay(from, to);
  }

  slow(from: PeerId, to: PeerId, byMs: number): void {
    const path = `${from} → ${to}`;
    this.#slow.set(path, (this.#slow.get(path) ?? 0) + byMs);
  }

  #count(from: PeerId, to: PeerId, by: 1 | -1): number {
    const path = `${from} → ${to}`;
    const count = (this.#cuts.get(path) ?? 0) + by;
    this.#cuts.set(path, count);
    return count;
  }
}
