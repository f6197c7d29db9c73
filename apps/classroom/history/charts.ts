/** What the states of the shipped charts mean for whoever looks from outside: the only place that knows their names. */
import type { BarLook } from './bands.js';
import type { PeerCore, RoleChart, Suspicion } from './world.js';

/** The first part of a state: `following` of `following.direct`; of a parallel state, its first region. */
const headOf = (state: string): string => /^\{?([^.{,}]*)/.exec(state)?.[1] ?? '';

/** The last part: `direct` of `following.direct`; regions of a parallel state keep their place. */
export const leafOf = (state: string): string => state.slice(state.lastIndexOf('.') + 1);

/** `awaitingCoordinator` as people write it: `awaiting coordinator`. */
export const inWords = (name: string): string =>
  name.replace(/([a-z])([A-Z])/g, (_, before: string, letter: string) => `${before} ${letter.toLowerCase()}`);

export const DETECTOR = 'failure-detector:';

/** What a detector's state says of the one it watches. */
export function suspicionIn(state: string): Suspicion {
  const head = headOf(state);
  switch (head) {
    case 'trusted':
    case 'verifying':
    case 'suspected':
    case 'unreachable':
    case 'failed':
      return head;
    // It still trusts it, and finds out for another.
    case 'proving':
      return 'trusted';
    default:
      return 'unknown';
  }
}

const RUNNING = new Set(['challenging', 'winning']);
const LONELY = new Set(['isolated', 'deposed', 'deciding']);
const CANDIDATES = new Set([...RUNNING, ...LONELY, 'awaitingCoordinator', 'resting']);

/** A peer begins to run for the office: of its own, not because it is handed over. */
export const isElectionBegun = (actor: string, was: string, state: string, event: string): boolean =>
  actor === 'election' && RUNNING.has(state) && !RUNNING.has(was) && event !== 'handover.offered';

/** The role as `GET /v1/status` would tell it, from the charts alone: for traces that tell no status. */
export function roleIn(state: (chart: RoleChart) => string): string {
  const life = state('peer');
  if (life.startsWith('stop') || life.startsWith('failed')) return 'stopped';
  if (life.includes('leaving')) return 'leaving';
  const seat = /seat\.(\w+)/.exec(state('membership'))?.[1];
  if (seat === 'unjoined' || seat === 'joining') return 'unjoined';
  if (state('sequencer').startsWith('coordinating')) return 'coordinator';
  if (seat === 'learner') return 'learner';
  const election = headOf(state('election'));
  if (election === '' || election === 'waiting') return 'unjoined';
  return CANDIDATES.has(election) ? 'candidate' : 'follower';
}

/** A connection that is over: its actor says nothing any more. */
export const isOver = (actor: string, state: string): boolean =>
  /^(connection|accepted):/.test(actor) && /^(closed|superseded|refused|failed)$/.test(state);

/** The id of the chart that an actor runs, by its name: `failure-detector` of `failure-detector:3`. */
export const chartNamed = (actor: string): string => {
  const [name = ''] = actor.split(':');
  return name === 'accepted' ? 'connection' : name;
};

/** The word beside a peer, and the look of its row. */
export function lookOf(face: PeerCore): { readonly look: BarLook; readonly word: string } {
  switch (face.condition) {
    case 'crashed':
      return { look: 'crashed', word: 'crashed' };
    case 'paused':
      return { look: 'paused', word: 'paused' };
    case 'left':
    case 'absent':
      return { look: 'absent', word: face.condition };
    case 'stopped':
      return { look: 'crashed', word: 'stopped' };
    case 'up':
      return lookOfRole(face);
    default:
      return face.condition satisfies never;
  }
}

function lookOfRole({ role, charts }: PeerCore): { readonly look: BarLook; readonly word: string } {
  switch (role) {
    case 'coordinator':
      return { look: 'leading', word: 'leader' };
    case 'candidate': {
      const state = charts.election;
      const look = RUNNING.has(state) ? 'candidate' : LONELY.has(state) ? 'lonely' : 'waiting';
      return { look, word: state === '' ? 'candidate' : inWords(leafOf(state)) };
    }
    case 'follower':
    case 'learner':
      return { look: 'following', word: role };
    case 'leaving':
      return { look: 'leaving', word: role };
    case 'unjoined':
      return { look: 'starting', word: 'joining' };
    default:
      return { look: 'starting', word: role };
  }
}

/** Charts whose changes of state are worth a step; connections come and go. */
export const isProtocol = (actor: string): boolean =>
  /^(election|sequencer|membership|failure-detector|peer)/.test(actor);

/** States that only keep a beat: a sequencer that speaks and falls silent, a peer that answers another's question. */
const rhythmless = (state: string): string =>
  state.replace(/,?(pulse|voice|support|health|storage)\.\w+/g, '');

/** A change that people would call one. */
export const isTelling = (actor: string, was: string | undefined, state: string): boolean =>
  was !== undefined && was !== state && isProtocol(actor) && rhythmless(was) !== rhythmless(state);
