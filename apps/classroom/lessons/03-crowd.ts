/** Lesson 3: all notice at once, or one does: how the number of messages depends on who is first. */
import type { Attempt, Lesson } from './lesson.js';
import { leadersAt, type Reading, type Span, sent } from './reading.js';
import { notices, peersUpTo, powerCut, variantOf } from './scripts.js';

const SEVEN = peersUpTo(7);
const UNTIL = 1300;
const WHOLE: Span = { fromMs: 0, toMs: UNTIL };
const crash = powerCut('7', 500);
const classic = { peers: 7, mode: 'classic' } as const;

/** ELECTION, OK and COORDINATOR together. */
export const electionMessages = (reading: Reading, span: Span): number =>
  ['election.start', 'election.answer', 'election.coordinator'].reduce(
    (sum, type) => sum + sent(reading, type, span),
    0,
  );

function compared(all: number, one: number): string {
  const ratio = all / one;
  if (ratio < 0.5) return 'fewer';
  if (ratio < 1.5) return 'same';
  return ratio < 3 ? 'double' : 'times';
}

/** P7 is gone, another leads, and it took at most eight messages; all have had time to notice. */
function isCheap({ reading }: Attempt): boolean {
  const span = { fromMs: 0, toMs: reading.endMs };
  const hasNewLeader = reading.endMs > 1100 && leadersAt(reading, reading.endMs - 1).includes('6');
  return hasNewLeader && electionMessages(reading, span) <= 8;
}

export const crowd: Lesson = {
  id: '03',
  title: '03.title',
  peers: SEVEN,
  variants: [
    variantOf('03', 'all', classic, [crash], { untilMs: UNTIL }),
    variantOf('03', 'lowest', classic, [crash, ...notices('1', '7', 600)], { untilMs: UNTIL }),
    variantOf('03', 'safe', { peers: 7, mode: 'safe' }, [crash], { untilMs: UNTIL }),
  ],
  parameters: [],
  beats: [
    { kind: 'setup', text: '03.setup', cue: { variant: 'all', atMs: 490, panes: ['arena'] } },
    {
      kind: 'predict',
      question: {
        id: 'ratio',
        text: '03.ratio',
        choices: [
          { id: 'fewer', text: '03.ratio.fewer' },
          { id: 'same', text: '03.ratio.same' },
          { id: 'double', text: '03.ratio.double' },
          { id: 'times', text: '03.ratio.times' },
        ],
        right: 'same',
        because: '03.ratio.because',
        ofRuns: (runs) =>
          compared(electionMessages(runs('all'), WHOLE), electionMessages(runs('lowest'), WHOLE)),
      },
    },
    {
      kind: 'watch',
      text: '03.watch',
      cue: { variant: 'all', playToMs: 1000, panes: ['space-time', 'counters'] },
    },
    { kind: 'watch', text: '03.lowest', cue: { variant: 'lowest', atMs: 590, playToMs: 1000 } },
    { kind: 'do', text: '03.do', goals: ['cheap'], cue: { variant: 'all', atMs: 600, panes: ['arena'] } },
    { kind: 'explain', text: '03.explain', cue: { panes: ['counters'] } },
    { kind: 'watch', text: '03.safe', cue: { variant: 'safe', atMs: 800, playToMs: 1100 } },
    {
      kind: 'check',
      question: {
        id: 'danger',
        text: '03.danger',
        choices: [
          { id: 'two', text: '03.danger.two' },
          { id: 'none', text: '03.danger.none' },
          { id: 'noise', text: '03.danger.noise' },
        ],
        right: 'noise',
        because: '03.danger.because',
        ofRuns: (runs) => {
          const leaders = new Set(runs('all').reigns.map(({ peer }) => peer));
          leaders.delete('7');
          if (leaders.size === 0) return 'none';
          return leaders.size === 1 ? 'noise' : 'two';
        },
      },
    },
  ],
  goals: [
    {
      id: 'cheap',
      text: '03.goal.cheap',
      hints: ['03.hint.who', '03.hint.timer'],
      isReached: isCheap,
      solution: { variant: 'all', acts: notices('6', '7', 650) },
    },
  ],
  code: [
    {
      file: 'machines/election.ts',
      machine: 'election',
      state: 'challenging',
      event: null,
      text: '03.code.challenging',
    },
    {
      file: 'machines/election.ts',
      machine: 'election',
      state: 'coordinating',
      event: 'election.start',
      text: '03.code.coordinating',
    },
  ],
  words: ['ELECTION', 'OK', 'COORDINATOR', 'suspicion', 'promise', 'quorum'],
};
