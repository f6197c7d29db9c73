/** The table: every member that anybody has named, what it says of itself, and what the others hold of it. */
import type { Beats } from './beats.js';
import type { SeenStatus } from './seen.js';
import { type Cluster, type Face, isMissed } from './state.js';

export interface Row {
  readonly id: string;
  /** Where it is asked; null when it is known from the others alone. */
  readonly origin: string | null;
  readonly word: string;
  readonly glyph: string;
  /** Whom it follows, as it says or its last heartbeat said; null for nobody. */
  readonly leader: string | null;
  readonly term: number | null;
  /** Heartbeats heard from it by anybody, in each of the last seconds, oldest first. */
  readonly beats: readonly number[];
  /** How long ago the last one was, ms; null before the first. */
  readonly beatAgeMs: number | null;
  readonly missedBy: readonly string[];
  /** Entries of the leader's log that it has not applied; null when that is not known. */
  readonly lag: number | null;
}

const GLYPHS: Readonly<Record<string, string>> = {
  coordinator: '◆',
  follower: '●',
  candidate: '▲',
  'not answering': '✕',
  'out of reach': '✕',
};

/** @param now - the monitor's clock when this was so, ms. */
export function rowsOf(cluster: Cluster, beats: Beats, now: number): readonly Row[] {
  const asked = cluster.faces.filter(({ status }) => status !== null);
  const ids = new Set(asked.flatMap(({ status }) => status?.view.members.map(({ id }) => id) ?? []));
  for (const { status } of asked) if (status !== null) ids.add(status.id);
  const last = lastOfLeader(cluster);
  const named = [...ids].sort((one, other) => one.localeCompare(other, 'en', { numeric: true }));
  const rows = named.map((id) => rowOf(id, cluster, beats, now, last));
  // An address that has never answered may be anybody.
  const strangers = cluster.faces.filter(({ status }) => status === null);
  return [...rows, ...strangers.map(strangerRow)];
}

const strangerRow = ({ origin, answers }: Face): Row => ({
  id: '?',
  origin,
  word: answers === 'no' ? 'not answering' : 'not asked yet',
  glyph: answers === 'no' ? '✕' : '○',
  leader: null,
  term: null,
  beats: [],
  beatAgeMs: null,
  missedBy: [],
  lag: null,
});

function rowOf(id: string, cluster: Cluster, beats: Beats, now: number, last: number | null): Row {
  const face = cluster.faces.find(({ status }) => status?.id === id);
  const opinions = cluster.faces.flatMap(({ status, answers, beliefs }) =>
    answers === 'yes' && status !== null && status.id !== id
      ? beliefs.filter((belief) => belief.id === id).map((belief) => ({ by: status.id, ...belief }))
      : [],
  );
  const missedBy = opinions.filter(({ state }) => isMissed(state)).map(({ by }) => by);
  const own = face?.answers === 'yes' ? face.status : null;
  // Of what the others have heard of it, the newest.
  const heard = [...opinions].sort((one, other) => (other.term?.n ?? 0) - (one.term?.n ?? 0))[0];
  const word =
    own === null ? wordFromOthers(face, missedBy.length, opinions.length, heard?.follows === id) : own.role;
  return {
    id,
    origin: face?.origin ?? null,
    word,
    glyph: GLYPHS[word] ?? '○',
    leader: own === null ? (heard?.follows ?? null) : own.coordinator,
    term: own === null ? (heard?.term?.n ?? null) : own.term.n,
    beats: beats.perSecond(id, now),
    beatAgeMs: beats.ageMs(id, now),
    missedBy,
    lag: lagOf(own, heard?.lastIndex ?? null, last),
  };
}

function wordFromOthers(face: Face | undefined, missed: number, asked: number, leads: boolean): string {
  if (face !== undefined) return 'not answering';
  if (asked === 0) return 'unknown';
  if (missed === asked) return 'not answering';
  if (missed > 0) return 'out of reach';
  return leads ? 'coordinator' : 'follower';
}

function lagOf(own: SeenStatus | null, heard: number | null, last: number | null): number | null {
  const reached = own === null ? heard : own.applied;
  return last === null || reached === null ? null : Math.max(0, last - reached);
}

/** Whom the cluster follows: who leads in the highest term, as far as those that answer say; null while nobody does. */
export function leaderOf({ faces }: Cluster): { readonly id: string; readonly term: number } | null {
  const answering = faces.flatMap(({ answers, status }) =>
    answers === 'yes' && status !== null ? [status] : [],
  );
  const [newest] = answering
    .filter(({ coordinator }) => coordinator !== null)
    .sort((one, other) => other.term.n - one.term.n);
  return newest === undefined ? null : { id: newest.coordinator ?? '', term: newest.term.n };
}

function lastOfLeader(cluster: Cluster): number | null {
  const leader = leaderOf(cluster);
  if (leader === null) return null;
  const own = cluster.faces.find(({ status, answers }) => answers === 'yes' && status?.id === leader.id);
  const heard = cluster.faces.flatMap(({ beliefs }) =>
    beliefs.filter(({ id }) => id === leader.id).flatMap(({ lastIndex }) => lastIndex ?? []),
  );
  return own?.status?.last ?? (heard.length === 0 ? null : Math.max(...heard));
}
