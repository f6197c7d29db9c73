/** Lesson 12: a question, its answers, and a slow way. */
import type { TraceEvent } from '../contract.js';
import { relationOf } from './causality.js';
import type { Attempt, Beat, Lesson, Question } from './lesson.js';
import type { Reading } from './reading.js';
import { peersUpTo, variantOf } from './scripts.js';

const FOUR = peersUpTo(4);
const SETTING = { peers: 4, mode: 'safe' } as const;
const ASKED_AT = 500;
const MESSAGE = 'causal.message';

/** Somebody at P1 asks; whoever hears it answers, for so the peers of the simulator do. */
const ask = { kind: 'broadcast', at: ASKED_AT, peer: '1', count: 1, everyMs: 0 } as const;
/** The question takes its time on the way to P4: a rule that has to be there before it is asked. */
const late = {
  kind: 'delay',
  at: ASKED_AT - 5,
  which: { from: '1', to: '4', type: MESSAGE, most: 1 },
  byMs: 300,
} as const;

const said = ({ sends }: Reading, by: string, to: string) =>
  sends.find(({ p, ev, to: whom }) => p === by && ev === MESSAGE && whom === to);
const heard = ({ receipts }: Reading, by: string, from: string) =>
  receipts.find(({ p, ev, fr }) => p === by && ev === MESSAGE && fr === from);

/** The first thing of the causal channel that P4 received: whose word was it? */
const firstAtFour = ({ receipts }: Reading) => receipts.find(({ p, ev }) => p === '4' && ev === MESSAGE)?.fr;

/** P4 said nothing of its own, an answer to the question, before it had seen the question. */
const isHeldBack = ({ elections, events }: Reading) =>
  elections.length === 0 &&
  events.some(
    ({ k, p, a, was, st }) =>
      k === 'transition' &&
      p === '4' &&
      a === 'causal' &&
      was === 'delivering' &&
      st?.startsWith('holdingBack'),
  );

function isOvertaken({ reading }: Attempt): boolean {
  const isReleased = reading.events.some(
    ({ k, p, a, was, st }) =>
      k === 'transition' &&
      p === '4' &&
      a === 'causal' &&
      was?.startsWith('holdingBack') &&
      st === 'delivering',
  );
  return firstAtFour(reading) !== '1' && isHeldBack(reading) && isReleased;
}

/** Two moments of the run with the late question, and how they stand to each other. */
interface Pair {
  readonly id: string;
  readonly right: 'before' | 'after' | 'concurrent';
  readonly of: (reading: Reading) => readonly [TraceEvent | undefined, TraceEvent | undefined];
}

const PAIRS: readonly Pair[] = [
  { id: 'pair-1', right: 'before', of: (run) => [said(run, '1', '2'), said(run, '2', '3')] },
  { id: 'pair-2', right: 'concurrent', of: (run) => [said(run, '2', '3'), said(run, '3', '2')] },
  { id: 'pair-3', right: 'before', of: (run) => [said(run, '2', '4'), heard(run, '4', '1')] },
  { id: 'pair-4', right: 'concurrent', of: (run) => [heard(run, '3', '2'), heard(run, '2', '3')] },
  { id: 'pair-5', right: 'after', of: (run) => [heard(run, '4', '2'), said(run, '1', '2')] },
  { id: 'pair-6', right: 'concurrent', of: (run) => [heard(run, '2', '1'), heard(run, '3', '1')] },
];

const questionOf = ({ id, right, of }: Pair): Question => ({
  id,
  text: `12.${id}`,
  choices: [
    { id: 'before', text: '12.pair.before' },
    { id: 'after', text: '12.pair.after' },
    { id: 'concurrent', text: '12.pair.concurrent' },
  ],
  right,
  because: `12.${id}.because`,
  ofRuns: (runs) => {
    const reading = runs('late');
    const [a, b] = of(reading);
    return a === undefined || b === undefined ? 'unknown' : relationOf(reading.events, a, b);
  },
});

const pairBeats: readonly Beat[] = PAIRS.map((pair) => ({
  kind: 'check',
  question: questionOf(pair),
  cue: { variant: 'late', panes: ['space-time'] },
}));

export const causality: Lesson = {
  id: '12',
  title: '12.title',
  peers: FOUR,
  variants: [
    variantOf('12', 'even', SETTING, [ask], { untilMs: 1200 }),
    variantOf('12', 'late', SETTING, [ask, late], { untilMs: 1200 }),
  ],
  parameters: [],
  beats: [
    {
      kind: 'setup',
      text: '12.setup',
      cue: { variant: 'even', atMs: 490, playToMs: 600, panes: ['space-time'] },
    },
    {
      kind: 'predict',
      cue: { variant: 'late', atMs: 490 },
      question: {
        id: 'arrives',
        text: '12.arrives',
        choices: [
          { id: 'question', text: '12.arrives.question' },
          { id: 'answer', text: '12.arrives.answer' },
        ],
        right: 'answer',
        because: '12.arrives.because',
        ofRuns: (runs) => (firstAtFour(runs('late')) === '1' ? 'question' : 'answer'),
      },
    },
    {
      kind: 'predict',
      question: {
        id: 'shows',
        text: '12.shows',
        choices: [
          { id: 'at-once', text: '12.shows.at-once' },
          { id: 'waits', text: '12.shows.waits' },
          { id: 'asks', text: '12.shows.asks' },
        ],
        right: 'asks',
        because: '12.shows.because',
        ofRuns: (runs) => {
          const late = runs('late');
          if (!isHeldBack(late)) return 'at-once';
          return late.sends.some(({ p, ev }) => p === '4' && ev === 'causal.fetch') ? 'asks' : 'waits';
        },
      },
    },
    {
      kind: 'watch',
      text: '12.watch',
      cue: { variant: 'late', playToMs: 900, select: '4', actor: 'causal' },
    },
    {
      kind: 'do',
      text: '12.do',
      goals: ['overtaken'],
      cue: { variant: 'even', atMs: 505, panes: ['arena'] },
    },
    { kind: 'explain', text: '12.explain', cue: { variant: 'late', panes: ['space-time'] } },
    { kind: 'do', text: '12.pairs', goals: ['pairs'] },
    ...pairBeats,
  ],
  goals: [
    {
      id: 'overtaken',
      text: '12.goal.overtaken',
      hints: ['12.hint.question', '12.hint.enough'],
      isReached: isOvertaken,
      solution: { variant: 'even', acts: [late] },
    },
    {
      id: 'pairs',
      text: '12.goal.pairs',
      hints: ['12.hint.path', '12.hint.own-line'],
      isReached: ({ answers }) => PAIRS.every(({ id, right }) => answers[id] === right),
      solution: { variant: 'late', answers: Object.fromEntries(PAIRS.map(({ id, right }) => [id, right])) },
    },
  ],
  code: [
    {
      file: 'machines/causal.ts',
      machine: 'causal',
      state: 'holdingBack',
      event: 'causal.message',
      text: '12.code.holding',
    },
  ],
  words: ['causal', 'fifo', 'vector-clock', 'concurrent', 'delivery'],
};
