/** Where a user sits in the cluster: at a peer of their own, or at a client that talks through any of them. */
import type { Delivery } from '../../actors/index.js';
import type { PeerId } from '../../transport/index.js';
import type { Line } from './lines.js';
import type { Question, Standing } from './state.js';

/** What a conversation needs of what it runs on. */
export interface Seat {
  /** The origin of what is said here. */
  readonly id: string;
  standing(): Standing;
  /** Every room with the number of its lines so far, and the newest number of all. */
  past(): { readonly topics: ReadonlyMap<string, number>; readonly sequence: number };
  /** The newest `limit` lines, of one room or of all. */
  recent(limit: number, room?: string): readonly Delivery[];
  /**
   * Gives `hear` what comes after `after`, in order, each once, until `signal`.
   *
   * @throws ClusterError `history-gone` when it cannot go on there.
   */
  follow(after: number, hear: (delivery: Delivery) => void, signal: AbortSignal): Promise<void>;
  /** @throws ClusterError as `Peer.submit`. */
  submit(room: string, text: string): Promise<{ readonly sequence: number }>;
  answers(question: Question): readonly Line[];
  /** @throws ClusterError as `Peer.transfer`. */
  transfer(to: PeerId): Promise<{ readonly term: number }>;
  /** Tells of what happens, and of an end that came before anybody listened. @returns what ends the telling. */
  watch(listener: SeatListener): () => void;
  /** Lets go of the cluster, within bounds, once `settled`. @returns how it went, in words. */
  leave(settled: Promise<void>): Promise<string>;
}

/** Who wants to know what happens at a seat. */
export interface SeatListener {
  /** `standing()` may answer otherwise now. */
  stood(): void;
  warned(code: string, detail: string): void;
  /** It is over, and why; with code `stopped` because somebody wanted it so. */
  ended(problem: unknown): void;
}
