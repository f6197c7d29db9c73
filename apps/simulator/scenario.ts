/** Scenarios: what happens to a simulated cluster, as plain data. A run is a function of its scenario. */
import * as z from 'zod';
import { OwnTimings, PRESETS, type PresetName, type Timings, timingsOf } from '../../actors/anywhere.js';
import { PeerId } from '../../transport/anywhere.js';
import { SYSTEM_NAMES } from './systems.js';

const Ms = z.number().int().min(0).max(86_400_000);
const at = { at: Ms };
const Delay = z.number().min(0).max(60_000);
const lasting = { ...at, forMs: Ms };

/** One intervention: it begins `at` ms after the start, and is taken back `forMs` later. Network paths lead one way. */
export const Fault = z.discriminatedUnion('kind', [
  /** Killed, and started again; for good when that is past the horizon, unless too few would be left. With `isPowerCut` nobody is told: its channels just fall silent. */
  z.strictObject({ kind: z.literal('crash'), ...lasting, peer: PeerId, isPowerCut: z.boolean() }),
  /** SIGSTOP, SIGCONT. */
  z.strictObject({ kind: z.literal('pause'), ...lasting, peer: PeerId }),
  /** Those of different sides do not hear each other; whoever is on no side hears everybody. */
  z.strictObject({ kind: z.literal('partition'), ...lasting, sides: z.array(z.array(PeerId)).max(32) }),
  z.strictObject({ kind: z.literal('cut'), ...lasting, from: PeerId, to: PeerId }),
  /** Every channel between the two breaks, and what is under way is lost. Both notice, or only `from`, or nobody. */
  z.strictObject({
    kind: z.literal('reset'),
    ...at,
    from: PeerId,
    to: PeerId,
    heardBy: z.enum(['both', 'one', 'nobody']),
  }),
  z.strictObject({ kind: z.literal('slow-path'), ...lasting, from: PeerId, to: PeerId, byMs: Ms }),
  z.strictObject({ kind: z.literal('slow-disk'), ...lasting, peer: PeerId, byMs: Ms }),
  /** Every write fails; the peer must stop, and is started again when the disk is mended. */
  z.strictObject({ kind: z.literal('disk-failure'), ...lasting, peer: PeerId, detail: z.string().max(200) }),
  /** No room on its disk: it keeps nothing more, and goes on when there is room. */
  z.strictObject({ kind: z.literal('full-disk'), ...lasting, peer: PeerId }),
  /** Killed, its disk lost, and started again with an empty one; only killed where a majority of disks would not be left. */
  z.strictObject({ kind: z.literal('wipe'), ...lasting, peer: PeerId }),
  /** Killed, and of its log only so much is left, as a fraction; started again, it knows that, and what it had promised. Spared where `wipe` is. */
  z.strictObject({ kind: z.literal('damage'), ...lasting, peer: PeerId, left: z.number().min(0).max(1) }),
  /** Its wall clock jumps by `byMs`, which may be negative. */
  z.strictObject({
    kind: z.literal('wall-clock'),
    ...at,
    peer: PeerId,
    byMs: z.number().int().min(-86_400_000).max(86_400_000),
  }),
  /** A peer that was not there yet, or has left, joins. */
  z.strictObject({ kind: z.literal('join'), ...at, peer: PeerId }),
  /** Somebody asks `peer` to have the office handed over to `to`. */
  z.strictObject({ kind: z.literal('transfer'), ...at, peer: PeerId, to: PeerId }),
  /** Told to end: it hands over first. Ended when the time is over, and started again. */
  z.strictObject({ kind: z.literal('drain'), ...lasting, peer: PeerId }),
  /** Where three or more vote: the last voters stay. */
  z.strictObject({ kind: z.literal('leave'), ...at, peer: PeerId }),
  /** Not a fault but its victim: `count` submissions, one every `everyMs`. With `isRetried` each is sent again by another peer. */
  z.strictObject({
    kind: z.literal('load'),
    ...at,
    peer: PeerId,
    count: z.number().int().min(1).max(100_000),
    everyMs: Ms,
    bytes: z.number().int().min(0).max(60_000),
    isRetried: z.boolean(),
    /** How long its client waits for an answer; null for ever. */
    timeoutMs: Ms.nullable().default(null),
    /** What is said, in place of filling. */
    text: z.string().max(200).optional(),
  }),
  /** Linearizable readings at this peer: each must show what anybody had been acknowledged when it began. */
  z.strictObject({
    kind: z.literal('read'),
    ...at,
    peer: PeerId,
    count: z.number().int().min(1).max(100_000),
    everyMs: Ms,
  }),
  /** Broadcasts on the causal channel. */
  z.strictObject({
    kind: z.literal('broadcast'),
    ...at,
    peer: PeerId,
    count: z.number().int().min(1).max(1000),
    everyMs: Ms,
  }),
  /** A client of some of the peers, no member: `count` submissions, and it follows all there is. Its channel breaks every `restlessMs`. */
  z.strictObject({
    kind: z.literal('client'),
    ...at,
    seeds: z.array(PeerId).min(1).max(32),
    count: z.number().int().min(0).max(100_000),
    everyMs: Ms,
    bytes: z.number().int().min(0).max(60_000),
    restlessMs: Ms.nullable(),
    timeoutMs: Ms.nullable(),
  }),
]);
export type Fault = z.infer<typeof Fault>;
export type FaultKind = Fault['kind'];

export const FAULT_KINDS = Fault.options.map((option) => option.shape.kind.value) as readonly FaultKind[];

/**
 * Single messages on their way, each drawn by its own name: whoever leaves one out changes no other. Without it frames travel
 * whole, and none is lost.
 */
export const Network = z.strictObject({
  /** Ms from peer to peer: always so many, or evenly from–to; default: mostly near 0.3, sometimes far more, never above 40. */
  latency: z
    .union([
      Delay,
      z
        .strictObject({ from: Delay, to: Delay })
        .refine(({ from, to }) => from <= to, 'goes from the shortest to the longest'),
    ])
    .optional(),
  /** The share of messages that never arrive. What kernels say to each other (a channel opens, or ends) always does. */
  loss: z.number().min(0).max(1).default(0),
});
export type Network = z.infer<typeof Network>;

export const Scenario = z.strictObject({
  seed: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
  /** Start together at 0. Those that join later may be unknown here. */
  peers: z.array(PeerId).min(1).max(32),
  /** The first of them founds the cluster, or all together (`--expect`), of which there are 7 at most. */
  founding: z.enum(['first', 'together']).default('first'),
  /** Settings of every peer. */
  options: z
    .strictObject({
      preset: z.enum(Object.keys(PRESETS) as [PresetName, ...PresetName[]]).default('fast'),
      detector: z.enum(['fixed', 'phi']).default('fixed'),
      /** In `classic` nothing is checked that it does not promise. Default: safe. */
      mode: z.enum(['safe', 'classic']).optional(),
      /** `immediate` only in mode classic. */
      takeover: z.enum(['afterSync', 'never', 'immediate']).default('afterSync'),
      /** Put over those of the preset. */
      timings: OwnTimings.optional(),
      pendingMax: z.number().int().min(1).max(1_000_000).default(10_000),
      snapshotEvery: z.number().int().min(0).max(1_000_000).default(0),
      trailing: z.number().int().min(0).max(1_000_000).default(10_000),
      tieBreaker: z.boolean().default(false),
      lastManStanding: z.boolean().default(false),
      lastManStandingMs: z.number().int().min(1).max(3_600_000).default(60_000),
      minVoters: z.number().int().min(1).max(7).default(1),
    })
    .prefault({}),
  /** A system that every peer hosts: each submission of a load is followed by one of its commands. */
  system: z.enum(SYSTEM_NAMES).nullable().default(null),
  /** How far each peer's clock is off, as a factor: 1.05 gains 5 %. Default 1. */
  clockRates: z.record(PeerId, z.number().min(0.5).max(2)).default({}),
  /** How fast wall clocks go: so much faster sessions expire, for they live by what the log says. */
  wallClockRate: z.number().min(1).max(10_000).default(1),
  network: Network.optional(),
  faults: z.array(Fault).max(10_000),
  /** When the faults end and the liveness phase begins, ms. */
  horizonMs: Ms,
});
export type Scenario = z.infer<typeof Scenario>;

/** What the peers of a scenario go by. */
export const timingsIn = ({ options: { preset, timings } }: Pick<Scenario, 'options'>): Timings =>
  timingsOf({ preset, ...timings });

/** A fault in words, for people. */
export function describe(fault: Fault): string {
  const { kind, at, ...rest } = fault;
  const details = Object.entries(rest).map(([name, value]) =>
    name === 'sides' ? (value as string[][]).map((side) => side.join('')).join(' | ') : `${name} ${value}`,
  );
  return `${at} ms: ${kind} ${details.join(', ')}`;
}
