/** Lesson 14: the leader dies with a message that only some have; the next one must not lose it. */
import { agree, deliveredIn, shownAt } from './deliveries.js';
import type { Attempt, Lesson } from './lesson.js';
import type { Reading } from './reading.js';
import { drop, peersUpTo, powerCut, say, variantOf } from './scripts.js';

const FIVE = peersUpTo(5);

const UNTIL = 3600;
const FIRST = 'first';
const SECOND = 'second';
const posts = [say('5', 600, FIRST), say('4', 1600, SECOND)];
/** P5 cannot reach P3 and P4 with it: it stands on the disks of P5, P1 and P2. */
const unheard = ['3', '4'].map((to) => drop(595, { from: '5', to, type: 'sequencer.append', forMs: 105 }));
const death = powerCut('5', 660, 1500);
const story = [...posts, ...unheard, death];

/** Acknowledged by P5, which then died; delivered by all that are left, before P5 was back. */
function isSaved({ variant, reading }: Attempt): boolean {
  const said = deliveredIn(reading).filter(({ text }) => text === FIRST);
  const atFive = said.find(({ peer }) => peer === '5');
  const death = reading.faults.find(({ act, phase }) => act?.kind === 'crash' && phase !== 'end');
  if (atFive === undefined || death === undefined || variant !== 'calm-safe') return false;
  const late = said.filter(({ peer, at }) => ['3', '4'].includes(peer) && at > death.t);
  return late.length === 2 && reading.reigns.some(({ peer, fromMs }) => peer === '4' && fromMs > death.t);
}

/** All five show the same two messages, each once, and P5 has been away. */
function isWhole({ variant, reading }: Attempt): boolean {
  const wasAway = reading.faults.some(
    ({ act, phase }) => act?.kind === 'crash' && act.peer === '5' && phase === 'end',
  );
  const texts = shownAt(reading, '5');
  return variant === 'calm-safe' && wasAway && agree(reading, FIVE) && texts.length === 2;
}

/** What became of the first message once its leader was dead. */
function fate(reading: Reading): string {
  const before = deliveredIn(reading).filter(({ at }) => at < 2100);
  const atFour = before.filter(({ peer }) => peer === '4').map(({ text, sequence }) => `${sequence} ${text}`);
  if (atFour.includes(`1 ${FIRST}`)) return 'kept';
  return atFour.includes(`1 ${SECOND}`) ? 'reused' : 'gap';
}

export const failover: Lesson = {
  id: '14',
  title: '14.title',
  peers: FIVE,
  variants: [
    variantOf('14', 'classic', { peers: 5, mode: 'classic' }, story, { untilMs: UNTIL }),
    variantOf('14', 'safe', { peers: 5, mode: 'safe' }, story, { untilMs: UNTIL }),
    variantOf('14', 'calm-safe', { peers: 5, mode: 'safe' }, posts, { untilMs: UNTIL }),
  ],
  parameters: [],
  beats: [
    { kind: 'setup', text: '14.setup', cue: { variant: 'classic', atMs: 590, panes: ['space-time'] } },
    {
      kind: 'predict',
      cue: { variant: 'classic', playToMs: 1500 },
      question: {
        id: 'number',
        text: '14.number',
        choices: [
          { id: 'kept', text: '14.number.kept' },
          { id: 'reused', text: '14.number.reused' },
          { id: 'gap', text: '14.number.gap' },
        ],
        right: 'reused',
        because: '14.number.because',
        ofRuns: (runs) => fate(runs('classic')),
      },
    },
    {
      kind: 'watch',
      text: '14.watch',
      cue: { variant: 'classic', playToMs: 2100, panes: ['log', 'counters'] },
    },
    {
      kind: 'predict',
      cue: { variant: 'safe', atMs: 590 },
      question: {
        id: 'safe',
        text: '14.safe',
        choices: [
          { id: 'kept', text: '14.safe.kept' },
          { id: 'reused', text: '14.safe.reused' },
          { id: 'gap', text: '14.safe.gap' },
        ],
        right: 'kept',
        because: '14.safe.because',
        ofRuns: (runs) => fate(runs('safe')),
      },
    },
    {
      kind: 'watch',
      text: '14.safe.watch',
      cue: { variant: 'safe', playToMs: 1500, select: '4', actor: 'sequencer' },
    },
    { kind: 'do', text: '14.do', goals: ['saved', 'whole'], cue: { variant: 'calm-safe', atMs: 600 } },
    { kind: 'explain', text: '14.explain' },
    {
      kind: 'check',
      question: {
        id: 'permission',
        text: '14.permission',
        choices: [
          { id: 'lead', text: '14.permission.lead' },
          { id: 'recover', text: '14.permission.recover' },
          { id: 'number', text: '14.permission.number' },
        ],
        right: 'recover',
        because: '14.permission.because',
        ofRuns: (runs) => {
          const safe = runs('safe');
          const fetched = safe.sends.find(({ p, ev }) => p === '4' && ev === 'sequencer.fetch');
          const told = safe.sends.find(({ p, ev }) => p === '4' && ev === 'election.coordinator');
          return fetched !== undefined && told !== undefined && fetched.s < told.s ? 'recover' : 'lead';
        },
      },
    },
  ],
  goals: [
    {
      id: 'saved',
      text: '14.goal.saved',
      hints: ['14.hint.drop', '14.hint.crash'],
      isReached: isSaved,
      solution: { variant: 'calm-safe', acts: [...unheard, death] },
    },
    {
      id: 'whole',
      text: '14.goal.whole',
      hints: ['14.hint.restart'],
      isReached: isWhole,
      solution: { variant: 'calm-safe', acts: [...unheard, death] },
    },
  ],
  code: [
    {
      file: 'machines/sequencer.ts',
      machine: 'sequencer',
      state: 'standing.adopting.fetching',
      event: 'sequencer.fetched',
      text: '14.code.fetching',
    },
    {
      file: 'machines/sequencer.ts',
      machine: 'sequencer',
      state: 'standing.gathering.collecting',
      event: null,
      text: '14.code.collecting',
    },
  ],
  words: ['sequencer', 'log', 'term', 'promise', 'quorum', 'catch-up'],
};
