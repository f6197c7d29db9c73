/** The answers only a peer can give, in the words a user reads. */
import type { Belief, ClusterError, Peer, Status } from '../../actors/index.js';
import type { PeerId } from '../../transport/index.js';
import type { Line } from './lines.js';
import type { Question } from './state.js';

/** Answers `/status`, `/who` and `/history` from what the peer knows now. */
export function answersOf(peer: Peer, request: Question): readonly Line[] {
  switch (request.type) {
    case 'status':
      return [statusAnswer(peer.status(), peer.beliefs())];
    case 'who':
      return [whoAnswer(peer.status(), peer.beliefs())];
    case 'history':
      return lastOf(peer, request.room, request.limit).map((delivery) => ({ kind: 'history', delivery }));
    default:
      return request satisfies never;
  }
}

/** The last `limit` deliveries of a room. */
export function lastOf(peer: Peer, room: string, limit: number) {
  const count = peer.topics().get(room) ?? 0;
  return peer.history({ topic: room, after: Math.max(0, count - limit), limit });
}

/** What became of `/transfer`: who coordinates now, or why the office has not changed hands, which the error's words say. */
export function transferAnswer(to: PeerId, outcome: { readonly term: number } | ClusterError): Line {
  const [words, detail] =
    'code' in outcome
      ? [`not handed over: ${outcome.message}`, { to, code: outcome.code, detail: outcome.message }]
      : [`handed over: ${to} coordinates (term ${outcome.term})`, { to, ...outcome }];
  return { kind: 'answer', command: 'transfer', lines: [words], detail };
}

function statusAnswer(status: Status, beliefs: readonly Belief[]): Line {
  const { id, pid, role, term, address, coordinator, view, mode, durable, commit, applied, sequence } =
    status;
  const states = new Map(beliefs.map((belief) => [belief.id, belief.state]));
  const lag = lagOf(status, beliefs);
  const lines = [
    `peer ${id} (pid ${pid ?? '-'}) at ${address}, cluster ${status.cluster}`,
    `role ${role}, term ${term.n}, coordinator ${coordinator ?? 'none'}`,
    `view ${view.number}: ${view.members.length === 1 ? '1 member' : `${view.members.length} members`}`,
    ...view.members.map(
      (member) =>
        `  ${member.id} at ${member.address}: ${member.role}, ${stateWord(states.get(member.id), member.state)}`,
    ),
    `mode ${mode}, log ${durable ? 'on disk' : 'in memory'}`,
    `seq ${sequence}, log committed ${commit}, applied ${applied}, lag ${lag ?? 'unknown'}`,
    ...(status.notReady === null ? [] : [`not ready: ${status.notReady}`]),
  ];
  return { kind: 'answer', command: 'status', lines, detail: { ...status, lag } };
}

/** One word for what is held of a member; the view's own word where nothing was heard of it yet. */
const stateWord = (believed: Belief['state'] | undefined, viewed: string): string =>
  believed === undefined || believed === 'unknown' ? viewed : believed === 'self' ? 'this peer' : believed;

/** How far the coordinator's log is ahead of what was applied here; null when nobody is known to coordinate. */
function lagOf({ id, coordinator, last, applied }: Status, beliefs: readonly Belief[]): number | null {
  if (coordinator === null) return null;
  const theirs = coordinator === id ? last : beliefs.find((belief) => belief.id === coordinator)?.lastIndex;
  return theirs === null || theirs === undefined ? null : Math.max(0, theirs - applied);
}

const FEELING: Readonly<Record<Belief['state'], string>> = {
  self: 'you',
  trusted: 'trusted',
  suspected: 'suspected: is not answering',
  unreachable: 'out of reach from here: others hear it',
  failed: 'failed',
  unknown: 'not heard of yet',
};

function whoAnswer({ coordinator, view }: Status, beliefs: readonly Belief[]): Line {
  const lines = view.members.map(({ id, address, role }) => {
    const belief = beliefs.find((one) => one.id === id);
    const feeling = FEELING[belief?.state ?? 'unknown'];
    const follows =
      belief?.follows === null || belief?.follows === undefined || belief.follows === id
        ? ''
        : `, follows ${belief.follows}`;
    const office = id === coordinator ? ', coordinator' : '';
    return `${id} at ${address}: ${feeling}${office}${follows}${role === 'learner' ? ', learner' : ''}`;
  });
  const nobody = ['nobody yet: this peer has not joined a cluster'];
  return { kind: 'answer', command: 'who', lines: lines.length > 0 ? lines : nobody, detail: beliefs };
}
