/** Who leads and why, in words. */
import type { Status } from '../../actors/index.js';

export interface Election {
  readonly leader: string;
  readonly term: number;
  /** `3 leads term 2: …` */
  readonly words: string;
}

/**
 * The election all these peers agree about; undefined while they do not.
 *
 * @param statuses - of the peers that are alive.
 */
export function agreedElection(statuses: readonly Status[]): Election | undefined {
  const [first] = statuses;
  if (first === undefined || first.coordinator === null) return undefined;
  const { coordinator, term } = first;
  const agreed = statuses.every(
    (status) => status.ready && status.coordinator === coordinator && status.term.n === term.n,
  );
  if (!agreed) return undefined;
  return { leader: coordinator, term: term.n, words: reasonFor(coordinator, statuses) };
}

function reasonFor(leader: string, statuses: readonly Status[]): string {
  const term = statuses.find(({ id }) => id === leader)?.term ?? statuses[0]?.term;
  const alive = statuses.map(({ id }) => id);
  const highest = alive.every((id) => Number(id) <= Number(leader));
  const promised = statuses.filter(
    ({ id, promised }) => id !== leader && promised.n === term?.n && promised.owner === leader,
  );
  const reason = highest
    ? 'it has the highest id of those alive'
    : 'it was there first, and the higher ones still catch up';
  const promises = promised.length === 0 ? '' : `; promised by ${enumeration(promised.map(({ id }) => id))}`;
  return `${leader} leads term ${term?.n}: ${reason}${promises}`;
}

/** `1`, `1 and 2`, `1, 2 and 3` */
export function enumeration(words: readonly string[]): string {
  const last = words.at(-1) ?? 'nobody';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}
