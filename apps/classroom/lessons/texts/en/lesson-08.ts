/** Lesson 8 in English. */
import type { Texts } from '../../lesson.js';

export const lesson08: Texts = {
  '08.title': 'Impatience',
  '08.line': 'Nobody dies, and yet somebody is held for dead.',
  '08.variant.tight': 'Missed after 200 ms',
  '08.variant.roomy': 'Missed after 300 ms',
  '08.variant.patient': 'Missed after 600 ms',
  '08.variant.asking': 'Missed after 200 ms, and the others are heard out',
  '08.variant.lossy': 'Missed after 200 ms, and one message of fifty is lost',
  '08.setup':
    'A heartbeat leaves every 50 ms, and needs between 10 and 210 ms: a bad line, and nothing worse. Nobody dies until 3000 ms; then P5’s power fails. How long should silence last before somebody is missed?',
  '08.lowest': 'No message is lost. Which of these is the lowest without a false alarm?',
  '08.lowest.tight': '200 ms: four heartbeats.',
  '08.lowest.roomy': '300 ms.',
  '08.lowest.patient': '600 ms.',
  '08.lowest.because':
    'One heartbeat may take 10 ms and the next 210: then there are 50 + 200 = 250 ms between their arrivals, though both were sent in time. A limit of 250 would be on the edge: with some seeds it still accuses somebody. What counts is not how long messages take, but by how much that varies.',
  '08.watch':
    'Everybody lives, and again and again somebody is missed, and now and then held for dead. Every doubt costs questions. Were it the leader, it would cost a whole election: in classic mode whoever suspects it runs at once.',
  '08.price':
    'With 600 ms instead of 300 there are no false alarms. When P5 really dies, how much later is it replaced?',
  '08.price.nothing': 'Hardly later.',
  '08.price.same': 'By about as much: some 300 ms.',
  '08.price.double': 'Twice as much.',
  '08.price.because':
    'All that waiting is waited for the dead as well. There is no value that is right, only a trade.',
  '08.asking':
    'A way out of the trade: suspect early, but ask others first and give them time to answer. An answer takes up to 420 ms here, so 50 ms for it were too few; with 450 ms the hasty limit of 200 ms accuses nobody. The price is paid only when somebody is really silent.',
  '08.do':
    'Now one message in fifty is lost. Find a setting in which nobody is held for dead or out of reach before 3000 ms, and P5 is replaced within 550 ms after.',
  '08.goal.tuned': 'With 2 % loss: no false suspicion, and another leads within 550 ms of P5’s death.',
  '08.hint.more': 'One lost heartbeat more to bear costs one interval more: 50 ms.',
  '08.hint.less': 'Too patient is too late: between 200 and 400 ms there is a value for both.',
  '08.parameter.suspectTimeoutMs': 'Missed after',
  '08.parameter.loss': 'Messages lost',
  '08.parameter.verifyTimeoutMs': 'Time to ask others',
  '08.parameter.detector': 'Detector',
  '08.parameter.detector.fixed': 'fixed limit',
  '08.parameter.detector.phi': 'learns each one’s rhythm',
  '08.explain':
    'To bear k − 1 lost heartbeats in a row, silence must be allowed for longer than k intervals and the whole spread of the ways: 250 ms for k = 1, 300 for k = 2, 350 for k = 3. Our peers refuse a limit below four intervals. The detector that learns starts from the limit and adds to it where somebody is heard irregularly; it is never hastier.',
  '08.formula': 'What decides how patient a detector has to be?',
  '08.formula.latency': 'How long a message takes.',
  '08.formula.spread': 'How often heartbeats come, how many may be lost, and by how much their ways differ.',
  '08.formula.average': 'How often processes die.',
  '08.formula.because':
    'A line on which every message takes ten seconds, all of them the same, needs no more patience than a fast one.',
  '08.code.trusted': 'Silence is counted in intervals, against the limit.',
  '08.code.verifying': 'Others are asked before anybody is accused.',
};
