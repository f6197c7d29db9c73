/** The members as this peer sees them: its view, what its detectors say, and what heartbeats told it. */
import type { Belief, Status } from './contract.js';
import { byId } from './order.js';

export interface MemberFace {
  readonly id: string;
  /** One word for what it is, as far as this peer knows. */
  readonly word: string;
  /** One short line below it. */
  readonly note: string;
  readonly look: 'coordinator' | 'follower' | 'candidate' | 'suspected' | 'unknown';
  readonly isSelf: boolean;
}

/** Every peer worth showing, lowest id first: members, and whom a belief names besides. */
export function memberIds(status: Status | null, beliefs: readonly Belief[]): readonly string[] {
  const ids = new Set(status?.view.members.map((member) => member.id));
  for (const belief of beliefs) ids.add(belief.id);
  if (status) ids.add(status.id);
  return [...ids].sort(byId);
}

/** How to draw one of them. */
export function faceOf(id: string, status: Status | null, beliefs: readonly Belief[]): MemberFace {
  const isSelf = id === status?.id;
  const belief = beliefs.find((one) => one.id === id);
  const member = status?.view.members.find((one) => one.id === id);
  const follows = isSelf ? status.coordinator : (belief?.follows ?? null);
  const face = (word: string, look: MemberFace['look'], note: string): MemberFace => ({
    id,
    word,
    look,
    note,
    isSelf,
  });

  if (isSelf && status.role === 'coordinator') return face('coordinator', 'coordinator', 'this peer');
  if (isSelf) return face(status.role, lookOf(status.role), 'this peer');
  if (belief?.state === 'failed') return face('failed', 'suspected', 'given up');
  if (belief?.state === 'unreachable') return face('out of reach', 'suspected', 'others hear it');
  if (belief?.state === 'suspected' || member?.state === 'suspected')
    return face('not answering', 'suspected', 'suspected');
  if (id === status?.coordinator) return face('coordinator', 'coordinator', followsWords(follows, id));
  if (!belief || belief.state === 'unknown') return face('not heard yet', 'unknown', '');
  if (member?.role === 'learner') return face('learner', 'follower', followsWords(follows, id));
  return follows === null
    ? face('no coordinator', 'candidate', 'follows nobody')
    : face('follower', 'follower', followsWords(follows, id));
}

const lookOf = (role: Status['role']): MemberFace['look'] =>
  role === 'candidate' ? 'candidate' : role === 'follower' ? 'follower' : 'unknown';

const followsWords = (follows: string | null, id: string): string =>
  follows === null ? 'follows nobody' : follows === id ? 'leads' : `follows ${follows}`;
