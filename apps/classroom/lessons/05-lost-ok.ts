/** Lesson 5: an OK that does not arrive, and then two. */
import { fourthNotices } from './02-election.js';
import type { Attempt, Lesson } from './lesson.js';
import { leadersAt, multiLeader, type Reading } from './reading.js';
import { drop, peersUpTo, powerCut, variantOf } from './scripts.js';

const SEVEN = peersUpTo(7);
const UNTIL = 1300;

/** The OK that `from` says to P4, lost. */
const lostOk = (from: string) => drop(600, { from, to: '4', type: 'election.answer', most: 1 });
const classic = { peers: 7, mode: 'classic' } as const;
const span = (reading: Reading) => ({ fromMs: 500, toMs: reading.endMs });

/** Two leaders at one time, made by two lost messages and nothing else. */
function hasTwoLeaders({ script, reading }: Attempt): boolean {
  const lost = reading.events.filter(({ k, why }) => k === 'lost' && why === 'dropped');
  const others = script.acts.filter(({ kind }) => kind !== 'drop').length;
  return lost.length === 2 && others === fourthNotices.length && multiLeader(reading, span(reading)) > 0;
}

/** What became of the election, compared with the one in which nothing was lost. */
function changeOf(reading: Reading): string {
  const leaders = new Set(reading.reigns.filter(({ fromMs }) => fromMs > 500).map(({ peer }) => peer));
  if (leaders.has('4')) return 'two';
  return leadersAt(reading, UNTIL - 1).includes('6') ? 'nothing' : 'nobody';
}

export const lostOkLesson: Lesson = {
  id: '05',
  title: '05.title',
  peers: SEVEN,
  variants: [
    variantOf('05', 'none', classic, fourthNotices, { untilMs: UNTIL }),
    variantOf('05', 'one', classic, [...fourthNotices, lostOk('5')], { untilMs: UNTIL }),
    variantOf('05', 'both', classic, [...fourthNotices, lostOk('5'), lostOk('6')], { untilMs: UNTIL }),
    variantOf('05', 'safe', { peers: 7, mode: 'safe' }, [powerCut('7', 500), lostOk('5'), lostOk('6')], {
      untilMs: UNTIL,
    }),
  ],
  parameters: [],
  beats: [
    { kind: 'setup', text: '05.setup', cue: { variant: 'none', atMs: 640, panes: ['space-time'] } },
    {
      kind: 'predict',
      question: {
        id: 'one',
        text: '05.one',
        choices: [
          { id: 'nothing', text: '05.one.nothing' },
          { id: 'two', text: '05.one.two' },
          { id: 'nobody', text: '05.one.nobody' },
        ],
        right: 'nothing',
        because: '05.one.because',
        ofRuns: (runs) => changeOf(runs('one')),
      },
    },
    { kind: 'watch', text: '05.watch', cue: { variant: 'one', atMs: 640, playToMs: 900 } },
    { kind: 'do', text: '05.do', goals: ['two-leaders'], cue: { variant: 'none', atMs: 655 } },
    { kind: 'explain', text: '05.explain', cue: { variant: 'both', atMs: 700, panes: ['arena', 'beliefs'] } },
    {
      kind: 'predict',
      question: {
        id: 'safe',
        text: '05.safe',
        choices: [
          { id: 'two', text: '05.safe.two' },
          { id: 'nothing', text: '05.safe.nothing' },
          { id: 'nobody', text: '05.safe.nobody' },
        ],
        right: 'nothing',
        because: '05.safe.because',
        ofRuns: (runs) => changeOf(runs('safe')),
      },
    },
    { kind: 'watch', text: '05.safe.watch', cue: { variant: 'safe', atMs: 840, playToMs: 1200 } },
    {
      kind: 'check',
      question: {
        id: 'why',
        text: '05.why',
        choices: [
          { id: 'slow', text: '05.why.slow' },
          { id: 'silence', text: '05.why.silence' },
          { id: 'rank', text: '05.why.rank' },
        ],
        right: 'silence',
        because: '05.why.because',
        ofRuns: null,
      },
    },
  ],
  goals: [
    {
      id: 'two-leaders',
      text: '05.goal.two-leaders',
      hints: ['05.hint.all', '05.hint.which'],
      isReached: hasTwoLeaders,
      solution: { variant: 'none', acts: [lostOk('5'), lostOk('6')] },
    },
  ],
  code: [
    {
      file: 'machines/election.ts',
      machine: 'election',
      state: 'challenging',
      event: 'xstate.after.answerTimeout.election.challenging',
      text: '05.code.challenging',
    },
    {
      file: 'machines/sequencer.ts',
      machine: 'sequencer',
      state: 'standing.gathering.collecting',
      event: 'sequencer.promise',
      text: '05.code.collecting',
    },
  ],
  words: ['OK', 'term', 'promise', 'quorum', 'god-view'],
};
