/**
 * The sequencer's rules of work through others: what a replica learns from one that hears the coordinator in its place, and
 * what that one does for it.
 *
 * What is committed is committed in every term, and no promise stands against learning it (Lamport 1998: learners). So it is
 * taken as R1 takes an APPEND without being fenced off, and a lower promise is raised with it: the coordinator of an older term
 * could ask for its being cut. Nothing is acknowledged to anybody.
 */
import type { PeerId, SequencerMessage } from '../transport/protocol.js';
import { type Context, changeIn, doesNotJoin, offerIn, type SequencerEvent } from './sequencer-rules.js';
import { donation } from './sequencer-snapshots.js';
import { LIMITS } from './values/limits.js';
import { isEmpty } from './values/replication.js';
import type * as values from './values/sequencing.js';
import { headWithin } from './values/size.js';

/** The coordinator is out of our reach; that member hears it. */
export interface CoordinatorRelayed {
  readonly type: 'coordinator.relayed';
  readonly through: PeerId;
}

type Patch = Partial<values.Sequencing>;

export const noteRelay = (event: SequencerEvent): Patch =>
  event.type === 'coordinator.relayed' ? { relay: event.through } : {};

/** It tells of entries we lack, or do not know to be committed. */
export const bringsNews = (context: Context, event: SequencerEvent): boolean => {
  const offer = offerIn(event);
  if (event.type !== 'sequencer.relayed' || offer === undefined || doesNotJoin(context, event)) return false;
  const upTo = Math.min(event.commit, offer.prevIndex + offer.entries.length);
  return upTo > context.commit || !isEmpty(changeIn(context, event));
};

/** It knows of nothing that we lack, and nor do we. */
export const confirmsLevel = (context: Context, event: SequencerEvent): boolean =>
  event.type === 'sequencer.relayed' && event.commit <= context.commit && holdsAllKnown(context);

export const holdsAllKnown = ({ known, commit }: Context): boolean => known <= commit;

/** An older snapshot, late on its way, must not take the place of what has been learnt since. */
export const leadsFurther = ({ commit }: Context, event: SequencerEvent): boolean =>
  event.type === 'sequencer.donated' && event.head.lastIndex > commit;

interface Now {
  readonly context: Context;
  readonly event: SequencerEvent;
}

interface Outgoing {
  readonly to: readonly PeerId[];
  readonly message: SequencerMessage;
}

const answer = (event: SequencerEvent, message: SequencerMessage): Outgoing => ({
  to: 'from' in event ? [event.from] : [],
  message,
});

/** From what is committed here on: there both logs are the same for certain. */
export const question = ({ context: { me, relay, commit, incoming } }: Now): Outgoing => {
  const held = incoming && {
    held: { lastIndex: incoming.head.lastIndex, hash: incoming.head.hash, offset: incoming.length },
  };
  return {
    to: relay === null ? [] : [relay],
    message: { type: 'sequencer.relay', from: me.id, commit, ...held },
  };
};

/** What we know to be committed, and not one entry more. */
export const news = ({ context, event }: Now): Outgoing => {
  const { me, log, commit, promised: term } = context;
  const place = event.type === 'sequencer.relay' ? event.commit : commit;
  if (place < log.base.lastIndex) return answer(event, donation({ context, event }));
  const prevIndex = Math.min(place, commit);
  const next = log.slice(prevIndex + 1, Math.min(LIMITS.batchEntriesMax, commit - prevIndex));
  return answer(event, {
    type: 'sequencer.relayed',
    from: me.id,
    term,
    prevIndex,
    prevTerm: log.termAt(prevIndex) ?? log.lastTerm,
    entries: headWithin(next, LIMITS.batchEntriesMax, LIMITS.batchBytesMax),
    commit,
  });
};

/**
 * To the coordinator whom we hear; whoever asked is named where a session is opened, and found by its session elsewhere. To
 * nobody where that is ourselves, as a member says that lies: we would pass it on to us again and again.
 */
export const passedOn = ({ context: { me, promised }, event }: Now): Outgoing => {
  const to = promised.owner === me.id ? [] : [promised.owner];
  if (event.type === 'sequencer.submit') {
    const { type, session, submissions } = event;
    return { to, message: { type, from: me.id, session, submissions } };
  }
  const { nonce, client, from } =
    event.type === 'sequencer.open' ? event : { nonce: '-', client: undefined, from: me.id };
  return { to, message: { type: 'sequencer.open', from: me.id, nonce, client: client ?? from } };
};
