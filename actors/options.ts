/**
 * Every setting of a peer, in one schema: flags, environment, files and `createPeer` all pass through it.
 *
 * Times are milliseconds. A preset names a set of timings; single settings override it.
 */
import * as z from 'zod';
import type { Takeover } from '../machines/election-rules.js';
import { VOTERS_MAX } from '../machines/values/configuration.js';
import { type DiscoveryMode, discoveryMode } from '../transport/discovery.js';
import { LIMITS, Mode, PeerId } from '../transport/protocol.js';
import { TransportKind } from '../transport/protocol-discovery.js';

export interface Timings {
  /** How often members say they are alive. */
  readonly heartbeatIntervalMs: number;
  /** Silence after which a member is suspected; at least 4 heartbeats, or every peer is always suspected. */
  readonly suspectTimeoutMs: number;
  /** How long others have to say whether they hear a member that is missed, before it is suspected. */
  readonly verifyTimeoutMs: number;
  /** How long a challenger waits for an OK from a higher member. */
  readonly answerTimeoutMs: number;
  /** How long, after an OK, it waits for the COORDINATOR; at least 3 answer time-outs. */
  readonly coordinatorTimeoutMs: number;
  /** How long a candidate collects promises, and adopts, before it gives its term up. */
  readonly collectTimeoutMs: number;
  /** A peer that heard its coordinator this lately promises nobody else; below the suspect time-out. */
  readonly stickinessMs: number;
  /** How long a coordinator tries to hand over before it serves again. */
  readonly handoverTimeoutMs: number;
  /** How long a higher member must have been ready before the coordinator hands over to it. */
  readonly takeoverStableMs: number;
  /** How long after a failed handover none is tried again. */
  readonly holdDownMs: number;
  /** That time doubles whenever the same member loses the office within the flap window, up to this. */
  readonly holdDownMaxMs: number;
  /** A coordinator that is lost sooner than this has flapped. */
  readonly flapWindowMs: number;
  /** How long a starting peer listens for a coordinator before it calls an election. */
  readonly joinGraceMs: number;
}

const LAN: Timings = {
  heartbeatIntervalMs: 200,
  suspectTimeoutMs: 1000,
  verifyTimeoutMs: 50,
  answerTimeoutMs: 300,
  coordinatorTimeoutMs: 1000,
  collectTimeoutMs: 1000,
  stickinessMs: 800,
  handoverTimeoutMs: 800,
  takeoverStableMs: 5000,
  holdDownMs: 10_000,
  holdDownMaxMs: 600_000,
  flapWindowMs: 60_000,
  joinGraceMs: 1000,
};

/** Named sets of timings (PROTOCOL §14; those of the four systems as their originals had them). */
export const PRESETS = {
  lan: LAN,
  fast: {
    heartbeatIntervalMs: 50,
    suspectTimeoutMs: 250,
    verifyTimeoutMs: 25,
    answerTimeoutMs: 75,
    coordinatorTimeoutMs: 250,
    collectTimeoutMs: 250,
    stickinessMs: 200,
    handoverTimeoutMs: 200,
    takeoverStableMs: 500,
    holdDownMs: 2000,
    holdDownMaxMs: 8000,
    flapWindowMs: 2000,
    joinGraceMs: 250,
  },
  wan: {
    heartbeatIntervalMs: 1000,
    suspectTimeoutMs: 5000,
    verifyTimeoutMs: 500,
    answerTimeoutMs: 1500,
    coordinatorTimeoutMs: 5000,
    collectTimeoutMs: 5000,
    stickinessMs: 4000,
    handoverTimeoutMs: 4000,
    takeoverStableMs: 10_000,
    holdDownMs: 30_000,
    holdDownMaxMs: 600_000,
    flapWindowMs: 60_000,
    joinGraceMs: 5000,
  },
  chat: {
    ...LAN,
    heartbeatIntervalMs: 600,
    suspectTimeoutMs: 2500,
    answerTimeoutMs: 2000,
    coordinatorTimeoutMs: 6000,
    collectTimeoutMs: 2500,
    stickinessMs: 2000,
    handoverTimeoutMs: 2000,
    joinGraceMs: 2500,
  },
  // The originals' time-outs; heartbeats are so many that silence of a suspect time-out is never one lost heartbeat.
  energy: {
    ...LAN,
    heartbeatIntervalMs: 2000,
    suspectTimeoutMs: 10_000,
    verifyTimeoutMs: 500,
    answerTimeoutMs: 5000,
    coordinatorTimeoutMs: 15_000,
    collectTimeoutMs: 5000,
    stickinessMs: 8000,
    handoverTimeoutMs: 5000,
    joinGraceMs: 5000,
  },
  sensor: {
    ...LAN,
    heartbeatIntervalMs: 2500,
    suspectTimeoutMs: 10_000,
    verifyTimeoutMs: 500,
    answerTimeoutMs: 5000,
    coordinatorTimeoutMs: 15_000,
    collectTimeoutMs: 5000,
    stickinessMs: 8000,
    handoverTimeoutMs: 5000,
    takeoverStableMs: 0,
    joinGraceMs: 5000,
  },
  auction: {
    ...LAN,
    heartbeatIntervalMs: 15_000,
    suspectTimeoutMs: 60_000,
    verifyTimeoutMs: 1000,
    answerTimeoutMs: 5000,
    coordinatorTimeoutMs: 15_000,
    collectTimeoutMs: 5000,
    stickinessMs: 10_000,
    handoverTimeoutMs: 5000,
    takeoverStableMs: 0,
    joinGraceMs: 5000,
  },
} as const satisfies Record<string, Timings>;
export type PresetName = keyof typeof PRESETS;

const HostPort = z
  .string()
  .regex(/^(\[[0-9a-fA-F:.]+\]|[^\s:/]+):\d{1,5}$/, 'must be HOST:PORT')
  .refine((text) => Number(text.slice(text.lastIndexOf(':') + 1)) <= 65_535, 'has a port above 65535');

const Seed = z
  .string()
  .transform((text) => text.match(/^([A-Za-z0-9][A-Za-z0-9._-]{0,63}):(.+:\d+)$/)?.[2] ?? text)
  .pipe(HostPort);

const Milliseconds = z.number().int().min(1).max(3_600_000);

const timingFields = {
  heartbeatIntervalMs: Milliseconds.optional(),
  suspectTimeoutMs: Milliseconds.optional(),
  verifyTimeoutMs: Milliseconds.optional(),
  answerTimeoutMs: Milliseconds.optional(),
  coordinatorTimeoutMs: Milliseconds.optional(),
  collectTimeoutMs: Milliseconds.optional(),
  stickinessMs: Milliseconds.optional(),
  handoverTimeoutMs: Milliseconds.optional(),
  takeoverStableMs: z.number().int().min(0).max(3_600_000).optional(),
  holdDownMs: Milliseconds.optional(),
  holdDownMaxMs: Milliseconds.optional(),
  flapWindowMs: Milliseconds.optional(),
  joinGraceMs: Milliseconds.optional(),
} satisfies Record<keyof Timings, z.ZodType>;

/** Single timings put over those of a preset. */
export const OwnTimings = z.strictObject(timingFields);

export const PeerOptions = z
  .strictObject({
    /** This peer's id. Required. */
    id: PeerId,
    /** Rank before the id; default: the id when it is a number, else 0. */
    priority: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
    /** Peers of other clusters are refused. */
    cluster: z.string().min(1).max(64).default('bullpen'),
    /** Where to listen; port 0 chooses a free one. */
    listen: HostPort.default('127.0.0.1:0'),
    /** What others are told; default: where it listens. */
    advertise: HostPort.optional(),
    /** `[ID:]HOST:PORT` of any live peers; one suffices. */
    seeds: z.array(Seed).max(64).default([]),
    /**
     * How others are found besides the seeds: `seeds` (not), `multicast[:GROUP:PORT]`, `broadcast[:PORT]`, `dns:NAME:PORT`;
     * default: the preset's own, `seeds` of most.
     */
    discover: z
      .string()
      .refine((text) => discoveryMode(text) !== null, 'must be seeds, multicast, broadcast or dns:NAME:PORT')
      .optional(),
    /** How frames travel: WebSockets, or datagrams, for peers of one network. All peers of a cluster, and its clients, use the same. */
    transport: TransportKind.default('ws'),
    /** With `udp`: the longest datagram sent or taken. What is longer travels in several; default: 4096, the original's. */
    datagramBytesMax: z.number().int().min(512).max(65_507).optional(),
    /** Found a new cluster, alone. Without effect once the journal holds one. */
    bootstrap: z.boolean().default(false),
    /** Found a new cluster with so many peers, this one included, once all have met. Without effect once the journal holds one. */
    expect: z.number().int().min(1).max(VOTERS_MAX).optional(),
    /** Journal folder; without it the log is kept in memory. */
    data: z.string().min(1).optional(),
    /**
     * `safe`: acknowledged means on disk at a quorum. `safe-mem`: in memory at a quorum. `classic`: the textbook's Bully, for
     * teaching: acknowledged means numbered by a coordinator, two of which may reign at once, and messages can be lost.
     */
    mode: Mode.default('safe'),
    preset: z.enum(Object.keys(PRESETS) as [PresetName, ...PresetName[]]).default('lan'),
    /** What a coordinator does when a higher member has caught up: hand over, or keep the office. `immediate`: classic only. */
    takeover: z.enum(['afterSync', 'never', 'immediate']).optional(),
    /** Entries from one snapshot to the next; 0 takes none, and keeps the whole log for ever. None are taken in mode `classic`. */
    snapshotEvery: z.number().int().min(0).max(10_000_000).default(20_000),
    /** Entries kept behind a snapshot, at least: for peers that are a little behind, and as the history that can be read. */
    trailing: z.number().int().min(0).max(10_000_000).default(10_000),
    /**
     * As coordinator: of an even number of voters the highest breaks the tie, so its half can go on without the other. The
     * loss of the lower of two voters is borne then, that of the higher is not. Written in the log, so all count alike.
     */
    tieBreaker: z.boolean().default(false),
    /** As coordinator: a voter that is down for long loses its vote, and joins again when it is back. */
    lastManStanding: z.boolean().default(false),
    /** How long that is, from the moment it is suspected. */
    lastManStandingMs: Milliseconds.default(60_000),
    /** So many voters keep their votes, however long they are down. From 2 to 1 it takes a tie-breaker too. */
    minVoters: z.number().int().min(1).max(VOTERS_MAX).default(1),
    /** How silence is judged: by the suspect time-out, or by how regularly a member is heard (`phi`), which is never less. */
    detector: z.enum(['fixed', 'phi']).default('fixed'),
    /** Submissions of this peer that may wait for their delivery. */
    pendingMax: z.number().int().min(1).max(1_000_000).default(10_000),
    /** And bytes of their payloads, encoded. */
    pendingBytesMax: z
      .number()
      .int()
      .min(LIMITS.payloadBytesMax)
      .default(8 * 1024 * 1024),
    /**
     * A sync that takes longer shows a slow disk. After ten seconds in which that has happened at least every other such time,
     * a coordinator hands its office over to a member whose disk keeps up, and nobody hands it back meanwhile.
     */
    slowDiskMs: z.number().int().min(10).max(600_000).default(1000),
    /** Clients served at a time; 0 serves none. */
    clientsMax: z.number().int().min(0).max(10_000).default(64),
    /** Web pages that may be clients, by their origin, as `https://example.org`; default: none. */
    clientOrigins: z.array(z.string().min(1).max(300)).max(64).default([]),
    /** Bytes queued on one connection before it is closed as too slow. */
    queueBytesMax: z
      .number()
      .int()
      .min(2 * LIMITS.frameBytesMax)
      .default(16 * 1024 * 1024),
    ...timingFields,
  })
  .superRefine((options, context) => {
    const timings = timingsOf(options);
    const refuse = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    if (timings.suspectTimeoutMs < 4 * timings.heartbeatIntervalMs)
      refuse(
        'suspectTimeoutMs',
        'must be at least 4 × heartbeatIntervalMs, or every peer is always suspected',
      );
    for (const key of ['tieBreaker', 'lastManStanding'] as const)
      if (options[key] && options.mode === 'classic')
        refuse(key, 'does not go with mode classic: nobody asks a quorum there');
    if (options.lastManStanding && options.lastManStandingMs < timings.suspectTimeoutMs)
      refuse('lastManStandingMs', 'must be at least suspectTimeoutMs, or a moment of silence costs the vote');
    if (options.transport === 'udp' && options.clientOrigins.length > 0)
      refuse('transport', 'carries no web pages: use ws, or leave clientOrigins out');
    if (options.transport === 'ws' && options.datagramBytesMax !== undefined)
      refuse('datagramBytesMax', 'goes with transport udp alone: ws has no datagrams');
    if (options.bootstrap && options.expect !== undefined)
      refuse('expect', 'does not go with bootstrap: found a cluster alone, or together');
    if (options.takeover === 'immediate' && options.mode !== 'classic')
      refuse('takeover', 'can be immediate in mode classic only: choose afterSync, which loses nothing');
    if (timings.coordinatorTimeoutMs < 3 * timings.answerTimeoutMs)
      refuse(
        'coordinatorTimeoutMs',
        'must be at least 3 × answerTimeoutMs, or no winner has time to announce',
      );
    if (timings.stickinessMs >= timings.suspectTimeoutMs)
      refuse('stickinessMs', 'must be below suspectTimeoutMs, or an election finds nobody free to promise');
  });
export type PeerOptions = z.output<typeof PeerOptions>;
/** What a caller writes: everything but `id` may be left out. */
export type PeerOptionsInput = z.input<typeof PeerOptions>;

/** The preset's timings with the options' own put over them. */
export function timingsOf(
  options: { preset: PresetName } & Partial<Record<keyof Timings, number | undefined>>,
): Timings {
  const preset = PRESETS[options.preset];
  const keys = Object.keys(preset) as (keyof Timings)[];
  return Object.fromEntries(keys.map((key) => [key, options[key] ?? preset[key]])) as unknown as Timings;
}

/** How the originals found each other. */
const DISCOVERY_OF: Partial<Record<PresetName, string>> = {
  energy: 'multicast',
  sensor: 'broadcast:9999',
  auction: 'broadcast:12345',
};

/** Whom a peer with these options asks for others, besides its seeds: what it was told, else its preset's way. */
export const discoveryOf = ({ discover, preset }: Pick<PeerOptions, 'discover' | 'preset'>): DiscoveryMode =>
  discoveryMode(discover ?? DISCOVERY_OF[preset] ?? 'seeds') ?? { way: 'seeds' };

/** The rule for a higher id that returns: a preset's own, the textbook's in classic mode, else the one that loses nothing. */
export function takeoverOf(options: Pick<PeerOptions, 'takeover' | 'preset' | 'mode'>): Takeover {
  if (options.takeover !== undefined) return options.takeover;
  if (options.preset === 'chat' || options.preset === 'energy') return 'never';
  return options.mode === 'classic' ? 'immediate' : 'afterSync';
}
