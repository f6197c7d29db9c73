/** Lesson 13: one order for all, and a gap in it. */
import { agree, deliveredIn, shownAt } from './deliveries.js';
import type { Attempt, Lesson } from './lesson.js';
import type { Reading } from './reading.js';
import { drop, peersUpTo, say, variantOf } from './scripts.js';

const FIVE = peersUpTo(5);
const SETTING = { peers: 5, mode: 'safe', network: { latency: { from: 10, to: 40 }, loss: 0 } } as const;
const posts = [say('1', 600, 'from P1'), say('3', 600, 'from P3')];
/** What the leader sends to P4 while the first of the two is on its way. */
const gap = drop(600, { from: '5', to: '4', type: 'sequencer.append', forMs: 90 });

/** An entry to P4 was lost, P4 said so, and in the end all show the same. */
function isRepaired({ reading }: Attempt): boolean {
  const isLost = reading.events.some(
    ({ k, why, to, ev }) => k === 'lost' && why === 'dropped' && to === '4' && ev === 'sequencer.append',
  );
  return isLost && hasAskedAgain(reading) && isEqual(reading);
}

const hasAskedAgain = ({ sends }: Reading) =>
  sends.some(({ p, ev }) => p === '4' && ev === 'sequencer.rejected');

const isEqual = (reading: Reading) => agree(reading, FIVE) && shownAt(reading, '4').length === posts.length;

/** Every number, and at how many peers it was delivered more than once. */
function hasDoubles(reading: Reading): boolean {
  const places = deliveredIn(reading).map(({ peer, sequence }) => `${peer} ${sequence}`);
  return new Set(places).size < places.length;
}

export const order: Lesson = {
  id: '13',
  title: '13.title',
  peers: FIVE,
  variants: [
    variantOf('13', 'even', SETTING, posts, { untilMs: 1500 }),
    variantOf('13', 'gap', SETTING, [...posts, gap], { untilMs: 1500 }),
  ],
  parameters: [],
  beats: [
    { kind: 'setup', text: '13.setup', cue: { variant: 'even', atMs: 590, panes: ['space-time'] } },
    {
      kind: 'predict',
      question: {
        id: 'differ',
        text: '13.differ',
        choices: [
          { id: 'yes', text: '13.differ.yes' },
          { id: 'no', text: '13.differ.no' },
        ],
        right: 'no',
        because: '13.differ.because',
        ofRuns: (runs) => (isEqual(runs('even')) ? 'no' : 'yes'),
      },
    },
    {
      kind: 'watch',
      text: '13.watch',
      cue: { variant: 'even', playToMs: 900, panes: ['space-time', 'log'] },
    },
    {
      kind: 'predict',
      cue: { variant: 'even', atMs: 590 },
      question: {
        id: 'gap',
        text: '13.gap',
        choices: [
          { id: 'skips', text: '13.gap.skips' },
          { id: 'waits', text: '13.gap.waits' },
          { id: 'stops', text: '13.gap.stops' },
        ],
        right: 'waits',
        because: '13.gap.because',
        ofRuns: (runs) => {
          const lossy = runs('gap');
          if (!isEqual(lossy)) return hasAskedAgain(lossy) ? 'skips' : 'stops';
          return hasDoubles(lossy) ? 'skips' : 'waits';
        },
      },
    },
    { kind: 'do', text: '13.do', goals: ['repaired'], cue: { variant: 'even', atMs: 600 } },
    { kind: 'explain', text: '13.explain' },
    {
      kind: 'check',
      question: {
        id: 'price',
        text: '13.price',
        choices: [
          { id: 'nothing', text: '13.price.nothing' },
          { id: 'hops', text: '13.price.hops' },
          { id: 'loss', text: '13.price.loss' },
        ],
        right: 'hops',
        because: '13.price.because',
        ofRuns: null,
      },
    },
  ],
  goals: [
    {
      id: 'repaired',
      text: '13.goal.repaired',
      hints: ['13.hint.append', '13.hint.four'],
      isReached: isRepaired,
      solution: { variant: 'even', acts: [gap] },
    },
  ],
  code: [
    {
      file: 'machines/sequencer.ts',
      machine: 'sequencer',
      state: 'replica',
      event: 'sequencer.append',
      text: '13.code.append',
    },
    {
      file: 'machines/sequencer-coordinating.ts',
      machine: 'sequencer',
      state: 'coordinating',
      event: 'sequencer.rejected',
      text: '13.code.rejected',
    },
  ],
  words: ['sequencer', 'log', 'total', 'delivery', 'quorum'],
};
