/** Lesson 6: an announcement that does not arrive. */
import type { Attempt, Lesson } from './lesson.js';
import { electionsIn, followedAt, type Reading } from './reading.js';
import { drop, peersUpTo, powerCut, timing, variantOf } from './scripts.js';

const SEVEN = peersUpTo(7);
const UNTIL = 1700;
const classic = { peers: 7, mode: 'classic' } as const;
const crash = powerCut('7', 500);

/** What P6 announces to P2, lost: the word itself, and with it everything else for a while. */
const lostWord = drop(500, { from: '6', to: '2', type: 'election.coordinator', forMs: 1500 });
const lostAll = drop(860, { from: '6', to: '2', forMs: 330 });

const coordinatorTimeout = timing('06', 'coordinatorTimeoutMs', { least: 180, most: 900, step: 60 });

const electionsOf = (reading: Reading) => electionsIn(reading, { fromMs: 500, toMs: reading.endMs });

/** As much was lost as in the script, P2 follows P6, and did not begin again. */
function isRepaired({ script, reading }: Attempt): boolean {
  const loss = JSON.stringify(lostAll);
  const isLost = script.acts.some((act) => JSON.stringify(act) === loss);
  const isOver = reading.endMs > 1600 && followedAt(reading, '2', reading.endMs) === '6';
  return isLost && isOver && electionsOf(reading).filter(({ p }) => p === '2').length === 1;
}

export const lostCoordinator: Lesson = {
  id: '06',
  title: '06.title',
  peers: SEVEN,
  variants: [
    variantOf('06', 'word', classic, [crash, lostWord], { untilMs: UNTIL }),
    variantOf('06', 'all', classic, [crash, lostAll], { untilMs: UNTIL }),
    variantOf('06', 'safe', { peers: 7, mode: 'safe' }, [crash, lostAll], { untilMs: UNTIL }),
    variantOf('06', 'none', classic, [crash], { untilMs: UNTIL }),
  ],
  parameters: [coordinatorTimeout],
  beats: [
    { kind: 'setup', text: '06.setup', cue: { variant: 'word', atMs: 840, panes: ['space-time'] } },
    {
      kind: 'predict',
      question: {
        id: 'follows',
        text: '06.follows',
        choices: [
          { id: 'six', text: '06.follows.six' },
          { id: 'nobody', text: '06.follows.nobody' },
          { id: 'seven', text: '06.follows.seven' },
        ],
        right: 'six',
        because: '06.follows.because',
        ofRuns: (runs) => {
          const followed = followedAt(runs('word'), '2', 1000);
          if (followed === null) return 'nobody';
          return followed === '6' ? 'six' : 'seven';
        },
      },
    },
    {
      kind: 'watch',
      text: '06.watch',
      cue: { variant: 'word', playToMs: 1100, select: '2', actor: 'election' },
    },
    {
      kind: 'predict',
      cue: { variant: 'all', atMs: 850 },
      question: {
        id: 'storm',
        text: '06.storm',
        choices: [
          { id: 'one', text: '06.storm.one' },
          { id: 'all', text: '06.storm.all' },
          { id: 'none', text: '06.storm.none' },
        ],
        right: 'all',
        because: '06.storm.because',
        ofRuns: (runs) => {
          const more = electionsOf(runs('all')).length - electionsOf(runs('none')).length;
          if (more <= 0) return 'none';
          return more === 1 ? 'one' : 'all';
        },
      },
    },
    {
      kind: 'watch',
      text: '06.storm.watch',
      cue: { variant: 'all', playToMs: 1800, panes: ['space-time', 'counters'] },
    },
    { kind: 'do', text: '06.do', goals: ['repaired'], cue: { variant: 'all', atMs: 0 } },
    { kind: 'explain', text: '06.explain', cue: { variant: 'safe', atMs: 850, playToMs: UNTIL } },
    {
      kind: 'check',
      question: {
        id: 'repair',
        text: '06.repair',
        choices: [
          { id: 'again', text: '06.repair.again' },
          { id: 'state', text: '06.repair.state' },
          { id: 'receipt', text: '06.repair.receipt' },
        ],
        right: 'state',
        because: '06.repair.because',
        ofRuns: null,
      },
    },
  ],
  goals: [
    {
      id: 'repaired',
      text: '06.goal.repaired',
      hints: ['06.hint.patience', '06.hint.slider'],
      isReached: isRepaired,
      solution: { variant: 'all', parameters: { coordinatorTimeoutMs: 600 } },
    },
  ],
  code: [
    {
      file: 'machines/election.ts',
      machine: 'election',
      state: 'awaitingCoordinator',
      event: 'coordinator.followed',
      text: '06.code.awaiting',
    },
    {
      file: 'machines/sequencer.ts',
      machine: 'sequencer',
      state: 'replica',
      event: 'sequencer.append',
      text: '06.code.append',
    },
  ],
  words: ['COORDINATOR', 'heartbeat', 'term'],
};
