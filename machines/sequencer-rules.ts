/**
 * The sequencer's rules, event by event: what a guard of its chart asks, what a step changes, what a message says.
 *
 * Pure functions of context and event. They translate between events and the values of `values/`, where ballot and
 * replication live.
 */
import type { Entry, Member, Mode, PeerId, SequencerMessage, Term } from '../transport/protocol.js';
import type { StateHashed } from './sequencer-checks.js';
import type { CoordinatorRelayed } from './sequencer-relay.js';
import type { SnapshotDue } from './sequencer-snapshots.js';
import { bestOf, judgeCollect } from './values/ballot.js';
import { isNeighbour, isSeated } from './values/configuration.js';
import { NOTHING_HELD } from './values/held.js';
import type { Log } from './values/log.js';
import { countedOf } from './values/progress.js';
import { isQuorum } from './values/quorum.js';
import { remembered } from './values/remembered.js';
import { adoptionOf, type Change, changeFor, isEmpty, joins, type Offer } from './values/replication.js';
import * as values from './values/sequencing.js';
import { compareTerms, higherTerm, isSameTerm } from './values/term.js';

export interface SequencerInput {
  readonly me: Member;
  /** Default `safe`. In `classic` nobody is asked: what a coordinator has numbered is committed, and may be rewritten. */
  readonly mode?: Mode;
  readonly promised: Term;
  readonly log: Log;
  /** Writes the journal has had since it was opened. */
  readonly writes: number;
  /** A nonce, when the disk lacks what was acknowledged; default null. */
  readonly damagedAs?: string | null;
  readonly timings: {
    readonly heartbeatIntervalMs: number;
    readonly suspectTimeoutMs: number;
    readonly stickinessMs: number;
    readonly collectTimeoutMs: number;
    readonly handoverTimeoutMs: number;
  };
}

export type Context = values.Sequencing & Required<Pick<SequencerInput, 'timings' | 'mode'>>;

/** What arrives with the coordinator's wall clock, ms: the machine reads none itself. */
type Timed<Event> = Event & { readonly at: number };
type Submitted = Extract<SequencerMessage, { type: 'sequencer.submit' | 'sequencer.open' }>;
type Proposable = Extract<Entry, { kind: 'configuration' | 'view' }>;
export type SequencerEvent =
  | CoordinatorRelayed
  | StateHashed
  | SnapshotDue
  | Exclude<SequencerMessage, Submitted>
  | Timed<Submitted>
  | { readonly type: 'collect.requested'; readonly handoverOf: Term | null }
  | Timed<{ readonly type: 'entry.proposed'; readonly draft: values.Draft<Proposable> }>
  /** What peers that found together write down: with whom, then the cluster itself; or that it came to nothing. */
  | { readonly type: 'meeting.agreed' | 'meeting.founded'; readonly entry: Entry }
  | { readonly type: 'meeting.ended' }
  | { readonly type: 'handover.requested'; readonly successor: PeerId }
  | { readonly type: 'coordinator.suspected' }
  | { readonly type: 'follower.reconnected'; readonly peer: PeerId }
  | {
      readonly type: 'journal.persisted';
      readonly write: number;
      readonly promised: Term;
      readonly last: number;
    };

type Patch = Partial<values.Sequencing>;

export const initialContext = (input: SequencerInput): Context => ({
  ...values.initialSequencing(input),
  timings: input.timings,
  mode: input.mode ?? 'safe',
  // In classic mode a peer believes its disk, whatever others have come to think meanwhile.
  ...(input.mode === 'classic' && { commit: input.log.lastIndex }),
});

export const termOf = (event: SequencerEvent): Term | undefined => {
  if (event.type === 'sequencer.refuse' || event.type === 'sequencer.rejected') return event.promised;
  return 'term' in event ? event.term : undefined;
};

/** What is promised once this has been heard: what is learnt of an older term takes no promise back. */
export const promisedWith = (context: Context, event: SequencerEvent): Term =>
  higherTerm(context.promised, termOf(event) ?? context.promised);

/** It comes from before our promise. */
export const isFenced = (context: Context, event: SequencerEvent): boolean => {
  const term = termOf(event);
  return term !== undefined && compareTerms(term, context.promised) < 0;
};

export const isHigherTerm = (context: Context, event: SequencerEvent): boolean => {
  const term = termOf(event);
  return term !== undefined && compareTerms(term, context.promised) > 0;
};

export const isOfPromisedTerm = (context: Context, event: SequencerEvent): boolean =>
  'term' in event && isSameTerm(event.term, context.promised);

/**
 * The candidate we have promised asks for the log we had then. A peer that has lost its disk may have promised the same term
 * again: what it holds now is not what was counted, and whoever adopted it would cut entries a quorum holds.
 */
export const isDonor = (context: Context, event: SequencerEvent): boolean =>
  event.type === 'sequencer.fetch' &&
  isOfPromisedTerm(context, event) &&
  event.incarnation === context.me.incarnation;

export const isRepeatedCollect = ({ promised, durable, log }: Context, event: SequencerEvent): boolean =>
  event.type === 'sequencer.collect' &&
  judgeCollect(promised, event.term) === 'repeat' &&
  isSameTerm(durable.promised, promised) &&
  durable.last >= log.lastIndex;

/** The coordinator of the promised term has asked this candidate to take over. */
export const isHandoverOfPromised = (context: Context, event: SequencerEvent): boolean =>
  event.type === 'sequencer.collect' &&
  isHigherTerm(context, event) &&
  event.handoverOf !== null &&
  isSameTerm(event.handoverOf, context.promised);

export const offerIn = (event: SequencerEvent): Offer | undefined => {
  if ('entries' in event) return event;
  if (event.type !== 'sequencer.snapshot') return undefined;
  return { prevIndex: event.head.lastIndex, prevTerm: event.head.lastTerm, entries: [] };
};

/** What the coordinator says is committed: a snapshot stands for nothing else. */
const commitIn = (event: SequencerEvent): number =>
  event.type === 'sequencer.snapshot' ? event.head.lastIndex : 'commit' in event ? event.commit : 0;

export const doesNotJoin = ({ log }: Context, event: SequencerEvent): boolean => {
  const offer = offerIn(event);
  return offer === undefined || !joins(log, offer);
};

export const changesNothing = (context: Context, event: SequencerEvent): boolean =>
  isOfPromisedTerm(context, event) &&
  isSameTerm(context.durable.promised, context.promised) &&
  isEmpty(changeIn(context, event));

export const isPromiseDurable = (context: Context, event: SequencerEvent): boolean =>
  event.type === 'journal.persisted' && isSameTerm(event.promised, context.promised);

export const isStored = (context: Context, event: SequencerEvent): boolean =>
  event.type === 'journal.persisted' && event.write >= context.writes;

/**
 * Only a voter may stand; anybody may promise, but only seated voters are counted. A peer that has lost its disk may have
 * led terms it does not remember, and terms name their owner by id: it stands again once it has a seat of its own (J2).
 */
export const mayStand = ({ log, me }: Context): boolean => isSeated(log.configuration, me.id, me.incarnation);

export const holdsBestLog = ({ log, promises }: Context): boolean => {
  const best = bestOf(promises);
  return best !== undefined && best.lastIndex === log.lastIndex && log.holds(best.lastIndex, best.lastTerm);
};

export const isFollower = (context: Context, event: SequencerEvent): boolean =>
  (event.type === 'sequencer.appended' || event.type === 'sequencer.rejected') &&
  isSameTerm(event.term, context.promised) &&
  context.followers.some(
    (f) =>
      f.id === event.from && (event.type === 'sequencer.rejected' || f.incarnation === event.incarnation),
  );

/** The textbook's coordinator asks nobody: it leads as soon as it has won the election. */
export const isClassic = ({ mode }: Context): boolean => mode === 'classic';

/** A quorum has answered since the last look: what counts is who is heard, not who is spoken to. */
export const hasSupport = ({ log, me, supporters, mode }: Context): boolean =>
  mode === 'classic' || isQuorum(log.configuration, new Set([me.id, ...supporters]));

/**
 * One change of voters at a time, none before the reign has committed an entry of its own (Raft §6, and its bug), and none
 * that does not continue the latest: what was proposed in view of an older configuration is proposed again.
 */
export const mayPropose = ({ log, commit, openedAt }: Context, event: SequencerEvent): boolean =>
  event.type === 'entry.proposed' &&
  (event.draft.kind === 'view' ||
    (commit >= Math.max(log.configurationIndex, openedAt) &&
      isNeighbour(log.configuration, event.draft.body)));

export const isSuccessorLevel = ({ followers, successor, log, commit }: Context): boolean =>
  commit === log.lastIndex && followers.some((f) => f.id === successor && countedOf(f) === log.lastIndex);

export const isLevelWithCoordinator = (context: Context, event: SequencerEvent): boolean =>
  event.type === 'sequencer.handover' &&
  isOfPromisedTerm(context, event) &&
  event.lastIndex === context.log.lastIndex &&
  context.log.holds(event.lastIndex, event.lastTerm);

export const hasUntoldConfiguration = ({ log, commit, told }: Context): boolean =>
  log.configuration !== told.configuration || commit >= log.configurationIndex !== told.isCommitted;

export const toldConfiguration = ({ log, commit, told }: Context): Patch => ({
  told: { ...told, configuration: log.configuration, isCommitted: commit >= log.configurationIndex },
});

export const onDisk = (context: Context, event: SequencerEvent): Patch =>
  event.type === 'journal.persisted' ? values.persisted(context, event) : {};

/** From an APPEND the term is obeyed; from a refusal it is only known, so that the next one goes above it. */
export const heardTerm = (context: Context, event: SequencerEvent): Patch => {
  const term = termOf(event) ?? context.seen;
  if (event.type !== 'sequencer.append' && event.type !== 'sequencer.snapshot')
    return { seen: higherTerm(context.seen, term) };
  return { ...values.underTerm(context, term), known: commitIn(event) };
};

export const promiseTo = (context: Context, event: SequencerEvent): Patch =>
  event.type === 'sequencer.collect'
    ? { ...values.underTerm(context, event.term), writes: context.writes + 1 }
    : {};

export const NOTHING: Change = { truncateFrom: null, first: 0, entries: [] };

/** Up to here nothing is ever cut; nothing is that safe in classic mode. */
const immovable = ({ commit, mode }: Context): number => (mode === 'classic' ? 0 : commit);

export const changeIn = remembered((context: Context, event: SequencerEvent): Change => {
  const offer = offerIn(event);
  return offer === undefined ? NOTHING : changeFor(context.log, offer, immovable(context));
});

/** Classic mode only: another coordinator's log takes the place of what was committed, and perhaps delivered, here. */
export const rewritesHistory = (context: Context, event: SequencerEvent): boolean => {
  const { truncateFrom } = changeIn(context, event);
  return truncateFrom !== null && truncateFrom <= context.commit;
};

/** What is to be rewritten is not committed any more. */
export const takeBack = (context: Context, event: SequencerEvent): Patch => {
  const commit = Math.min(
    context.commit,
    (changeIn(context, event).truncateFrom ?? Number.POSITIVE_INFINITY) - 1,
  );
  return { commit, told: { ...context.told, commit: Math.min(context.told.commit, commit) } };
};

export const takeOffer = (context: Context, event: SequencerEvent): Patch =>
  values.changed(context, changeIn(context, event));

export const verifyOffer = (context: Context, event: SequencerEvent): Patch => {
  const offer = offerIn(event);
  if (offer === undefined) return {};
  const under = values.underTerm(context, promisedWith(context, event));
  return {
    ...under,
    ...values.verifiedBy({ ...context, ...under }, offer, commitIn(event)),
    known: commitIn(event),
    incoming: null,
  };
};

export const openOwnTerm = (context: Context, event: SequencerEvent): Patch =>
  event.type === 'collect.requested' ? values.ownTerm(context, event.handoverOf) : {};

/** In classic mode whatever is on our own disk is committed; else only what a quorum holds. */
export const advance = (context: Context): Patch =>
  isClassic(context)
    ? { commit: Math.max(context.commit, Math.min(context.durable.last, context.log.lastIndex)) }
    : values.advanced(context);

export const countPromise = (context: Context, event: SequencerEvent): Patch =>
  event.type === 'sequencer.promise' ? values.promisedBy(context, { ...event, peer: event.from }) : {};

/**
 * Where the donor's log differs, the fetch begins lower: before the donor's run of another term, or before our own, whichever
 * is less far. Either cannot join; what was refused before is not tried again.
 */
export const aimAtHint = ({ log, fetchFrom }: Context, event: SequencerEvent): Patch => {
  if (event.type !== 'sequencer.mismatched') return {};
  const beforeOurs = log.firstOfTerm(Math.min(fetchFrom, log.lastIndex)) - 1;
  return {
    fetchFrom: Math.max(log.base.lastIndex, Math.min(fetchFrom, Math.max(event.hint - 1, beforeOurs))),
  };
};

export const adoptionIn = ({ log, commit }: Context, event: SequencerEvent): Change =>
  event.type === 'sequencer.fetched' ? adoptionOf(log, event, event.lastIndex, commit) : NOTHING;

/** The next fetch goes on behind what has been compared: also where nothing differed, or it would be fetched for ever. */
export const adoptOffer = (context: Context, event: SequencerEvent): Patch =>
  event.type === 'sequencer.fetched'
    ? {
        ...values.changed(context, adoptionIn(context, event)),
        fetchFrom: event.prevIndex + event.entries.length,
      }
    : {};

/** A term is opened by an entry of its own: committing it commits everything adopted. */
export const opening = (context: Context): readonly Entry[] =>
  values.entriesOf(context, 0, [{ kind: 'noop', body: null }]);

export const openReign = (context: Context): Patch =>
  values.changed(context, values.additionOf(context, opening(context)));

export const orderedBy = remembered((context: Context, event: SequencerEvent): readonly Entry[] => {
  switch (event.type) {
    case 'sequencer.submit': {
      const { session, submissions, at } = event;
      const drafts = submissions.map((submission) => ({
        kind: 'submission' as const,
        body: { session, submission },
      }));
      return values.entriesOf(context, at, drafts);
    }
    case 'sequencer.open':
      return values.entriesOf(context, event.at, [
        { kind: 'session', body: { peer: event.client ?? event.from, nonce: event.nonce } },
      ]);
    case 'entry.proposed':
      return values.entriesOf(context, event.at, [event.draft]);
    default:
      return [];
  }
});

export const orderAll = (context: Context, event: SequencerEvent): Patch =>
  values.changed(context, values.additionOf(context, orderedBy(context, event)));

export const countAcknowledgement = (context: Context, event: SequencerEvent): Patch =>
  event.type === 'sequencer.appended'
    ? values.acknowledgedBy(context, event.from, event.match, event.damaged === true)
    : {};

export const rewindFollower = (context: Context, event: SequencerEvent): Patch =>
  event.type === 'sequencer.rejected' ? values.rewoundFor(context, event.from, event.hint) : {};

export const resumeFollower = (context: Context, event: SequencerEvent): Patch =>
  event.type === 'follower.reconnected' ? values.reconnected(context, event.peer) : {};

export const successorIn = (event: SequencerEvent): Patch =>
  event.type === 'handover.requested' ? { successor: event.successor } : {};

export const releaseAll = (context: Context): Patch => ({
  ...values.changed(context, values.additionOf(context, context.held.entries)),
  held: NOTHING_HELD,
  successor: null,
});
