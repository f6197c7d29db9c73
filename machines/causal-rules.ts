/** What is delivered, held back, kept for others and given up (causal.ts). Pure. */
import type { CausalMessage, PeerId } from '../transport/protocol.js';
import type { CausalEvent, CausalInput } from './causal.js';
import { LIMITS } from './values/limits.js';
import { headWithin } from './values/size.js';
import {
  covers,
  isNext,
  type Missing,
  merged,
  missing,
  seenOf,
  ticked,
  type VectorClock,
} from './values/vector-clock.js';

export type Broadcast = Extract<CausalMessage, { readonly type: 'causal.message' }>;

/** Messages held back; of more, the newest are not taken: they are fetched when there is room. */
export const HELD_MAX = 100;
/** Messages kept for whoever has missed them; of more, the oldest go. */
export const KEPT_MAX = 1024;
/** Attempts to fetch what is missing, before what waits for it goes on without. */
export const ATTEMPTS_MAX = 20;

export interface Context extends CausalInput {
  readonly others: readonly PeerId[];
  /** What has been delivered here, ours included. */
  readonly clock: VectorClock;
  readonly held: readonly Broadcast[];
  readonly kept: readonly Broadcast[];
  /** Delivered by this step. */
  readonly fresh: readonly Broadcast[];
  readonly attempts: number;
}

export interface Letter {
  readonly to: readonly PeerId[];
  readonly message: CausalMessage;
}

interface Now {
  readonly context: Context;
  readonly event: CausalEvent;
}
type Patch = Partial<Context>;

export const initialContext = (input: CausalInput): Context => ({
  ...input,
  others: [],
  clock: [],
  held: [],
  kept: [],
  fresh: [],
  attempts: 0,
});

const withDelivered = (context: Context, messages: readonly Broadcast[], clock: VectorClock): Patch => ({
  clock,
  fresh: [...context.fresh, ...messages],
  kept: [...context.kept, ...messages].slice(-KEPT_MAX),
});

export function broadcast(context: Context, event: CausalEvent): Patch {
  if (event.type !== 'broadcast.wanted') return {};
  const { me, clock } = context;
  const life = laterThan(seenOf(clock, me).life, context.life);
  const stamp = ticked(clock, me, life);
  const { topic, payload } = event;
  const message: Broadcast = { type: 'causal.message', from: me, origin: me, stamp, topic, payload };
  return { life, ...withDelivered(context, [message], stamp) };
}

/** A clock that was set back dates a life before the one whose messages we have met again: what we send would be old news. */
const laterThan = (met: number, life: number): number =>
  met > life ? Math.min(met + 1, Number.MAX_SAFE_INTEGER) : life;

/** What we have just said, to everybody. */
export const newest = ({ context: { others, kept: all } }: Now) => {
  const message = all.at(-1);
  return { letters: message === undefined ? [] : [{ to: others, message }] };
};

/** Delivers a message and all that waited for it, or holds it back. What has been delivered, or passed over, is not taken. */
export function take(context: Context, event: CausalEvent): Patch {
  if (event.type !== 'causal.message' || isOld(context.clock, event)) return {};
  const isHeld = context.held.some((one) => isSame(one, event));
  if (isHeld || (context.held.length >= HELD_MAX && !isNext(context.clock, event.origin, event.stamp)))
    return {};
  return drained(context, [...context.held, event], context.clock);
}

const isSame = (a: Broadcast, b: Broadcast): boolean => {
  const [one, other] = [seenOf(a.stamp, a.origin), seenOf(b.stamp, b.origin)];
  return a.origin === b.origin && one.life === other.life && one.count === other.count;
};

const isOld = (clock: VectorClock, { origin, stamp }: Broadcast): boolean =>
  covers(seenOf(clock, origin), seenOf(stamp, origin));

function drained(context: Context, waiting: readonly Broadcast[], from: VectorClock): Patch {
  let [clock, held] = [from, waiting.filter((message) => !isOld(from, message))];
  const messages: Broadcast[] = [];
  for (let next = nextOf(held, clock); next !== undefined; next = nextOf(held, clock)) {
    messages.push(next);
    clock = merged(clock, next.stamp);
    const after = clock;
    held = held.filter((message) => !isOld(after, message));
  }
  return { ...withDelivered(context, messages, clock), held, ...(messages.length > 0 && { attempts: 0 }) };
}

const nextOf = (held: readonly Broadcast[], clock: VectorClock): Broadcast | undefined =>
  held.find(({ origin, stamp }) => isNext(clock, origin, stamp));

export const isHopeless = ({ attempts, held }: Context): boolean =>
  attempts > ATTEMPTS_MAX && held.length > 0;

/** The message that lacks least goes on without what it lacks: that is passed over, and never delivered after it. */
export function giveUp(context: Context): Patch {
  const lacks = ({ stamp }: Broadcast) => lacked(context.clock, stamp);
  const [first] = [...context.held].sort((a, b) => lacks(a) - lacks(b));
  if (first === undefined) return {};
  const clock = merged(context.clock, first.stamp);
  const delivered = { ...context, ...withDelivered(context, [first], clock) };
  return { ...delivered, ...drained(delivered, context.held, clock), attempts: 0 };
}

const lacked = (clock: VectorClock, stamp: VectorClock): number =>
  missing(clock, stamp).reduce((sum, { after, upTo }) => sum + upTo - after, 0);

/** Of what the teller has seen more is lacking than is kept anywhere; or, to one that has heard nobody yet, than it could hold back. */
export function isFarBehind({ clock, me }: Context, event: CausalEvent): boolean {
  if (event.type !== 'causal.digest') return false;
  const hasHeardNobody = clock.every(({ peer }) => peer === me);
  return lacked(clock, event.clock) > (hasHeardNobody ? HELD_MAX : KEPT_MAX);
}

/** The teller has seen what we have not. */
export const isBehind = ({ clock }: Context, event: CausalEvent): boolean =>
  event.type === 'causal.digest' && missing(clock, event.clock).length > 0;

/** Goes on where the teller stands: what came before is passed over, and never delivered after it. */
export function passOver(context: Context, event: CausalEvent): Patch {
  if (event.type !== 'causal.digest') return {};
  return drained(context, context.held, merged(context.clock, event.clock));
}

export const freshNow = ({ context: { fresh } }: Now) => ({ messages: fresh });

/** What the held messages speak of and we have not: somebody keeps it. */
export function fetchMissing({ context }: Now) {
  const { held, clock } = context;
  return fetch(
    context,
    keeperFor(context),
    missing(
      clock,
      held.reduce((all, { stamp }) => merged(all, stamp), clock),
    ),
  );
}

/** First whoever sent the newest that is held, for it has seen what that speaks of; then the others, one after another. */
function keeperFor({ held, others, attempts }: Context): PeerId | undefined {
  const sender = held.at(-1)?.from;
  const isFirst = attempts === 0 && sender !== undefined && others.includes(sender);
  return isFirst ? sender : others[attempts % others.length];
}

export const fetchFromTeller = ({ context, event }: Now) =>
  event.type === 'causal.digest'
    ? fetch(context, event.from, missing(context.clock, event.clock))
    : { letters: [] };

function fetch({ me }: Context, keeper: PeerId | undefined, wanted: readonly Missing[]) {
  const letters: readonly Letter[] =
    keeper === undefined || wanted.length === 0
      ? []
      : [{ to: [keeper], message: { type: 'causal.fetch', from: me, wanted } }];
  return { letters };
}

/** What is asked for and kept here, said again: as many as one batch holds. */
export function kept({ context: { me, kept: all }, event }: Now) {
  if (event.type !== 'causal.fetch') return { letters: [] };
  const isWanted = ({ origin, stamp }: Broadcast) => {
    const { life, count } = seenOf(stamp, origin);
    return event.wanted.some(
      (w) => w.peer === origin && w.life === life && w.after < count && count <= w.upTo,
    );
  };
  const found = headWithin(all.filter(isWanted), LIMITS.batchEntriesMax, LIMITS.batchBytesMax);
  return {
    letters: found.map((message): Letter => ({ to: [event.from], message: { ...message, from: me } })),
  };
}

/** What we have seen: whoever has not asks for it. */
export function digest({ context: { me, others, clock } }: Now) {
  const letters: readonly Letter[] =
    clock.length === 0 ? [] : [{ to: others, message: { type: 'causal.digest', from: me, clock } }];
  return { letters };
}
