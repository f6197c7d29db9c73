/** `bullpen auction`: servers, which are peers, and thin clients of them. */
import * as z from 'zod';
import { ClientOptions, createClient, PeerOptions } from '../../actors/index.js';
import { runClient } from '../auction/client-program.js';
import { Name } from '../auction/commands.js';
import { operations } from '../auction/operations.js';
import { auctions } from '../auction/replica.js';
import { runServer } from '../auction/server-program.js';
import { openStrongbox } from '../auction/strongbox.js';
import { attached, peersBy, type Sought } from '../node/attaching.js';
import type { Configuration } from '../node/configuration.js';
import { EXIT, type ExitCode, ProgramFailure } from '../node/exit.js';
import { lineOf } from '../node/report.js';
import type { System } from '../node/system.js';
import { runSystem } from './system.js';

const AUCTION: System = {
  name: 'auction',
  summary: 'multi-round sealed-bid auctions',
  replicas: [auctions],
  operations,
};

/** One server, until it is told to end. */
export const startServer = (configuration: Configuration): Promise<ExitCode> =>
  runSystem(configuration, AUCTION, (peer, _log, record) => {
    const { plain, json, id } = configuration;
    const settings = { plain, json, prompt: `auction ${id}> ` };
    return runServer(peer, record === undefined ? settings : { ...settings, record }, process);
  });

const ATTACHED_WITHIN_MS = 30_000;
const SERVER: Sought = { word: 'server', command: 'bullpen auction server' };

const Seconds = z
  .string()
  .regex(/^\d{1,5}(\.\d)?$/, 'must be seconds')
  .transform(Number)
  .refine((seconds) => seconds >= 0.1 && seconds <= 86_400, 'must be 0.1 to 86400 seconds');

const HostPort = z.string().regex(/^(\[[0-9a-fA-F:.]+\]|[^\s:/]+):\d{1,5}$/, 'must be HOST:PORT');

/** The flags of a client, as they are written. */
const ClientFlags = z.strictObject({
  name: Name,
  seed: z.array(HostPort).default([]),
  discover: PeerOptions.shape.discover,
  cluster: ClientOptions.shape.cluster,
  transport: ClientOptions.shape.transport,
  data: z.string().min(1).optional(),
  joinSeconds: Seconds.optional(),
  confirmSeconds: Seconds.optional(),
  bidSeconds: Seconds.optional(),
  revealSeconds: Seconds.optional(),
  plain: z.boolean().default(false),
  json: z.boolean().default(false),
});

/** One client, until it is told to end. @throws ProgramFailure 64 for wrong flags, 75 when no server answers, 78. */
export async function startAuctionClient(flags: Readonly<Record<string, unknown>>): Promise<ExitCode> {
  const { name, seed, discover = 'seeds', cluster, transport, ...others } = readFlags(flags);
  const { data, plain, json, ...seconds } = others;
  if (seed.length === 0 && discover === 'seeds')
    throw new ProgramFailure(
      EXIT.usage,
      '--seed is missing: name a server, as HOST:PORT (any live one suffices), or ask for one with --discover broadcast',
    );
  const box = openStrongbox(data ?? null, cluster, name);
  try {
    const seeds =
      seed.length > 0 ? seed : await peersBy(discover, { cluster, transport }, ATTACHED_WITHIN_MS, SERVER);
    const client = createClient({ seeds, cluster, transport });
    try {
      await attached(client, seeds, ATTACHED_WITHIN_MS, SERVER);
      const { id, peer, coordinator } = client.status();
      process.stdout.write(`${lineOf(json, 'ready', { name, id, peer, coordinator })}\n`);
      if (box.file === null)
        process.stderr.write('without --data your key and your bids are lost when this program ends\n');
      const settings = { plain, json, prompt: `${name}> `, waits: waitsOf(seconds) };
      return await runClient(client, box, settings, process);
    } finally {
      await client.stop();
    }
  } finally {
    box.close();
  }
}

function readFlags(flags: Readonly<Record<string, unknown>>): z.output<typeof ClientFlags> {
  const read = ClientFlags.safeParse(flags);
  if (read.success) return read.data;
  const lines = read.error.issues.map(({ path, message }) => {
    const key = String(path[0]);
    const flag = `--${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    return flags[key] === undefined ? `${flag} is missing: ${NEEDED[key] ?? message}` : `${flag}: ${message}`;
  });
  throw new ProgramFailure(EXIT.usage, ...lines);
}

const NEEDED: Readonly<Record<string, string>> = {
  name: 'say who you are',
};

type Seconds = Partial<
  Record<'joinSeconds' | 'confirmSeconds' | 'bidSeconds' | 'revealSeconds', number | undefined>
>;

function waitsOf({ joinSeconds, confirmSeconds, bidSeconds, revealSeconds }: Seconds) {
  const given = {
    joinMs: joinSeconds,
    confirmMs: confirmSeconds,
    bidMs: bidSeconds,
    revealMs: revealSeconds,
  };
  return Object.fromEntries(
    Object.entries(given).flatMap(([key, seconds]) => (seconds === undefined ? [] : [[key, seconds * 1000]])),
  );
}
