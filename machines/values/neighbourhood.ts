/**
 * The neighbourhood: what the members this peer trusts last said, and what follows from it (PROTOCOL §5).
 *
 * It decides who may run, never who leads: a wrong answer here costs time.
 */
import type { Configuration, Heartbeat, Member, PeerId, Term } from '../../transport/protocol.js';
import { isVoter, memberOf, membersOf, votersOf } from './configuration.js';
import { isQuorum } from './quorum.js';
import { compareRank } from './rank.js';
import { compareTerms, isSameTerm } from './term.js';

/** The last heartbeat of a trusted member; our own is among them. */
export type Neighbour = Omit<Heartbeat, 'type'>;

/** In its old place, so that what says the same looks the same. */
export const withNeighbour = (neighbours: readonly Neighbour[], heard: Neighbour): readonly Neighbour[] =>
  neighbours.some((n) => n.from === heard.from)
    ? neighbours.map((n) => (n.from === heard.from ? heard : n))
    : [...neighbours, heard];

/** That neighbour has said nothing else before. */
export const isRepeated = (neighbours: readonly Neighbour[], heard: Neighbour): boolean => {
  const said = neighbours.find((n) => n.from === heard.from);
  if (said === undefined) return false;
  const keys = Object.keys(said) as (keyof Neighbour)[];
  return keys.every((key) => JSON.stringify(said[key]) === JSON.stringify(heard[key]));
};

export const withoutNeighbour = (neighbours: readonly Neighbour[], id: PeerId): readonly Neighbour[] =>
  neighbours.filter((n) => n.from !== id);

/** Members that hear us and that we hear: a link that works one way only does not count. */
export const mutual = (neighbours: readonly Neighbour[], me: PeerId): readonly Neighbour[] =>
  neighbours.filter((n) => n.from === me || n.heard.includes(me));

export const isQuorumConnected = (
  configuration: Configuration,
  neighbours: readonly Neighbour[],
  me: PeerId,
): boolean => isQuorum(configuration, new Set([me, ...mutual(neighbours, me).map((n) => n.from)]));

/** The coordinator is heard, and says that it coordinates and hears a quorum. */
export const isFresh = (neighbours: readonly Neighbour[], coordinator: PeerId | null): boolean =>
  neighbours.some((n) => n.from === coordinator && n.coordinator === n.from && n.quorumConnected);

/** It says itself that it does not coordinate: others, who think that it does, have not heard it yet. */
const denies = (neighbours: readonly Neighbour[], id: PeerId | null): boolean =>
  neighbours.some((n) => n.from === id && n.coordinator !== id);

/**
 * A neighbour that hears a working coordinator which we do not: no reason for an election (E3). Of several, one that knows of
 * the highest term; of these `preferred`, if it is among them.
 */
export const evidence = (
  neighbours: readonly Neighbour[],
  me: PeerId,
  term: Term,
  preferred: PeerId | null = null,
): Neighbour | undefined => {
  const witnesses = mutual(neighbours, me).filter(
    (n) =>
      n.from !== me &&
      n.coordinator !== me &&
      !denies(neighbours, n.coordinator) &&
      n.quorumConnected &&
      n.coordinatorFresh &&
      compareTerms(n.term, term) >= 0,
  );
  const [best] = witnesses.toSorted((a, b) => compareTerms(b.term, a.term));
  return witnesses.find((n) => n.from === preferred && isSameTerm(n.term, best?.term ?? term)) ?? best;
};

/** Members asked, at most, before one is suspected. */
const QUESTIONED_MAX = 3;

/** Some of the neighbours, to be asked after a member that is none any more; other ones the next time. */
export function questioned(
  neighbours: readonly Neighbour[],
  except: readonly PeerId[],
  round: number,
): readonly PeerId[] {
  const ids = neighbours
    .map((n) => n.from)
    .filter((id) => !except.includes(id))
    .sort();
  const first = ids.length === 0 ? 0 : (round * QUESTIONED_MAX) % ids.length;
  return [...ids.slice(first), ...ids.slice(0, first)].slice(0, QUESTIONED_MAX);
}

/** Voters above us that hear us: whom a challenger asks. */
export function higherVoters(
  configuration: Configuration,
  neighbours: readonly Neighbour[],
  me: Member,
): readonly PeerId[] {
  const reached = mutual(neighbours, me.id).map((n) => n.from);
  return votersOf(configuration)
    .filter((voter) => compareRank(voter, me) > 0 && reached.includes(voter.id))
    .map((voter) => voter.id);
}

export const outranks = (configuration: Configuration, id: PeerId, me: Member): boolean => {
  const member = memberOf(configuration, id);
  return member !== undefined && compareRank(member, me) > 0;
};

/** Entries a member may lack and still be called level enough to take over. */
export const TAKEOVER_LAG_MAX = 64;
/** Entries it may lack when the handover is asked for: what it can be sent while nothing new is numbered. */
export const HANDOVER_LAG_MAX = 4096;

/** How far the coordinator's followers have come, all looked at in one moment: heartbeats tell of different ones. */
export interface Pace {
  readonly commit: number;
  readonly followers: readonly { readonly id: PeerId; readonly match: number }[];
}

/** How many committed entries that follower lacks; null when it has not acknowledged anything yet. */
export function lagOf({ commit, followers }: Pace, id: PeerId): number | null {
  const match = followers.find((f) => f.id === id)?.match ?? 0;
  return match === 0 ? null : Math.max(0, commit - match);
}

/**
 * The member to which a coordinator should hand over: the highest voter above it, if that one is fit and has not stood still lately, hears a quorum,
 * and has caught up. If the highest is not ready, nobody is: the bully rule knows no second best.
 */
export function successorOf(
  configuration: Configuration,
  neighbours: readonly Neighbour[],
  me: Member,
  pace: Pace,
): PeerId | undefined {
  const highest = membersOf(configuration)
    .filter((m) => isVoter(configuration, m.id) && compareRank(m, me) > 0)
    .filter((m) => mutual(neighbours, me.id).some((n) => n.from === m.id && n.fit))
    .sort(compareRank)
    .at(-1);
  const said = neighbours.find((n) => n.from === highest?.id);
  if (highest === undefined || said?.quorumConnected !== true || !said.healthy) return undefined;
  return (lagOf(pace, highest.id) ?? Number.POSITIVE_INFINITY) <= TAKEOVER_LAG_MAX ? highest.id : undefined;
}

/** The voter that a coordinator on its way out should choose: the highest of the others that is fit and not known to be behind. */
export function heirOf(
  configuration: Configuration,
  neighbours: readonly Neighbour[],
  me: Member,
  pace: Pace,
): PeerId | undefined {
  return votersOf(configuration)
    .filter((voter) => voter.id !== me.id)
    .filter((voter) => mutual(neighbours, me.id).some((n) => n.from === voter.id && n.fit))
    .filter((voter) => (lagOf(pace, voter.id) ?? 0) <= HANDOVER_LAG_MAX)
    .sort(compareRank)
    .at(-1)?.id;
}
