/** Lesson 10: the network is cut in two, and both parts want to go on. */
import { agree, lostIn } from './deliveries.js';
import type { Attempt, Lesson } from './lesson.js';
import { leadersAt, type Reading } from './reading.js';
import { peersUpTo, say, split, variantOf } from './scripts.js';

const FIVE = peersUpTo(5);
const UNTIL = 3000;
const MIDDLE = 1700;
const writes = [say('1', 1500, 'said at P1'), say('4', 1500, 'said at P4')];
const low = [split(500, 1500, ['1', '2'], ['3', '4', '5']), ...writes];
const high = [split(500, 1500, ['4', '5'], ['1', '2', '3']), ...writes];
const classic = { peers: 5, mode: 'classic' } as const;
const safe = { peers: 5, mode: 'safe' } as const;

/** Everybody lives, the network is cut, and nobody leads: for half a second at least. */
function isLeaderless({ variant, reading, script }: Attempt): boolean {
  const isCut = script.acts.some(({ kind }) => kind === 'partition' || kind === 'cut');
  const isHarmless = script.acts.every(
    ({ kind }) => kind === 'partition' || kind === 'cut' || kind === 'load',
  );
  const last = reading.endMs - 1;
  const isEmpty = [0, 250, 500].every((before) => leadersAt(reading, last - before).length === 0);
  return variant.startsWith('calm-safe') && isCut && isHarmless && last > 1000 && isEmpty;
}

function whoWrites(reading: Reading): string {
  const leaders = leadersAt(reading, MIDDLE);
  if (leaders.length > 1) return 'both';
  if (leaders.length === 0) return 'neither';
  return leaders.some((id) => ['1', '2', '3'].includes(id)) ? 'three' : 'two';
}

export const splitBrain: Lesson = {
  id: '10',
  title: '10.title',
  peers: FIVE,
  variants: [
    variantOf('10', 'high-classic', classic, high, { untilMs: UNTIL }),
    variantOf('10', 'high-safe', safe, high, { untilMs: UNTIL }),
    variantOf('10', 'low-classic', classic, low, { untilMs: UNTIL }),
    variantOf('10', 'low-safe', safe, low, { untilMs: UNTIL }),
    variantOf('10', 'calm-safe', safe, [], { untilMs: 2000 }),
  ],
  parameters: [],
  beats: [
    { kind: 'setup', text: '10.setup', cue: { variant: 'high-classic', atMs: 490, panes: ['arena'] } },
    {
      kind: 'predict',
      question: {
        id: 'classic',
        text: '10.classic',
        choices: [
          { id: 'two', text: '10.classic.two' },
          { id: 'three', text: '10.classic.three' },
          { id: 'both', text: '10.classic.both' },
          { id: 'neither', text: '10.classic.neither' },
        ],
        right: 'both',
        because: '10.classic.because',
        ofRuns: (runs) => whoWrites(runs('high-classic')),
      },
    },
    {
      kind: 'watch',
      text: '10.watch',
      cue: { variant: 'high-classic', playToMs: UNTIL, panes: ['space-time', 'log'] },
    },
    {
      kind: 'predict',
      cue: { variant: 'high-safe', atMs: 490 },
      question: {
        id: 'safe',
        text: '10.safe',
        choices: [
          { id: 'two', text: '10.safe.two' },
          { id: 'three', text: '10.safe.three' },
          { id: 'both', text: '10.safe.both' },
          { id: 'neither', text: '10.safe.neither' },
        ],
        right: 'three',
        because: '10.safe.because',
        ofRuns: (runs) => whoWrites(runs('high-safe')),
      },
    },
    {
      kind: 'watch',
      text: '10.safe.watch',
      cue: { variant: 'high-safe', playToMs: UNTIL, select: '5', actor: 'election' },
    },
    { kind: 'watch', text: '10.low', cue: { variant: 'low-safe', atMs: 490, playToMs: UNTIL } },
    {
      kind: 'do',
      text: '10.do',
      goals: ['nobody'],
      cue: { variant: 'calm-safe', atMs: 500, panes: ['arena'] },
    },
    { kind: 'explain', text: '10.explain' },
    {
      kind: 'check',
      question: {
        id: 'lost',
        text: '10.lost',
        choices: [
          { id: 'classic', text: '10.lost.classic' },
          { id: 'safe', text: '10.lost.safe' },
          { id: 'neither', text: '10.lost.neither' },
        ],
        right: 'classic',
        because: '10.lost.because',
        ofRuns: (runs) => {
          if (lostIn(runs('high-safe'), FIVE).length > 0) return 'safe';
          const isOne = agree(runs('high-classic'), FIVE);
          return lostIn(runs('high-classic'), FIVE).length > 0 && isOne ? 'classic' : 'neither';
        },
      },
    },
  ],
  goals: [
    {
      id: 'nobody',
      text: '10.goal.nobody',
      hints: ['10.hint.majority', '10.hint.three-ways'],
      isReached: isLeaderless,
      solution: { variant: 'calm-safe', acts: [split(500, 10_000, ['1', '2'], ['3', '4'], ['5'])] },
    },
  ],
  code: [
    {
      file: 'machines/election.ts',
      machine: 'election',
      state: 'isolated',
      event: null,
      text: '10.code.isolated',
    },
    {
      file: 'machines/sequencer-coordinating.ts',
      machine: 'sequencer',
      state: 'coordinating',
      event: null,
      text: '10.code.support',
    },
  ],
  words: ['partition', 'quorum', 'term', 'delivery', 'log'],
};
