/** Lesson 2: the worked example. The leader of seven dies, P4 notices first, and the highest that is left wins. */
import type { TraceEvent } from '../contract.js';
import type { Attempt, Lesson } from './lesson.js';
import { leadersAt, type Reading } from './reading.js';
import { kill, notices, peersUpTo, powerCut, variantOf } from './scripts.js';

const SEVEN = peersUpTo(7);

/** Its power fails, so that only silence tells; P4's detector is the first to have counted enough of it. */
export const fourthNotices = [powerCut('7', 500), ...notices('4', '7', 600)];

/** P6 dies after it has said OK and before it has won. */
const secondCrash = kill('6', 700);

/** The moment at which P6 has waited long enough for anybody above it. */
const decided = ({ elections }: Reading): TraceEvent | undefined =>
  elections.find(({ p, was, st }) => p === '6' && was === 'challenging' && st === 'winning');

function isAtDecision({ reading, place }: Attempt): boolean {
  const moment = decided(reading);
  const here = reading.events.find(({ s }) => s === place);
  return moment !== undefined && here?.t === moment.t && here.p === moment.p;
}

/** P6 said OK, died before it led, and another leads. */
function hasSecondWinner({ reading }: Attempt): boolean {
  const ok = reading.sends.find(({ p, ev }) => p === '6' && ev === 'election.answer');
  const end = reading.faults.find(
    ({ act, phase, t }) =>
      act?.kind === 'crash' && act.peer === '6' && phase !== 'end' && ok !== undefined && t >= ok.t,
  );
  const hasLed = reading.reigns.some(({ peer }) => peer === '6');
  return end !== undefined && !hasLed && leadersAt(reading, reading.endMs - 1).includes('5');
}

export const election: Lesson = {
  id: '02',
  title: '02.title',
  peers: SEVEN,
  variants: [
    variantOf('02', 'classic', { peers: 7, mode: 'classic' }, fourthNotices, { untilMs: 1300 }),
    variantOf('02', 'safe', { peers: 7, mode: 'safe' }, fourthNotices, { untilMs: 1300 }),
    variantOf('02', 'second-crash', { peers: 7, mode: 'classic' }, [...fourthNotices, secondCrash], {
      untilMs: 1600,
    }),
  ],
  parameters: [],
  beats: [
    { kind: 'setup', text: '02.setup', cue: { variant: 'classic', atMs: 490, panes: ['arena'] } },
    {
      kind: 'predict',
      cue: { variant: 'classic', playToMs: 640, select: '5' },
      question: {
        id: 'ok',
        text: '02.ok',
        choices: [
          { id: 'votes', text: '02.ok.votes' },
          { id: 'takes-over', text: '02.ok.takes-over' },
          { id: 'forwards', text: '02.ok.forwards' },
          { id: 'silent', text: '02.ok.silent' },
        ],
        right: 'takes-over',
        because: '02.ok.because',
        ofRuns: (runs) => answerOfFive(runs('classic')),
      },
    },
    {
      kind: 'watch',
      text: '02.watch',
      cue: {
        variant: 'classic',
        playToMs: 900,
        select: '5',
        actor: 'election',
        panes: ['arena', 'space-time'],
      },
    },
    { kind: 'do', text: '02.do', goals: ['decided'], cue: { variant: 'classic', atMs: 600 } },
    { kind: 'explain', text: '02.explain', cue: { panes: ['space-time', 'counters'] } },
    { kind: 'watch', text: '02.safe', cue: { variant: 'safe', atMs: 500, playToMs: 1300 } },
    {
      kind: 'predict',
      cue: { variant: 'classic', atMs: 695 },
      question: {
        id: 'second',
        text: '02.second',
        choices: [
          { id: 'nobody', text: '02.second.nobody' },
          { id: 'fifth', text: '02.second.fifth' },
          { id: 'fourth', text: '02.second.fourth' },
        ],
        right: 'fifth',
        because: '02.second.because',
        ofRuns: (runs) => {
          const [leader] = leadersAt(runs('second-crash'), 1500);
          if (leader === undefined) return 'nobody';
          return leader === '5' ? 'fifth' : 'fourth';
        },
      },
    },
    { kind: 'do', text: '02.second.do', goals: ['second-winner'], cue: { variant: 'classic', atMs: 695 } },
    {
      kind: 'check',
      question: {
        id: 'vote',
        text: '02.vote',
        choices: [
          { id: 'agreed', text: '02.vote.agreed' },
          { id: 'leave', text: '02.vote.leave' },
          { id: 'elected', text: '02.vote.elected' },
        ],
        right: 'leave',
        because: '02.vote.because',
        ofRuns: null,
      },
    },
  ],
  goals: [
    {
      id: 'decided',
      text: '02.goal.decided',
      hints: ['02.hint.silence', '02.hint.six'],
      isReached: isAtDecision,
      solution: { variant: 'classic', place: decided },
    },
    {
      id: 'second-winner',
      text: '02.goal.second-winner',
      hints: ['02.hint.between', '02.hint.crash'],
      isReached: hasSecondWinner,
      solution: { variant: 'classic', acts: [secondCrash], untilMs: 1600 },
    },
  ],
  code: [
    {
      file: 'machines/election.ts',
      machine: 'election',
      state: 'following',
      event: 'election.start',
      text: '02.code.following',
    },
    {
      file: 'machines/election.ts',
      machine: 'election',
      state: 'challenging',
      event: 'xstate.after.answerTimeout.election.challenging',
      text: '02.code.challenging',
    },
  ],
  words: ['election', 'ELECTION', 'OK', 'COORDINATOR', 'rank', 'classic', 'safe'],
};

/** What P5 makes of the first ELECTION that reaches it. */
function answerOfFive({ receipts, sends }: Reading): string {
  const heard = receipts.find(({ p, fr, ev }) => p === '5' && fr === '4' && ev === 'election.start');
  if (heard === undefined) return 'silent';
  const said = sends.filter(({ p, t }) => p === '5' && t === heard.t);
  const isOk = said.some(({ to, ev }) => to === '4' && ev === 'election.answer');
  const isOwn = said.some(({ to, ev }) => to === '6' && ev === 'election.start');
  if (isOk) return isOwn ? 'takes-over' : 'votes';
  return isOwn ? 'forwards' : 'silent';
}
