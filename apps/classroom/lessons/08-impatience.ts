/** Lesson 8: how long to wait before somebody is missed. Nobody dies for three seconds, and then P5 does. */
import type { Attempt, Lesson, Parameter } from './lesson.js';
import { electionsIn, type Reading } from './reading.js';
import { peersUpTo, powerCut, timing, variantOf } from './scripts.js';

const FIVE = peersUpTo(5);
export const DIES_AT = 3000;
const UNTIL = 4000;
const BEAT = 50;

interface Tuning {
  readonly suspectMs: number;
  readonly loss?: number;
  readonly verifyMs?: number;
}

/** Ways of 10 to 210 ms: so an answer may take 420, and a heartbeat may come 200 later than the one before it. */
const runOf = (id: string, { suspectMs, loss = 0, verifyMs = 50 }: Tuning) =>
  variantOf(
    '08',
    id,
    {
      peers: 5,
      mode: 'classic',
      network: { latency: { from: 10, to: 210 }, loss },
      timings: {
        heartbeatIntervalMs: BEAT,
        suspectTimeoutMs: suspectMs,
        stickinessMs: suspectMs - BEAT,
        verifyTimeoutMs: verifyMs,
        answerTimeoutMs: 450,
        coordinatorTimeoutMs: 1350,
        collectTimeoutMs: 1500,
      },
    },
    [powerCut('5', DIES_AT)],
    { untilMs: UNTIL },
  );

const suspectTimeout: Parameter = {
  ...timing('08', 'suspectTimeoutMs', { least: 200, most: 800, step: 50 }, 200),
  applied: (script, value) => {
    const { timings } = script.scenario.options;
    const options = {
      ...script.scenario.options,
      timings: { ...timings, suspectTimeoutMs: value, stickinessMs: value - BEAT },
    };
    return { ...script, scenario: { ...script.scenario, options } };
  },
};

const loss: Parameter = {
  id: 'loss',
  name: '08.parameter.loss',
  unit: '%',
  least: 0,
  most: 20,
  step: 2,
  usual: 0,
  applied: (script, value) => {
    const network = { ...script.scenario.network, loss: value / 100 };
    return { ...script, scenario: { ...script.scenario, network } };
  },
};

const detector: Parameter = {
  id: 'detector',
  name: '08.parameter.detector',
  unit: null,
  least: 0,
  most: 1,
  step: 1,
  usual: 0,
  options: ['08.parameter.detector.fixed', '08.parameter.detector.phi'],
  applied: (script, value) => {
    const options = { ...script.scenario.options, detector: value === 0 ? 'fixed' : 'phi' } as const;
    return { ...script, scenario: { ...script.scenario, options } };
  },
};

/** How often anybody was held for dead, or out of reach, before anybody died. */
export const falseSuspicions = ({ events }: Reading): number =>
  events.filter(
    ({ k, a, was, st, t }) =>
      k === 'transition' &&
      t < DIES_AT &&
      a?.startsWith('failure-detector') &&
      was === 'verifying' &&
      (st?.startsWith('suspected') || st === 'unreachable'),
  ).length;

/** From P5's death until another leads, ms; null when nobody does. */
export function replacedAfter({ reigns }: Reading): number | null {
  const next = reigns.find(({ peer, toMs }) => peer !== '5' && toMs > DIES_AT + 1);
  return next === undefined ? null : Math.max(0, next.fromMs - DIES_AT);
}

const isCalm = (reading: Reading) =>
  falseSuspicions(reading) === 0 && electionsIn(reading, { fromMs: 0, toMs: DIES_AT }).length === 0;

function isTuned({ script, reading }: Attempt): boolean {
  const { loss: share = 0 } = script.scenario.network ?? {};
  const after = replacedAfter(reading);
  return share >= 0.02 && reading.endMs > DIES_AT + 650 && isCalm(reading) && after !== null && after <= 550;
}

export const impatience: Lesson = {
  id: '08',
  title: '08.title',
  peers: FIVE,
  variants: [
    runOf('tight', { suspectMs: 200 }),
    runOf('roomy', { suspectMs: 300 }),
    runOf('patient', { suspectMs: 600 }),
    runOf('asking', { suspectMs: 200, verifyMs: 450 }),
    runOf('lossy', { suspectMs: 200, loss: 0.02 }),
  ],
  parameters: [
    suspectTimeout,
    loss,
    timing('08', 'verifyTimeoutMs', { least: 50, most: 650, step: 50 }, 50),
    detector,
  ],
  beats: [
    { kind: 'setup', text: '08.setup', cue: { variant: 'tight', atMs: 0, panes: ['arena', 'counters'] } },
    {
      kind: 'predict',
      question: {
        id: 'lowest',
        text: '08.lowest',
        choices: [
          { id: 'tight', text: '08.lowest.tight' },
          { id: 'roomy', text: '08.lowest.roomy' },
          { id: 'patient', text: '08.lowest.patient' },
        ],
        right: 'roomy',
        because: '08.lowest.because',
        ofRuns: (runs) => ['tight', 'roomy', 'patient'].find((id) => isCalm(runs(id))) ?? 'none',
      },
    },
    {
      kind: 'watch',
      text: '08.watch',
      cue: { variant: 'tight', playToMs: DIES_AT, select: '2', actor: 'failure-detector:5' },
    },
    {
      kind: 'predict',
      question: {
        id: 'price',
        text: '08.price',
        choices: [
          { id: 'nothing', text: '08.price.nothing' },
          { id: 'same', text: '08.price.same' },
          { id: 'double', text: '08.price.double' },
        ],
        right: 'same',
        because: '08.price.because',
        ofRuns: (runs) => {
          const [short, long] = ['roomy', 'patient'].map((id) => replacedAfter(runs(id)) ?? 0);
          const more = (long ?? 0) - (short ?? 0);
          if (more < 150) return 'nothing';
          return more < 450 ? 'same' : 'double';
        },
      },
    },
    {
      kind: 'watch',
      text: '08.asking',
      cue: { variant: 'asking', atMs: 0, playToMs: UNTIL, panes: ['log'] },
    },
    { kind: 'do', text: '08.do', goals: ['tuned'], cue: { variant: 'lossy', atMs: 0, panes: ['counters'] } },
    { kind: 'explain', text: '08.explain' },
    {
      kind: 'check',
      question: {
        id: 'formula',
        text: '08.formula',
        choices: [
          { id: 'latency', text: '08.formula.latency' },
          { id: 'spread', text: '08.formula.spread' },
          { id: 'average', text: '08.formula.average' },
        ],
        right: 'spread',
        because: '08.formula.because',
        ofRuns: null,
      },
    },
  ],
  goals: [
    {
      id: 'tuned',
      text: '08.goal.tuned',
      hints: ['08.hint.more', '08.hint.less'],
      isReached: isTuned,
      solution: { variant: 'lossy', parameters: { suspectTimeoutMs: 300 } },
    },
  ],
  code: [
    {
      file: 'machines/failure-detector.ts',
      machine: 'failure-detector',
      state: 'trusted',
      event: 'xstate.after.heartbeatInterval.failure-detector.trusted',
      text: '08.code.trusted',
    },
    {
      file: 'machines/failure-detector.ts',
      machine: 'failure-detector',
      state: 'verifying',
      event: 'probe.answered',
      text: '08.code.verifying',
    },
  ],
  words: ['suspicion', 'heartbeat', 'probe', 'election'],
};
