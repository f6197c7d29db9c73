/** The challenges in English. */
import type { Texts } from '../../lesson.js';

export const challengeTexts: Texts = {
  'challenge.two-leaders': 'Two leaders, one fault',
  'challenge.variant.two-leaders': 'Classic, five processes',
  'challenge.two-leaders.text':
    'A classic cluster of five in good health. Do one thing to it, only one, so that there are two leaders at the same time.',
  'challenge.two-leaders.hint': 'Nobody has to die for it. On the contrary.',
  'challenge.headless': 'A second without a leader',
  'challenge.variant.headless': 'Safe, five processes',
  'challenge.headless.text':
    'A safe cluster of five: all live, all run, and every link is whole. Only single messages may be lost or late. Keep it without a leader for a second in all.',
  'challenge.headless.hint':
    'First the leader has to go: what makes one step down that is neither dead nor asleep?',
  'challenge.headless.hint-2': 'Then nobody may get what every candidate needs.',
  'challenge.one-drop': 'The dearest message',
  'challenge.variant.one-drop': 'Classic, seven processes, P5 notices first',
  'challenge.one-drop.text':
    'P7 dies and P5 notices first: nine election messages. Lose a single message, so that it takes at least fifteen. How many can you get?',
  'challenge.one-drop.hint': 'P5 asks only one process.',
  'challenge.seven-to-three': 'From seven to three',
  'challenge.variant.seven-to-three': 'Safe, seven processes',
  'challenge.seven-to-three.text':
    'P7 leads. Make P3 the leader for at least 300 ms, with no more than eight messages of elections and handovers, and without touching any of them.',
  'challenge.seven-to-three.hint': 'Killing four processes is one way, and not a cheap one.',
  'challenge.seven-to-three.hint-2': 'One can simply ask P7 to hand over.',
  'challenge.two-orders': 'Two orders',
  'challenge.variant.two-orders': 'Safe, five processes that talk',
  'challenge.two-orders.text':
    'A safe cluster in which much is said. Find any faults, and any seed, with which two processes deliver different messages under the same number. We believe that there are none: if you find some, please send us the link.',
  'challenge.two-orders.hint': 'In classic mode it is easy: lesson 9.',
  'challenge.variant.riddle': 'The riddle',
  'challenge.explain': 'Explain this trace',
  'challenge.variant.explain': 'Safe, five processes',
  'challenge.explain.text':
    'You get the log of a run, and nothing else. Something was done to this cluster. Do the same to a healthy one, so that P5 goes the same way and the same one leads after it, at about the same time.',
  'challenge.explain.hint': 'Whom do the others still hear, and who answers nobody?',
  'challenge.explain.hint-2': 'P5 steps down before anybody has suspected it.',
};
