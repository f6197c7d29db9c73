/** Lesson 6 in English. */
import type { Texts } from '../../lesson.js';

export const lesson06: Texts = {
  '06.title': 'A lost COORDINATOR',
  '06.line': 'P6 has won, and P2 does not hear of it.',
  '06.variant.word': 'Classic: only the announcement is lost',
  '06.variant.all': 'Classic: a third of a second is lost',
  '06.variant.safe': 'Safe: a third of a second is lost',
  '06.variant.none': 'Classic: nothing lost',
  '06.setup':
    'P7 is dead, all notice, and P6 wins. Its COORDINATOR to P2 is lost, and every other COORDINATOR from P6 to P2 as well. Nothing else is.',
  '06.follows': 'Whom does P2 follow a moment later?',
  '06.follows.six': 'P6.',
  '06.follows.nobody': 'Nobody: it still waits for the announcement.',
  '06.follows.seven': 'P7, as before.',
  '06.follows.because':
    'A leader does not only say that it leads. It gives orders, and every order names its term. Whoever gets an order of a new term knows the new leader. In our machines that cannot be switched off.',
  '06.watch':
    'P2 hears an APPEND of term 2 from P6, right behind the announcement that was lost. That is as good as the announcement.',
  '06.storm':
    'So let more be lost: for 330 ms nothing at all comes from P6 to P2, neither COORDINATOR nor orders nor heartbeats. Who holds an election because of it?',
  '06.storm.one': 'P2, alone.',
  '06.storm.all': 'P2, and many of those above it.',
  '06.storm.none': 'Nobody.',
  '06.storm.because':
    'P2 got OKs and waits 180 ms for a COORDINATOR. Then it asks again all above it, and whoever is asked from below in a classic cluster holds an election itself.',
  '06.storm.watch':
    'One process that has missed something makes the others run, though all but one of them have a leader and hear it. It ends when P6 answers everybody with COORDINATOR.',
  '06.do':
    'Keep the loss as it is, and make it harmless: how long should P2 wait, so that the next order is there before it loses its patience?',
  '06.goal.repaired': 'The same loss, P2 follows P6, and has held only one election.',
  '06.hint.patience': 'The loss ends at 1190 ms. P2 begins to wait at about 940 ms.',
  '06.hint.slider': 'Set “Wait for COORDINATOR” to 420 ms or more.',
  '06.parameter.coordinatorTimeoutMs': 'Wait for COORDINATOR',
  '06.explain':
    'An announcement that is said once can be lost once. What is said again and again, and says everything there is to know, repairs itself. In safe mode there is one thing more: before P2 runs again it looks at what its neighbours say. They hear a leader that works, so P2 does not disturb it and works through one of them until it hears it itself.',
  '06.repair': 'What makes an announcement safe against loss?',
  '06.repair.again': 'Sending it twice.',
  '06.repair.state': 'Putting it into every message that follows.',
  '06.repair.receipt': 'A receipt from everybody before one leads.',
  '06.repair.because':
    'Twice can be lost twice, and with receipts one slow process would hold up all. What every order says is known with the first order that arrives.',
  '06.code.awaiting': 'The first order of a new leader ends the wait.',
  '06.code.append': 'An order names its term: that is how its leader is known.',
};
