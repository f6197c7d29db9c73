/** Lesson 4 in English. */
import type { Texts } from '../../lesson.js';

export const lesson04: Texts = {
  '04.title': 'The bully comes back',
  '04.line': 'The old leader is restarted. The new one is healthy. Who leads?',
  '04.variant.classic': 'Classic: P5 returns',
  '04.variant.safe': 'Safe: P5 returns',
  '04.variant.loop-classic': 'Classic: P5 dies and returns, again and again',
  '04.variant.loop-safe': 'Safe: P5 dies and returns, again and again',
  '04.variant.loop-never': 'Classic without pre-emption: again and again',
  '04.setup':
    'P5 is killed at 500 ms. Its kernel closes its connections, so this time nobody has to wait for silence: P4 leads within 200 ms. At 1500 ms P5 is started again.',
  '04.return': 'P4 leads and is in good health. What does P5 do once it is back?',
  '04.return.waits': 'It follows P4.',
  '04.return.throws': 'It throws P4 out at once.',
  '04.return.asks': 'It asks P4 for the office and waits until it gets it.',
  '04.return.because':
    'The algorithm has its name from this. A process that finds a lower one in office runs for it; there is nobody above P5 to ask, so it wins at once. P4 hears of it one message later.',
  '04.watch':
    'P5 announces itself, and its message needs 20 ms. For just that long there are two leaders. Nothing bad comes of it here, because nobody gave an order in that time. Nothing kept anybody from it.',
  '04.safe':
    'In safe mode P5 comes back as a follower and catches up first. P4 sees that a higher process is there, fit and level, waits half a second to be sure, and hands over. P5 asks for promises like anybody else. At no time are there two leaders, and the change loses nothing.',
  '04.loop':
    'Now P5 has a bad day: a second up, a second down, three times. Count how often the cluster changes its leader, though P4 could have led all the time.',
  '04.do': 'Turn the rule off that makes it so, and play the bad day again.',
  '04.goal.calm': 'P5 dies and returns three times, and the leader changes only once.',
  '04.hint.preference': 'Being the highest is a preference. Nobody said that it has to be granted.',
  '04.hint.switch': 'The switch “When a higher one returns” has two positions.',
  '04.parameter.takeover': 'When a higher one returns',
  '04.parameter.takeover.immediate': 'it takes over at once',
  '04.parameter.takeover.never': 'the leader stays',
  '04.explain':
    'Highest is easy to agree on, and that is its only merit. A process that dies often should not lead often. Our safe mode keeps the preference and takes its edge off: hand over only to a process that has caught up and stood still for a while, and wait longer after each office that was lost soon.',
  '04.flap': 'In safe mode, how often does P5 lead again during its bad day?',
  '04.flap.each': 'Three times, once after each return.',
  '04.flap.later': 'Less often: after it has failed soon after taking over, it has to wait longer.',
  '04.flap.banned': 'Never: a process that has died once does not lead again.',
  '04.flap.because':
    'Everybody may fall once. From the second time on, the leader holds its office longer before it hands it over, twice as long each time.',
  '04.code.rivalled': 'A higher process has been ready for long enough: hand over.',
  '04.code.holding': 'The office has just changed hands: not again so soon.',
};
