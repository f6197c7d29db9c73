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
  /** Starts one more, with nothing; it is not among `peers`, and ends with them. */
  join(id: string): Promise<BenchPeer>;
  /** Of its journal. */
  folderOf(id: string): string;
  /** Ends every process and removes what they wrote. */
  end(): Promise<void>;
}

/**
 * Starts three peers, and waits until they are a cluster of three voters.
 *
 * Nobody takes over from a coordinator that works: what is measured is not disturbed by a planned handover.
 *
 * @param more - what else the peers are told.
 */
export async function startCluster(
  { preset, profile }: BenchSettings,
  more: Pick<PeerOptionsInput, 'snapshotEvery' | 'trailing'> = {},
): Promise<BenchCluster> {
  const folder = mkdtempSync(join(tmpdir(), 'bullpen-bench-'));
  const addresses = new Map<string, string>();
  let peers: readonly BenchPeer[] = [];
  let joined: readonly BenchPeer[] = [];

  const folderOf = (id: string) => join(folder, id);
  const start = async (id: string, bootstrap: boolean): Promise<BenchPeer> => {
    const worker = startWorker(`peer ${id}`, profile);
    const seeds = IDS.filter((other) => other !== id).flatMap((other) => addresses.get(other) ?? []);
    const listen = addresses.get(id) ?? '127.0.0.1:0';
    const fixed = { cluster: 'bench', takeover: 'never', preset } as const;
    const options: PeerOptionsInput = { ...fixed, ...more, id, listen, seeds, bootstrap, data: folderOf(id) };
    const peer = { id, worker };
    if (IDS.some((one) => one === id)) peers = [...peers, peer];
    else joined = [...joined, peer];
    const { address } = await worker.tell({ do: 'start', options });
    addresses.set(id, address);
    return peer;
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
    restart: async (id) => void (await start(id, false)),
    join: (id) => start(id, false),
    folderOf,
    end: async () => {
      await Promise.all([...peers, ...joined].map(({ worker }) => worker.end()));
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
