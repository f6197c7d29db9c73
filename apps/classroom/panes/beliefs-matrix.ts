/** Who believes what of whom, as a table: rows observe, columns are observed. */
import type { PeerFace, Suspicion, World } from '../history/index.js';
import { beliefInWords, isThere } from './appearance.js';

export interface Cell {
  readonly subject: string;
  readonly suspicion: Suspicion | 'itself' | 'silent';
  readonly mark: string;
  readonly word: string;
  /** Others hold something else of the same one. */
  readonly disagrees: boolean;
}

export interface BeliefRow {
  readonly id: string;
  /** Runs, so that what it believes counts. */
  readonly isLive: boolean;
  readonly cells: readonly Cell[];
  readonly follows: string | null;
  readonly followsOther: boolean;
  readonly term: number;
}

const MARKS: Readonly<Record<Suspicion, string>> = {
  trusted: '●',
  verifying: '◐',
  suspected: '✕',
  unreachable: '↯',
  failed: '✕✕',
  unknown: '?',
};

const isGood = (suspicion: Suspicion): boolean => suspicion === 'trusted' || suspicion === 'verifying';

/** The value most have; undefined when none has a majority of those asked. */
function usual<Value>(values: readonly Value[]): Value | undefined {
  const counts = new Map<Value, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].find(([, count]) => count > values.length / 2)?.[0];
}

export function matrixOf(world: World, ids: readonly string[]): readonly BeliefRow[] {
  const live = ids.flatMap((id) => (isThere(world.peers[id]) ? (world.peers[id] ?? []) : []));
  const opinions = (subject: string) =>
    live.flatMap(({ id, suspicion }) => {
      const held = suspicion[subject];
      return id === subject || held === undefined || held === 'unknown' ? [] : [isGood(held)];
    });
  const usualOf = new Map(ids.map((subject) => [subject, usual(opinions(subject))]));
  const leader = usual(live.map(({ follows }) => follows));
  return ids.map((id) => {
    const face = world.peers[id];
    const isLive = isThere(face);
    return {
      id,
      isLive,
      cells: ids.map((subject) => cellOf(face, subject, isLive, usualOf.get(subject), opinions(subject))),
      follows: face?.follows ?? null,
      followsOther: isLive && face?.follows !== leader,
      term: face?.term ?? 0,
    };
  });
}

function cellOf(
  face: PeerFace | undefined,
  subject: string,
  isLive: boolean,
  common: boolean | undefined,
  opinions: readonly boolean[],
): Cell {
  if (face === undefined || face.id === subject)
    return { subject, suspicion: 'itself', mark: '–', word: 'itself', disagrees: false };
  if (!isLive) return { subject, suspicion: 'silent', mark: '', word: 'does not run', disagrees: false };
  const suspicion = face.suspicion[subject] ?? 'unknown';
  const isUnanimous = opinions.every((one) => one === opinions[0]);
  const disagrees = suspicion !== 'unknown' && !isUnanimous && isGood(suspicion) !== common;
  return { subject, suspicion, mark: MARKS[suspicion], word: beliefInWords(suspicion), disagrees };
}
