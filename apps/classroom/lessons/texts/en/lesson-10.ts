/** Lesson 10 in English. */
import type { Texts } from '../../lesson.js';

export const lesson10: Texts = {
  '10.title': 'Split brain',
  '10.line': 'A cable is cut, and there are two halves that both live.',
  '10.variant.high-classic': 'Classic: 45 | 123',
  '10.variant.high-safe': 'Safe: 45 | 123',
  '10.variant.low-classic': 'Classic: 12 | 345',
  '10.variant.low-safe': 'Safe: 12 | 345',
  '10.variant.calm-safe': 'Safe: whole',
  '10.setup':
    'At 500 ms the network is cut: P4 and P5 on one side, P1, P2 and P3 on the other. All five live. At 1500 ms somebody says something on each side. At 2000 ms the cable is mended.',
  '10.classic': 'Classic mode. On which side is something accepted while the cut lasts?',
  '10.classic.two': 'Where two are: the leader is there.',
  '10.classic.three': 'Where three are.',
  '10.classic.both': 'On both.',
  '10.classic.neither': 'On neither.',
  '10.classic.because':
    'P5 goes on leading P4. On the other side P5 is missed, and P3 wins: from there nobody higher can be heard. Each side is sure that the other one is dead.',
  '10.watch':
    'Two leaders for more than a second, two messages with the same number. After the cable is mended P5 hears a newer term, takes over the log of P3, and then throws P3 out: what P5 itself had accepted meanwhile is gone. Its sender had been told that it was done.',
  '10.safe': 'Safe mode, the same cut. Where is something accepted now?',
  '10.safe.two': 'Where two are: the leader is there.',
  '10.safe.three': 'Where three are.',
  '10.safe.both': 'On both.',
  '10.safe.neither': 'On neither.',
  '10.safe.because':
    'Three of five are a quorum, two are not. P5 hears that it is not answered by a quorum and steps down; P3 wins where three are.',
  '10.safe.watch':
    'P5 counts who has answered it lately. A window of 300 ms in which no quorum did ends its office, at about 800 ms; P3 is elected at about 960. With another moment of the cut P5 may notice a little later than that. It would do no harm: what it takes then cannot reach a quorum. What was said at P4 waits, and is delivered after the cable is mended.',
  '10.low':
    'The other cut: P1 and P2 alone. P5 has a quorum and stays. P1 and P2 suspect it, hear only each other, and do not even try: without a quorum no election can be won, so they are isolated and silent.',
  '10.do': 'Cut the network so that everybody lives and nobody may write.',
  '10.goal.nobody': 'Nobody is dead, and for half a second nobody leads.',
  '10.hint.majority': 'As long as three of five hear each other, they go on.',
  '10.hint.three-ways': 'A cut may have more than two sides.',
  '10.explain':
    'Safe mode gives something up, on purpose: a part without a majority stands still. What it gets for it is that there is never a second truth. Two majorities of the same five always share a process, and that one does not promise twice.',
  '10.lost': 'In which mode was a message lost that had been accepted?',
  '10.lost.classic': 'Only in classic mode.',
  '10.lost.safe': 'Only in safe mode.',
  '10.lost.neither': 'In neither.',
  '10.lost.because':
    'Classic mode says so honestly: whoever has lost something gets a list of it. But it is gone.',
  '10.code.isolated': 'Hears no quorum: does not run.',
  '10.code.support': 'A leader that a quorum does not answer steps down.',
};
