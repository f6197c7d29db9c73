/** Quorums by brute force: for checking what `isNeighbour` only argues. */
import type { Configuration, Member, PeerId } from '../../transport/anywhere.js';

const seat = ({ id, incarnation }: Member): string => `${id}/${incarnation}`;

/** Every choice of so many of them. */
function choices(seats: readonly string[], count: number): readonly (readonly string[])[] {
  if (count === 0) return [[]];
  return seats.flatMap((one, place) =>
    choices(seats.slice(place + 1), count - 1).map((rest) => [one, ...rest]),
  );
}

/** Every smallest set of seats that decides: more than half of `voters`, or half of them with the one that breaks the tie. */
function majorities(voters: readonly Member[], tie: PeerId | undefined): readonly ReadonlySet<string>[] {
  const seats = voters.map(seat);
  const most = choices(seats, Math.floor(seats.length / 2) + 1);
  const breaker = voters.find(({ id }) => id === tie);
  const halves = breaker === undefined || seats.length % 2 > 0 ? [] : choices(seats, seats.length / 2);
  const deciding = halves.filter((half) => breaker !== undefined && half.includes(seat(breaker)));
  return [...most, ...deciding].map((chosen) => new Set(chosen));
}

function quorums(configuration: Configuration): readonly (readonly ReadonlySet<string>[])[] {
  const { voters, outgoing, tie, outgoingTie } = configuration;
  const ours = majorities(voters, tie);
  if (outgoing.length === 0) return ours.map((one) => [one]);
  return ours.flatMap((one) => majorities(outgoing, outgoingTie).map((other) => [one, other]));
}

/** True when no quorum of `a` can decide without a member of every quorum of `b`. Tries them all: for at most 9 voters. */
export function meetInEveryQuorum(a: Configuration, b: Configuration): boolean {
  const theirs = quorums(b).map((sets) => new Set(sets.flatMap((set) => [...set])));
  return quorums(a).every((sets) => {
    const ours = new Set(sets.flatMap((set) => [...set]));
    return theirs.every((other) => [...ours].some((one) => other.has(one)));
  });
}
