/** Lesson 3 in English. */
import type { Texts } from '../../lesson.js';

export const lesson03: Texts = {
  '03.title': 'Everyone at once',
  '03.line': 'Six processes notice in the same moment. Is that a problem?',
  '03.variant.all': 'Classic: all notice at once',
  '03.variant.lowest': 'Classic: P1 notices first',
  '03.variant.safe': 'Safe: all notice at once',
  '03.setup':
    'P7 dies as before, but now nobody is made to hurry. Since heartbeats go round in step, all six notice within the same moment, and all six hold an election.',
  '03.ratio': 'How many election messages does that take, compared with P1 alone noticing first?',
  '03.ratio.fewer': 'Fewer than half.',
  '03.ratio.same': 'About the same.',
  '03.ratio.double': 'About double.',
  '03.ratio.times': 'Six times as many.',
  '03.ratio.because':
    'If P1 alone notices, it asks all above it, and each of them holds an election of its own. So in the end everybody runs, in both cases. What is saved when all notice at once: nobody asks the dead, and P6 leads without waiting.',
  '03.watch':
    'All challenge at once. P6 suspects everybody above it, so there is nobody to ask: it leads in the same millisecond, and answers every ELECTION with COORDINATOR.',
  '03.lowest':
    'P1 noticed first. The others had not: each asks P7 too, and P6 has to wait 60 ms for an answer that does not come. A few more messages, and later.',
  '03.do': 'Who should notice first, so that it costs least? Make that one notice before the others.',
  '03.goal.cheap': 'P6 leads, and it took no more than 8 election messages.',
  '03.hint.who': 'Whoever asks nobody costs least.',
  '03.hint.timer':
    'Each process has a detector for P7 that counts silent intervals. Click its timer arc and fire it, as often as it takes: four intervals make a suspicion.',
  '03.explain':
    'Elections at the same time do no harm in Bully: the highest wins all of them, for whoever meets a higher one gives way. They are only noisy. Who notices first decides the price: the highest pays n − 1 announcements, the lowest nearly n².',
  '03.safe':
    'In safe mode there is one more exchange: P6 asks for promises, and leads once a quorum has given them. Meanwhile it answers OK, for it does not know yet whether it will win. So there are more OKs and fewer COORDINATORs.',
  '03.danger': 'Six elections ran at the same time. What was the danger?',
  '03.danger.two': 'There could have been two leaders.',
  '03.danger.none': 'They could have blocked one another, and nobody would lead.',
  '03.danger.noise': 'None, as long as messages arrive. Only the noise.',
  '03.danger.because':
    'Everybody below P6 heard from somebody above. Two leaders need a lost answer: that is lesson 5.',
  '03.code.challenging': 'Asks every higher process it does not suspect; with nobody to ask it wins at once.',
  '03.code.coordinating': 'A leader answers ELECTION with COORDINATOR.',
};
