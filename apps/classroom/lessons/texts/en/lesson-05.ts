/** Lesson 5 in English. */
import type { Texts } from '../../lesson.js';

export const lesson05: Texts = {
  '05.title': 'A lost OK',
  '05.line': 'One answer is lost, and nothing happens. Then a second one.',
  '05.variant.none': 'Classic: nothing lost',
  '05.variant.one': 'Classic: one OK lost',
  '05.variant.both': 'Classic: both OKs lost',
  '05.variant.safe': 'Safe: both OKs lost',
  '05.setup':
    'The election of lesson 2: P7 is dead, and P4 has just sent ELECTION to P5 and P6. Both answer OK. Now the OK from P5 to P4 is lost on its way.',
  '05.one': 'What is different in the end?',
  '05.one.nothing': 'Nothing.',
  '05.one.two': 'P4 leads as well.',
  '05.one.nobody': 'The election has to be held again.',
  '05.one.because': 'One OK is enough to make P4 wait, and the one from P6 arrived.',
  '05.watch':
    'Follow P4: it hears P6 and waits. The lost OK made no difference at all, and that is a danger of its own: a network that loses messages may look fine for a long time.',
  '05.do': 'Make two leaders. You may take two messages away, and nothing else.',
  '05.goal.two-leaders': 'Two leaders at the same time, with exactly two lost messages.',
  '05.hint.all': 'P4 becomes leader when it believes that nobody above it is alive.',
  '05.hint.which': 'It asks P5 and P6, and each has one OK for it.',
  '05.explain':
    'P4 leads, P6 leads, and both are right by the rules. It ends when P6, higher up, is heard: its term has the same number, and of two such terms that of the higher process wins. Until then, whoever asks P4 gets other orders than whoever asks P6. In a classic cluster nothing stops that.',
  '05.safe': 'The same in safe mode: all notice at once, and no OK reaches P4. What comes of it?',
  '05.safe.two': 'Two leaders again.',
  '05.safe.nothing': 'P6 leads, alone.',
  '05.safe.nobody': 'Nobody leads: P4 and P6 block each other.',
  '05.safe.because':
    'P4 hears no OK. But P6 has asked it for its promise, and that says as much: somebody higher is about to lead. Whoever has promised waits for that one.',
  '05.safe.watch':
    'Follow P4: no OK comes, and it does not run, for it has promised P6 its obedience. And even if it ran, it could not lead: that takes promises of a quorum, and these went to P6. Winning is a belief. Leading takes the word of a majority.',
  '05.why': 'Which assumption was wrong when P4 made itself leader?',
  '05.why.slow': 'That messages arrive in order.',
  '05.why.silence': 'That whoever does not answer in time is not alive.',
  '05.why.rank': 'That P6 outranks P4.',
  '05.why.because':
    'Bully was made for networks in which a message arrives in time or its receiver is dead. Ours is not such a network, and no real one is.',
  '05.code.challenging': 'A time-out is taken for an answer.',
  '05.code.collecting': 'What safe mode adds: count promises until a quorum has given them.',
};
