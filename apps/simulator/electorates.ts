/** Who may vote in a simulated cluster, and whether a cluster without some of them is promised to go on. */
import { isMajority } from '../../machines/index.js';
import type { Configuration, Entry, Member, PeerId } from '../../transport/anywhere.js';
import { entriesFrom } from './invariants.js';
import type { SimulatedProcess } from './process.js';

/** Voters, and who breaks their tie. */
export interface Electorate {
  readonly voters: readonly Member[];
  readonly tie: PeerId | undefined;
}

const electoratesOf = ({ voters, tie, outgoing, outgoingTie }: Configuration): readonly Electorate[] =>
  [
    { voters, tie },
    { voters: outgoing, tie: outgoingTie },
  ].filter((electorate) => electorate.voters.length > 0);

/** The voters, new and outgoing, of the newest committed configuration and of all that have been proposed since. */
export function proposedIn(
  processes: readonly SimulatedProcess[],
  ledger: readonly { readonly entry: Entry }[],
): readonly Electorate[] {
  const settled = ledger.findLastIndex(({ entry }) => entry.kind === 'configuration');
  if (settled === -1) return [];
  const proposed = processes.flatMap(({ disk, seen }) => [
    ...entriesFrom(disk, settled + 1),
    ...(seen?.log.slice(Math.max(settled, seen.log.base.lastIndex) + 1, Number.MAX_SAFE_INTEGER) ?? []),
  ]);
  const entries = [ledger[settled]?.entry, ...proposed].filter((entry) => entry !== undefined);
  return entries.flatMap((entry) => (entry.kind === 'configuration' ? electoratesOf(entry.body) : []));
}

/** The voters of every configuration that somebody goes by: all that is known where nobody keeps a ledger. */
export const believedBy = (processes: readonly SimulatedProcess[]): readonly Electorate[] =>
  processes.flatMap(({ seen }) => (seen === undefined ? [] : electoratesOf(seen.log.configuration)));

/** Whom anybody suspects. */
export const suspectedBy = (processes: readonly SimulatedProcess[]): readonly PeerId[] =>
  processes
    .flatMap(({ peer }) => peer?.status().view.members ?? [])
    .flatMap(({ id, state }) => (state === 'suspected' ? id : []));

/**
 * Whether a majority of all that may vote keep their disks when one is lost. Two voters do not, nor one that is about to be
 * joined by the peer whose disk is lost.
 *
 * @param going - to the last man standing, those that may be about to lose their votes: a change that counts on the lost disk
 *   can neither be carried through nor taken back.
 */
export const maySpareOne = (electorates: readonly Electorate[], going: readonly PeerId[] = []): boolean =>
  electorates.length > 0 &&
  electorates.every(({ voters }) => voters.filter(({ id }) => !going.includes(id)).length >= 3);

/** Whether these are a majority of each. */
export function suffice(processes: readonly SimulatedProcess[], electorates: readonly Electorate[]): boolean {
  const isThere = (seat: Member) =>
    processes.some(
      ({ id, incarnation, disk }) =>
        id === seat.id && incarnation === seat.incarnation && disk.damage === undefined,
    );
  return (
    electorates.length > 0 &&
    electorates.every(({ voters, tie }) =>
      isMajority(new Set(voters.filter(isThere).map(({ id }) => id)), voters, tie),
    )
  );
}
