/** One round: a new cluster, its clients, the nemesis, and the verdict. Everything it leaves is in one folder. */
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { until } from '../../support/until.js';
import { Chance } from './chance.js';
import { Cluster } from './cluster.js';
import type { FaultKind, Stage } from './fault.js';
import { Load } from './load.js';
import { createNamespaceNetwork } from './namespace-network.js';
import { harm } from './nemesis.js';
import type { Network } from './network.js';
import { longestOutage, type Outage, outagesByFault } from './outages.js';
import { createProxyNetwork, freePorts } from './proxy-network.js';
import { mountSmallDisk, type SmallDisk } from './small-disk.js';
import { clockOf, Trail } from './trail.js';
import { comeToRest, judgeHistory, judgeJournals, readLogs } from './verdict.js';

export interface RoundSettings {
  readonly network: Network['kind'];
  /** Of the network kinds, only that of this round's network counts. */
  readonly kinds: ReadonlySet<FaultKind>;
  /** Names of faults to be put in one after the other, once, instead of what chance chooses for so many seconds. */
  readonly script?: readonly string[];
  readonly seconds: number;
  readonly peers: number;
  readonly seed: number;
  /** Submissions and readings, a second. */
  readonly perSecond: number;
  /** No fault lasts longer. Default 20 s. */
  readonly longestFaultMs?: number;
  /** How long the cluster may take to be well again when nothing harms it. Default 60 s: far above what it needs, for the machine may be busy. */
  readonly patienceMs?: number;
  /** Is made; holds journals, what peers said, the trail, and the history. */
  readonly folder: string;
  /** The built command. */
  readonly command: string;
  readonly isTraced?: boolean;
  readonly say: (line: string) => void;
}

export interface RoundReport {
  readonly network: Network['kind'];
  readonly seed: number;
  readonly seconds: number;
  readonly acknowledged: number;
  readonly unknown: number;
  /** Of the unknown ones, those that took effect. */
  readonly unknownDelivered: number;
  readonly refused: number;
  readonly readings: number;
  readonly deliveries: number;
  readonly faults: Readonly<Record<string, number>>;
  /** Reigns by coordinator. */
  readonly reigns: Readonly<Record<string, number>>;
  readonly longestOutage: Outage;
  /** The longest outage under each fault by itself, ms. */
  readonly outages: Readonly<Record<string, number>>;
  readonly slowestRecoveryMs: number;
  /** What must not be, in sentences; nothing when all is well. */
  readonly violations: readonly string[];
}

const FORMED_WITHIN_MS = 60_000;
const LONGEST_FAULT_MS = 20_000;
const PATIENCE_MS = 60_000;
const PROGRESS_EVERY_MS = 10_000;

export async function runRound(settings: RoundSettings): Promise<RoundReport> {
  const { folder, command, kinds, seed, isTraced = false } = settings;
  const { longestFaultMs: longestMs = LONGEST_FAULT_MS, patienceMs = PATIENCE_MS } = settings;
  mkdirSync(folder, { recursive: true });
  const ids = Array.from({ length: settings.peers }, (_, i) => String(i + 1));
  const chance = new Chance(seed);
  const network = await networkFor(settings, ids);
  const disks = kinds.has('disk') ? await smallDisksFor(ids, folder) : new Map<string, SmallDisk>();
  const trail = new Trail(join(folder, 'trail.ndjson'), settings.say);
  const dataOf = (id: string) => join(folder, 'data', id, 'journal');
  const cluster = new Cluster({ ids, network, command, dataOf, records: folder, isTraced, trail });
  const violations: string[] = [];
  const complain = (sentence: string) => {
    violations.push(sentence);
    trail.note(`VIOLATION: ${sentence}`);
  };
  const stage: Stage = { cluster, network, trail, disks, longestMs, patienceMs, complain };
  try {
    return await play(settings, stage, chance, violations);
  } finally {
    await cluster.end();
    await network.close();
    if (violations.length > 0) keepDisks(disks, folder);
    for (const disk of disks.values()) disk.close();
  }
}

async function play(
  settings: RoundSettings,
  stage: Stage,
  chance: Chance,
  violations: string[],
): Promise<RoundReport> {
  const { cluster, network, trail, complain } = stage;
  const { perSecond, kinds, script, command, folder, seed } = settings;
  trail.note(`round: ${network.kind}, ${cluster.peers.length} peers, seed ${seed}`);
  cluster.form();
  await until('the cluster to form', FORMED_WITHIN_MS, async () => (await cluster.unrest()) === null);
  const load = new Load({ cluster, chance: chance.fork(), trail, perSecond });
  load.start();
  const silence = reportProgress(load, stage);
  const begun = trail.now();
  const nemesis = await harm(stage, chance.fork(), load, {
    kinds,
    script,
    endsAt: begun + 1000 * settings.seconds,
  });
  await pause(1000);
  await load.stop();
  silence();
  const seconds = (trail.now() - begun) / 1000;
  trail.note('every fault is over: waiting for rest');
  const unrest = await comeToRest(cluster, trail, stage.patienceMs);
  if (unrest !== null) complain(unrest);
  const logs = await readLogs(cluster);
  for (const { id } of cluster.peers.filter((peer) => !logs.has(peer.id)))
    complain(`the whole log of ${id} could not be read`);
  const { operations, counts } = load;
  writeFileSync(join(folder, 'history.ndjson'), operations.map((one) => `${JSON.stringify(one)}\n`).join(''));
  for (const [id, log] of logs)
    writeFileSync(join(folder, `log-${id}.ndjson`), log.map((one) => `${JSON.stringify(one)}\n`).join(''));
  for (const sentence of judgeHistory(operations, logs)) complain(sentence);
  for (const sentence of cluster.unexpectedEnds) violations.push(sentence);
  if (violations.length === 0)
    for (const sentence of await judgeJournals(cluster, command)) complain(sentence);
  const order = [...logs.values()][0] ?? [];
  const delivered = new Set(order.map(({ key }) => key));
  const unsure = operations.filter((one) => one.op === 'submit' && one.outcome === 'unknown');
  return {
    network: network.kind,
    seed,
    seconds,
    acknowledged: counts.ok,
    unknown: counts.unknown,
    unknownDelivered: unsure.filter((one) => one.op === 'submit' && delivered.has(one.key)).length,
    refused: counts.fail,
    readings: counts.readings,
    deliveries: order.length,
    faults: Object.fromEntries([...nemesis.applied].sort()),
    reigns: reignsByCoordinator(cluster),
    longestOutage: longestOutage(operations, nemesis.steps),
    outages: outagesByFault(operations, nemesis.steps),
    slowestRecoveryMs: nemesis.slowestRecoveryMs,
    violations,
  };
}

async function networkFor({ network, seed }: RoundSettings, ids: readonly string[]): Promise<Network> {
  if (network === 'netns') return createNamespaceNetwork(ids);
  return createProxyNetwork(ids, await freePorts(3 * ids.length, process.pid + seed));
}

/** The highest, which leads when all is well, and the lowest have small disks; the others the real one. */
async function smallDisksFor(ids: readonly string[], folder: string): Promise<Map<string, SmallDisk>> {
  const owners = [...new Set([ids.at(-1) ?? '', ids[0] ?? ''])];
  const disks = new Map<string, SmallDisk>();
  for (const id of owners) disks.set(id, await mountSmallDisk(join(folder, 'data', id)));
  return disks;
}

/** What is on a small disk would be gone with it. */
function keepDisks(disks: ReadonlyMap<string, SmallDisk>, folder: string): void {
  for (const id of disks.keys())
    cpSync(join(folder, 'data', id), join(folder, `data-${id}`), { recursive: true });
}

function reportProgress(load: Load, { cluster, trail }: Stage): () => void {
  const timer = setInterval(() => {
    const { ok, unknown, fail } = load.counts;
    const led = cluster.coordinator?.id ?? 'nobody';
    trail.note(`${ok} acknowledged, ${unknown} unknown, ${fail} refused; ${led} leads`);
  }, PROGRESS_EVERY_MS);
  return () => clearInterval(timer);
}

function reignsByCoordinator({ reigns }: Cluster): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const reign of [...reigns].sort()) {
    const [, coordinator = ''] = reign.split('/');
    counts[coordinator] = (counts[coordinator] ?? 0) + 1;
  }
  return counts;
}

/** What came of a round, for people. */
export function summaryOf(report: RoundReport): readonly string[] {
  const { acknowledged, unknown, unknownDelivered, refused, readings, violations } = report;
  const longest = report.longestOutage;
  const list = (counts: Readonly<Record<string, number | string>>) =>
    Object.entries(counts)
      .map(([name, count]) => `${name} ${count}`)
      .join(' · ');
  const show = (count: number) => count.toLocaleString('en');
  return [
    `network      ${report.network}, ${report.seconds.toFixed(0)} s, seed ${report.seed}`,
    `submissions  ${show(acknowledged)} acknowledged · ${show(unknown)} unknown, ${show(unknownDelivered)} of which took effect · ${show(refused)} refused`,
    `readings     ${show(readings)}`,
    `faults       ${list(report.faults) || 'none'}`,
    `reigns       ${list(report.reigns)}`,
    `outages      longest ${(longest.ms / 1000).toFixed(1)} s, ended at ${clockOf(longest.endedAt)} (${longest.faults.join(', ') || 'no fault'}); slowest recovery ${(report.slowestRecoveryMs / 1000).toFixed(1)} s after the faults`,
    `by itself    ${list(inSeconds(report.outages)) || 'none'}`,
    `verdict      ${violations.length === 0 ? 'no violation' : `${violations.length} violations`}`,
    ...violations.map((sentence) => `  ${sentence}`),
  ];
}

const inSeconds = (times: Readonly<Record<string, number>>): Record<string, string> =>
  Object.fromEntries(Object.entries(times).map(([name, ms]) => [name, `${(ms / 1000).toFixed(1)} s`]));
