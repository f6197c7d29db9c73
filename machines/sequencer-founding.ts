/** The sequencer's part in a meeting of peers that found a cluster together: what they agree on is the first thing in its log. */
import type { Context, SequencerEvent } from './sequencer-rules.js';
import { companyIn } from './values/meeting.js';
import type { Change } from './values/replication.js';
import * as values from './values/sequencing.js';

/** Nothing has ever been written here, so nobody else can have counted on it. */
export const isBlank = ({ log }: Context): boolean => log.lastIndex === 0;

/** There is nothing here but an agreement to found a cluster. */
export const holdsAgreement = ({ log }: Context): boolean =>
  log.lastIndex === 1 && companyIn(log.configuration) !== null;

/** What a meeting has come to, as a change of the log. */
export const changeOfMeeting = ({ log }: Context, event: SequencerEvent): Change =>
  event.type === 'meeting.agreed' || event.type === 'meeting.founded'
    ? { truncateFrom: null, first: log.lastIndex + 1, entries: [event.entry] }
    : { truncateFrom: 1, first: 1, entries: [] };

export const takeMeeting = (context: Context, event: SequencerEvent): Partial<values.Sequencing> =>
  values.changed(context, changeOfMeeting(context, event));
