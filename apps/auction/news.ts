/**
 * News: what has happened to auctions from one state to a later one. By comparing, not by listening: so it is the same for a
 * server that sees each step and for a client that was away for a while.
 */
import type { Auction, Bidder, Tally } from './auction-rules.js';
import { type Life, type Phase, phaseOf } from './life.js';
import type { Auctions } from './state.js';

export type Happening =
  | { readonly type: 'announced' | 'confirming' | 'closed' | 'cancelled' }
  | { readonly type: 'joined'; readonly name: string }
  | { readonly type: 'round-started' | 'bids-closed'; readonly round: number }
  | { readonly type: 'bid-sealed'; readonly round: number; readonly name: string }
  | { readonly type: 'round-completed'; readonly round: number; readonly tallies: readonly NamedTally[] };

export interface NamedTally {
  readonly name: string;
  readonly tally: Tally;
}

export interface News {
  readonly life: Life;
  readonly happening: Happening;
}

/** In the order in which it happened, auction by auction. */
export function newsOf(before: Auctions, after: Auctions): readonly News[] {
  if (before === after) return [];
  const known = new Map(livesOf(before).map((life) => [life.context.id, life]));
  const forgotten = new Set(before.outcomes.map(({ id }) => id));
  return livesOf(after)
    .filter((life) => known.get(life.context.id) !== life && !forgotten.has(life.context.id))
    .sort((a, b) => a.sequence - b.sequence)
    .flatMap((life) =>
      happenings(known.get(life.context.id), life).map((happening) => ({ life, happening })),
    );
}

const livesOf = ({ running, closed }: Auctions): readonly Life[] => [...closed, ...running];

const NOTHING_YET: Pick<Auction, 'bidders' | 'round' | 'envelopes'> = {
  bidders: [],
  round: 0,
  envelopes: [],
};

function happenings(before: Life | undefined, after: Life): readonly Happening[] {
  const was = before?.context ?? NOTHING_YET;
  const is = after.context;
  const phase = phaseOf(after);
  const wasIn = before === undefined ? null : phaseOf(before);
  const entered = (wanted: Phase) => phase === wanted && wasIn !== wanted;
  const told: Happening[] = [];
  if (before === undefined) told.push({ type: 'announced' });
  for (const { name } of is.bidders.slice(was.bidders.length)) told.push({ type: 'joined', name });
  if (entered('confirming')) told.push({ type: 'confirming' });
  for (let round = roundsOf(was.bidders) + 1; round <= roundsOf(is.bidders); round++)
    told.push({ type: 'round-completed', round, tallies: talliesOf(is.bidders, round) });
  const isNewRound = is.round > was.round && (phase === 'bidding' || phase === 'revealing');
  if (isNewRound) told.push({ type: 'round-started', round: is.round });
  const sealed = isNewRound ? is.envelopes : is.envelopes.slice(was.envelopes.length);
  for (const { name } of sealed) told.push({ type: 'bid-sealed', round: is.round, name });
  if (entered('revealing') || (isNewRound && phase === 'revealing'))
    told.push({ type: 'bids-closed', round: is.round });
  if (entered('closed')) told.push({ type: 'closed' });
  if (entered('cancelled')) told.push({ type: 'cancelled' });
  return told;
}

const roundsOf = (bidders: readonly Bidder[]): number => bidders[0]?.tallies.length ?? 0;

const talliesOf = (bidders: readonly Bidder[], round: number): readonly NamedTally[] =>
  bidders.map(({ name, tallies }) => ({ name, tally: tallies[round - 1] ?? 'none' }));
