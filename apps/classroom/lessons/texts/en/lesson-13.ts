/** Lesson 13 in English. */
import type { Texts } from '../../lesson.js';

export const lesson13: Texts = {
  '13.title': 'One order for all',
  '13.line': 'Two say something at once, and all agree who was first.',
  '13.variant.even': 'Two at once',
  '13.variant.gap': 'Two at once, and a gap at P4',
  '13.setup':
    'Five processes; P5 leads, and so it is the sequencer: whatever anybody says goes to P5 first. At 600 ms somebody at P1 and somebody at P3 say something, in the same moment. Messages take between 10 and 40 ms.',
  '13.differ': 'Can P2 and P4 show the two in different orders?',
  '13.differ.yes': 'Yes: the two are concurrent.',
  '13.differ.no': 'No, never.',
  '13.differ.because':
    'Causal order would allow it. But here P5 gives each a number, in the order in which they reach P5, and everybody shows them by their numbers.',
  '13.watch':
    'SUBMIT goes to P5; APPEND with the number goes to all; each writes it to its disk and answers APPEND_OK. Once three of five have it, P5 calls it committed, and with the next APPEND all deliver it.',
  '13.gap':
    'An APPEND to P4 is lost, and with it what was said first. What does P4 do when the next one comes?',
  '13.gap.skips': 'It shows what it has and goes on.',
  '13.gap.waits': 'It says that something is missing, gets it, and shows all in order.',
  '13.gap.stops': 'It leaves the cluster.',
  '13.gap.because':
    'Every APPEND says behind which place it belongs. If that place is empty, P4 answers APPEND_NO with the place up to which it has all, and P5 sends the rest.',
  '13.do': 'Lose an APPEND that bears a message, on its way to P4, and let the run go on.',
  '13.goal.repaired': 'A gap was there, P4 said so, and all five logs are equal.',
  '13.hint.append': 'Most APPENDs are empty: heartbeats of the log. Take the ones between 610 and 690 ms.',
  '13.hint.four': 'Choose “Always drop like this” for APPEND from P5 to P4, for 90 ms.',
  '13.explain':
    'FIFO: what one sender says stays in order. Causal: no answer before its question. Total: all the same. None follows from another, but whoever keeps everything in one log has all three. The price is a detour, and one process through which all must go.',
  '13.price': 'What does the one order cost?',
  '13.price.nothing': 'Nothing.',
  '13.price.hops': 'Way and time: to the leader, to a quorum and back, before anybody may show it.',
  '13.price.loss': 'Some messages.',
  '13.price.because': 'Two hops to be numbered and stored, one more to be told that it counts.',
  '13.code.append': 'Does it join what is here?',
  '13.code.rejected': 'It did not join: send from further back.',
};
