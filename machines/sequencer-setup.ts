/**
 * The sequencer's words: what its chart (sequencer.ts) can do, ask and wait for, by name.
 *
 * Effects are wired in actors/; steps and guards apply the pure rules of sequencer-rules.ts.
 */
import { assign, setup } from 'xstate';
import type {
  Configuration,
  Entry,
  PeerId,
  SequencerMessage,
  SessionsMessage,
  Term,
} from '../transport/protocol.js';
import { effect } from './effect.js';
import * as checks from './sequencer-checks.js';
import * as founding from './sequencer-founding.js';
import * as recovery from './sequencer-recovery.js';
import * as relay from './sequencer-relay.js';
import * as rules from './sequencer-rules.js';
import * as snapshots from './sequencer-snapshots.js';
import { isElected } from './values/ballot.js';
import { hasRoomFor, withHeld } from './values/held.js';
import type { JournalWrite } from './values/journal-record.js';
import type { Measurement } from './values/progress.js';
import * as values from './values/sequencing.js';

export const sequencerSetup = setup({
  types: {
    input: {} as rules.SequencerInput,
    context: {} as rules.Context,
    events: {} as rules.SequencerEvent,
  },
  actions: {
    send: effect<{ to: readonly PeerId[]; message: SequencerMessage | SessionsMessage }>(),
    sendEach: effect<{ letters: readonly values.Letter[] }>(),
    write: effect<JournalWrite>(),
    // Facts.
    followed: effect<{ coordinator: PeerId; term: Term }>(),
    promised: effect<{ term: Term }>(),
    abandoned: effect<{ term: Term }>(),
    established: effect<{ term: Term }>(),
    serving: effect<{ term: Term }>(),
    ended: effect<{ term: Term }>(),
    rewritten: effect<{ from: number; lost: readonly Entry[] }>(),
    recorded: effect<{ configuration: Configuration }>(),
    committed: effect<{ commit: number }>(),
    dropped: effect<{ term: Term }>(),
    divergent: effect<{ member: PeerId }>(),
    recovered: effect<{ term: Term }>(),
    compacted: effect<{ lastIndex: number }>(),
    reconfigured: effect<{ configuration: Configuration; isCommitted: boolean }>(),
    measured: effect<Measurement>(),
    handoverOffered: effect<{ term: Term }>(),
    handoverFailed: effect<{ successor: PeerId }>(),
    // Steps.
    tellConfiguration: assign(({ context }) => rules.toldConfiguration(context)),
    tellCommit: assign(({ context }) => ({ told: { ...context.told, commit: context.commit } })),
    noteDisk: assign(({ context, event }) => rules.onDisk(context, event)),
    noteTerm: assign(({ context, event }) => rules.heardTerm(context, event)),
    promise: assign(({ context, event }) => rules.promiseTo(context, event)),
    takeBack: assign(({ context, event }) => rules.takeBack(context, event)),
    takeEntries: assign(({ context, event }) => rules.takeOffer(context, event)),
    verify: assign(({ context, event }) => rules.verifyOffer(context, event)),
    noteState: assign(({ context, event }) => checks.noteState(context, event)),
    noteFollowerState: assign(({ context, event }) => checks.noteFollowerState(context, event)),
    noteAnswer: assign(({ context, event }) => recovery.noteAnswer(context, event)),
    noteDamage: assign(({ context, event }) => recovery.noteDamage(context, event)),
    mend: assign(({ context }) => recovery.mend(context)),
    forgetDamage: assign({ damage: null }),
    compact: assign(({ context, event }) => snapshots.compact(context, event)),
    takePart: assign(({ context, event }) => snapshots.takePart(context, event)),
    takeDonation: assign(({ context, event }) => snapshots.takeDonation(context, event)),
    install: assign(({ context, event }) => snapshots.install(context, event)),
    noteRelay: assign(({ event }) => relay.noteRelay(event)),
    takeMeeting: assign(({ context, event }) => founding.takeMeeting(context, event)),
    openTerm: assign(({ context, event }) => rules.openOwnTerm(context, event)),
    promiseOurselves: assign(({ context }) => values.promisedBy(context, values.promiseOf(context))),
    notePromise: assign(({ context, event }) => rules.countPromise(context, event)),
    aimFetch: assign(({ context }) => ({ fetchFrom: context.log.lastIndex })),
    aimLower: assign(({ context, event }) => rules.aimAtHint(context, event)),
    adoptEntries: assign(({ context, event }) => rules.adoptOffer(context, event)),
    openReign: assign(({ context }) => rules.openReign(context)),
    takeOffice: assign(({ context }) => values.opened(context)),
    order: assign(({ context, event }) => rules.orderAll(context, event)),
    markAnnounced: assign(({ context }) => ({ announced: context.commit })),
    markSent: assign(({ context }) => values.withLetters(context)),
    noteAcknowledgement: assign(({ context, event }) => rules.countAcknowledgement(context, event)),
    notePart: assign(({ context, event }) => snapshots.notePart(context, event)),
    rewind: assign(({ context, event }) => rules.rewindFollower(context, event)),
    resume: assign(({ context, event }) => rules.resumeFollower(context, event)),
    advance: assign(({ context }) => rules.advance(context)),
    syncFollowers: assign(({ context }) => ({ followers: values.followersFor(context) })),
    forgetSupporters: assign({ supporters: [] }),
    nameSuccessor: assign(({ event }) => rules.successorIn(event)),
    hold: assign(({ context, event }) => ({
      held: withHeld(context.held, rules.orderedBy(context, event)),
    })),
    releaseHeld: assign(({ context }) => rules.releaseAll(context)),
  },
  guards: {
    hasUntoldConfiguration: ({ context }) => rules.hasUntoldConfiguration(context),
    hasUntoldCommit: ({ context }) => context.commit > context.told.commit,
    isFenced: ({ context, event }) => rules.isFenced(context, event),
    isOwnTerm: ({ context, event }) => rules.isOfPromisedTerm(context, event),
    isDonor: ({ context, event }) => rules.isDonor(context, event),
    doesNotJoin: ({ context, event }) => rules.doesNotJoin(context, event),
    changesNothing: ({ context, event }) => rules.changesNothing(context, event),
    holdsWhatIsCommitted: ({ context }) => context.known <= context.log.lastIndex,
    rewritesHistory: ({ context, event }) => rules.rewritesHistory(context, event),
    asksNobody: ({ context }) => rules.isClassic(context) && rules.mayStand(context),
    leadsUnasked: ({ context, event }) => rules.isClassic(context) && rules.isPromiseDurable(context, event),
    isOdd: ({ context, event }) => checks.isOdd(context, event),
    areWeOdd: ({ context, event }) => checks.areWeOdd(context, event),
    isToldOdd: ({ context, event }) => checks.isToldOdd(context, event),
    isDamaged: ({ context }) => context.damage !== null,
    answersUs: ({ context, event }) => recovery.answersUs(context, event),
    hasRecovered: ({ context }) => recovery.hasRecovered(context),
    isAnsweredByOther: ({ context }) => recovery.isAnsweredByOther(context),
    isMended: ({ context, event }) => recovery.isMended(context, event),
    isDamagedFollower: ({ context, event }) => recovery.isDamagedFollower(context, event),
    mayCompact: ({ context, event }) => snapshots.mayCompact(context, event),
    completesSnapshot: ({ context, event }) => snapshots.completesSnapshot(context, event),
    completesDonation: ({ context, event }) =>
      rules.isOfPromisedTerm(context, event) && snapshots.completesSnapshot(context, event),
    completesPast: ({ context, event }) =>
      relay.leadsFurther(context, event) && snapshots.completesSnapshot(context, event),
    leadsFurther: ({ context, event }) => relay.leadsFurther(context, event),
    bringsNews: ({ context, event }) => relay.bringsNews(context, event),
    confirmsLevel: ({ context, event }) => relay.confirmsLevel(context, event),
    holdsAllKnown: ({ context }) => relay.holdsAllKnown(context),
    isInstalling: ({ context }) => context.incoming !== null,
    isReceiver: ({ context, event }) => snapshots.isReceiver(context, event),
    isBlank: ({ context }) => founding.isBlank(context),
    holdsAgreement: ({ context }) => founding.holdsAgreement(context),
    isHigherTerm: ({ context, event }) => rules.isHigherTerm(context, event),
    isRepeatedCollect: ({ context, event }) => rules.isRepeatedCollect(context, event),
    isHandedOver: ({ context, event }) => rules.isHandoverOfPromised(context, event),
    isPromiseDurable: ({ context, event }) => rules.isPromiseDurable(context, event),
    mayStand: ({ context }) => rules.mayStand(context),
    isElected: ({ context }) => isElected(context.promises),
    isElectedWithBestLog: ({ context }) => isElected(context.promises) && rules.holdsBestLog(context),
    isAdoptable: ({ context, event }) =>
      rules.isOfPromisedTerm(context, event) && !rules.doesNotJoin(context, event),
    isAdoptionStored: ({ context, event }) => rules.isStored(context, event) && rules.holdsBestLog(context),
    // The write that drops everything is not counted among those of the log.
    isBehindLast: ({ context, event }) => event.type === 'journal.persisted' && event.write > context.writes,
    isStored: ({ context, event }) => rules.isStored(context, event),
    hasUnannouncedCommit: ({ context }) => context.commit > context.announced,
    isFollower: ({ context, event }) => rules.isFollower(context, event),
    hasSupport: ({ context }) => rules.hasSupport(context),
    mustHandOn: ({ context }) => context.successor !== null && context.commit >= context.openedAt,
    hasCommittedItsTerm: ({ context }) => context.commit >= context.openedAt,
    mayHold: ({ context, event }) => hasRoomFor(context.held, rules.orderedBy(context, event)),
    mayPropose: ({ context, event }) => rules.mayPropose(context, event),
    isLevel: ({ context }) => rules.isSuccessorLevel(context),
    isLevelWithCoordinator: ({ context, event }) => rules.isLevelWithCoordinator(context, event),
  },
  delays: {
    heartbeatInterval: ({ context }) => context.timings.heartbeatIntervalMs,
    // Long enough for the next entries to come along under load, and far shorter than anybody waits.
    announceRest: 2,
    stickiness: ({ context }) => context.timings.stickinessMs,
    collectTimeout: ({ context }) => context.timings.collectTimeoutMs,
    // Judged twice within 1.5 × the suspect time-out, so that a deaf coordinator is gone by then (PROTOCOL E7).
    supportWindow: ({ context }) => context.timings.suspectTimeoutMs * 0.75,
    handoverTimeout: ({ context }) => context.timings.handoverTimeoutMs,
  },
});
