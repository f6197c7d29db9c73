/** Lesson 7 in English. */
import type { Texts } from '../../lesson.js';

export const lesson07: Texts = {
  '07.title': 'Counting messages',
  '07.line': 'What an election costs: at best, at worst, and why.',
  '07.variant.all': 'All notice at once',
  '07.variant.first-1': 'P1 notices first',
  '07.variant.first-2': 'P2 notices first',
  '07.variant.first-3': 'P3 notices first',
  '07.variant.first-4': 'P4 notices first',
  '07.variant.first-5': 'P5 notices first',
  '07.variant.first-6': 'P6 notices first',
  '07.variant.small': 'Four processes, P1 notices first',
  '07.setup':
    'An election costs ELECTION, OK and COORDINATOR messages. Seven processes, the highest dies, and the lowest is the first to notice. You have seen this run; now count.',
  '07.growth': 'From four processes to seven: how does the worst case grow?',
  '07.growth.linear': 'With n: twice as many processes, twice as many messages.',
  '07.growth.square': 'With n²: twice as many, four times the messages.',
  '07.growth.power': 'With 2ⁿ: one more process, double the messages.',
  '07.growth.because':
    'P1 asks all above it; each of those asks all above itself. Every pair of processes exchanges an ELECTION and an OK, and there are about n²/2 pairs.',
  '07.watch':
    'Let m be the number of processes from the first to notice up to the highest that lives. ELECTION: m(m − 1)/2 among them, and one more to P7 from each that does not suspect it yet. OK: m(m − 1)/2. COORDINATOR: n − 1, one of them to the dead.',
  '07.best': 'Which one should notice first, so that the election is cheapest?',
  '07.best.one': 'P1, the lowest.',
  '07.best.four': 'P4, in the middle.',
  '07.best.six': 'P6, the highest that is left.',
  '07.best.because':
    'It suspects the only one above it, so it has nobody to ask. It announces itself, and that is all.',
  '07.do':
    'Nobody can choose who notices first. But one can see to it that the higher notice sooner. Make each process a little more patient than the one above it, and play the run in which nobody is hurried. Too little of it costs more than none: count.',
  '07.goal.stagger': 'Seven processes or more, no timer touched, and at most 20 messages.',
  '07.hint.who': 'P6 should have counted its silent intervals before P5 has.',
  '07.hint.slider':
    'The slider “Patience” makes the clock of each process some per cent slower than the clock above it. The head start has to be longer than the news takes.',
  '07.parameter.size': 'Processes',
  '07.parameter.first': 'First to notice (0: all)',
  '07.parameter.stagger': 'Patience, by rank',
  '07.explain':
    'In the textbook the highest notices first at a cost of n − 1, or n − 2 when nothing is sent to the dead; and the lowest at a cost of about n². The table shows what our machines need. They are a little cheaper, since nobody asks whom it suspects, and they count a COORDINATOR more for each ELECTION that reaches a leader.',
  '07.formula': 'Where do the many messages come from?',
  '07.formula.votes': 'Everybody votes for everybody.',
  '07.formula.chain': 'Everybody who is asked asks all above itself.',
  '07.formula.heartbeats': 'From heartbeats.',
  '07.formula.because':
    'The answer OK carries a duty: see to it yourself. So one question from far below sets everybody in motion.',
  '07.code.challenging': 'Asks every higher process it does not suspect.',
};
