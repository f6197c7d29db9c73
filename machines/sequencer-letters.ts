/**
 * What the sequencer asks for and says: the parameters of its effects, each a pure function of context and event.
 */
import type { Entry, PeerId, SequencerMessage, SessionsMessage, Term } from '../transport/protocol.js';
import { changeOfMeeting } from './sequencer-founding.js';
import { mendingOf } from './sequencer-recovery.js';
import {
  adoptionIn,
  type Context,
  changeIn,
  NOTHING,
  offerIn,
  opening,
  orderedBy,
  promisedWith,
  type SequencerEvent,
  termOf,
} from './sequencer-rules.js';
import { asksForPast, donation } from './sequencer-snapshots.js';
import { bestOf } from './values/ballot.js';
import { NO_CONFIGURATION } from './values/configuration.js';
import type { JournalWrite } from './values/journal-record.js';
import { LIMITS } from './values/limits.js';
import { countedOf, type Measurement } from './values/progress.js';
import { type Change, hintFor, joins } from './values/replication.js';
import * as values from './values/sequencing.js';
import { headWithin } from './values/size.js';

interface Now {
  readonly context: Context;
  readonly event: SequencerEvent;
}

const writeOf = (context: Context, change: Change, promised: Term | null): JournalWrite => ({
  write: context.writes + 1,
  promised,
  ...change,
});

const promiseAlone = (context: Context, promised: Term): JournalWrite => ({
  ...writeOf(context, { ...NOTHING, first: context.log.lastIndex + 1 }, promised),
});

export const writeOfPromise = ({ context, event }: Now): JournalWrite =>
  promiseAlone(context, termOf(event) ?? context.promised);

/** Written behind `openTerm`, which has counted it already. */
export const writeOfOwnTerm = ({ context }: Now): JournalWrite => ({
  ...promiseAlone(context, context.promised),
  write: context.writes,
});

export const writeOfOffer = ({ context, event }: Now): JournalWrite =>
  writeOf(context, changeIn(context, event), promisedWith(context, event));

export const writeOfMeeting = ({ context, event }: Now): JournalWrite =>
  writeOf(context, changeOfMeeting(context, event), null);

export const writeOfAdoption = ({ context, event }: Now): JournalWrite =>
  writeOf(context, adoptionIn(context, event), null);

const writeOfEntries = (context: Context, entries: readonly Entry[]): JournalWrite =>
  writeOf(context, values.additionOf(context, entries), null);

export const writeOfOpening = ({ context }: Now): JournalWrite => writeOfEntries(context, opening(context));
export const writeOfOrder = ({ context, event }: Now): JournalWrite =>
  writeOfEntries(context, orderedBy(context, event));
export const writeOfHeld = ({ context }: Now): JournalWrite => writeOfEntries(context, context.held.entries);

export const next = ({ context }: Now) => ({ letters: values.nextLetters(context) });
export const announcements = ({ context }: Now) => ({ letters: values.announcements(context) });
export const heartbeats = ({ context }: Now) => ({ letters: values.emptyLetters(context, () => true) });

interface Outgoing {
  readonly to: readonly PeerId[];
  readonly message: SequencerMessage | SessionsMessage;
}

const answer = (event: SequencerEvent, message: Outgoing['message']): Outgoing => ({
  to: 'from' in event ? [event.from] : [],
  message,
});

/** Where the answer goes when it is the disk that reports: to the owner of the promised term. */
const toOwner = ({ promised }: Context): readonly PeerId[] => [promised.owner];

export const promiseMessage = ({ context }: Now): Outgoing => {
  const { peer, ...promise } = values.promiseOf(context);
  const message = { type: 'sequencer.promise' as const, from: peer, term: context.promised, ...promise };
  return { to: toOwner(context), message };
};

const stateOf = ({ checks }: Context) => {
  const state = checks.at(-1);
  return state === undefined ? {} : { state };
};

export const appended = ({ context }: Now): Outgoing => ({
  to: toOwner(context),
  message: {
    type: 'sequencer.appended',
    from: context.me.id,
    term: context.promised,
    incarnation: context.me.incarnation,
    match: Math.min(context.durable.last, context.verified),
    ...stateOf(context),
  },
});

/** As `appended`, but nobody is to count it. */
export const appendedByDamaged = (now: Now): Outgoing => {
  const { to, message } = appended(now);
  return { to, message: { ...message, damaged: true } as SequencerMessage };
};

/** Asks the coordinator of the promised term; nobody, where that is ourselves. */
export const recover = ({ context: { me, promised: term, damage, log } }: Now): Outgoing => {
  const { id: from, incarnation } = me;
  const question = { nonce: damage?.nonce ?? '-', lastIndex: log.lastIndex };
  const message = { type: 'sequencer.recover' as const, from, term, incarnation, ...question };
  return { to: term.owner === from ? [] : [term.owner], message };
};

export const recovered = ({ context, event }: Now): Outgoing => {
  const nonce = event.type === 'sequencer.recover' ? event.nonce : '-';
  const { me, promised: term, log } = context;
  return answer(event, {
    type: 'sequencer.recovered',
    from: me.id,
    term,
    nonce,
    lastIndex: log.lastIndex,
  });
};

export const writeOfMending = ({ context }: Now): JournalWrite => ({
  ...writeOf(context, mendingOf(context), null),
  isMended: true,
});

function rejection({ context, event }: Now, hint: number): Outgoing {
  const term = 'term' in event ? event.term : context.promised;
  const { me, promised } = context;
  return answer(event, { type: 'sequencer.rejected', from: me.id, term, promised, hint });
}

export const rejectFenced = (now: Now): Outgoing => rejection(now, 0);

export const rejectGap = (now: Now): Outgoing => {
  const offer = offerIn(now.event);
  return rejection(now, offer === undefined ? 1 : hintFor(now.context.log, offer));
};

function refusal({ context, event }: Now, reason: 'promised' | 'busy'): Outgoing {
  const term = 'term' in event ? event.term : context.promised;
  return answer(event, {
    type: 'sequencer.refuse',
    from: context.me.id,
    term,
    promised: context.promised,
    reason,
  });
}

export const refusePromised = (now: Now): Outgoing => refusal(now, 'promised');
export const refuseBusy = (now: Now): Outgoing => refusal(now, 'busy');

export const collect = ({ context }: Now): Outgoing => ({
  to: values.electorate(context),
  message: {
    type: 'sequencer.collect',
    from: context.me.id,
    term: context.promised,
    handoverOf: context.handoverOf,
  },
});

export const fetch = ({ context }: Now): Outgoing => {
  const { me, promised, log, fetchFrom, promises, incoming } = context;
  const donor = bestOf(promises);
  const prevIndex = Math.min(fetchFrom, log.lastIndex);
  const prevTerm = log.termAt(prevIndex) ?? log.lastTerm;
  const { peer, incarnation } = donor ?? { peer: me.id, incarnation: me.incarnation };
  const { lastIndex, hash } = incoming?.head ?? log.base;
  const held = incoming === null ? {} : { held: { lastIndex, hash, offset: incoming.length } };
  const place = { prevIndex, prevTerm, ...held };
  const message = { type: 'sequencer.fetch' as const, from: me.id, term: promised, incarnation, ...place };
  return { to: donor === undefined ? [] : [peer], message };
};

export const fetched = ({ context, event }: Now): Outgoing => {
  if (event.type !== 'sequencer.fetch') return { to: [], message: handover({ context, event }).message };
  const { log, me, promised: term } = context;
  if (asksForPast(context, event)) return answer(event, donation({ context, event }));
  const { prevIndex, prevTerm } = event;
  const offer = { prevIndex, prevTerm, entries: [] };
  if (!joins(log, offer))
    return answer(event, { type: 'sequencer.mismatched', from: me.id, term, hint: hintFor(log, offer) });
  const next = log.slice(prevIndex + 1, LIMITS.batchEntriesMax);
  const entries = headWithin(next, LIMITS.batchEntriesMax, LIMITS.batchBytesMax);
  const message = { type: 'sequencer.fetched' as const, from: me.id, term, prevIndex, prevTerm, entries };
  return answer(event, { ...message, lastIndex: log.lastIndex });
};

export const handover = ({ context }: Now): Outgoing => {
  const { me, promised: term, log, successor } = context;
  const message = { type: 'sequencer.handover' as const, from: me.id, term };
  return {
    to: successor === null ? [] : [successor],
    message: { ...message, lastIndex: log.lastIndex, lastTerm: log.lastTerm },
  };
};

export const redirect = ({ context, event }: Now): Outgoing => {
  const coordinator = context.promised.owner === context.me.id ? null : context.promised.owner;
  return answer(event, { type: 'sessions.redirect', from: context.me.id, coordinator });
};

/** There is no room for this now: it is to come again. */
export const retry = ({ context, event }: Now): Outgoing => {
  const session = event.type === 'sequencer.submit' ? event.session : null;
  return answer(event, { type: 'sessions.retry', from: context.me.id, session });
};

export const promisedNow = ({ context }: Now) => ({ term: context.promised });
export const coordinatorNow = ({ context }: Now) => ({
  coordinator: context.promised.owner,
  term: context.promised,
});
/** Classic mode: from where on the log is another one from now on, and what it held there. */
export const rewriting = ({ context, event }: Now) => {
  const from = changeIn(context, event).truncateFrom ?? context.log.lastIndex + 1;
  return { from, lost: context.log.slice(from, context.log.lastIndex) };
};
export const senderNow = ({ context, event }: Now) => ({
  member: 'from' in event ? event.from : context.me.id,
});
export const commitNow = ({ context }: Now) => ({ commit: context.commit });
export const successorNow = ({ context }: Now) => ({ successor: context.successor ?? context.me.id });
export const recordNow = ({ context }: Now) => ({ configuration: context.log.configuration });
export const configurationNow = ({ context: { log, commit } }: Now) => ({
  configuration: log.configuration,
  isCommitted: log.configuration !== NO_CONFIGURATION && commit >= log.configurationIndex,
});
export const measurement = ({ context }: Now): Measurement => ({
  lastIndex: context.log.lastIndex,
  commit: context.commit,
  followers: context.followers.map((f) => ({ id: f.id, incarnation: f.incarnation, match: countedOf(f) })),
});
