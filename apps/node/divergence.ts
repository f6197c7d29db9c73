/** Mode `classic`: what another coordinator's log has taken from this peer is kept in a file, one line per message. */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Delivery, Peer } from '../../actors/index.js';
import type { Logger } from './logger.js';

/**
 * Keeps whatever `peer` loses, and says so, until the returned function is called.
 *
 * @param directory - `divergent-TERM.log` is written there, TERM being the reign that was lost; without it, it is only said.
 */
export function keepLost(peer: Peer, directory: string | undefined, log: Logger): () => void {
  return peer.on('lost', ({ lost }) => {
    if (lost.length === 0) return;
    const where =
      directory === undefined ? [] : filesOf(lost).map(([name, text]) => write(directory, name, text));
    const kept =
      where.length === 0 ? 'they are kept nowhere: use --data' : `they are kept in ${where.join(', ')}`;
    log.warn(
      { code: 'diverged' },
      `${lost.length} delivered messages stand nowhere any more: another coordinator's log has taken their place; ${kept}`,
    );
  });
}

function write(directory: string, name: string, text: string): string {
  const path = join(directory, name);
  try {
    appendFileSync(path, text, { mode: 0o600 });
    return path;
  } catch (problem) {
    return `(not written: ${problem instanceof Error ? problem.message : String(problem)})`;
  }
}

/** By the term in which they had been ordered. */
function filesOf(lost: readonly Delivery[]): readonly (readonly [string, string])[] {
  const terms = [...new Set(lost.map(({ term }) => term))];
  return terms.map((term) => {
    const lines = lost
      .filter((delivery) => delivery.term === term)
      .map((delivery) => `${JSON.stringify(delivery)}\n`);
    return [`divergent-${term}.log`, lines.join('')];
  });
}
