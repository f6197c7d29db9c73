/** Who believes what of whom, as a table: rows observe, columns are observed. */
import type { PeerFace, Suspicion, World } from '../history/index.js';
import type { Unheard } from '../stage.js';
import { beliefInWords, isThere, unheardInWords, whyInWords } from './appearance.js';

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
  /** In place of what it believes, where that does not count or cannot be told: `does not run`, `not heard, last heard 2.3 s ago`. */
  readonly absence: string;
  /** Live: nothing is heard of it. */
  readonly isUnheard: boolean;
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

/** @param unheard - live: of whom there is no news; what such a one believed last is not told, nor does it count. */
export function matrixOf(
  world: World,
  ids: readonly string[],
  unheard: (id: string) => Unheard | undefined = () => undefined,
): readonly BeliefRow[] {
  const reasons = new Map(ids.map((id) => [id, unheard(id)]));
  const isHeard = (id: string) => isThere(world.peers[id]) && reasons.get(id) === undefined;
  const live = ids.flatMap((id) => (isHeard(id) ? (world.peers[id] ?? []) : []));
  const opinions = (subject: string) =>
    live.flatMap(({ id, suspicion }) => {
      const held = suspicion[subject];
      return id === subject || held === undefined || held === 'unknown' ? [] : [isGood(held)];
    });
  const usualOf = new Map(ids.map((subject) => [subject, usual(opinions(subject))]));
  const leader = usual(live.map(({ follows }) => follows));
  return ids.map((id) => {
    const face = world.peers[id];
    const reason = reasons.get(id);
    const isLive = isHeard(id);
    const absence = reason === undefined ? 'does not run' : unheardInWords(reason);
    // How long ago is said once in a row.
    const word = reason === undefined ? absence : whyInWords(reason);
    return {
      id,
      isLive,
      absence,
      isUnheard: reason !== undefined,
      cells: ids.map((subject) =>
        subject === id || isLive
          ? cellOf(face, subject, usualOf.get(subject), opinions(subject))
          : { subject, suspicion: 'silent', mark: '', word, disagrees: false },
      ),
      follows: face?.follows ?? null,
      followsOther: isLive && face?.follows !== leader,
      term: face?.term ?? 0,
    };
  });
}

function cellOf(
  face: PeerFace | undefined,
  subject: string,
  common: boolean | undefined,
  opinions: readonly boolean[],
): Cell {
  if (face === undefined || face.id === subject)
    return { subject, suspicion: 'itself', mark: '–', word: 'itself', disagrees: false };
  const suspicion = face.suspicion[subject] ?? 'unknown';
  const isUnanimous = opinions.every((one) => one === opinions[0]);
  const disagrees = suspicion !== 'unknown' && !isUnanimous && isGood(suspicion) !== common;
  return { subject, suspicion, mark: MARKS[suspicion], word: beliefInWords(suspicion), disagrees };
}
