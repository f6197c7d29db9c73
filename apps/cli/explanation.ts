/** Why nobody coordinates, in words: who is not reached, how many are needed, and what would help. */
import { neededOf } from '../../actors/index.js';

interface Standing {
  readonly id: string;
  readonly coordinator: string | null;
  readonly term: { readonly n: number };
  readonly notReady: string | null;
  readonly machines: Readonly<Record<string, string>>;
  readonly tie: string | null;
  readonly view: {
    readonly members: readonly { readonly id: string; readonly address: string; readonly role: string }[];
  };
}

interface Belief {
  readonly id: string;
  readonly state: string;
  readonly hears: readonly string[];
}

type Member = Standing['view']['members'][number];

/** @param beliefs - what the same peer believes of each member. */
export function explanationOf(
  status: Standing,
  beliefs: readonly Belief[],
): { readonly hasCoordinator: boolean; readonly lines: readonly string[] } {
  const { id, coordinator, term, view, notReady, machines, tie } = status;
  if (coordinator !== null) {
    const there = `${coordinator} coordinates, in term ${term.n}`;
    return { hasCoordinator: true, lines: [notReady === null ? there : `${there}; but ${notReady}`] };
  }
  const voters = view.members
    .filter(({ role }) => role === 'voter')
    .sort((a, b) => a.id.localeCompare(b.id, 'en', { numeric: true }));
  if (voters.length === 0)
    return {
      hasCoordinator: false,
      lines: [
        `no coordinator: ${id} belongs to no cluster yet`,
        'what to do: start it with --seed HOST:PORT of a member, or found a cluster with --bootstrap',
      ],
    };
  const missing = voters.filter((voter) => voter.id !== id && !isReached(voter, id, beliefs));
  const reached = voters.filter((voter) => !missing.includes(voter)).map((voter) => voter.id);
  const breaksTie = tie !== null && reached.includes(tie);
  const needed = breaksTie ? voters.length / 2 : Math.floor(voters.length / 2) + 1;
  if (reached.length >= needed)
    return { hasCoordinator: false, lines: electing(machines.election, missing, id, beliefs) };
  return {
    hasCoordinator: false,
    lines: [
      `no coordinator: ${id} reaches ${reached.length} of ${voters.length} voters (${reached.join(', ')}), and ${neededOf(voters.length, tie, reached)}`,
      ...missing.map((voter) => whyMissing(voter, id, beliefs)),
      `what to do: bring back ${whomToBringBack(missing, needed - reached.length, tie)}, or mend the network to where they listen`,
    ],
  };
}

/** Heard, and hearing us: a link that works one way only is none. */
const isReached = ({ id: voter }: Member, us: string, beliefs: readonly Belief[]): boolean =>
  beliefs.some(({ id, state, hears }) => id === voter && state === 'trusted' && hears.includes(us));

/** Who breaks the tie is as good as any other, and one less with it is enough. */
function whomToBringBack(missing: readonly Member[], lacking: number, tie: string | null): string {
  const ids = missing.map(({ id }) => id);
  if (ids.length === 1) return ids.join();
  const some = `${lacking === 1 ? 'one' : lacking} of ${ids.join(', ')}`;
  return lacking === 2 && tie !== null && ids.includes(tie) ? `${tie}, or ${some}` : some;
}

const electing = (
  state: string | undefined,
  missing: readonly Member[],
  us: string,
  beliefs: readonly Belief[],
): readonly string[] => [
  `no coordinator at the moment: enough voters reach each other, and an election is under way (${state ?? 'starting'})`,
  ...missing.map((voter) => whyMissing(voter, us, beliefs)),
  'what to do: ask again in a few seconds; if it stays so, ask the other voters the same question',
];

function whyMissing({ id, address }: Member, us: string, beliefs: readonly Belief[]): string {
  const belief = beliefs.find((one) => one.id === id);
  const where = `  ${id} at ${address}`;
  switch (belief?.state) {
    case 'unreachable':
      return `${where}: ${us} does not hear it, and others do: the link between the two is bad`;
    case 'trusted':
      return belief.hears.length === 0
        ? `${where}: connected, and has not said yet whom it hears`
        : `${where}: ${us} hears it, and it does not hear ${us}: messages go one way only`;
    case 'suspected':
      return `${where}: it does not answer, and nobody who was asked hears it`;
    default:
      return `${where}: it has not been heard of yet`;
  }
}
