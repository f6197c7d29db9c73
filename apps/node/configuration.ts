/** Every setting of a program that runs a peer: one schema for flags, environment and file, and what each is called there. */
import * as z from 'zod';
import { PeerOptions, type PeerOptionsInput, PRESETS } from '../../actors/index.js';
import { hostOf, isLoopback } from './http-guard.js';

/** Where something is listened at, `HOST:PORT`; port 0 takes a free one. */
export const HostPort = z
  .string()
  .regex(/^(\[[0-9a-fA-F:.]+\]|[^\s:/]+):\d{1,5}$/, 'must be HOST:PORT')
  .refine((text) => Number(text.slice(text.lastIndexOf(':') + 1)) <= 65_535, 'has a port above 65535');

const PORT_WORDS = 'must be a port, 0 to 65535';
const Port = z.string().regex(/^(6553[0-5]|655[0-2]\d|65[0-4]\d\d|6[0-4]\d{3}|[1-5]?\d{1,4})$/, PORT_WORDS);
const InspectTarget = z.union([z.string().regex(/^wss?:\/\/\S+$/), Port, HostPort]);

export const LOG_LEVELS = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;

const peerFields = PeerOptions.shape;

export const Configuration = z
  .strictObject({
    ...peerFields,
    /** Where HTTP and the live page are served; off without it. */
    http: HostPort.optional(),
    /** Further names that HTTP answers to: those of a service or a proxy before it. */
    httpHosts: z
      .array(z.string().regex(/^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/, 'must be a host name'))
      .max(64)
      .default([]),
    /** Faults may be done to this peer over HTTP. Whoever reaches that port can kill the process, so only this machine may. */
    allowFaults: z.boolean().default(false),
    /** `true`: serve the inspector's protocol at a free port. `HOST:PORT`: there. `ws://…`: feed a server that runs. */
    inspect: z
      .union([z.boolean(), InspectTarget], 'must be ws://HOST:PORT, HOST:PORT or PORT')
      .default(false),
    /** `true`: serve the protocol of `@xstate/inspect` at a free port of this machine. A port: there. */
    inspectLegacy: z.union([z.boolean(), Port, z.int().min(0).max(65_535)], PORT_WORDS).default(false),
    /** File the trace is written to. */
    trace: z.string().min(1).optional(),
    logLevel: z.enum(LOG_LEVELS).default('info'),
    plain: z.boolean().default(false),
    json: z.boolean().default(false),
  })
  .superRefine((configuration, context) => {
    const checked = PeerOptions.safeParse(peerPart(configuration));
    for (const issue of checked.error?.issues ?? [])
      context.addIssue({ code: 'custom', path: issue.path, message: issue.message });
    if (configuration.plain && configuration.json)
      context.addIssue({ code: 'custom', path: ['json'], message: 'excludes plain: choose one of them' });
    const objection = configuration.allowFaults ? objectionToFaults(configuration) : null;
    if (objection !== null) context.addIssue({ code: 'custom', path: ['allowFaults'], message: objection });
  });
export type Configuration = z.output<typeof Configuration>;

function objectionToFaults({
  http,
  httpHosts,
}: {
  readonly http?: string | undefined;
  readonly httpHosts: readonly string[];
}): string | null {
  if (http === undefined) return 'needs --http: faults are asked for over HTTP';
  if (isLoopback(hostOf(http)) && httpHosts.every(isLoopback)) return null;
  return 'needs --http at 127.0.0.1 or localhost, and no --http-host: whoever reaches it can kill this process';
}

/** What of a configuration is the peer's own business: the options of `createPeer`. */
export const peerOptionsOf = (configuration: Configuration): PeerOptionsInput =>
  peerPart(configuration) as PeerOptionsInput;

const peerPart = (configuration: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(configuration).filter(([key, value]) => key in peerFields && value !== undefined),
  );

/** How a value is written in a flag or variable: as text, as a number, as on or off, or several times. */
type Spelling = 'text' | 'number' | 'switch' | 'list' | 'switch-or-text';

/** One setting as people meet it. Its name in a file is its key. */
export interface Setting {
  readonly key: keyof Configuration;
  /** As commander reads it: `--id <ID>`; null for what is only set in the environment or a file. */
  readonly flag: string | null;
  readonly variable: string;
  readonly spelling: Spelling;
  readonly help: string;
}

const setting = (
  key: keyof Configuration,
  spelling: Spelling,
  flag: string | null,
  help: string,
  variable = `BULLPEN_${key.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`,
): Setting => ({ key, flag, variable, spelling, help });

const timing = (key: keyof Configuration): Setting => setting(key, 'number', null, 'timing, ms');

export const SETTINGS: readonly Setting[] = [
  setting('id', 'text', '--id <ID>', "this peer's id, [A-Za-z0-9][A-Za-z0-9._-]{0,63}; required"),
  setting(
    'priority',
    'number',
    '--priority <N>',
    'rank before the id (default: the id when it is a number, else 0)',
  ),
  setting('cluster', 'text', '--cluster <NAME>', 'peers of other clusters are refused (default: bullpen)'),
  setting(
    'listen',
    'text',
    '--listen <HOST:PORT>',
    'where to listen; port 0 is any free one (default: 127.0.0.1:0)',
  ),
  setting(
    'advertise',
    'text',
    '--advertise <HOST:PORT>',
    'what others are told (default: the listen address)',
  ),
  setting(
    'seeds',
    'list',
    '--seed <[ID:]HOST:PORT>',
    'a peer to ask; repeatable, any live one suffices',
    'BULLPEN_SEED',
  ),
  setting(
    'discover',
    'text',
    '--discover <MODE>',
    "seeds | multicast[:GROUP:PORT] | broadcast[:PORT] | dns:NAME:PORT (default: the preset's; of lan: seeds)",
  ),
  setting(
    'transport',
    'text',
    '--transport <KIND>',
    'ws | udp: how peers speak, alike in all of a cluster; udp within one network (default: ws)',
  ),
  setting('datagramBytesMax', 'number', null, 'with udp: the longest datagram, bytes (default: 4096)'),
  setting('bootstrap', 'switch', '--bootstrap', 'found a new cluster, alone'),
  setting('expect', 'number', '--expect <N>', 'found a new cluster once N peers have met, this one included'),
  setting(
    'data',
    'text',
    '--data <DIR>',
    'journal folder; without it the log is kept in memory, and the peer says so',
  ),
  setting('mode', 'text', '--mode <MODE>', 'safe | safe-mem | classic (default: safe)'),
  setting('preset', 'text', '--preset <NAME>', `${Object.keys(PRESETS).join(' | ')} (default: lan)`),
  setting(
    'takeover',
    'text',
    '--takeover <POLICY>',
    'afterSync | never | immediate (classic only): what a coordinator does when a higher peer has caught up',
  ),
  setting(
    'detector',
    'text',
    '--detector <KIND>',
    'fixed | phi: how silence is judged; phi bears with irregular members (default: fixed)',
  ),
  setting(
    'tieBreaker',
    'switch',
    '--tie-breaker',
    'as coordinator: of an even number of voters the highest breaks the tie, and its half can go on alone',
  ),
  setting(
    'lastManStanding',
    'switch',
    '--last-man-standing',
    'as coordinator: a voter that is down for long loses its vote, and joins again when it is back',
  ),
  setting('lastManStandingMs', 'number', null, 'how long that is, ms (default: 60000)'),
  setting('minVoters', 'number', null, 'so many voters keep their votes all the same (default: 1)'),
  setting('http', 'text', '--http <HOST:PORT>', 'HTTP and live page (default: off)'),
  setting(
    'httpHosts',
    'list',
    '--http-host <NAME>',
    'another name HTTP is asked by, as that of a service before it; repeatable (default: its own)',
    'BULLPEN_HTTP_HOST',
  ),
  setting(
    'allowFaults',
    'switch',
    '--allow-faults',
    'lets pages and programs of this machine crash, pause and cut off this peer over HTTP (default: off)',
  ),
  setting(
    'inspect',
    'switch-or-text',
    '--inspect [URL]',
    'feeds the Stately inspector: at a free port, at HOST:PORT, or to a server at ws://…',
  ),
  setting(
    'inspectLegacy',
    'switch-or-text',
    '--inspect-legacy [PORT]',
    'serves the older viewers of @xstate/inspect, at a free port of this machine or at PORT',
  ),
  setting('trace', 'text', '--trace <FILE>', 'writes the trace as NDJSON'),
  setting('logLevel', 'text', '--log-level <LEVEL>', `${LOG_LEVELS.join(' | ')} (default: info)`),
  setting('plain', 'switch', '--plain', 'one stable line per event, for people without a terminal'),
  setting('json', 'switch', '--json', 'one JSON object per event, for programs'),
  timing('heartbeatIntervalMs'),
  timing('suspectTimeoutMs'),
  timing('verifyTimeoutMs'),
  timing('answerTimeoutMs'),
  timing('coordinatorTimeoutMs'),
  timing('collectTimeoutMs'),
  timing('stickinessMs'),
  timing('handoverTimeoutMs'),
  timing('takeoverStableMs'),
  timing('holdDownMs'),
  timing('holdDownMaxMs'),
  timing('flapWindowMs'),
  timing('joinGraceMs'),
  setting(
    'snapshotEvery',
    'number',
    '--snapshot-every <N>',
    'log entries from one snapshot to the next; 0 keeps the whole log (default: 20000)',
  ),
  setting(
    'trailing',
    'number',
    '--trailing <N>',
    'log entries, and so messages, kept behind a snapshot (default: 10000)',
  ),
  setting('pendingMax', 'number', null, 'submissions that may wait'),
  setting('pendingBytesMax', 'number', null, 'bytes of submissions that may wait'),
  setting('slowDiskMs', 'number', null, 'a sync that takes longer shows a slow disk, ms (default: 1000)'),
  setting('clientsMax', 'number', null, 'clients served at a time; 0 serves none (default: 64)'),
  setting(
    'clientOrigins',
    'list',
    '--client-origin <ORIGIN>',
    'a web page that may be a client, as https://example.org; repeatable (default: none)',
    'BULLPEN_CLIENT_ORIGIN',
  ),
  setting('queueBytesMax', 'number', null, 'bytes queued on one connection'),
];

/** `--log-level <LEVEL>` → `--log-level` */
export const flagName = (flag: string): string => flag.split(' ')[0] ?? flag;
