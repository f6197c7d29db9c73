/** Lesson 7: how many messages an election costs, by size and by who notices first. */
import type { Act } from '../contract.js';
import { electionMessages } from './03-crowd.js';
import type { Attempt, Lesson, Parameter } from './lesson.js';
import { leadersAt, type Reading } from './reading.js';
import { notices, peersUpTo, powerCut, variantOf } from './scripts.js';

const SEVEN = peersUpTo(7);
const UNTIL = 1300;
const CRASH_AT = 500;
const NOTICE_AT = 600;
/** Of seven that all notice together, an election needs 36 messages. */
const CHEAP_MAX = 20;

/** The highest of `n` dies; `first` notices before the others, or all together when it is null. */
const story = (n: number, first: number | null): readonly Act[] => [
  powerCut(`${n}`, CRASH_AT),
  ...(first === null ? [] : notices(`${first}`, `${n}`, NOTICE_AT)),
];

const runOf = (id: string, n: number, first: number | null) =>
  variantOf('07', id, { peers: n, mode: 'classic' }, story(n, first), { untilMs: UNTIL });

const size: Parameter = {
  id: 'size',
  name: '07.parameter.size',
  unit: 'peers',
  least: 3,
  most: 9,
  step: 1,
  usual: 7,
  applied: (script, n) => ({
    ...script,
    scenario: { ...script.scenario, peers: [...peersUpTo(n)] },
    acts: story(n, null),
  }),
};

/** Applied behind the size: whoever is to be first has to be there, and below the one that dies. */
const first: Parameter = {
  id: 'first',
  name: '07.parameter.first',
  unit: null,
  least: 0,
  most: 8,
  step: 1,
  usual: 0,
  applied: (script, value) => {
    const n = script.scenario.peers.length;
    return { ...script, acts: story(n, value > 0 && value < n ? value : null) };
  },
};

/** Each process a little more patient than the one above it: its clock is so many per cent slower. */
const stagger: Parameter = {
  id: 'stagger',
  name: '07.parameter.stagger',
  unit: '%',
  least: 0,
  most: 9,
  step: 1,
  usual: 0,
  applied: (script, value) => ({
    ...script,
    scenario: {
      ...script.scenario,
      clockRates: Object.fromEntries(
        script.scenario.peers.map((id, place, { length }) => [
          id,
          (1 - value / 100) ** Math.max(0, length - 2 - place),
        ]),
      ),
    },
  }),
};

const cost = (reading: Reading) => electionMessages(reading, { fromMs: CRASH_AT, toMs: UNTIL });

/** How the worst case grows from four processes to seven. */
function growth(small: number, large: number): string {
  const ratio = large / small;
  if (ratio < 2.3) return 'linear';
  return ratio < 6 ? 'square' : 'power';
}

function isCheap({ script, reading }: Attempt): boolean {
  const isUntouched = script.acts.every(({ kind }) => kind === 'crash') && script.scenario.peers.length >= 7;
  const isOver = reading.endMs >= 1200 && leadersAt(reading, reading.endMs - 1).length === 1;
  return isUntouched && isOver && cost(reading) > 0 && cost(reading) <= CHEAP_MAX;
}

export const counting: Lesson = {
  id: '07',
  title: '07.title',
  peers: SEVEN,
  variants: [
    runOf('all', 7, null),
    ...[1, 2, 3, 4, 5, 6].map((place) => runOf(`first-${place}`, 7, place)),
    runOf('small', 4, 1),
  ],
  parameters: [size, first, stagger],
  beats: [
    { kind: 'setup', text: '07.setup', cue: { variant: 'first-1', atMs: 590, panes: ['counters'] } },
    {
      kind: 'predict',
      question: {
        id: 'growth',
        text: '07.growth',
        choices: [
          { id: 'linear', text: '07.growth.linear' },
          { id: 'square', text: '07.growth.square' },
          { id: 'power', text: '07.growth.power' },
        ],
        right: 'square',
        because: '07.growth.because',
        ofRuns: (runs) => growth(cost(runs('small')), cost(runs('first-1'))),
      },
    },
    {
      kind: 'watch',
      text: '07.watch',
      cue: { variant: 'first-1', playToMs: UNTIL, panes: ['space-time', 'counters'] },
    },
    {
      kind: 'predict',
      question: {
        id: 'best',
        text: '07.best',
        choices: [
          { id: 'one', text: '07.best.one' },
          { id: 'four', text: '07.best.four' },
          { id: 'six', text: '07.best.six' },
        ],
        right: 'six',
        because: '07.best.because',
        ofRuns: (runs) => {
          const costs = ['one', 'four', 'six'].map((id, place) => ({
            id,
            cost: cost(runs(`first-${[1, 4, 6][place]}`)),
          }));
          return costs.sort((a, b) => a.cost - b.cost)[0]?.id ?? 'one';
        },
      },
    },
    { kind: 'do', text: '07.do', goals: ['stagger'], cue: { variant: 'all', atMs: 0 } },
    { kind: 'explain', text: '07.explain' },
    {
      kind: 'check',
      question: {
        id: 'formula',
        text: '07.formula',
        choices: [
          { id: 'votes', text: '07.formula.votes' },
          { id: 'chain', text: '07.formula.chain' },
          { id: 'heartbeats', text: '07.formula.heartbeats' },
        ],
        right: 'chain',
        because: '07.formula.because',
        ofRuns: null,
      },
    },
  ],
  goals: [
    {
      id: 'stagger',
      text: '07.goal.stagger',
      hints: ['07.hint.who', '07.hint.slider'],
      isReached: isCheap,
      solution: { variant: 'all', parameters: { stagger: 6 } },
    },
  ],
  code: [
    {
      file: 'machines/election.ts',
      machine: 'election',
      state: 'challenging',
      event: null,
      text: '07.code.challenging',
    },
  ],
  words: ['ELECTION', 'OK', 'COORDINATOR', 'rank'],
};
