/** Which network paths are cut, and by how many faults: a path opens again when the last of them ends. */
import { MemoryNetwork, type PeerId, type VirtualClock } from '../../transport/anywhere.js';
import { drawnFor, heavyTailed } from './random.js';

const TAIL_MS = 40;

export class Paths {
  readonly network: MemoryNetwork;
  readonly #cuts = new Map<string, number>();
  readonly #slow = new Map<string, number>();
  /** Packets sent on each path: the n-th from one host to another is drawn by its name. */
  readonly #packets = new Map<string, number>();

  constructor(clock: VirtualClock, seed: number) {
    const latencyMs = (from: string, to: string) => {
      const path = `${from} → ${to}`;
      const packet = (this.#packets.get(path) ?? 0) + 1;
      this.#packets.set(path, packet);
      const value = drawnFor(seed, `${path} packet ${packet}`);
      return heavyTailed(value, 0.3, TAIL_MS) + (this.#slow.get(path) ?? 0);
    };
    this.network = new MemoryNetwork({ clock, latencyMs });
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
