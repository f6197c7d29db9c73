/** The soak: a steady load for a long time, with snapshots, and what it makes of memory and disk. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { BenchCluster } from './cluster.js';
import { pause, recordings, type Unrest, underLoad, watchUnrest } from './measurements.js';
import type { BenchSettings } from './settings.js';
import { type Point, slopeOf } from './statistics.js';
import { hundredths, row, thousands } from './table.js';
import { type Recording, sharedNow, type Weight } from './worker-orders.js';

export interface Soak {
  readonly minutes: number;
  /** Before memory was judged. */
  readonly warmUpMinutes: number;
  readonly messages: number;
  readonly peers: readonly SoakedPeer[];
  /** Entries from one snapshot to the next plus those kept behind it: no more should be kept. */
  readonly entriesMax: number;
  /** As many as JSON, and LevelDB's own: two write buffers. What the disk holds should not be more. */
  readonly diskAllowedMiB: number;
  readonly unrest: Unrest;
}

export interface SoakedPeer {
  readonly id: string;
  readonly rssMiB: number;
  readonly rssMiBPerMinute: number;
  readonly heapMiB: number;
  readonly heapMiBPerMinute: number;
  readonly diskMaxMiB: number;
  readonly keptMax: number;
}

interface Sample extends Weight {
  /** Minutes since the load began. */
  readonly at: number;
  readonly diskMiB: number;
}

/** As peers have it by themselves. */
const SNAPSHOT_EVERY = 20_000;
const TRAILING = 10_000;
const SAMPLE_EVERY_MS = 5000;
const WARM_UP_SHARE = 0.25;
const WARM_UP_MINUTES_MAX = 10;
const MIB = 1024 * 1024;
const WRITE_BUFFERS_MIB = 32;

/** How the peers of the soak take snapshots. */
export const snapshotsOf = ({ snapshotEvery = SNAPSHOT_EVERY }: BenchSettings) => ({
  snapshotEvery,
  trailing: TRAILING,
});

/** Puts `rate` messages a second on a follower for so many minutes, and weighs every peer every five seconds. */
export async function measureSoak(
  cluster: BenchCluster,
  settings: BenchSettings,
  progress: (line: string) => void,
): Promise<{ readonly soak: Soak; readonly failures: number }> {
  const { minutes, rate } = settings;
  const { followers } = await cluster.settled();
  const [submitter] = followers;
  if (submitter === undefined) throw new Error('a cluster of three has two followers');
  const samples = new Map(cluster.peers.map(({ id }): [string, Sample[]] => [id, []]));
  const total = { messages: 0, failures: 0, suspicions: 0, coordinatorChanges: 0 };
  await recordings(cluster.peers);
  const unrestIn = await watchUnrest(cluster.peers);
  let last: readonly Recording[] = [];
  await underLoad([submitter], { kind: 'steady', perSecond: rate }, settings, async () => {
    const begun = sharedNow();
    for (let turn = 1; sharedNow() - begun < minutes * 60_000; turn++) {
      await pause(Math.max(0, begun + turn * SAMPLE_EVERY_MS - sharedNow()));
      for (const { id, worker } of cluster.peers) {
        const weight = await worker.tell({ do: 'weigh' });
        const diskMiB = (await bytesIn(cluster.folderOf(id))) / MIB;
        samples.get(id)?.push({ ...weight, at: (sharedNow() - begun) / 60_000, diskMiB });
      }
      last = await recordings(cluster.peers);
      for (const { latencies, failures, suspicions, coordinatorChanges } of last) {
        total.messages += latencies.length;
        total.failures += failures;
        total.suspicions += suspicions;
        total.coordinatorChanges += coordinatorChanges;
      }
      progress(`soak, ${lineOf(samples)}`);
    }
  });
  const { terms } = await unrestIn([]);
  const { suspicions, coordinatorChanges, messages, failures } = total;
  const unrest = { suspicions, coordinatorChanges, terms };
  return { soak: soakOf(samples, settings, messages, unrest), failures };
}

export function soakOf(
  samples: ReadonlyMap<string, readonly Sample[]>,
  settings: BenchSettings,
  messages: number,
  unrest: Unrest,
): Soak {
  const { minutes } = settings;
  const warmUpMinutes = Math.min(WARM_UP_SHARE * minutes, WARM_UP_MINUTES_MAX);
  const { snapshotEvery, trailing } = snapshotsOf(settings);
  const entriesMax = snapshotEvery + trailing;
  const entryBytes = Math.max(...[...samples.values()].flat().map((sample) => sample.entryBytes));
  return {
    minutes,
    warmUpMinutes,
    messages,
    peers: [...samples].map(([id, taken]) => soakedPeer(id, taken, warmUpMinutes)),
    entriesMax,
    diskAllowedMiB: hundredths((entriesMax * entryBytes) / MIB + WRITE_BUFFERS_MIB),
    unrest,
  };
}

function soakedPeer(id: string, samples: readonly Sample[], warmUpMinutes: number): SoakedPeer {
  const judged = samples.filter(({ at }) => at > warmUpMinutes);
  const slope = (pick: (sample: Sample) => number) =>
    hundredths(slopeOf(judged.map((sample): Point => [sample.at, pick(sample)])));
  const highest = (pick: (sample: Sample) => number) => hundredths(Math.max(...samples.map(pick)));
  return {
    id,
    rssMiB: highest(({ rssMiB }) => rssMiB),
    rssMiBPerMinute: slope(({ rssMiB }) => rssMiB),
    heapMiB: highest(({ heapMiB }) => heapMiB),
    heapMiBPerMinute: slope(({ heapMiB }) => heapMiB),
    diskMaxMiB: highest(({ diskMiB }) => diskMiB),
    keptMax: highest(({ kept }) => kept),
  };
}

function lineOf(samples: ReadonlyMap<string, readonly Sample[]>): string {
  const newest = [...samples].flatMap(([id, taken]) => taken.slice(-1).map((sample) => ({ id, ...sample })));
  const minute = (newest[0]?.at ?? 0).toFixed(1);
  const peers = newest.map(
    ({ id, rssMiB, heapMiB, diskMiB }) =>
      `${id}: RSS ${rssMiB.toFixed(0)}, heap ${heapMiB.toFixed(0)}, disk ${diskMiB.toFixed(0)} MiB`,
  );
  return `minute ${minute}: ${peers.join('; ')}`;
}

/** A file that goes meanwhile counts nothing. */
async function bytesIn(folder: string): Promise<number> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = await Promise.all(
    files
      .filter((file) => file.isFile())
      .map((file) =>
        stat(join(file.parentPath, file.name)).then(
          ({ size }) => size,
          () => 0,
        ),
      ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

export const soakRows = (soak: Soak | null, rate: number): readonly string[] =>
  soak === null
    ? []
    : [
        '',
        `soak: ${soak.minutes} minutes at ${rate} messages/s, ${thousands(soak.messages)} messages; slopes after ${soak.warmUpMinutes.toFixed(1)} minutes`,
        ...soak.peers.map((peer) =>
          row(`peer ${peer.id}`, [
            `RSS ≤ ${peer.rssMiB.toFixed(0)} MiB, ${signed(peer.rssMiBPerMinute)} MiB/min`,
            `heap ≤ ${peer.heapMiB.toFixed(0)} MiB, ${signed(peer.heapMiBPerMinute)} MiB/min`,
            `disk ≤ ${peer.diskMaxMiB.toFixed(0)} MiB`,
            `kept ≤ ${thousands(peer.keptMax)}`,
          ]),
        ),
        row('allowed', [
          `${thousands(soak.entriesMax)} messages from snapshot to snapshot and behind it: ${soak.diskAllowedMiB.toFixed(0)} MiB with LevelDB's write buffers`,
        ]),
        row('meanwhile', [unrestInWords(soak.unrest)]),
      ];

const signed = (value: number): string => `${value < 0 ? '' : '+'}${value.toFixed(2)}`;

export const unrestInWords = ({ suspicions, coordinatorChanges, terms }: Unrest): string =>
  suspicions + coordinatorChanges + terms === 0
    ? 'no suspicion, no election'
    : `${suspicions} suspicions, ${coordinatorChanges} changes of coordinator told, ${terms} terms begun`;
