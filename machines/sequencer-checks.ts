/**
 * The sequencer's rules of comparing states: every member tells the hash of what it has derived, and the odd one out goes
 * (PROTOCOL §11, D4).
 *
 * Whoever is odd is judged by the voters: a state that a majority shares is right, whoever coordinates. Where there is no
 * majority, nobody is judged.
 */
import type { Context, SequencerEvent } from './sequencer-rules.js';
import type { JournalWrite } from './values/journal-record.js';
import { isMajority } from './values/quorum.js';
import type * as values from './values/sequencing.js';
import { isSameTerm } from './values/term.js';

/** What a member has derived from the entries up to `index`, by its hash. */
export interface StateHashed {
  readonly type: 'state.hashed';
  readonly index: number;
  readonly hash: string;
}

type Patch = Partial<values.Sequencing>;

/** Places kept to be compared: followers may be that far behind. */
const CHECKS_MAX = 16;

export const noteState = ({ checks }: Context, event: SequencerEvent): Patch =>
  event.type === 'state.hashed'
    ? { checks: [...checks, { index: event.index, hash: event.hash }].slice(-CHECKS_MAX) }
    : {};

/** With what this event says of its sender's state. */
export const noteFollowerState = ({ followers }: Context, event: SequencerEvent): Patch => {
  if (event.type !== 'sequencer.appended' || event.state === undefined) return {};
  const { from, state } = event;
  return { followers: followers.map((f) => (f.id === from ? { ...f, state } : f)) };
};

/** Who has which state at that place, ourselves included. */
function votersWith({ followers, checks, me }: Context, index: number, hash: string): ReadonlySet<string> {
  const same = followers.filter(({ state }) => state?.index === index && state.hash === hash);
  const own = checks.find((check) => check.index === index)?.hash === hash ? [me.id] : [];
  return new Set([...own, ...same.map(({ id }) => id)]);
}

const differs = (context: Context, event: SequencerEvent) => {
  // In classic mode members may differ: that is its lesson.
  if (context.mode === 'classic') return undefined;
  if (event.type !== 'sequencer.appended' || event.state === undefined) return undefined;
  const { index, hash } = event.state;
  const own = context.checks.find((check) => check.index === index);
  return own === undefined || own.hash === hash ? undefined : { index, theirs: hash, ours: own.hash };
};

/** The sender's state is not the one a majority has. */
export const isOdd = (context: Context, event: SequencerEvent): boolean => {
  const difference = differs(context, event);
  if (difference === undefined) return false;
  return isMajority(votersWith(context, difference.index, difference.ours), context.log.configuration.voters);
};

/** Our own is not: a majority has the sender's. */
export const areWeOdd = (context: Context, event: SequencerEvent): boolean => {
  const difference = differs({ ...context, ...noteFollowerState(context, event) }, event);
  if (difference === undefined) return false;
  const now = { ...context, ...noteFollowerState(context, event) };
  return isMajority(votersWith(now, difference.index, difference.theirs), context.log.configuration.voters);
};

export const isToldOdd = ({ promised }: Context, event: SequencerEvent): boolean =>
  event.type === 'sequencer.diverged' && isSameTerm(event.term, promised);

interface Now {
  readonly context: Context;
  readonly event: SequencerEvent;
}

/** Everything goes but the promise, and with it the say: the state is learnt anew, and by another process. */
export const writeOfDropping = ({ context }: Now): JournalWrite => ({
  write: context.writes + 1,
  promised: null,
  truncateFrom: 1,
  first: 0,
  entries: [],
  isDropped: true,
});

export const diverged = ({ context, event }: Now) => ({
  to: 'from' in event ? [event.from] : [],
  message: { type: 'sequencer.diverged' as const, from: context.me.id, term: context.promised },
});
