/** Lesson 11 in English. */
import type { Texts } from '../../lesson.js';

export const lesson11: Texts = {
  '11.title': 'One-way links',
  '11.line': 'A leader that nobody hears, and one that hears nobody.',
  '11.variant.mute-classic': 'Classic: P5 is mute',
  '11.variant.mute-safe': 'Safe: P5 is mute',
  '11.variant.deaf-classic': 'Classic: P5 is deaf',
  '11.variant.deaf-safe': 'Safe: P5 is deaf',
  '11.variant.calm-safe': 'Safe: whole',
  '11.setup':
    'A network may work in one direction only: a full queue, a wrong rule in a firewall. From 500 ms on nobody hears P5, and P5 hears everybody. Call it mute.',
  '11.mute': 'Classic mode. What does it look like a second and a half later?',
  '11.mute.stays': 'P5 leads.',
  '11.mute.replaced': 'P4 leads, and P5 follows it.',
  '11.mute.two': 'P4 leads, and P5 believes that it leads.',
  '11.mute.because':
    'The others miss P5, and P4 wins. P5 hears of it, and since P4 is lower it takes the office back; nobody hears that. So both go on.',
  '11.watch':
    'P5 steps down, runs, wins and announces, within two milliseconds, and talks to nobody. It will believe so for as long as the link is bad.',
  '11.mute.safe':
    'In safe mode P5 steps down by itself at about 800 ms, after a window of 300 ms without the answers of a quorum, and before P4 is elected. To win again it would need promises, and nobody hears it ask.',
  '11.deaf':
    'Now the other way round: everybody hears P5, and P5 hears nobody. Classic mode. When is it replaced?',
  '11.deaf.at-once': 'Within half a second.',
  '11.deaf.late': 'Much later.',
  '11.deaf.never': 'Never.',
  '11.deaf.because':
    'Its heartbeats arrive, so nobody misses it, and still it answers nobody. The textbook would keep it for ever. In ours P5 gives up connections on which it hears nothing, and only when the connections are gone do the others miss it.',
  '11.deaf.watch':
    'For more than a second the cluster has a leader that can give orders and cannot take any. Look at the beliefs: all trust P5, and P5 trusts nobody.',
  '11.do':
    'Safe mode: make P5 deaf yourself, by cutting every way to it in one direction, and see how fast it is out.',
  '11.goal.replaced': 'P5 hears nobody, and another leads 600 ms later.',
  '11.hint.direction': 'Hold L and drag from P1 to P5: that cuts only this direction.',
  '11.hint.four': 'All four ways to P5, and nothing else.',
  '11.explain':
    'Failure does not belong to a process but to a pair, and to a direction. So a leader has to be heard, and it has to hear. Ours counts answers: a leader that a quorum has not answered lately is none, whatever it can still say. And its next heartbeat tells the others so.',
  '11.pair': 'What must a leader be able to do?',
  '11.pair.speak': 'Be heard by a quorum.',
  '11.pair.hear': 'Hear a quorum.',
  '11.pair.both': 'Both.',
  '11.pair.because':
    'Mute or deaf, in safe mode it is out in well under a second, because it counts answers, and an answer takes both directions.',
  '11.code.support': 'Answers are counted, not members that one could see.',
  '11.code.deposed': 'Out of office, and asks nobody to wait for it.',
};
