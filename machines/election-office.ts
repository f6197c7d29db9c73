/**
 * The election's rules for a coordinator: to whom it may hand its office over, on whose request, and how long it keeps it
 * from a member that has lost it again and again.
 *
 * Pure functions of context and event, as in election-rules.ts.
 */
import type { PeerId } from '../transport/protocol.js';
import { type Context, type ElectionEvent, type Outgoing, rival } from './election-rules.js';
import { isVoter, memberOf } from './values/configuration.js';
import { HANDOVER_LAG_MAX, lagOf, mutual } from './values/neighbourhood.js';

/** Why an office is not handed over, in the wire's words. */
export type Reluctance = Extract<ElectionEvent, { type: 'election.decline' }>['reason'];

interface Now {
  readonly context: Context;
  readonly event: ElectionEvent;
}
type Patch = Partial<Context>;

/** What speaks against handing over to that member just now; null when nothing does. */
export function reluctance(context: Context, to: PeerId): Reluctance | null {
  const { configuration, neighbours, me } = context;
  if (memberOf(configuration, to) === undefined) return 'unknown';
  if (!isVoter(configuration, to)) return 'not-a-voter';
  const said = mutual(neighbours, me.id).find((n) => n.from === to);
  if (!said?.fit || !said.quorumConnected) return 'unreachable';
  return (lagOf(context.pace, to) ?? 0) > HANDOVER_LAG_MAX ? 'behind' : null;
}

export const mayYieldTo = (context: Context, event: ElectionEvent): boolean =>
  event.type === 'election.transfer' && reluctance(context, event.to) === null;

/** We are asked to hand over to ourselves: whoever asks has not heard that we lead. */
export const isToUs = ({ me }: Context, event: ElectionEvent): boolean =>
  event.type === 'election.transfer' && event.to === me.id;

export const isToSuccessor = ({ successor }: Context, event: ElectionEvent): boolean =>
  event.type === 'election.transfer' && event.to === successor;

export const cameByHandover = ({ handoverOf }: Context): boolean => handoverOf !== null;

export const notePace = (event: ElectionEvent): Patch =>
  event.type === 'followers.measured' ? { pace: { commit: event.commit, followers: event.followers } } : {};

export const noteTransfer = (event: ElectionEvent): Patch =>
  event.type === 'election.transfer' ? { successor: event.to, petitioner: event.from } : {};

export const noteRival = (context: Context): Patch => ({
  successor: rival(context) ?? context.me.id,
  petitioner: null,
});

export const successorNow = ({ context }: Now) => ({ successor: context.successor ?? context.me.id });

const decline = ({ me }: Context, by: PeerId | null, to: PeerId, reason: Reluctance): Outgoing => ({
  to: by === null ? [] : [by],
  message: { type: 'election.decline', from: me.id, to, reason },
});

const declineAs =
  (reason: (context: Context, to: PeerId) => Reluctance) =>
  ({ context, event }: Now): Outgoing =>
    event.type === 'election.transfer'
      ? decline(context, event.from, event.to, reason(context, event.to))
      : decline(context, null, context.me.id, 'aborted');

export const declineNotOurs = declineAs(() => 'not-coordinator');
export const declineBusy = declineAs(() => 'busy');
export const declineReluctant = declineAs((context, to) => reluctance(context, to) ?? 'busy');

/** It did not come to it: whoever asked is told. */
export const declineAborted = ({ context }: Now): Outgoing =>
  decline(context, context.petitioner, context.successor ?? context.me.id, 'aborted');

/** Who is on trial: the one we follow, until it has led for a while. */
export const beginTrial = ({ coordinator }: Context): Patch => ({ onTrial: coordinator });

/** It has proved itself: what it lost before is forgiven. */
export const forgive = ({ flaps, onTrial }: Context): Patch => ({
  onTrial: null,
  flaps: flaps.filter((flap) => flap.id !== onTrial),
});

/** A coordinator that is lost while it is on trial has flapped once more. */
export const noteFlap = ({ flaps, onTrial, coordinator }: Context): Patch => {
  if (onTrial === null || onTrial !== coordinator) return { onTrial: null };
  const times = (flaps.find((flap) => flap.id === onTrial)?.times ?? 0) + 1;
  return { onTrial: null, flaps: [...flaps.filter((flap) => flap.id !== onTrial), { id: onTrial, times }] };
};

/** How often the worst of the members has flapped, but for the first time: everybody may fall once. */
const relapses = ({ flaps, configuration }: Context): number =>
  Math.max(0, ...flaps.filter(({ id }) => memberOf(configuration, id)).map(({ times }) => times - 1));

/** Somebody who might get the office back has lost it lately: not at once again. */
export const mustHold = (context: Context): boolean => cameByHandover(context) || relapses(context) > 0;

/** Doubled each time the same member lost its office shortly after it had got it, up to a bound. */
export const holdDown = (context: Context): number => {
  const { holdDownMs, holdDownMaxMs } = context.timings;
  return Math.max(holdDownMs, Math.min(holdDownMaxMs, holdDownMs * 2 ** relapses(context)));
};
