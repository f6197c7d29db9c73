/** Lesson 4: the highest comes back; once, and again and again. */
import type { Act } from '../contract.js';
import type { Attempt, Lesson, Parameter } from './lesson.js';
import { leadersAt, multiLeader, type Reading } from './reading.js';
import { kill, peersUpTo, variantOf } from './scripts.js';

const FIVE = peersUpTo(5);
const BACK_AT = 1500;
const LOOP_UNTIL = 7500;

/** Down for a second, up for a second, three times. */
const loop: readonly Act[] = [500, 2500, 4500].map((at) => kill('5', at, 1000));
const once = [kill('5', 500, BACK_AT - 500)];
const classic = { peers: 5, mode: 'classic' } as const;

/** What a leader does when a higher process comes back: the textbook's rule, ours, or nothing. */
const takeover: Parameter = {
  id: 'takeover',
  name: '04.parameter.takeover',
  unit: null,
  least: 0,
  most: 1,
  step: 1,
  usual: 0,
  options: ['04.parameter.takeover.immediate', '04.parameter.takeover.never'],
  applied: (script, value) => ({
    ...script,
    scenario: {
      ...script.scenario,
      options: { ...script.scenario.options, takeover: value === 0 ? 'immediate' : 'never' },
    },
  }),
};

/** Everything the loop does is still in the script, it has been played, and few elections were held. */
function isCalmLoop({ script, reading }: Attempt): boolean {
  const crashes = script.acts.filter((act) => act.kind === 'crash' && act.peer === '5');
  const isWhole = crashes.length >= loop.length && reading.endMs >= LOOP_UNTIL - 200;
  // One peer's run for the office is what the learner sees as an election.
  const changes = reading.reigns.filter(({ peer, fromMs }) => fromMs > 0 && peer !== '').length;
  return isWhole && changes <= 2 && leadersAt(reading, reading.endMs - 1).length === 1;
}

/** Who led after the return, and whether two did meanwhile. */
function outcome(reading: Reading): string {
  const after = leadersAt(reading, BACK_AT + 500);
  const overlap = multiLeader(reading, { fromMs: BACK_AT, toMs: BACK_AT + 500 });
  if (!after.includes('5')) return 'waits';
  return overlap > 0 ? 'throws' : 'asks';
}

export const comeback: Lesson = {
  id: '04',
  title: '04.title',
  peers: FIVE,
  variants: [
    variantOf('04', 'classic', classic, once, { untilMs: 3000 }),
    variantOf('04', 'safe', { peers: 5, mode: 'safe' }, once, { untilMs: 3500 }),
    variantOf('04', 'loop-classic', classic, loop, { untilMs: LOOP_UNTIL }),
    variantOf('04', 'loop-safe', { peers: 5, mode: 'safe' }, loop, { untilMs: LOOP_UNTIL }),
    variantOf('04', 'loop-never', { ...classic, takeover: 'never' }, loop, { untilMs: LOOP_UNTIL }),
  ],
  parameters: [takeover],
  beats: [
    { kind: 'setup', text: '04.setup', cue: { variant: 'classic', atMs: 490, panes: ['arena'] } },
    {
      kind: 'predict',
      cue: { variant: 'classic', atMs: 1490 },
      question: {
        id: 'return',
        text: '04.return',
        choices: [
          { id: 'waits', text: '04.return.waits' },
          { id: 'throws', text: '04.return.throws' },
          { id: 'asks', text: '04.return.asks' },
        ],
        right: 'throws',
        because: '04.return.because',
        ofRuns: (runs) => outcome(runs('classic')),
      },
    },
    { kind: 'watch', text: '04.watch', cue: { variant: 'classic', playToMs: 1800, panes: ['space-time'] } },
    {
      kind: 'watch',
      text: '04.safe',
      cue: { variant: 'safe', atMs: 1490, playToMs: 3000, select: '4', actor: 'election' },
    },
    {
      kind: 'watch',
      text: '04.loop',
      cue: { variant: 'loop-classic', atMs: 490, playToMs: LOOP_UNTIL, panes: ['counters'] },
    },
    { kind: 'do', text: '04.do', goals: ['calm'], cue: { variant: 'loop-classic', atMs: 0 } },
    { kind: 'explain', text: '04.explain' },
    {
      kind: 'check',
      question: {
        id: 'flap',
        text: '04.flap',
        choices: [
          { id: 'each', text: '04.flap.each' },
          { id: 'later', text: '04.flap.later' },
          { id: 'banned', text: '04.flap.banned' },
        ],
        right: 'later',
        because: '04.flap.because',
        ofRuns: (runs) => {
          const held = runs('loop-safe').reigns.filter(({ peer, fromMs }) => peer === '5' && fromMs > 500);
          if (held.length >= loop.length) return 'each';
          return held.length === 0 ? 'banned' : 'later';
        },
      },
    },
  ],
  goals: [
    {
      id: 'calm',
      text: '04.goal.calm',
      hints: ['04.hint.preference', '04.hint.switch'],
      isReached: isCalmLoop,
      solution: { variant: 'loop-classic', parameters: { takeover: 1 } },
    },
  ],
  code: [
    {
      file: 'machines/election.ts',
      machine: 'election',
      state: 'coordinating.rivalled',
      event: 'xstate.after.takeoverStable.election.coordinating.rivalled',
      text: '04.code.rivalled',
    },
    {
      file: 'machines/election.ts',
      machine: 'election',
      state: 'coordinating.holding',
      event: null,
      text: '04.code.holding',
    },
  ],
  words: ['rank', 'handover', 'catch-up', 'term'],
};
