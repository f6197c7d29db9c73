/** One simulated machine: a disk that outlives its process, a clock, and the real peer actor while it runs. */
import {
  type Core,
  type PeerHandle,
  PeerOptions,
  type PeerOptionsInput,
  startPeer,
} from '../../actors/anywhere.js';
import type { Clock, PeerId, SequencerMessage, Transport } from '../../transport/anywhere.js';
import { ProcessClock } from './clock.js';
import { SimulatedDisk } from './disk.js';
import type { Subject } from './invariants.js';
import type { Post } from './post.js';
import { streamOf } from './random.js';
import { overheard, turning } from './wire.js';

/** The wall clock of every machine at the start: 2024-01-01, ms since 1970. */
const EPOCH_MS = 1_704_067_200_000;

export interface Machine {
  readonly id: PeerId;
  readonly seed: number;
  readonly clock: Clock;
  readonly clockRate: number;
  readonly wallClockRate: number;
  /** Gives its messages names. */
  readonly post: Post | undefined;
  /** What it says is checked: costs reading every frame. */
  readonly isChecked: boolean;
}

/** Whoever watches it; each call is made within the step it tells of. */
export interface Watcher {
  stored(process: SimulatedProcess): void;
  said(process: SimulatedProcess, message: SequencerMessage): void;
}

export class SimulatedProcess implements Subject {
  readonly id: PeerId;
  readonly drive: SimulatedDisk;
  /** Undefined while it is down. */
  peer: PeerHandle | undefined;
  /** As the invariants saw it last. */
  seen: Core | undefined;
  /** How often it has been started. */
  lives = 0;
  /** Interventions that keep it down. */
  downs = 0;
  /** It has left the cluster of its own will, or was not asked to join yet. */
  isOut = false;
  #wallClockOffMs = 0;
  /** Its wall clock has jumped at least once. */
  hasSetItsClock = false;
  #incarnation = '';
  #clock: ProcessClock | undefined;
  readonly #machine: Machine;
  readonly #watcher: Watcher;

  constructor(machine: Machine, watcher: Watcher) {
    this.id = machine.id;
    this.#machine = machine;
    this.#watcher = watcher;
    this.drive = new SimulatedDisk({
      random: streamOf(machine.seed, `disk ${machine.id}`),
      onChange: () => watcher.stored(this),
    });
  }

  get disk() {
    return this.drive.content;
  }

  get incarnation(): string {
    return this.drive.incarnation ?? this.#incarnation;
  }

  get isRunning(): boolean {
    return this.peer !== undefined;
  }

  /** Starts the peer on what its disk holds. */
  start(options: Omit<PeerOptionsInput, 'id'>, transport: Transport): PeerHandle {
    const { id, seed, clockRate, wallClockRate, post } = this.#machine;
    this.lives += 1;
    const clock = new ProcessClock(this.#machine.clock, clockRate);
    const parsed = PeerOptions.parse({ ...options, id });
    const peer = startPeer(parsed, {
      clock,
      wallClock: () => Math.floor(EPOCH_MS + clock.now() * wallClockRate + this.#wallClockOffMs),
      pid: null,
      random: streamOf(seed, `peer ${id} life ${this.lives}`),
      transport: this.#wired(transport),
      ...(post && { postmark: (to, type, isRouted) => post.handIn(id, to, type, isRouted) }),
      journal: (freshIncarnation) => {
        this.#incarnation = freshIncarnation;
        return this.drive.store({ cluster: parsed.cluster, mode: parsed.mode, id, freshIncarnation }, clock);
      },
    });
    this.#clock = clock;
    this.peer = peer;
    this.seen = undefined;
    return peer;
  }

  /** Ends the process on the spot: nothing of its end is heard from itself, and unsynced pages may be lost. */
  kill(): void {
    this.#clock?.end();
    this.#machine.post?.ended(this.id);
    this.peer?.crash();
    this.peer = undefined;
    this.drive.crash();
  }

  #wired(transport: Transport): Transport {
    const { id, post, isChecked } = this.#machine;
    const heard = isChecked
      ? overheard(transport, (message) => this.#watcher.said(this, message))
      : transport;
    return post === undefined ? heard : turning(heard, id, post);
  }

  pause(): void {
    this.#clock?.stop();
  }

  resume(): void {
    this.#clock?.resume();
  }

  turnWallClock(byMs: number): void {
    this.#wallClockOffMs += byMs;
    this.hasSetItsClock = true;
  }
}
