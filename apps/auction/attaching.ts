/** How a client finds its servers, or learns why it does not. */
import type { Client } from '../../actors/index.js';
import { EXIT, ProgramFailure } from '../node/exit.js';

const MISMATCH = /mismatch/;

/** Resolves once a server has answered. @throws ProgramFailure saying why none has. */
export async function attached(client: Client, seeds: readonly string[], withinMs: number): Promise<void> {
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
  if (MISMATCH.test(code))
    throw new ProgramFailure(
      EXIT.configuration,
      `${seeds.join(', ')}: ${detail}; is --cluster the servers' own?`,
    );
  const why =
    client.status().peer === null
      ? `no server answers at ${seeds.join(', ')}`
      : 'the servers have no coordinator';
  throw new ProgramFailure(
    EXIT.unavailable,
    `${why} (waited ${Math.round(withinMs / 1000)} s): start "bullpen auction server", or name another with --seed`,
  );
}
