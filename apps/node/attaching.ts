/** How a thin client finds its peers, or learns why it does not. */
import { type Client, type ClientOptions, findPeers } from '../../actors/index.js';
import { EXIT, ProgramFailure } from './exit.js';

const MISMATCH = /mismatch/;

/** What a program calls the peers it looks for, and how they are started: for its complaints. */
export interface Sought {
  /** `server`, `peer`. */
  readonly word: string;
  /** `bullpen auction server`. */
  readonly command: string;
}

/** Resolves once one that follows a coordinator has answered. @throws ProgramFailure 75 or 78, saying why none has. */
export async function attached(
  client: Client,
  seeds: readonly string[],
  withinMs: number,
  { word, command }: Sought,
): Promise<void> {
  let refusal: { readonly code: string; readonly detail: string } | null = null;
  const detach: (() => void)[] = [];
  const late = new Promise<'late'>((resolve) => {
    const timer = setTimeout(resolve, withinMs, 'late');
    detach.push(() => clearTimeout(timer));
  });
  const came = new Promise<'attached' | 'refused'>((resolve) => {
    const look = () => client.status().coordinator !== null && resolve('attached');
    detach.push(
      client.on('coordinator', look),
      client.on('warning', (warning) => {
        refusal = warning;
        if (seeds.length === 1 && MISMATCH.test(warning.code)) resolve('refused');
      }),
    );
    look();
  });
  const how = await Promise.race([came, late]);
  for (const end of detach) end();
  if (how === 'attached') return;
  const { code, detail } = refusal ?? { code: '', detail: '' };
  // It names the peer, and says what to do.
  if (MISMATCH.test(code)) throw new ProgramFailure(EXIT.configuration, detail);
  throw new ProgramFailure(
    EXIT.unavailable,
    `no ${word} that follows a coordinator answers at ${seeds.join(', ')} (waited ${Math.round(withinMs / 1000)} s): start "${command}", or name another with --seed`,
  );
}

/** The original's port, which preset `auction` listens at, and the one of peers that were told `broadcast`. */
const BROADCASTS = ['broadcast:12345', 'broadcast:9999'];
/** After the first answer, for others to come. */
const MORE_MS = 300;

/**
 * Asks the network for peers.
 *
 * @param discover - as a peer's `--discover`; `broadcast` asks at both of the usual ports.
 * @param transport - what they are to be dialled with.
 * @returns where those that answered listen, at least one.
 * @throws ProgramFailure 75 when none does.
 */
export async function peersBy(
  discover: string,
  { cluster, transport }: Pick<ClientOptions, 'cluster' | 'transport'>,
  withinMs: number,
  { word, command }: Sought,
): Promise<string[]> {
  const found = new Set<string>();
  const troubles = new Set<string>();
  const ends: (() => void)[] = [];
  const wait = (delayMs: number) => new Promise<void>((resolve) => setTimeout(resolve, delayMs));
  const first = new Promise<void>((resolve) => {
    const hear = (address: string) => {
      found.add(address);
      resolve();
    };
    for (const way of discover === 'broadcast' ? BROADCASTS : [discover])
      ends.push(findPeers(way, cluster, transport, hear, (detail) => troubles.add(detail)));
  });
  try {
    await Promise.race([first.then(() => wait(MORE_MS)), wait(withinMs)]);
  } finally {
    for (const end of ends) end();
  }
  if (found.size > 0) return [...found];
  const trouble = troubles.size === 0 ? '' : ` (${[...troubles].join('; ')})`;
  throw new ProgramFailure(
    EXIT.unavailable,
    `no ${word} of cluster ${cluster} answers by ${discover}${trouble}: start "${command} --discover ${discover}", or name one with --seed`,
  );
}
