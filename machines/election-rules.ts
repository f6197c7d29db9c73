/**
 * The election's rules: what a guard of its chart asks, what a step changes, what a message says.
 *
 * Pure functions of context and event; the neighbourhood they ask is in values/neighbourhood.ts.
 */
import type {
  Configuration,
  ElectionMessage,
  Heartbeat,
  Member,
  Mode,
  PeerId,
  Term,
} from '../transport/protocol.js';
import { draw } from './values/chance.js';
import { isSeated, memberOf, membersOf } from './values/configuration.js';
import * as area from './values/neighbourhood.js';
import { compareRank } from './values/rank.js';
import { compareTerms, termZero } from './values/term.js';

export interface ElectionInput {
  readonly me: Member;
  readonly configuration: Configuration;
  /** Default `safe`. In `classic` nobody needs a quorum, and nobody takes another's word for a coordinator. */
  readonly mode?: Mode;
  /** Whether a coordinator hands over to a higher member that has caught up; or, in classic mode, is thrown out by it at once. */
  readonly takeover: Takeover;
  /** Seeds the jitter of repeated attempts: politeness, not safety. */
  readonly jitterSeed: number;
  readonly timings: {
    readonly joinGraceMs: number;
    readonly answerTimeoutMs: number;
    readonly coordinatorTimeoutMs: number;
    readonly collectTimeoutMs: number;
    readonly takeoverStableMs: number;
    readonly handoverTimeoutMs: number;
    readonly holdDownMs: number;
    readonly holdDownMaxMs: number;
    readonly flapWindowMs: number;
  };
}

export type Takeover = 'afterSync' | 'never' | 'immediate';

export interface Context extends ElectionInput {
  readonly mode: Mode;
  /** The highest term heard of. */
  readonly term: Term;
  readonly coordinator: PeerId | null;
  /** Who hears that coordinator in our place; null when we do. */
  readonly through: PeerId | null;
  /** What the trusted members, and we, last said. */
  readonly neighbours: readonly area.Neighbour[];
  readonly round: number;
  /** Attempts since the last success, for the back-off. */
  readonly attempts: number;
  /** The term whose coordinator has offered to hand over to us. */
  readonly handoverOf: Term | null;
  /** As coordinator: how far the others have come. */
  readonly pace: area.Pace;
  /** As coordinator: to whom we hand over, and who has asked for it, if anybody has. */
  readonly successor: PeerId | null;
  readonly petitioner: PeerId | null;
  /** The coordinator that has not led for long yet; and who has lost the office in such a time, how often. */
  readonly onTrial: PeerId | null;
  readonly flaps: readonly { readonly id: PeerId; readonly times: number }[];
}

export type ElectionEvent =
  | ElectionMessage
  | Heartbeat
  | { readonly type: 'member.suspected'; readonly member: PeerId }
  | { readonly type: 'configuration.changed'; readonly configuration: Configuration }
  | { readonly type: 'coordinator.followed'; readonly coordinator: PeerId; readonly term: Term }
  | { readonly type: 'term.established'; readonly term: Term }
  | { readonly type: 'term.abandoned'; readonly term: Term }
  | { readonly type: 'term.promised'; readonly term: Term }
  | { readonly type: 'term.ended'; readonly term: Term }
  | { readonly type: 'handover.offered'; readonly term: Term }
  | { readonly type: 'handover.failed' }
  | ({ readonly type: 'followers.measured' } & area.Pace);

interface Now {
  readonly context: Context;
  readonly event: ElectionEvent;
}
type Patch = Partial<Context>;

/** Back-off doubles with every attempt, up to eight times the time-out. */
const BACK_OFF_MAX = 8;

export const initialContext = (input: ElectionInput): Context => ({
  ...input,
  mode: input.mode ?? 'safe',
  term: termZero(input.me.id),
  coordinator: null,
  through: null,
  neighbours: [],
  round: 0,
  attempts: 0,
  handoverOf: null,
  pace: { commit: 0, followers: [] },
  successor: null,
  petitioner: null,
  onTrial: null,
  flaps: [],
});

export const isVoter = ({ configuration, me }: Context): boolean =>
  isSeated(configuration, me.id, me.incarnation);

export const isQuorumConnected = ({ configuration, neighbours, me, mode }: Context): boolean =>
  mode === 'classic' || area.isQuorumConnected(configuration, neighbours, me.id);

export const hasEvidence = ({ neighbours, me, term, mode }: Context): boolean =>
  mode !== 'classic' && area.evidence(neighbours, me.id, term) !== undefined;

const witness = ({ neighbours, me, term, through }: Context): area.Neighbour | undefined =>
  area.evidence(neighbours, me.id, term, through);

/** Our way to the coordinator is gone and there is another; or another one coordinates. */
export const hasOtherEvidence = (context: Context): boolean => {
  const said = witness(context);
  if (said === undefined) return false;
  const { through, coordinator, term } = context;
  return said.from !== through || said.coordinator !== coordinator || compareTerms(said.term, term) !== 0;
};

/** With this heartbeat, nobody says any more that the coordinator works. */
export const endsEvidence = (context: Context, event: ElectionEvent): boolean =>
  event.type === 'failure.heartbeat' && !hasEvidence({ ...context, ...noteNeighbour(context, event) });

export const hearsCoordinator = ({ neighbours, coordinator }: Context): boolean =>
  neighbours.some((n) => n.from === coordinator);

export const isCoordinatorFresh = ({ neighbours, coordinator, mode }: Context): boolean =>
  mode !== 'classic' && area.isFresh(neighbours, coordinator);

/** Fit to lead: a voter that hears a quorum and is not on its way out. An unfit member does not silence lower ones. */
export const isFit = (context: Context): boolean =>
  isVoter(context) &&
  isQuorumConnected(context) &&
  (context.neighbours.find((n) => n.from === context.me.id)?.fit ?? true);

/** The textbook's bully: a lower coordinator is not waited for. */
export const bullies = (context: Context): boolean => {
  const { mode, takeover, coordinator, configuration, me } = context;
  const leader = coordinator === null ? undefined : memberOf(configuration, coordinator);
  const isLower = leader !== undefined && compareRank(leader, me) < 0;
  return mode === 'classic' && takeover === 'immediate' && isLower && isVoter(context);
};

export const isStale = ({ term }: Context, event: ElectionEvent): boolean =>
  'term' in event && compareTerms(event.term, term) < 0;

/** Our coordinator says that nobody coordinates. On one channel, this can only be newer than its announcement. */
export const hasResigned = ({ coordinator }: Context, event: ElectionEvent): boolean =>
  event.type === 'failure.heartbeat' && event.from === coordinator && event.coordinator === null;

/** Our coordinator names another: the one it hands over to, or follows already. */
export const hasYielded = ({ coordinator }: Context, event: ElectionEvent): boolean =>
  event.type === 'failure.heartbeat' &&
  event.from === coordinator &&
  event.coordinator !== null &&
  event.coordinator !== coordinator;

/** Only a lower member is owed an answer. */
export const isFromLower = ({ configuration, me }: Context, event: ElectionEvent): boolean => {
  const sender = 'from' in event ? memberOf(configuration, event.from) : undefined;
  return sender !== undefined && compareRank(sender, me) < 0;
};

export const isFitAnswer = ({ round }: Context, event: ElectionEvent): boolean =>
  event.type === 'election.answer' && event.fit && event.round === round;

export const isAliveDirect = ({ neighbours }: Context, event: ElectionEvent): boolean =>
  event.type === 'election.alive' && neighbours.some((n) => n.from === event.coordinator);

export const higher = ({ configuration, neighbours, me }: Context): readonly PeerId[] =>
  area.higherVoters(configuration, neighbours, me);

export const rival = ({ configuration, neighbours, me, pace }: Context): PeerId | undefined =>
  area.successorOf(configuration, neighbours, me, pace);

/** A stranger's word is not kept: nobody watches it, so nobody would take the word back when it falls silent. */
export const noteNeighbour = ({ neighbours, configuration }: Context, event: ElectionEvent): Patch => {
  if (event.type !== 'failure.heartbeat' || memberOf(configuration, event.from) === undefined) return {};
  const { type: _, ...said } = event;
  return { neighbours: area.withNeighbour(neighbours, said) };
};

export const forgetNeighbour = ({ neighbours }: Context, event: ElectionEvent): Patch =>
  'member' in event ? { neighbours: area.withoutNeighbour(neighbours, event.member) } : {};

/** A new configuration may rank us anew, and members that are gone have nothing more to say. */
export const noteConfiguration = ({ neighbours, me }: Context, event: ElectionEvent): Patch => {
  if (event.type !== 'configuration.changed') return {};
  const { configuration } = event;
  return {
    configuration,
    neighbours: neighbours.filter((n) => n.from === me.id || memberOf(configuration, n.from)),
  };
};

export const noteCoordinator = ({ me }: Context, event: ElectionEvent): Patch => {
  if (event.type === 'term.established') return { coordinator: me.id, through: null, term: event.term };
  if (event.type === 'election.coordinator')
    return { coordinator: event.from, through: null, term: event.term };
  return 'coordinator' in event && event.coordinator !== null && 'term' in event
    ? { coordinator: event.coordinator, through: null, term: event.term }
    : {};
};

export const noteWitness = (context: Context): Patch => ({ through: witness(context)?.from ?? null });

/** Who says that the coordinator is alive hears it, whatever its heartbeats have said so far. */
export const noteSpeaker = (event: ElectionEvent): Patch => ('from' in event ? { through: event.from } : {});

/** Whom the neighbours hear is the coordinator to follow, also when we last heard of another. */
export const noteEvidence = (context: Context): Patch => {
  const said = witness(context);
  if (said === undefined) return {};
  return { coordinator: said.coordinator ?? context.coordinator, term: said.term };
};

export const noteHandover = (event: ElectionEvent): Patch =>
  event.type === 'handover.offered' ? { handoverOf: event.term } : {};

export const backOff = ({ attempts, jitterSeed }: Context): Patch => ({
  attempts: attempts + 1,
  jitterSeed: draw(jitterSeed).seed,
});

/** How long to wait after so many attempts: doubled each time, capped, and spread by up to a half. */
export const patience = ({ attempts, jitterSeed }: Context, timeoutMs: number): number =>
  timeoutMs * Math.min(BACK_OFF_MAX, 2 ** Math.max(0, attempts - 1)) * (1 + draw(jitterSeed).value / 2);

export interface Outgoing {
  readonly to: readonly PeerId[];
  readonly message: ElectionMessage;
}

const toSender = (event: ElectionEvent): readonly PeerId[] => ('from' in event ? [event.from] : []);

export const askHigher = ({ context }: Now): Outgoing => ({
  to: higher(context),
  message: { type: 'election.start', from: context.me.id, round: context.round },
});

export const answer = ({ context, event }: Now): Outgoing => answerOf(context, event, isFit(context));

/** Alive, and not to be waited for, whatever we still believe of our quorum. */
export const decline = ({ context, event }: Now): Outgoing => answerOf(context, event, false);

const answerOf = (context: Context, event: ElectionEvent, fit: boolean): Outgoing => ({
  to: toSender(event),
  message: {
    type: 'election.answer',
    from: context.me.id,
    round: event.type === 'election.start' ? event.round : 0,
    fit,
  },
});

export const alive = ({ context, event }: Now): Outgoing => ({
  to: toSender(event),
  message: {
    type: 'election.alive',
    from: context.me.id,
    term: context.term,
    coordinator: context.coordinator ?? context.me.id,
  },
});

const announcement = ({ me, term }: Context): ElectionMessage => ({
  type: 'election.coordinator',
  from: me.id,
  term,
});

export const announce = ({ context }: Now): Outgoing => ({
  to: membersOf(context.configuration)
    .map((member) => member.id)
    .filter((id) => id !== context.me.id),
  message: announcement(context),
});

export const announceToSender = ({ context, event }: Now): Outgoing => ({
  to: toSender(event),
  message: announcement(context),
});

export const termNow = ({ context }: Now) => ({ term: context.term });
export const handoverNow = ({ context }: Now) => ({ handoverOf: context.handoverOf });
export const coordinatorNow = ({ context }: Pick<Now, 'context'>) => ({
  coordinator: context.coordinator ?? context.me.id,
  term: context.term,
});
export const wayNow = ({ context }: Now) => ({
  ...coordinatorNow({ context }),
  through: context.through ?? context.me.id,
});
