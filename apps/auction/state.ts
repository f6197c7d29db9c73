/**
 * The auctions of a cluster: a pure replicated state machine. What one auction does stands in its chart; here commands find
 * their auction, are checked, and step its chart, and its deadlines become those of the log.
 */
import { defineReplica } from '../../actors/anywhere.js';
import type { AuctionEvent } from './auction-machine.js';
import type { Refusal } from './auction-rules.js';
import { type AuctionAct, AuctionCommand } from './commands.js';
import { advanced, beginLife, type Entry, fallenDue, isOver, type Life } from './life.js';
import { type Outcome, outcomeOf } from './outcome.js';
import { type Page, pageAfter } from './page.js';
import { forged, refusalOf } from './refusals.js';
import type { SignatureCheck } from './statement.js';

export const STATE_LIMITS = {
  /** Auctions that are not over. */
  runningMax: 100,
  /** Of those that are over: so many are kept whole, and of so many before them what came of them. */
  closedMax: 30,
  outcomesMax: 200,
} as const;

export interface Auctions {
  /** The number of the next auction. */
  readonly next: number;
  /** In the order in which they were created. */
  readonly running: readonly Life[];
  /** In the order in which they ended. */
  readonly closed: readonly Life[];
  readonly outcomes: readonly Outcome[];
}

export type Result =
  | { readonly ok: true; readonly auction: string }
  | ({ readonly ok: false } & Refusal)
  | ({ readonly ok: true } & Page);

interface Timer {
  readonly name: string;
  readonly at: number | null;
}

export interface Step {
  readonly state: Auctions;
  readonly result: Result;
  readonly timers?: readonly Timer[];
}

export const NO_AUCTIONS: Auctions = { next: 1, running: [], closed: [], outcomes: [] };

export const lifeOf = ({ running, closed }: Auctions, id: string): Life | undefined =>
  [...running, ...closed].find(({ context }) => context.id === id);

/** Pure. A refusal changes nothing, and neither does an entry of the log that an auction has behind it. */
export const appliedBy =
  (isSignedBy: SignatureCheck) =>
  (state: Auctions, command: AuctionCommand, entry: Entry): Step => {
    if (command.act === 'look') return { state, result: { ok: true, ...pageAfter(state, command.after) } };
    return command.act === 'create'
      ? created(state, command, entry)
      : acted(state, command, entry, isSignedBy);
  };

/** The deadline of an auction has passed. */
export function expired(
  state: Auctions,
  timer: { readonly name: string; readonly at: number },
  entry: Entry,
): Pick<Step, 'state' | 'timers'> {
  const life = state.running.find(({ context }) => context.id === timer.name);
  const isDue = life?.due?.at === timer.at && timer.at <= entry.at && life.sequence < entry.sequence;
  return life === undefined || !isDue ? { state } : stepped(state, life, fallenDue(life, entry));
}

type Create = Extract<AuctionAct, { act: 'create' }>;

function created(state: Auctions, { auctioneer, offer }: Create, entry: Entry): Step {
  if (state.running.length >= STATE_LIMITS.runningMax)
    return refuse(state, {
      code: 'too-many',
      reason: `${STATE_LIMITS.runningMax} auctions run already: wait until one is over`,
    });
  const id = String(state.next);
  const { item, minBid, rounds, bidders, waits } = offer;
  const life = beginLife(
    { id, item, minBid, rounds, biddersMin: bidders, auctioneer, createdAt: entry.at, waits },
    entry,
  );
  return {
    state: { ...state, next: state.next + 1, running: [...state.running, life] },
    result: { ok: true, auction: id },
    timers: [{ name: id, at: life.due?.at ?? null }],
  };
}

function acted(
  state: Auctions,
  command: Exclude<AuctionAct, Create>,
  entry: Entry,
  isSignedBy: SignatureCheck,
): Step {
  const life = lifeOf(state, command.auction);
  if (life === undefined) return refuse(state, unknown(state, command.auction));
  if (entry.sequence <= life.sequence) return { state, result: { ok: true, auction: command.auction } };
  const event = eventOf(command, entry);
  const refusal = refusalOf(life, event) ?? forged(life.context, command, isSignedBy);
  if (refusal === 'again') return { state, result: { ok: true, auction: command.auction } };
  if (refusal !== null) return refuse(state, refusal);
  return {
    result: { ok: true, auction: command.auction },
    ...stepped(state, life, advanced(life, event, entry)),
  };
}

export function unknown(state: Auctions, id: string): Refusal {
  const isGone = Number(id) < state.next;
  return isGone
    ? { code: 'gone', reason: `auction ${id} was over long ago: only what came of it is kept` }
    : { code: 'unknown-auction', reason: `there is no auction ${id}` };
}

function eventOf(command: Exclude<AuctionAct, Create>, { sequence }: Entry): AuctionEvent {
  switch (command.act) {
    case 'join':
      return { type: 'bidder.join', ...command.bidder };
    case 'start':
      return { type: 'auctioneer.start' };
    case 'commit': {
      const { name, round, seal } = command;
      return { type: 'bid.commit', name, round, seal, place: sequence };
    }
    case 'reveal': {
      const { name, round, amount, nonce } = command;
      return { type: 'bid.reveal', name, round, amount, nonce };
    }
    default:
      return command satisfies never;
  }
}

const refuse = (state: Auctions, refusal: Refusal): Step => ({ state, result: { ok: false, ...refusal } });

/** One auction has taken a step; what is over is put aside, and the oldest of that is forgotten but for what came of it. */
function stepped(state: Auctions, before: Life, after: Life): Pick<Step, 'state' | 'timers'> {
  const timers = [{ name: after.context.id, at: after.due?.at ?? null }];
  const replaced = state.running.map((life) => (life === before ? after : life));
  if (!isOver(after)) return { state: { ...state, running: replaced }, timers };
  const running = state.running.filter((life) => life !== before);
  const closed = [...state.closed, after];
  const surplus = Math.max(0, closed.length - STATE_LIMITS.closedMax);
  const outcomes = [...state.outcomes, ...closed.slice(0, surplus).map(outcomeOf)];
  return {
    state: {
      ...state,
      running,
      closed: closed.slice(surplus),
      outcomes: outcomes.slice(-STATE_LIMITS.outcomesMax),
    },
    timers,
  };
}

/** The state machine as it is replicated. @param isSignedBy - who tells signatures: all members must take the same. */
export const auctionsBy = (isSignedBy: SignatureCheck) =>
  defineReplica<Auctions, AuctionCommand, Result>({
    name: 'auction',
    command: AuctionCommand,
    initial: () => NO_AUCTIONS,
    apply: appliedBy(isSignedBy),
    expire: expired,
  });
