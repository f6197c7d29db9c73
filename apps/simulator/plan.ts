/**
 * Which faults a seed brings: a scenario drawn from the seed alone.
 *
 * Swarm testing (Groce et al. 2012): every seed turns a random subset of the kinds on, for a run in which everything fails
 * at once seldom gets anywhere, and one in which a single thing fails again and again gets where no other does.
 */
import { PRESETS, timingsOf } from '../../actors/anywhere.js';
import { configuration } from '../../machines/index.js';
import type { PeerId } from '../../transport/anywhere.js';
import { between, pick, type Random, streamOf } from './random.js';
import type { Fault, FaultKind, Scenario } from './scenario.js';
import type { SystemName } from './systems.js';

export interface PlanSettings {
  /** 1 to 9. */
  readonly peers: number;
  /** Which kinds may happen; `load` always does. */
  readonly kinds: readonly FaultKind[];
  /** Which system the peers host; default: none. Its faults are those of the seed without it, and everybody submits. */
  readonly system?: SystemName | undefined;
}

/** How long faults go on, in suspect time-outs. */
const HORIZON_SUSPECTS = 30;

export function planOf(seed: number, { peers: count, kinds, system }: PlanSettings): Scenario {
  const peers = Array.from({ length: count }, (_, place) => String(place + 1));
  const settings = streamOf(seed, 'settings');
  const preset = settings() < 0.75 ? 'fast' : 'lan';
  const takeover = settings() < 0.85 ? 'afterSync' : 'never';
  const { suspectTimeoutMs } = timingsOf({ preset, ...PRESETS[preset] });
  const horizonMs = HORIZON_SUSPECTS * suspectTimeoutMs;
  const enabled = kinds.filter((kind) => kind === 'load' || streamOf(seed, `has ${kind}`)() < 0.5);
  const founding =
    count <= configuration.VOTERS_MAX && streamOf(seed, 'founding')() < 0.3 ? 'together' : 'first';
  const drawn = { peers, suspectTimeoutMs, horizonMs };
  const faults = [
    ...peers.flatMap((peer) =>
      steadyLoad(peer, streamOf(seed, `load of ${peer}`), horizonMs, system !== undefined),
    ),
    ...enabled.flatMap((kind) => faultsOf(kind, streamOf(seed, kind), drawn)),
    ...(founding === 'together' ? whileFounding(enabled, streamOf(seed, 'while founding'), drawn) : []),
  ];
  const drifts = settings() < 0.3;
  const clockRates = drifts ? Object.fromEntries(peers.map((id) => [id, 0.95 + settings() / 10])) : {};
  return {
    seed,
    peers,
    founding,
    options: {
      preset,
      takeover,
      detector: streamOf(seed, 'detector')() < 0.75 ? 'fixed' : 'phi',
      pendingMax: pick(settings, [10_000, 10_000, 20]) ?? 10_000,
      ...snapshotsOf(streamOf(seed, 'snapshots')),
      ...votersOf(streamOf(seed, 'voters'), suspectTimeoutMs),
    },
    system: system ?? null,
    clockRates,
    wallClockRate: pick(streamOf(seed, 'wall clocks'), [1, 1, 300]) ?? 1,
    faults: withoutHopelessness(faults).sort((a, b) => a.at - b.at),
    horizonMs,
  };
}

/** Often, for what takes days in life happens here within seconds; and not at all, for then the whole log can be looked at. */
function snapshotsOf(random: Random) {
  return { snapshotEvery: pick(random, [0, 20, 100]) ?? 0, trailing: pick(random, [0, 10, 60]) ?? 0 };
}

/** What a coordinator does about voters unasked: on some seeds, and long before a minute has passed. */
function votersOf(random: Random, suspectTimeoutMs: number) {
  const [hasTies, shrinks] = [random() < 0.3, random() < 0.3];
  const window = suspectTimeoutMs * (pick(random, [1, 3, 8]) ?? 1);
  const minVoters = pick(random, [1, 1, 2, 3]) ?? 1;
  return {
    tieBreaker: hasTies,
    lastManStanding: shrinks,
    lastManStandingMs: window,
    minVoters,
  };
}

/** A client that submits all the time: what fails, fails under load. In a system everybody takes part. */
function steadyLoad(peer: PeerId, random: Random, horizonMs: number, isSystem: boolean): readonly Fault[] {
  if (random() < 0.4 && !isSystem) return [];
  const everyMs = pick(random, [20, 60, 250]) ?? 60;
  const at = between(random, 0, 1000);
  const count = Math.max(1, Math.floor((horizonMs - at) / everyMs));
  const isRetried = random() < 0.2;
  return [{ kind: 'load', at, peer, count, everyMs, bytes: 0, isRetried, timeoutMs: null }];
}

/** Longer than any run. */
const FOR_GOOD_MS = 86_400_000;

interface Drawn {
  readonly peers: readonly PeerId[];
  readonly suspectTimeoutMs: number;
  readonly horizonMs: number;
}

/** How many of a kind a run has at most: rare ones change what the others mean. */
const MOST: { readonly [Kind in FaultKind]: number } = {
  crash: 6,
  pause: 4,
  partition: 4,
  cut: 6,
  reset: 8,
  'slow-path': 4,
  'slow-disk': 4,
  'disk-failure': 2,
  wipe: 1,
  damage: 2,
  'full-disk': 3,
  'wall-clock': 3,
  join: 2,
  leave: 2,
  transfer: 4,
  drain: 3,
  load: 4,
  client: 2,
  read: 4,
  broadcast: 3,
};

function faultsOf(kind: FaultKind, random: Random, drawn: Drawn): readonly Fault[] {
  const count = between(random, 1, MOST[kind]);
  return Array.from({ length: count }, () => faultOf(kind, random, drawn));
}

const DISTURBING: readonly FaultKind[] = [
  'crash',
  'pause',
  'partition',
  'cut',
  'reset',
  'slow-path',
  'slow-disk',
];

/** All begin within the first suspect time-out, and end with it, but for a crash that is for good. */
function whileFounding(enabled: readonly FaultKind[], random: Random, drawn: Drawn): readonly Fault[] {
  const kinds = enabled.filter((kind) => DISTURBING.includes(kind));
  return Array.from({ length: between(random, 0, 4) }, () => pick(random, kinds))
    .filter((kind) => kind !== undefined)
    .map((kind) => faultOf(kind, random, { ...drawn, horizonMs: drawn.suspectTimeoutMs }));
}

function faultOf(kind: FaultKind, random: Random, { peers, suspectTimeoutMs, horizonMs }: Drawn): Fault {
  const at = between(random, 0, horizonMs);
  const peer = pick(random, peers) ?? '1';
  const other =
    pick(
      random,
      peers.filter((id) => id !== peer),
    ) ?? peer;
  // Below, about, and well above what a detector bears.
  const forMs = Math.min(
    horizonMs - at,
    Math.ceil(suspectTimeoutMs * (pick(random, [0.2, 0.8, 1.5, 4, 10]) ?? 1) * (0.5 + random())),
  );
  switch (kind) {
    case 'crash': {
      const isForGood = random() < 0.15;
      return { kind, at, forMs: isForGood ? FOR_GOOD_MS : forMs, peer, isPowerCut: random() < 0.3 };
    }
    case 'transfer':
      return { kind, at, peer, to: other };
    case 'drain':
    case 'pause':
    case 'full-disk':
    case 'wipe':
      return { kind, at, forMs, peer };
    case 'damage':
      return { kind, at, forMs, peer, left: random() };
    case 'partition':
      return { kind, at, forMs, sides: sidesOf(peers, random) };
    case 'cut':
      return { kind, at, forMs, from: peer, to: other };
    case 'reset':
      return { kind, at, from: peer, to: other, heardBy: heardBy(random) };
    case 'slow-path':
      return { kind, at, forMs, from: peer, to: other, byMs: between(random, 1, suspectTimeoutMs) };
    case 'slow-disk':
      return { kind, at, forMs, peer, byMs: between(random, 1, 3 * suspectTimeoutMs) };
    case 'disk-failure':
      return {
        kind,
        at,
        forMs,
        peer,
        detail: pick(random, ['EIO on write', 'EIO on fsync']) ?? 'EIO',
      };
    case 'wall-clock':
      return { kind, at, peer, byMs: between(random, -3_600_000, 3_600_000) };
    case 'join':
      return { kind, at, peer: String(peers.length + between(random, 1, 2)) };
    case 'leave':
      return { kind, at, peer };
    case 'load':
      return {
        kind,
        at,
        peer,
        count: between(random, 1, 30),
        everyMs: pick(random, [0, 3, 40]) ?? 0,
        bytes: pick(random, [0, 100, 20_000]) ?? 0,
        isRetried: random() < 0.2,
        timeoutMs: random() < 0.5 ? between(random, 1, 3 * suspectTimeoutMs) : null,
      };
    case 'broadcast':
      return { kind, at, peer, count: between(random, 1, 12), everyMs: pick(random, [0, 5, 50]) ?? 5 };
    case 'read':
      return { kind, at, peer, count: between(random, 1, 60), everyMs: pick(random, [0, 5, 50]) ?? 5 };
    case 'client':
      return {
        kind,
        at,
        seeds: [peer, other],
        count: between(random, 1, 200),
        everyMs: pick(random, [0, 3, 40]) ?? 0,
        bytes: pick(random, [0, 100, 5000]) ?? 0,
        restlessMs: pick(random, [null, null, 50, 400]) ?? null,
        timeoutMs: random() < 0.3 ? between(random, 1, 3 * suspectTimeoutMs) : null,
      };
    default:
      return kind satisfies never;
  }
}

const heardBy = (random: Random) => pick(random, ['both', 'both', 'one', 'nobody'] as const) ?? 'both';

/** Two or three sides; sometimes one peer is on none of them, and so hears both. */
function sidesOf(peers: readonly PeerId[], random: Random): PeerId[][] {
  const sides: PeerId[][] = Array.from({ length: between(random, 2, 3) }, () => []);
  for (const peer of peers) if (random() < 0.9) pick(random, sides)?.push(peer);
  return sides.filter((side) => side.length > 0);
}

/**
 * What is promised is promised while a majority keeps its disks, and a cluster of which only a minority is left cannot go on.
 * So among few peers nobody leaves for good where another one loses its disk, and the last voters stay.
 */
function withoutHopelessness(faults: readonly Fault[]): Fault[] {
  const hasWipe = faults.some(({ kind }) => kind === 'wipe');
  return faults.filter(({ kind }) => !(hasWipe && (kind === 'leave' || kind === 'damage')));
}
