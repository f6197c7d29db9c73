/** Lesson 9: a leader that stands still for a while, and does not know it. */
import { agree, conflictsIn } from './deliveries.js';
import type { Attempt, Lesson } from './lesson.js';
import { leadersAt, multiLeader, type Reading } from './reading.js';
import { pause, peersUpTo, say, split, variantOf } from './scripts.js';

const FIVE = peersUpTo(5);
const ASLEEP_AT = 550;
const AWAKE_AT = 1450;
/** A laptop that is closed and opened again: its program goes on at once, and its network comes back a moment later. */
const ONLINE_AT = AWAKE_AT + 60;
const sleep = [
  pause('5', ASLEEP_AT, AWAKE_AT - ASLEEP_AT),
  split(ASLEEP_AT, ONLINE_AT - ASLEEP_AT, ['5'], ['1', '2', '3', '4']),
];
/** Somebody at P4 says something while P4 leads; and somebody at P5 in its first moment awake. */
const writeAtFour = say('4', 1200, 'to P4');
const writeAtFive = say('5', AWAKE_AT + 20, 'to P5');

/** P5 was asked for something after it woke, while it still took itself for the leader. */
const isAskedAwake = ({ script, reading }: Attempt) =>
  script.acts.some(
    (act) =>
      act.kind === 'load' &&
      act.peer === '5' &&
      act.at >= AWAKE_AT &&
      leadersAt(reading, act.at).includes('5'),
  );

const isAccepted = (attempt: Attempt) => isAskedAwake(attempt) && conflictsIn(attempt.reading).length > 0;

const isRefused = (attempt: Attempt) =>
  attempt.variant.startsWith('safe') &&
  isAskedAwake(attempt) &&
  attempt.reading.endMs > 2000 &&
  conflictsIn(attempt.reading).length === 0 &&
  agree(attempt.reading, FIVE);

function leaderLater(reading: Reading): string {
  const leaders = leadersAt(reading, 1800);
  if (leaders.length > 1) return 'both';
  return leaders.includes('5') ? 'five' : 'four';
}

export const sleeper: Lesson = {
  id: '09',
  title: '09.title',
  peers: FIVE,
  variants: [
    variantOf('09', 'classic', { peers: 5, mode: 'classic' }, sleep, { untilMs: 2700 }),
    variantOf('09', 'safe', { peers: 5, mode: 'safe' }, sleep, { untilMs: 2700 }),
    variantOf('09', 'classic-writes', { peers: 5, mode: 'classic' }, [...sleep, writeAtFour, writeAtFive], {
      untilMs: 2700,
    }),
    variantOf('09', 'safe-writes', { peers: 5, mode: 'safe' }, [...sleep, writeAtFour, writeAtFive], {
      untilMs: 2700,
    }),
  ],
  parameters: [],
  beats: [
    {
      kind: 'setup',
      text: '09.setup',
      cue: { variant: 'classic', atMs: 540, panes: ['arena', 'space-time'] },
    },
    {
      kind: 'predict',
      cue: { variant: 'classic', playToMs: AWAKE_AT - 10 },
      question: {
        id: 'later',
        text: '09.later',
        choices: [
          { id: 'four', text: '09.later.four' },
          { id: 'five', text: '09.later.five' },
          { id: 'both', text: '09.later.both' },
        ],
        right: 'five',
        because: '09.later.because',
        ofRuns: (runs) => leaderLater(runs('classic')),
      },
    },
    {
      kind: 'watch',
      text: '09.watch',
      cue: { variant: 'classic', playToMs: 1800, select: '5', actor: 'election' },
    },
    { kind: 'do', text: '09.do', goals: ['accepted'], cue: { variant: 'classic', atMs: 1190 } },
    {
      kind: 'predict',
      cue: { variant: 'safe', atMs: AWAKE_AT - 10 },
      question: {
        id: 'safe',
        text: '09.safe',
        choices: [
          { id: 'four', text: '09.safe.four' },
          { id: 'five', text: '09.safe.five' },
          { id: 'both', text: '09.safe.both' },
        ],
        right: 'four',
        because: '09.safe.because',
        ofRuns: (runs) => leaderLater(runs('safe')),
      },
    },
    { kind: 'do', text: '09.refuse', goals: ['refused'], cue: { variant: 'safe', atMs: 1190 } },
    { kind: 'explain', text: '09.explain' },
    {
      kind: 'check',
      question: {
        id: 'never',
        text: '09.never',
        choices: [
          { id: 'time', text: '09.never.time' },
          { id: 'term', text: '09.never.term' },
          { id: 'leader', text: '09.never.leader' },
        ],
        right: 'term',
        because: '09.never.because',
        ofRuns: (runs) => {
          const safe = runs('safe-writes');
          const isDoubled = multiLeader(safe, { fromMs: 500, toMs: safe.endMs }) > 0;
          const terms = new Map<number, Set<string>>();
          for (const { term, peer } of safe.reigns) terms.set(term, (terms.get(term) ?? new Set()).add(peer));
          const isOnePerTerm = [...terms.values()].every((peers) => peers.size === 1);
          if (isDoubled && isOnePerTerm) return 'term';
          return isOnePerTerm ? 'time' : 'leader';
        },
      },
    },
  ],
  goals: [
    {
      id: 'accepted',
      text: '09.goal.accepted',
      hints: ['09.hint.moment', '09.hint.both'],
      isReached: isAccepted,
      solution: { variant: 'classic', acts: [writeAtFour, writeAtFive] },
    },
    {
      id: 'refused',
      text: '09.goal.refused',
      hints: ['09.hint.same', '09.hint.wait'],
      isReached: isRefused,
      solution: { variant: 'safe', acts: [writeAtFour, writeAtFive] },
    },
  ],
  code: [
    {
      file: 'machines/sequencer.ts',
      machine: 'sequencer',
      state: 'coordinating',
      event: 'sequencer.append',
      text: '09.code.append',
    },
    {
      file: 'machines/election.ts',
      machine: 'election',
      state: 'following.direct',
      event: null,
      text: '09.code.bullies',
    },
  ],
  words: ['term', 'fencing', 'quorum', 'delivery', 'god-view'],
};
