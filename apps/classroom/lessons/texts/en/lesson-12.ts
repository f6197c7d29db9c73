/** Lesson 12 in English. */
import type { Texts } from '../../lesson.js';

export const lesson12: Texts = {
  '12.title': 'Who said what first?',
  '12.line': 'An answer arrives before its question.',
  '12.variant.even': 'Even ways',
  '12.variant.late': 'The question is late at P4',
  '12.setup':
    'Four processes chat on the causal channel: straight from each to all, without the leader. P1 asks something at 500 ms, and everybody who hears it answers to all.',
  '12.arrives': 'Now the question needs 300 ms more to P4. What arrives at P4 first?',
  '12.arrives.question': 'The question.',
  '12.arrives.answer': 'An answer.',
  '12.arrives.because': 'The answers go from P2 and P3 to P4, and these ways are quick.',
  '12.shows': 'P4 has an answer to a question it does not know. What does it do?',
  '12.shows.at-once': 'It shows the answer: first come, first served.',
  '12.shows.waits': 'It holds the answer back until the question comes.',
  '12.shows.asks': 'It holds the answer back and asks the others for what it lacks.',
  '12.shows.because':
    'The answer bears a stamp, a vector clock: “I had seen one message of P1.” P4 has seen none, so something is missing, and P4 asks for it. It gets the question from P2 long before the late one arrives, which is then a double and is dropped.',
  '12.watch':
    'Watch P4’s chart “causal”: it goes to holdingBack with the first answer, and back to delivering when the question has come. FIFO order would not have helped: the two messages have different senders.',
  '12.do':
    'Make it yourself: start from the run with even ways, and let an answer overtake the question on its way to P4.',
  '12.goal.overtaken': 'P4 holds an answer back, and shows it in the end.',
  '12.hint.question': 'Delay the message of P1 to P4, the one called CAUSAL.',
  '12.hint.enough': 'By more than 20 ms: the answer needs two hops.',
  '12.explain':
    'Before means: it could have been a cause. On one line of the diagram the left is before the right. A message’s sending is before its arrival. And what is before something before a third is before that. If there is no such path in either direction, two events are concurrent, whatever any clock says.',
  '12.pairs': 'Now six pairs of events of this run. How do they stand to each other?',
  '12.goal.pairs': 'All six are right.',
  '12.hint.path': 'Look for a path along the lines and the arrows, always to the right.',
  '12.hint.own-line': 'What happens at one process is in order, always.',
  '12.pair.before': 'The first is before the second.',
  '12.pair.after': 'The first is after the second.',
  '12.pair.concurrent': 'They are concurrent.',
  '12.pair-1': 'P1 asks. P2 answers.',
  '12.pair-1.because': 'P2 answers because of the question: a path of one arrow.',
  '12.pair-2': 'P2 answers. P3 answers.',
  '12.pair-2.because': 'At the same time, and neither has heard the other.',
  '12.pair-3': 'P2 answers. The late question arrives at P4.',
  '12.pair-3.because': 'The answer has arrived at P4 before, and P4’s line goes on to the late question.',
  '12.pair-4': 'P3 hears P2’s answer. P2 hears P3’s answer.',
  '12.pair-4.because': 'The arrows cross, and no path leads from one arrival to the other.',
  '12.pair-5': 'P4 hears P2’s answer. P1 asks.',
  '12.pair-5.because': 'The path leads from the question to P2 and on to P4, so the first is the later one.',
  '12.pair-6': 'P2 hears the question. P3 hears the question.',
  '12.pair-6.because': 'One cause, two effects. They have nothing else to do with each other.',
  '12.code.holding': 'What its stamp speaks of is not here yet.',
};
