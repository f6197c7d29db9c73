/** What `bullpen chat scale` is told. */
import * as z from 'zod';
import { EXIT, ProgramFailure } from '../node/exit.js';

/** Processes that two busy processors can bear. */
const PEERS_MAX = 9;
const MESSAGES_MAX = 10_000;
/** With fewer, the others are no majority when the coordinator is gone. */
const PEERS_WITH_KILL_MIN = 3;

const whole = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,6}$/, 'must be a whole number')
    .transform(Number)
    .refine((count) => count >= least && count <= most, `must be ${least} to ${most}`);

const ScaleSettings = z
  .strictObject({
    /** Processes, each a peer with its user. */
    peers: whole(1, PEERS_MAX).default(3),
    /** What each of them says. */
    messages: whole(1, MESSAGES_MAX).default(100),
    /** Peer N listens at this port and N; any free ones without it. */
    port: whole(1, 65_535 - PEERS_MAX).optional(),
    /** Where the logs are kept, when they are. */
    logs: z.string().min(1, 'names no folder').optional(),
    /** Kills the coordinator in the middle, and starts it again. */
    killLeader: z.boolean().default(false),
    json: z.boolean().default(false),
  })
  .refine(({ peers, killLeader }) => !killLeader || peers >= PEERS_WITH_KILL_MIN, {
    path: ['killLeader'],
    message: `takes at least ${PEERS_WITH_KILL_MIN} peers: fewer have no majority without their coordinator`,
  });
export type ScaleSettings = z.output<typeof ScaleSettings>;

/** @throws ProgramFailure 64 with one line per flag that is wrong. */
export function readScaleSettings(flags: Readonly<Record<string, unknown>>): ScaleSettings {
  const read = ScaleSettings.safeParse(flags);
  if (read.success) return read.data;
  const lines = read.error.issues.map(({ path, message }) => {
    const key = String(path[0]);
    const flag = `--${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    const written = flags[key];
    return `${flag}: ${typeof written === 'string' ? `${JSON.stringify(written)} ` : ''}${message}`;
  });
  throw new ProgramFailure(EXIT.usage, ...lines);
}
