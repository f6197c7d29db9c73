/** The three peers under measurement: real processes, WebSockets on loopback, journals on disk. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PeerOptionsInput, Status } from '../../actors/index.js';
import { until } from '../node/until.js';
import type { BenchSettings } from './settings.js';
import { startWorker, type WorkerProcess } from './worker-process.js';

const AGREED_WITHIN_MS = 60_000;
const IDS = ['1', '2', '3'] as const;

export interface BenchPeer {
  readonly id: string;
  readonly worker: WorkerProcess;
}

export interface BenchCluster {
  /** The peers that run. */
  readonly peers: readonly BenchPeer[];
  /** Waits until all three are ready, agree about a coordinator, and have delivered the same. */
  settled(): Promise<{ readonly coordinator: BenchPeer; readonly followers: readonly BenchPeer[] }>;
  /** @returns the moment of the kill. */
  kill(peer: BenchPeer, now: () => number): Promise<number>;
  /** Starts one that was killed, with its address and journal. */
  restart(id: string): Promise<void>;
  /** Ends every process and removes what they wrote. */
  end(): Promise<void>;
}

/**
 * Starts three peers, and waits until they are a cluster of three voters.
 *
 * Nobody takes over from a coordinator that works: what is measured is not disturbed by a planned handover.
 */
export async function startCluster({ preset, profile }: BenchSettings): Promise<BenchCluster> {
  const folder = mkdtempSync(join(tmpdir(), 'bullpen-bench-'));
  const addresses = new Map<string, string>();
  let peers: readonly BenchPeer[] = [];

  const start = async (id: string, bootstrap: boolean) => {
    const worker = startWorker(`peer ${id}`, profile);
    const seeds = IDS.filter((other) => other !== id).flatMap((other) => addresses.get(other) ?? []);
    const listen = addresses.get(id) ?? '127.0.0.1:0';
    const fixed = { cluster: 'bench', takeover: 'never', preset } as const;
    const options: PeerOptionsInput = { ...fixed, id, listen, seeds, bootstrap, data: join(folder, id) };
    peers = [...peers, { id, worker }];
    const { address } = await worker.tell({ do: 'start', options });
    addresses.set(id, address);
  };
  const settled = () =>
    until('three peers that agree', AGREED_WITHIN_MS, async () => {
      const statuses = await Promise.all(peers.map(({ worker }) => worker.tell({ do: 'status' })));
      const coordinator = agreedCoordinator(statuses);
      const leader = peers.find(({ id }) => id === coordinator);
      return leader && { coordinator: leader, followers: peers.filter((peer) => peer !== leader) };
    });
  const cluster: BenchCluster = {
    get peers() {
      return peers;
    },
    settled,
    kill: (peer, now) => {
      peers = peers.filter((other) => other !== peer);
      return peer.worker.kill(now);
    },
    restart: (id) => start(id, false),
    end: async () => {
      await Promise.all(peers.map(({ worker }) => worker.end()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
  try {
    for (const id of IDS) await start(id, id === '1');
    await settled();
  } catch (problem) {
    await cluster.end();
    throw problem;
  }
  return cluster;
}

/** Whom all three follow, once there is nothing left to be settled among them. */
function agreedCoordinator(statuses: readonly Status[]): string | undefined {
  const [first] = statuses;
  if (first === undefined || first.coordinator === null || statuses.length < IDS.length) return undefined;
  const agreed = statuses.every(
    ({ ready, coordinator, term, sequence, view, applied, last }) =>
      ready &&
      coordinator === first.coordinator &&
      term.n === first.term.n &&
      sequence === first.sequence &&
      applied === last &&
      view.members.filter(({ role }) => role === 'voter').length === IDS.length,
  );
  return agreed ? first.coordinator : undefined;
}
