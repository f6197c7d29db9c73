/** Lesson 11: links that work in one direction only. */
import type { Attempt, Lesson } from './lesson.js';
import { leadersAt, multiLeader, type Reading } from './reading.js';
import { deafen, mute, peersUpTo, variantOf } from './scripts.js';

const FIVE = peersUpTo(5);
const OTHERS = ['1', '2', '3', '4'];
const UNTIL = 3000;
const classic = { peers: 5, mode: 'classic' } as const;
const safe = { peers: 5, mode: 'safe' } as const;

const cutsTo = ({ script }: Attempt, peer: string) =>
  script.acts.flatMap((act) => (act.kind === 'cut' && act.to === peer ? [act] : []));

/** All can be heard by P5's hearers, P5 hears nobody, and another leads half a second later. */
function isReplaced(attempt: Attempt): boolean {
  const { script, reading, variant } = attempt;
  const cuts = cutsTo(attempt, '5');
  const isAlone = script.acts.length === cuts.length;
  const isDeaf = OTHERS.every((from) => cuts.some((cut) => cut.from === from));
  const deafAt = Math.max(0, ...cuts.map(({ at }) => at));
  const leaders = leadersAt(reading, deafAt + 600);
  return variant === 'calm-safe' && isAlone && isDeaf && leaders.length === 1 && !leaders.includes('5');
}

/** What becomes of a leader with one-way links, a second and a half later. */
function fate(reading: Reading): string {
  const leaders = leadersAt(reading, 2000);
  if (leaders.length > 1) return 'two';
  return leaders.includes('5') ? 'stays' : 'replaced';
}

export const oneWay: Lesson = {
  id: '11',
  title: '11.title',
  peers: FIVE,
  variants: [
    variantOf('11', 'mute-classic', classic, mute('5', FIVE, 500), { untilMs: UNTIL }),
    variantOf('11', 'mute-safe', safe, mute('5', FIVE, 500), { untilMs: UNTIL }),
    variantOf('11', 'deaf-classic', classic, deafen('5', FIVE, 500), { untilMs: UNTIL }),
    variantOf('11', 'deaf-safe', safe, deafen('5', FIVE, 500), { untilMs: UNTIL }),
    variantOf('11', 'calm-safe', safe, [], { untilMs: 2000 }),
  ],
  parameters: [],
  beats: [
    {
      kind: 'setup',
      text: '11.setup',
      cue: { variant: 'mute-classic', atMs: 490, panes: ['arena', 'beliefs'] },
    },
    {
      kind: 'predict',
      question: {
        id: 'mute',
        text: '11.mute',
        choices: [
          { id: 'stays', text: '11.mute.stays' },
          { id: 'replaced', text: '11.mute.replaced' },
          { id: 'two', text: '11.mute.two' },
        ],
        right: 'two',
        because: '11.mute.because',
        ofRuns: (runs) => fate(runs('mute-classic')),
      },
    },
    {
      kind: 'watch',
      text: '11.watch',
      cue: { variant: 'mute-classic', playToMs: 2000, select: '5', actor: 'election' },
    },
    { kind: 'watch', text: '11.mute.safe', cue: { variant: 'mute-safe', atMs: 490, playToMs: 1200 } },
    {
      kind: 'predict',
      cue: { variant: 'deaf-classic', atMs: 490 },
      question: {
        id: 'deaf',
        text: '11.deaf',
        choices: [
          { id: 'at-once', text: '11.deaf.at-once' },
          { id: 'late', text: '11.deaf.late' },
          { id: 'never', text: '11.deaf.never' },
        ],
        right: 'late',
        because: '11.deaf.because',
        ofRuns: (runs) => {
          const reading = runs('deaf-classic');
          const next = reading.reigns.find(({ peer }) => peer !== '5');
          if (next === undefined) return 'never';
          return next.fromMs > 500 + 600 ? 'late' : 'at-once';
        },
      },
    },
    { kind: 'watch', text: '11.deaf.watch', cue: { variant: 'deaf-classic', playToMs: 1800 } },
    { kind: 'do', text: '11.do', goals: ['replaced'], cue: { variant: 'calm-safe', atMs: 500 } },
    { kind: 'explain', text: '11.explain' },
    {
      kind: 'check',
      question: {
        id: 'pair',
        text: '11.pair',
        choices: [
          { id: 'speak', text: '11.pair.speak' },
          { id: 'hear', text: '11.pair.hear' },
          { id: 'both', text: '11.pair.both' },
        ],
        right: 'both',
        because: '11.pair.because',
        ofRuns: (runs) => {
          const isOut = (variant: string) => !leadersAt(runs(variant), 1200).includes('5');
          const overlap = multiLeader(runs('deaf-safe'), { fromMs: 500, toMs: UNTIL });
          if (isOut('mute-safe') && isOut('deaf-safe') && overlap === 0) return 'both';
          return isOut('mute-safe') ? 'speak' : 'hear';
        },
      },
    },
  ],
  goals: [
    {
      id: 'replaced',
      text: '11.goal.replaced',
      hints: ['11.hint.direction', '11.hint.four'],
      isReached: isReplaced,
      solution: { variant: 'calm-safe', acts: deafen('5', FIVE, 500) },
    },
  ],
  code: [
    {
      file: 'machines/sequencer-coordinating.ts',
      machine: 'sequencer',
      state: 'coordinating',
      event: null,
      text: '11.code.support',
    },
    {
      file: 'machines/election.ts',
      machine: 'election',
      state: 'coordinating',
      event: 'term.ended',
      text: '11.code.deposed',
    },
  ],
  words: ['quorum', 'partition', 'term', 'suspicion'],
};
