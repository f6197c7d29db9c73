/** Real peers in virtual time under attack, and hands that dial them: what a fuzzer on the wire stands on. */
import type { PeerOptionsInput } from '../../actors/index.js';
import { emptyMemory, type JournalMemory, memoryJournal } from '../../actors/journal-memory.js';
import type { PeerHandle } from '../../actors/peer-handle.js';
import { decodeFrame, decodeGreeting } from '../../transport/codec.js';
import type { Channel } from '../../transport/transport.js';
import { Cluster } from '../support/cluster.js';
import { UNPRINTABLE } from './frames.js';

export class Stage {
  readonly cluster: Cluster;
  readonly disks = new Map<string, JournalMemory>();

  #longestMs = 0;

  constructor(peers: readonly string[]) {
    this.cluster = new Cluster({ peers });
  }

  /** Lets time pass, and watches how long each event takes. */
  pass(ms: number): void {
    const { clock } = this.cluster;
    const end = clock.now() + ms;
    for (let due = clock.nextDue; due !== null && due <= end; due = clock.nextDue) {
      const started = performance.now();
      clock.runNext();
      this.#longestMs = Math.max(this.#longestMs, performance.now() - started);
    }
    clock.runUntil(end);
  }

  /** How long the longest event took since the last time this was asked, real ms. */
  takeLongestMs(): number {
    const longestMs = this.#longestMs;
    this.#longestMs = 0;
    return longestMs;
  }

  /** Starts a peer on `disk`, which one can look at. */
  start(id: string, options: Partial<PeerOptionsInput> = {}, disk = emptyMemory()): PeerHandle {
    this.disks.set(id, disk);
    const { clock } = this.cluster;
    return this.cluster.start(id, options, {
      environment: {
        journal: (freshIncarnation) =>
          memoryJournal({
            wanted: { cluster: 'bullpen', mode: 'safe', id, freshIncarnation },
            defer: (task) => clock.setTimeout(task, 1),
            memory: disk,
          }),
      },
    });
  }

  /** All that is replicated at `id`, to be compared: the log is a value, so the same object is the same content. */
  replicatedAt(id: string): readonly unknown[] {
    const peer = this.cluster.peer(id);
    const core = peer.core();
    const { content } = this.disks.get(id) ?? {};
    const { sequence, view, role, coordinator } = peer.status();
    return [
      core?.log,
      core?.commit,
      `promised ${JSON.stringify(core?.promised)}, on disk ${JSON.stringify(content?.promised)}`,
      content?.entries.length,
      content?.entries.at(-1),
      sequence,
      `view ${JSON.stringify(view)}`,
      role,
      coordinator,
    ];
  }

  /** What peers have said to people since the last time, and what is wrong with it. */
  unseemly(): string | null {
    for (const warning of this.cluster.warnings.splice(0))
      if (UNPRINTABLE.test(warning)) return `unprintable: ${JSON.stringify(warning)}`;
    return null;
  }

  close(): void {
    for (const peer of this.cluster.peers.values()) peer.crash();
  }
}

/** What is different of two looks at one peer; null when nothing is. */
export function difference(before: readonly unknown[], after: readonly unknown[]): string | null {
  const at = before.findIndex((part, index) => part !== after[index]);
  if (at < 0) return null;
  const named = (part: unknown) => (typeof part === 'object' ? JSON.stringify(part) : String(part));
  return `${named(before[at])} became ${named(after[at])}`;
}

/** A channel held with bare hands. */
export class Hand {
  readonly heard: string[] = [];
  isOpen = false;
  #channel: Channel;

  constructor(
    stage: Stage,
    host: string,
    to: string,
    onFrame: (frame: string, hand: Hand) => void = () => {},
  ) {
    this.#channel = stage.cluster.network.transport(host).dial(to, {
      opened: () => {
        this.isOpen = true;
      },
      received: (frame) => {
        this.heard.push(frame);
        onFrame(frame, this);
      },
      closed: () => {
        this.isOpen = false;
      },
    });
  }

  say(frame: string): void {
    this.#channel.send(frame);
  }

  close(): void {
    this.#channel.close();
  }

  /** Whatever a peer says, the other side must be able to read. */
  unreadable(): string | null {
    const bad = this.heard.find((frame) => !decodeGreeting(frame).ok && !decodeFrame(frame).ok);
    if (bad === undefined) return null;
    const read = decodeFrame(bad);
    return `unreadable: it says what no peer takes (${read.ok ? '' : read.detail}): ${bad.slice(0, 300)}`;
  }
}
