/** How a peer looks at a place: to a god, or to one of the peers, which knows of the others only what it has heard. */
import type { BarLook, PeerFace, Suspicion, TimerFace, World } from '../history/index.js';
import { lookOf } from '../history/index.js';
import type { Unheard, View } from '../stage.js';

export interface Appearance {
  readonly id: string;
  readonly look: BarLook | 'unknown' | 'suspected' | 'unheard';
  /** The word beside the disc. */
  readonly word: string;
  /** Whom it follows, as far as whoever looks can know; null when nobody, undefined when that is unknown. */
  readonly follows: string | null | undefined;
  /** Whom it follows is not there any more, and it does not know; only a god sees that. */
  readonly isMisled: boolean;
  readonly term: number | null;
  /** Seen with another peer's eyes. */
  readonly isHearsay: boolean;
  /** One line more: since when nothing was heard of it; empty of whom there is news. */
  readonly note: string;
}

export interface Eyes {
  readonly view: View;
  /** Whose eyes, in node view. */
  readonly viewer: string | null;
}

export const isThere = (face: PeerFace | undefined): boolean => face?.condition === 'up';

/** @param unheard - live: why a peer cannot be shown as it is; what others hold of it they still do, and nobody knows that they are wrong. */
export function appearanceOf(
  world: World,
  id: string,
  { view, viewer }: Eyes,
  unheard: (id: string) => Unheard | undefined = () => undefined,
): Appearance {
  const face = world.peers[id];
  if (view === 'node' && viewer !== null && viewer !== id) return hearsayOf(world.peers[viewer], id);
  const reason = unheard(id);
  if (reason !== undefined) return unheardOf(id, reason);
  if (face === undefined)
    return {
      id,
      look: 'absent',
      word: 'not there yet',
      follows: undefined,
      isMisled: false,
      term: null,
      isHearsay: false,
      note: '',
    };
  const { look, word } = lookOf(face);
  const isGone = face.condition !== 'up' && face.condition !== 'paused';
  return {
    id,
    look,
    word,
    follows: isGone ? undefined : face.follows,
    isMisled:
      view === 'god' &&
      face.follows !== null &&
      !isThere(world.peers[face.follows]) &&
      unheard(face.follows) === undefined,
    term: isGone ? null : face.term,
    isHearsay: false,
    note: '',
  };
}

const WHY_UNHEARD: Readonly<Record<Unheard['why'], string>> = {
  'not followed': 'not followed',
  'not recorded': 'not recorded',
  late: 'not heard',
  lost: 'no answer',
};

/** Heard so lately by others that to count it would only flicker, ms. */
const JUST_NOW_MS = 1500;

/** How long ago, with no more digits than one can read as they change: `2.3 s ago`, `41 s ago`, `3 min ago`. */
const agoInWords = (ms: number): string => {
  if (ms < 10_000) return `${(Math.max(0, ms) / 1000).toFixed(1)} s ago`;
  return ms < 120_000 ? `${Math.floor(ms / 1000)} s ago` : `${Math.floor(ms / 60_000)} min ago`;
};

/** `last heard 2.3 s ago`; empty when nobody knows. */
export function sinceInWords({ why, forMs }: Unheard): string {
  if (forMs === null) return '';
  if (why === 'not followed' && forMs < JUST_NOW_MS) return 'others hear it';
  return `last heard ${agoInWords(forMs)}`;
}

export const whyInWords = ({ why }: Unheard): string => WHY_UNHEARD[why];

export const unheardInWords = (unheard: Unheard): string =>
  [whyInWords(unheard), sinceInWords(unheard)].filter(Boolean).join(', ');

/** Grey: it may well be as it was, but there is no telling. */
const unheardOf = (id: string, unheard: Unheard): Appearance => ({
  id,
  look: 'unheard',
  word: whyInWords(unheard),
  follows: undefined,
  isMisled: false,
  term: null,
  isHearsay: false,
  note: sinceInWords(unheard),
});

const BELIEFS: Readonly<Record<Suspicion, string>> = {
  trusted: 'is heard',
  verifying: 'late: asks about it',
  suspected: 'is not answering',
  unreachable: 'out of reach',
  failed: 'given up',
  unknown: 'nothing known',
};

export const beliefInWords = (suspicion: Suspicion): string => BELIEFS[suspicion];

function hearsayOf(viewer: PeerFace | undefined, id: string): Appearance {
  const suspicion = viewer?.suspicion[id] ?? 'unknown';
  const leads = viewer?.follows === id;
  const isBad = suspicion === 'suspected' || suspicion === 'failed' || suspicion === 'unreachable';
  return {
    id,
    look: isBad ? 'suspected' : leads ? 'leading' : suspicion === 'unknown' ? 'unknown' : 'following',
    word: leads && !isBad ? `leader, ${BELIEFS[suspicion]}` : BELIEFS[suspicion],
    follows: undefined,
    isMisled: false,
    term: null,
    isHearsay: true,
    note: '',
  };
}

/** A wait that runs out: how much of it is left, and what for. */
export interface Wait {
  readonly label: string;
  /** XState's event that ends it. */
  readonly event: string;
  readonly setAt: number;
  readonly due: number;
}

const sooner = (one: TimerFace | undefined, other: TimerFace): TimerFace =>
  one === undefined || other.due < one.due ? other : one;

const soonestOf = (timers: readonly TimerFace[]): TimerFace | undefined =>
  timers.reduce<TimerFace | undefined>(sooner, undefined);

/** Delays of an election under way; a follower keeps other accounts. */
const WAITS = /^xstate\.after\.(answer|coordinator|back|win|rest|settle)/i;

/** The wait for an answer or an announcement: the outer arc. A timer of the actor `election`. */
export function electionWait({ timers }: PeerFace): Wait | null {
  const timer = soonestOf(timers.filter(({ actor, event }) => actor === 'election' && WAITS.test(event)));
  if (timer === undefined) return null;
  const { event, setAt, due } = timer;
  return { label: delayOf(event), event, setAt, due };
}

/** `xstate.after.answerTimeout.election.challenging`: `answer timeout`. */
export const delayOf = (event: string): string => {
  const name = /^xstate\.after\.([^.]+)/.exec(event)?.[1] ?? event;
  const words = name.replace(
    /([a-z])([A-Z])/g,
    (_, before: string, letter: string) => `${before} ${letter.toLowerCase()}`,
  );
  return /^\d+$/.test(words) ? `${words} ms` : words;
};

/** Everything the disc shows, as one sentence. */
export function sentenceOf(appearance: Appearance, face: PeerFace | undefined, now: number): string {
  const { id, word, follows, term, isHearsay, isMisled, note, look } = appearance;
  const parts = [`Process ${id}`, word];
  if (note !== '') parts.push(note);
  if (follows === null) parts.push('believes leader unknown');
  if (typeof follows === 'string' && follows !== id)
    parts.push(`believes leader ${follows}${isMisled ? ', which is not there any more' : ''}`);
  if (term !== null) parts.push(`term ${term}`);
  const wait = face === undefined || isHearsay || look === 'unheard' ? null : electionWait(face);
  if (wait !== null)
    parts.push(`${wait.label} ${Math.round(now - wait.setAt)} of ${Math.round(wait.due - wait.setAt)} ms`);
  return parts.join(', ');
}
