/** Whose journal it is: how one begins, and how a stranger's is told. */
import type { Identity, JournalProblem, WantedJournal } from './journal-store.js';

/** The layout this build reads and writes. */
export const JOURNAL_FORMAT = 1;

/** What is wrong with a journal whose peer has dropped it all. */
export const DROPPED = 'its state differed from that of the others';

export const begin = ({ cluster, mode, id, freshIncarnation }: WantedJournal): Identity => ({
  format: JOURNAL_FORMAT,
  cluster,
  mode,
  id,
  incarnation: freshIncarnation,
});

/** Why the journal at `place` is not the wanted one; null when it is. */
export function foreignness(identity: Identity, wanted: WantedJournal, place: string): JournalProblem | null {
  const differences = (['cluster', 'id', 'mode'] as const)
    .filter((key) => identity[key] !== wanted[key])
    .map((key) => `${key} "${identity[key]}" instead of "${wanted[key]}"`);
  if (differences.length === 0) return null;
  return {
    code: 'data-of-another',
    detail: `${place} belongs to another peer (${differences.join(', ')}): start this peer with its own folder.`,
  };
}
