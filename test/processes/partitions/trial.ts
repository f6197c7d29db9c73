/**
 * One trial: a new cluster is put into a shape under load, watched, and healed. What must not be comes back in sentences,
 * what it took in milliseconds.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { until } from '../../support/until.js';
import { Chance } from '../faults/chance.js';
import { Cluster } from '../faults/cluster.js';
import { Load } from '../faults/load.js';
import { createNamespaceNetwork } from '../faults/namespace-network.js';
import type { Network } from '../faults/network.js';
import type { Timings } from '../faults/peer-process.js';
import { createProxyNetwork, freePorts } from '../faults/proxy-network.js';
import { Trail } from '../faults/trail.js';
import { comeToRest, judgeHistory, judgeJournals, readLogs } from '../faults/verdict.js';
import type { Cut, Shape, ShapeName } from './shapes.js';
import { Watch } from './watch.js';

export interface TrialSettings {
  readonly shape: Shape;
  readonly network: Network['kind'];
  readonly suspectMs: number;
  readonly seed: number;
  /** Is made; holds journals, what peers said, and the trail. */
  readonly folder: string;
  /** The built command. */
  readonly command: string;
  /** How long is waited for each thing that has to come, ms. Default 60 s: far above what it needs, for the machine may be busy. */
  readonly patienceMs?: number;
  /** Submissions and readings, a second. Default 80. */
  readonly perSecond?: number;
  readonly isTraced?: boolean;
  readonly say: (line: string) => void;
}

/** Times are ms after the last link was cut; null when it never came. */
export interface TrialReport {
  readonly shape: ShapeName;
  readonly network: Network['kind'];
  /** The first acknowledgement of something offered after the cut. */
  readonly servedMs: number | null;
  /** The old coordinator was seen to coordinate no more. */
  readonly steppedDownMs: number | null;
  /** The highest that can was seen to lead, and is ready. */
  readonly ledMs: number | null;
  /** `TERM/COORDINATOR` of every reign from the cut until then. */
  readonly reigns: readonly string[];
  /** Terms begun in ten suspect time-outs after that. */
  readonly laterTerms: number;
  /** Entries that the laggard lacked at the cut. */
  readonly lag: number | null;
  /** Peers that had all that was committed, at most a second old, ten suspect time-outs later and still cut. */
  readonly keptUp: readonly string[];
  /** From the mending until all are level and follow the highest, ms. */
  readonly healedMs: number | null;
  readonly acknowledged: number;
  readonly violations: readonly string[];
}

const FORMED_WITHIN_MS = 90_000;
const PATIENCE_MS = 60_000;
/** PROTOCOL L1, "and it stays": for so many suspect time-outs. */
const STAYS_FOR = 10;
const PER_SECOND = 80;
const LAG_MIN = 5;

/** Preset `lan` with another suspect time-out, and with takeovers that do not take long to begin. */
const timingsFor = (suspectMs: number): Timings => ({
  BULLPEN_HEARTBEAT_INTERVAL_MS: `${Math.round(suspectMs / 5)}`,
  BULLPEN_SUSPECT_TIMEOUT_MS: `${suspectMs}`,
  BULLPEN_ANSWER_TIMEOUT_MS: `${Math.round(0.3 * suspectMs)}`,
  BULLPEN_COORDINATOR_TIMEOUT_MS: `${suspectMs}`,
  BULLPEN_COLLECT_TIMEOUT_MS: `${suspectMs}`,
  BULLPEN_STICKINESS_MS: `${Math.round(0.8 * suspectMs)}`,
  BULLPEN_HANDOVER_TIMEOUT_MS: `${Math.round(0.8 * suspectMs)}`,
  BULLPEN_TAKEOVER_STABLE_MS: '1000',
  BULLPEN_HOLD_DOWN_MS: '3000',
});

export async function runTrial(settings: TrialSettings): Promise<TrialReport> {
  const { shape, folder, command, suspectMs, isTraced = false } = settings;
  const { ids } = shape;
  mkdirSync(folder, { recursive: true });
  const network = await networkFor(settings);
  const trail = new Trail(join(folder, 'trail.ndjson'), settings.say);
  const dataOf = (id: string) => join(folder, 'data', id);
  const timings = timingsFor(suspectMs);
  const cluster = new Cluster({ ids, network, command, dataOf, records: folder, isTraced, timings, trail });
  const watch = new Watch(cluster, trail);
  try {
    return await play(settings, { cluster, network, trail, watch });
  } finally {
    await watch.stop();
    await cluster.end();
    await network.close();
  }
}

interface Stage {
  readonly cluster: Cluster;
  readonly network: Network;
  readonly trail: Trail;
  readonly watch: Watch;
}

async function play(settings: TrialSettings, stage: Stage): Promise<TrialReport> {
  const { shape, suspectMs, command, seed, patienceMs = PATIENCE_MS, perSecond = PER_SECOND } = settings;
  const { cluster, network, trail, watch } = stage;
  const violations: string[] = [];
  const complain = (sentence: string) => {
    violations.push(sentence);
    trail.note(`VIOLATION: ${sentence}`);
  };
  trail.note(`${shape.name}: ${shape.story}`);
  cluster.form();
  await until(`${shape.ids.length} voters`, FORMED_WITHIN_MS, () => isFormed(stage));
  const load = new Load({ cluster, chance: new Chance(seed), trail, perSecond });
  watch.start();
  load.start();
  await until('the first acknowledgements', FORMED_WITHIN_MS, () => load.counts.ok > perSecond);

  const before = new Set(cluster.reigns);
  const old = cluster.highest.id;
  const lag = shape.laggard === null ? null : await holdBack(shape.laggard, stage, patienceMs);
  await reshape(shape, stage);
  const cutAt = trail.now();
  trail.note('cut');

  const after = async (what: string, moment: () => number | undefined): Promise<number | null> => {
    const at = await until(what, patienceMs, moment).catch((problem: Error) => complain(problem.message));
    if (at === undefined) return null;
    trail.note(`${what}: ${((at - cutAt) / suspectMs).toFixed(2)} × suspect`);
    return Math.round(at - cutAt);
  };
  const servedMs = await after('something new to be acknowledged', () => servedAt(load, cutAt));
  const steppedDownMs = await after(`${old} to step down`, () =>
    watch.first(old, cutAt, ({ role }) => role !== 'coordinator'),
  );
  const ledMs = await after(`${shape.successor} to lead`, () =>
    watch.first(shape.successor, cutAt, ({ role, ready }) => role === 'coordinator' && ready),
  );
  const reigns = [...cluster.reigns].filter((reign) => !before.has(reign));
  const laterTerms = ledMs === null ? 0 : await termsBegunWhileStaying(suspectMs, stage);
  if (laterTerms > 0)
    complain(`${shape.successor} did not stay: ${laterTerms} terms were begun while nothing changed`);
  if (ledMs !== null && servedAt(load, trail.now() - 2 * suspectMs) === undefined)
    complain(
      `${shape.successor} serves no more: nothing new was acknowledged in the last two suspect time-outs`,
    );
  const keptUp = idsLevelWith(shape.successor, watch, perSecond);

  const mendedAt = trail.now();
  await network.mendAll();
  trail.note(`mended; had all meanwhile: ${keptUp.join(', ')}`);
  await load.stop();
  const unrest = await comeToRest(cluster, trail, patienceMs);
  if (unrest !== null) complain(unrest);
  const healedMs = unrest === null ? Math.round(trail.now() - mendedAt) : null;
  await watch.stop();
  for (const sentence of judgeHistory(load.operations, await readLogs(cluster))) complain(sentence);
  for (const sentence of cluster.unexpectedEnds) violations.push(sentence);
  if (violations.length === 0)
    for (const sentence of await judgeJournals(cluster, command)) complain(sentence);
  const { ok: acknowledged } = load.counts;
  return {
    ...{ shape: shape.name, network: network.kind, servedMs, steppedDownMs, ledMs, reigns, laterTerms },
    ...{ lag, keptUp, healedMs, acknowledged, violations },
  };
}

function networkFor({ network, shape: { ids }, seed }: TrialSettings): Promise<Network> {
  if (network === 'netns') return createNamespaceNetwork(ids);
  return freePorts(3 * ids.length, process.pid + seed).then((ports) => createProxyNetwork(ids, ports));
}

/** Everybody votes, is ready, and follows the highest. */
async function isFormed({ cluster }: Stage): Promise<boolean> {
  const status = await cluster.highest.status();
  const voters = status?.view.members.filter(({ role }) => role === 'voter') ?? [];
  return voters.length === cluster.peers.length && (await cluster.unrest()) === null;
}

/** Lets `id` hear nobody until it lacks some entries. */
async function holdBack(id: string, { cluster, network, watch }: Stage, patienceMs: number): Promise<number> {
  const others = cluster.peers.map((peer) => peer.id).filter((other) => other !== id);
  await Promise.all(others.map((other) => network.cut(other, id)));
  return until(`${id} to lack ${LAG_MIN} entries`, patienceMs, () => {
    const { statuses } = watch.latest;
    // Nothing passes the old coordinator's links after the cut, so what counts is what those have that stay.
    const theirs = others.slice(0, -1).map((other) => statuses.get(other)?.last ?? 0);
    const lag = Math.min(...theirs) - (statuses.get(id)?.last ?? Number.POSITIVE_INFINITY);
    return lag >= LAG_MIN && lag;
  });
}

async function termsBegunWhileStaying(suspectMs: number, { watch }: Stage): Promise<number> {
  const promised = watch.highestPromise;
  await pause(STAYS_FOR * suspectMs);
  return watch.highestPromise - promised;
}

/** Cuts what the shape cuts, and mends what held somebody back. */
async function reshape({ cuts, laggard, ids }: Shape, { network }: Stage): Promise<void> {
  await Promise.all(cuts.map(([from, to]) => network.cut(from, to)));
  if (laggard === null) return;
  const isCut = (from: string) => cuts.some((cut: Cut) => cut[0] === from && cut[1] === laggard);
  const heard = ids.filter((id) => id !== laggard && !isCut(id));
  await Promise.all(heard.map((id) => network.mend(id, laggard)));
}

/** When something offered after `since` was first acknowledged. */
function servedAt({ operations }: Load, since: number): number | undefined {
  const ends = operations.flatMap((one) =>
    one.op === 'submit' && one.outcome === 'ok' && one.start > since ? [one.end] : [],
  );
  return ends.length === 0 ? undefined : Math.min(...ends);
}

/** Whoever has applied as much as the coordinator had committed a second earlier, or so: a second of load. */
function idsLevelWith(coordinator: string, watch: Watch, perSecond: number): readonly string[] {
  const { statuses } = watch.latest;
  const committed = statuses.get(coordinator)?.commit ?? Number.POSITIVE_INFINITY;
  return [...statuses.values()]
    .filter(({ applied }) => committed - applied <= 2 * perSecond)
    .map(({ id }) => id)
    .sort();
}
