/** Lesson 9 in English. */
import type { Texts } from '../../lesson.js';

export const lesson09: Texts = {
  '09.title': 'The sleeping leader',
  '09.line': 'P5 stands still for 900 ms and does not notice.',
  '09.variant.classic': 'Classic',
  '09.variant.safe': 'Safe',
  '09.variant.classic-writes': 'Classic, with two writes',
  '09.variant.safe-writes': 'Safe, with two writes',
  '09.setup':
    'P5 leads on a laptop, which is closed at 550 ms. Its program stands still, as for a very long garbage collection, and its network is off. It is not dead. At 1450 ms it goes on with its next instruction, and for P5 no time has passed. Its network comes back 60 ms later.',
  '09.later': 'P4 leads since about 900 ms. Who leads at 1800 ms, in a classic cluster?',
  '09.later.four': 'P4.',
  '09.later.five': 'P5.',
  '09.later.both': 'Both.',
  '09.later.because':
    'P5 wakes and still believes that it leads. When the network is back it hears a newer term, steps down, finds that a lower process leads, and throws it out.',
  '09.watch':
    'Look at P5 in Node view: at 1450 ms nothing it knows tells it that it has slept. Its first orders are of term 1. For some 140 ms two lead, and then P5 begins a third term.',
  '09.do':
    'Make both leaders accept something. Let somebody say something at P4 while P4 leads, and something at P5 in the moment after it wakes.',
  '09.goal.accepted': 'Two leaders have given the same number to different messages.',
  '09.hint.moment': 'P5 believes in itself from 1400 until about 1540 ms.',
  '09.hint.both': 'Say something at P4 at about 1200 ms, and at P5 at about 1470 ms.',
  '09.safe': 'The same in safe mode. Who leads at 1800 ms?',
  '09.safe.four': 'P4.',
  '09.safe.five': 'P5.',
  '09.safe.both': 'Both.',
  '09.safe.because':
    'P5 hears an order of term 2, knows that its own term 1 is over, and follows. It will get its office back, but only when it has caught up and has been well for half a second.',
  '09.refuse': 'Try the same two writes here.',
  '09.goal.refused': 'P5 was asked while it believed in itself, and yet all agree in the end.',
  '09.hint.same': 'The same moments as before.',
  '09.hint.wait': 'Then let the run go on until all show the same.',
  '09.explain':
    'P5 took the message in both modes. In classic mode it gave it a number at once, and that number was taken. In safe mode it may give a number, but the message counts only once a quorum has stored it in this term, and no quorum obeys term 1 any more. So P5 delivers nothing, and passes the message on to the new leader.',
  '09.never': 'What can a cluster guarantee in which processes may sleep?',
  '09.never.time': 'At most one leader at any time.',
  '09.never.term': 'At most one leader in each term, whose orders count.',
  '09.never.leader': 'That there is always a leader.',
  '09.never.because':
    'No clock helps a process that does not run. It can be wrong about itself for as long as it likes, as long as nobody obeys it.',
  '09.code.append': 'An order of a higher term: this office is over.',
  '09.code.bullies': 'Classic only: a lower leader is thrown out.',
};
