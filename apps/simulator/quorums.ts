/** Quorums by brute force: for checking what `isNeighbour` only argues. */
import type { Configuration, Member } from '../../transport/anywhere.js';

const seat = ({ id, incarnation }: Member): string => `${id}/${incarnation}`;

/** Every smallest set of seats that more than half of `voters` make up. */
function majorities(voters: readonly Member[]): readonly ReadonlySet<string>[] {
  const seats = voters.map(seat);
  const size = Math.floor(seats.length / 2) + 1;
  const choose = (from: number, count: number): string[][] => {
    if (count === 0) return [[]];
    return seats.slice(from).flatMap((one, place) => {
      return choose(from + place + 1, count - 1).map((rest) => [one, ...rest]);
    });
  };
  return choose(0, size).map((chosen) => new Set(chosen));
}

const quorums = ({ voters, outgoing }: Configuration): readonly (readonly ReadonlySet<string>[])[] =>
  majorities(voters).flatMap((one) =>
    outgoing.length === 0 ? [[one]] : majorities(outgoing).map((other) => [one, other]),
  );

/** True when no quorum of `a` can decide without a member of every quorum of `b`. Tries them all: for at most 9 voters. */
export function meetInEveryQuorum(a: Configuration, b: Configuration): boolean {
  const theirs = quorums(b).map((sets) => new Set(sets.flatMap((set) => [...set])));
  return quorums(a).every((sets) => {
    const ours = new Set(sets.flatMap((set) => [...set]));
    return theirs.every((other) => [...ours].some((one) => other.has(one)));
  });
}
