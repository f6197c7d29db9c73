/** `bullpen chat --client`: a thin client of any peer, with the words and the screen of the chat. */
import { type Client, createClient } from '../../actors/index.js';
import { clientSeat } from '../chat/client-seat.js';
import { type ChatSettings, isTerminal, runChat } from '../chat/program.js';
import { attached, peersBy, type Sought } from '../node/attaching.js';
import { type Configuration, flagName, SETTINGS } from '../node/configuration.js';
import { EXIT, type ExitCode, ProgramFailure } from '../node/exit.js';
import { lineOf } from '../node/report.js';
import { onShutdown } from '../node/shutdown.js';
import { checkRoom } from './chat.js';
import { configurationFrom, optionKey } from './flags.js';

type Flags = Readonly<Record<string, unknown>>;

/** Longer than an election of any preset but the slowest. */
const ATTACHED_WITHIN_MS = 20_000;
const LOOKING_AFTER_MS = 2000;
const PEER: Sought = { word: 'peer', command: 'bullpen chat' };

/** Settings of a peer that a client has too. */
const OWN: readonly string[] = [
  'id',
  'cluster',
  'seeds',
  'discover',
  'transport',
  'plain',
  'json',
  'logLevel',
];

/**
 * One client, until its user or a signal ends it.
 *
 * @param flags - those of a peer; `--id` is what others are shown, and may be left out.
 * @returns the exit code: 0, or that of the first line of a pipe that was refused.
 * @throws ProgramFailure 64 for wrong flags, 75 when no peer answers in time, 78 for a cluster of another name.
 */
export async function startChatClient(flags: Flags, room: string | undefined): Promise<ExitCode> {
  checkRoom(room);
  refuseFlagsOfPeers(flags);
  const name = nameOf(flags);
  const configuration = await configurationFrom({ ...flags, id: name ?? 'client' });
  const { cluster, transport, plain, json } = configuration;
  const settings: ChatSettings = { plain: plain || !isTerminal(process), json, room };
  const seeds = await seedsOf(configuration);
  const client = createClient({ seeds: [...seeds], cluster, transport });
  try {
    if (!(await findsPeer(client, seeds))) return EXIT.clean;
    const { id, peer, coordinator } = client.status();
    if (settings.plain || json)
      process.stdout.write(`${lineOf(json, 'ready', { id, name, peer, coordinator })}\n`);
    const seat = await clientSeat(client, { cluster, name });
    return (await runChat(seat, settings, process)) as ExitCode;
  } finally {
    await client.stop();
  }
}

function nameOf({ id = process.env.BULLPEN_ID }: Flags): string | null {
  return typeof id === 'string' && id !== '' ? id : null;
}

/** What the environment or a file says of peers is not meant for a client; who writes a flag means it. */
function refuseFlagsOfPeers(flags: Flags): void {
  const lines = SETTINGS.flatMap((setting) => {
    const { flag, key } = setting;
    if (flag === null || OWN.includes(key) || flags[optionKey(setting)] === undefined) return [];
    return [
      `${flagName(flag)} is for a peer: a client (--client) takes part in no election and keeps no log`,
    ];
  });
  if (lines.length > 0) throw new ProgramFailure(EXIT.usage, ...lines);
}

async function seedsOf(configuration: Configuration): Promise<readonly string[]> {
  const { seeds, discover = 'seeds' } = configuration;
  if (seeds.length > 0) return seeds;
  if (discover !== 'seeds') return peersBy(discover, configuration, ATTACHED_WITHIN_MS, PEER);
  throw new ProgramFailure(
    EXIT.usage,
    '--seed is missing: name a peer, as HOST:PORT (any live one suffices), or ask for one with --discover multicast',
  );
}

/** @returns whether one was found; false when the user ended it first. */
async function findsPeer(client: Client, seeds: readonly string[]): Promise<boolean> {
  let unheard: () => void = () => {};
  const asked = new Promise<false>((resolve) => {
    unheard = onShutdown(() => resolve(false));
  });
  const looking = setTimeout(
    () => process.stderr.write(`looking for a peer that follows a coordinator, at ${seeds.join(', ')} …\n`),
    LOOKING_AFTER_MS,
  );
  try {
    return await Promise.race([attached(client, seeds, ATTACHED_WITHIN_MS, PEER).then(() => true), asked]);
  } finally {
    clearTimeout(looking);
    unheard();
  }
}
