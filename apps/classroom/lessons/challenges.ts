/** Challenges: a cluster, a task, and a predicate that says whether it is done. No beats; whoever wants to may try. */
import type { Act, PeerId } from '../contract.js';
import { electionMessages } from './03-crowd.js';
import { conflictsIn } from './deliveries.js';
import { type Attempt, ownActs, type Solution, type TextKey, type Variant } from './lesson.js';
import { leaderless, leadersAt, multiLeader, type Reading, sent } from './reading.js';
import { deafen, drop, notices, peersUpTo, powerCut, say, split, variantOf } from './scripts.js';

export interface Challenge {
  readonly id: string;
  readonly title: TextKey;
  readonly text: TextKey;
  readonly hints: readonly TextKey[];
  /** Where it begins. */
  readonly start: Variant;
  /** Another run, of which only the log is shown. */
  readonly shown: Variant | null;
  readonly isReached: (attempt: Attempt) => boolean;
  /** What counts, where more or less of it is better; null where it is done or not done. */
  readonly score: ((attempt: Attempt) => number) | null;
  /** One way to do it; null where there is none. */
  readonly solution: Solution | null;
}

const FIVE = peersUpTo(5);
const classic = { peers: 5, mode: 'classic' } as const;
const safe = { peers: 5, mode: 'safe' } as const;

const named = (id: string, rest: Omit<Challenge, 'id' | 'title' | 'text'>): Challenge => ({
  id,
  title: `challenge.${id}`,
  text: `challenge.${id}.text`,
  ...rest,
});
const startOf = (
  id: string,
  setting: Parameters<typeof variantOf>[2],
  acts: readonly Act[],
  untilMs: number,
) => variantOf('challenge', id, setting, acts, { untilMs });

const whole = ({ endMs }: Reading) => ({ fromMs: 0, toMs: endMs });
const added = (challenge: Variant, attempt: Attempt) => ownActs(attempt, challenge);

const calmClassic = startOf('two-leaders', classic, [], 2000);
const twoLeaders = named('two-leaders', {
  hints: ['challenge.two-leaders.hint'],
  start: calmClassic,
  shown: null,
  isReached: (attempt) =>
    added(calmClassic, attempt).length === 1 && multiLeader(attempt.reading, whole(attempt.reading)) > 0,
  score: null,
  solution: { variant: 'two-leaders', acts: [split(500, 1500, ['5'], ['1', '2', '3', '4'])] },
});

/** Acts that harm single messages and nothing else. */
const isAboutMessages = ({ kind }: Act) => ['drop', 'hold', 'delay', 'duplicate'].includes(kind);

const calmSafe = startOf('headless', safe, [], 3500);
const headlessSecond = named('headless', {
  hints: ['challenge.headless.hint', 'challenge.headless.hint-2'],
  start: calmSafe,
  shown: null,
  isReached: (attempt) =>
    added(calmSafe, attempt).every(isAboutMessages) &&
    leaderless(attempt.reading, whole(attempt.reading)) >= 1000,
  score: ({ reading }) => leaderless(reading, whole(reading)),
  solution: {
    variant: 'headless',
    acts: [drop(500, { to: '5', forMs: 700 }), drop(500, { type: 'sequencer.promise', forMs: 2000 })],
  },
});

const fifthNotices = startOf(
  'one-drop',
  { peers: 7, mode: 'classic' },
  [powerCut('7', 500), ...notices('5', '7', 600)],
  1500,
);
const cost = ({ reading }: Attempt) => electionMessages(reading, { fromMs: 500, toMs: reading.endMs });
const oneDrop = named('one-drop', {
  hints: ['challenge.one-drop.hint'],
  start: fifthNotices,
  shown: null,
  isReached: (attempt) => {
    const lost = attempt.reading.events.filter(({ k, why }) => k === 'lost' && why === 'dropped');
    const isOne = lost.length === 1 && added(fifthNotices, attempt).every(({ kind }) => kind === 'drop');
    return isOne && cost(attempt) >= 15;
  },
  score: cost,
  solution: {
    variant: 'one-drop',
    acts: [drop(600, { from: '6', to: '5', type: 'election.answer', most: 1 })],
  },
});

const sevenSafe = startOf('seven-to-three', { peers: 7, mode: 'safe' }, [], 1500);
/** All that elections and handovers are made of. */
const officeMessages = ({ reading }: Attempt) =>
  cost({ reading } as Attempt) +
  ['election.transfer', 'election.decline', 'election.alive', 'sequencer.handover'].reduce(
    (sum, type) => sum + sent(reading, type, whole(reading)),
    0,
  );
const sevenToThree = named('seven-to-three', {
  hints: ['challenge.seven-to-three.hint', 'challenge.seven-to-three.hint-2'],
  start: sevenSafe,
  shown: null,
  isReached: (attempt) => {
    const { reading } = attempt;
    const isThree = [0, 150, 300].every((before) => {
      const leaders = leadersAt(reading, reading.endMs - 1 - before);
      return leaders.length === 1 && leaders[0] === '3';
    });
    return isThree && officeMessages(attempt) <= 8;
  },
  score: officeMessages,
  solution: { variant: 'seven-to-three', acts: [{ kind: 'transfer', at: 500, peer: '7', to: '3' }] },
});

const talkative = startOf(
  'two-orders',
  safe,
  [600, 900, 1200, 1500, 1800].flatMap((at) => [say('1', at, `P1 at ${at}`), say('4', at, `P4 at ${at}`)]),
  3000,
);
/** Never reached in safe mode, as far as we know: whoever reaches it has found a bug. */
const twoOrders = named('two-orders', {
  hints: ['challenge.two-orders.hint'],
  start: talkative,
  shown: null,
  isReached: ({ script, reading }) =>
    script.scenario.options.mode !== 'classic' && conflictsIn(reading).length > 0,
  score: null,
  solution: null,
});

const riddle = startOf('riddle', safe, deafen('5', FIVE, 700), 2000);
const blank = startOf('explain', safe, [], 2000);

/** What each peer was, one after the other, as far as it said so. */
export function rolesOf({ statuses }: Reading, peer: PeerId): string {
  const roles = statuses.filter(({ p, t }) => p === peer && t > 0).map(({ role }) => String(role));
  return roles.filter((role, place) => role !== roles[place - 1]).join(' ');
}

/** The riddle as its log tells it: what P5 was, who led next, and when. The tests compare it with the run. */
export const RIDDLE = { fifth: 'candidate', next: '4', atMs: 1115, withinMs: 120 } as const;

const explain = named('explain', {
  hints: ['challenge.explain.hint', 'challenge.explain.hint-2'],
  start: blank,
  shown: riddle,
  isReached: ({ reading }) => {
    const next = reading.reigns.find(({ peer }) => peer !== '5');
    const isThen = next !== undefined && Math.abs(next.fromMs - RIDDLE.atMs) <= RIDDLE.withinMs;
    const isAlike = rolesOf(reading, '5') === RIDDLE.fifth && next?.peer === RIDDLE.next;
    return isThen && isAlike && multiLeader(reading, whole(reading)) === 0;
  },
  score: null,
  solution: { variant: 'explain', acts: deafen('5', FIVE, 700) },
});

export const CHALLENGES: readonly Challenge[] = [
  twoLeaders,
  headlessSecond,
  oneDrop,
  sevenToThree,
  twoOrders,
  explain,
];
