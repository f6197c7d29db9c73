/** Rank: the total order in which Bully prefers members. Priority first, then id in natural order. */
import type { Member, PeerId } from '../../transport/protocol.js';

/** `peer2` before `peer10`: runs of digits compare as numbers, everything else character by character. */
export function compareIds(a: PeerId, b: PeerId): number {
  const left = chunks(a);
  const right = chunks(b);
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const order = compareChunks(left[i] ?? '', right[i] ?? '');
    if (order !== 0) return order;
  }
  // `01` and `1` are different peers: length, then spelling decides.
  return left.length - right.length || a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}

type Ranked = Pick<Member, 'id' | 'priority'>;

/** Positive when `a` outranks `b`. */
export const compareRank = (a: Ranked, b: Ranked): number =>
  a.priority - b.priority || compareIds(a.id, b.id);

/** The default priority: the id itself when it is a number, else 0. */
export const defaultPriority = (id: PeerId): number => {
  const value = /^\d+$/.test(id) ? Number(id) : 0;
  return Number.isSafeInteger(value) ? value : Number.MAX_SAFE_INTEGER;
};

const chunks = (id: PeerId): readonly string[] => id.match(/\d+|\D/g) ?? [];

function compareChunks(a: string, b: string): number {
  const areNumbers = /^\d/.test(a) && /^\d/.test(b);
  if (!areNumbers) return a < b ? -1 : a > b ? 1 : 0;
  const left = a.replace(/^0+/, '');
  const right = b.replace(/^0+/, '');
  return left.length - right.length || (left < right ? -1 : left > right ? 1 : 0);
}
