/** Lesson 1: heartbeats, and how little one silence means. */
import type { Attempt, Lesson } from './lesson.js';
import { electionsIn, type Reading, sent } from './reading.js';
import { drop, peersUpTo, variantOf } from './scripts.js';

const FIVE = peersUpTo(5);
const SETTING = { peers: 5, mode: 'safe' } as const;

/** One heartbeat of 5, as it goes to 2. */
const lostBeat = drop(500, { from: '5', to: '2', type: 'failure.heartbeat', most: 1 });
/** All that 5 says to 2, for most of a second. */
const deafEar = drop(500, { from: '5', to: '2', forMs: 800 });

const lostTo = ({ events }: Reading, to: string) =>
  events.filter((event) => event.k === 'lost' && event.why === 'dropped' && event.to === to);

const isCalm = (reading: Reading) => electionsIn(reading, { fromMs: 0, toMs: reading.endMs }).length === 0;

/** One heartbeat to 2 was lost, long enough ago that it would have been missed by now. */
function isOneLost({ reading }: Attempt): boolean {
  const lost = lostTo(reading, '2');
  const [first] = lost;
  const isOne = lost.length === 1 && first?.ev === 'failure.heartbeat';
  return isOne && isCalm(reading) && reading.endMs >= first.t + 500;
}

const asks = (reading: Reading, peer: string) =>
  reading.sends.some(({ p, ev, to }) => p === peer && ev === 'failure.probe' && to !== '5');

export const cluster: Lesson = {
  id: '01',
  title: '01.title',
  peers: FIVE,
  variants: [
    variantOf('01', 'calm', SETTING, [], { untilMs: 1500 }),
    variantOf('01', 'one-lost', SETTING, [lostBeat], { untilMs: 1500 }),
    variantOf('01', 'deaf-ear', SETTING, [deafEar], { untilMs: 2000 }),
  ],
  parameters: [],
  beats: [
    { kind: 'setup', text: '01.setup', cue: { variant: 'calm', atMs: 0, panes: ['arena'] } },
    {
      kind: 'predict',
      cue: { variant: 'calm', atMs: 0 },
      question: {
        id: 'how',
        text: '01.how',
        choices: [
          { id: 'asks', text: '01.how.asks' },
          { id: 'told', text: '01.how.told' },
          { id: 'unknown', text: '01.how.unknown' },
        ],
        right: 'told',
        because: '01.how.because',
        ofRuns: (runs) => {
          const calm = runs('calm');
          const span = { fromMs: 0, toMs: calm.endMs };
          if (sent(calm, 'failure.probe', span) > 0) return 'asks';
          return sent(calm, 'failure.heartbeat', span) > 0 ? 'told' : 'unknown';
        },
      },
    },
    {
      kind: 'watch',
      text: '01.watch',
      cue: {
        variant: 'calm',
        playToMs: 500,
        select: '2',
        actor: 'failure-detector:5',
        panes: ['arena', 'chart'],
      },
    },
    { kind: 'do', text: '01.do', goals: ['one-lost'], cue: { variant: 'calm', atMs: 490 } },
    {
      kind: 'predict',
      question: {
        id: 'silence',
        text: '01.silence',
        choices: [
          { id: 'elects', text: '01.silence.elects' },
          { id: 'asks', text: '01.silence.asks' },
          { id: 'waits', text: '01.silence.waits' },
        ],
        right: 'asks',
        because: '01.silence.because',
        ofRuns: (runs) => {
          const deaf = runs('deaf-ear');
          if (!isCalm(deaf)) return 'elects';
          return asks(deaf, '2') ? 'asks' : 'waits';
        },
      },
    },
    { kind: 'do', text: '01.silence.do', goals: ['asked'] },
    { kind: 'explain', text: '01.explain', cue: { panes: ['arena', 'beliefs'] } },
    {
      kind: 'check',
      question: {
        id: 'evidence',
        text: '01.evidence',
        choices: [
          { id: 'message', text: '01.evidence.message' },
          { id: 'absence', text: '01.evidence.absence' },
          { id: 'clock', text: '01.evidence.clock' },
        ],
        right: 'absence',
        because: '01.evidence.because',
        ofRuns: null,
      },
    },
  ],
  goals: [
    {
      id: 'one-lost',
      text: '01.goal.one-lost',
      hints: ['01.hint.click', '01.hint.go-on'],
      isReached: isOneLost,
      solution: { variant: 'calm', acts: [lostBeat] },
    },
    {
      id: 'asked',
      text: '01.goal.asked',
      hints: ['01.hint.rule', '01.hint.everything'],
      isReached: ({ reading }) => asks(reading, '2') && isCalm(reading),
      solution: { variant: 'calm', acts: [deafEar], untilMs: 2000 },
    },
  ],
  code: [
    {
      file: 'machines/failure-detector.ts',
      machine: 'failure-detector',
      state: 'trusted',
      event: 'xstate.after.heartbeatInterval.failure-detector.trusted',
      text: '01.code.trusted',
    },
    {
      file: 'machines/failure-detector.ts',
      machine: 'failure-detector',
      state: 'verifying',
      event: 'probe.answered',
      text: '01.code.verifying',
    },
  ],
  words: ['process', 'leader', 'follower', 'heartbeat', 'suspicion', 'probe', 'safe', 'god-view'],
};
