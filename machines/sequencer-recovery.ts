/** The sequencer's rules of damage: what a peer asks whose disk lacks what it acknowledged, and when it has it again (D3). */
import type { Context, SequencerEvent } from './sequencer-rules.js';
import type { Change } from './values/replication.js';
import * as values from './values/sequencing.js';
import { isSameTerm } from './values/term.js';

type Patch = Partial<values.Sequencing>;

/** The coordinator of the promised term answers the question of this very life: an older answer knew nothing of the damage. */
export const answersUs = ({ damage, promised }: Context, event: SequencerEvent): boolean =>
  event.type === 'sequencer.recovered' && isSameTerm(event.term, promised) && event.nonce === damage?.nonce;

export const noteAnswer = ({ damage }: Context, event: SequencerEvent): Patch =>
  event.type === 'sequencer.recovered' && damage !== null
    ? { damage: { ...damage, answer: { term: event.term, lastIndex: event.lastIndex } } }
    : {};

/** Our log equals that coordinator's, on disk, up to where it ended when it was asked. */
export const hasRecovered = ({ damage, promised, durable, verified }: Context): boolean => {
  const answer = damage?.answer;
  if (answer === undefined || !isSameTerm(answer.term, promised)) return false;
  return isSameTerm(durable.promised, promised) && Math.min(durable.last, verified) >= answer.lastIndex;
};

/** Under another coordinator what was verified does not count. */
export const isAnsweredByOther = ({ damage, promised }: Context): boolean =>
  damage?.answer !== undefined && !isSameTerm(damage.answer.term, promised);

/**
 * What stands behind the part that was compared goes: entries that were cut before the damage may stand again in the place of
 * those that had replaced them, and would make the end of this log look older than it is.
 */
export const mendingOf = ({ log, verified }: Context): Change => ({
  truncateFrom: log.lastIndex > verified ? verified + 1 : null,
  first: 0,
  entries: [],
});

export const mend = (context: Context): Patch => ({
  ...values.changed(context, mendingOf(context)),
  damage: context.damage === null ? null : { ...context.damage, mendedIn: context.writes + 1 },
});

export const isMended = ({ damage }: Context, event: SequencerEvent): boolean =>
  event.type === 'journal.persisted' && event.write >= (damage?.mendedIn ?? Number.POSITIVE_INFINITY);

/** As coordinator: a follower asks what it must hold again. */
export const isDamagedFollower = ({ followers, promised }: Context, event: SequencerEvent): boolean =>
  event.type === 'sequencer.recover' &&
  isSameTerm(event.term, promised) &&
  followers.some(({ id, incarnation }) => id === event.from && incarnation === event.incarnation);

/** What it has acknowledged may be gone: it begins where its log ends now, and does not count. */
export const noteDamage = ({ followers }: Context, event: SequencerEvent): Patch => {
  if (event.type !== 'sequencer.recover') return {};
  const { from, lastIndex } = event;
  const from0 = (f: (typeof followers)[number]) => ({
    id: f.id,
    incarnation: f.incarnation,
    match: 0,
    next: Math.min(f.next, lastIndex + 1),
    sent: [],
    isDamaged: true as const,
  });
  return { followers: followers.map((f) => (f.id === from ? from0(f) : f)) };
};
