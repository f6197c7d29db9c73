/** Lesson 14 in English. */
import type { Texts } from '../../lesson.js';

export const lesson14: Texts = {
  '14.title': 'A new sequencer',
  '14.line': 'The leader dies with a message that only some have.',
  '14.variant.classic': 'Classic',
  '14.variant.safe': 'Safe',
  '14.variant.calm-safe': 'Safe: nobody dies',
  '14.setup':
    'At 600 ms P5 accepts “first” and sends it to all; what goes to P3 and P4 is lost. P1, P2 and P5 have it. At 660 ms P5’s power fails. P4 is elected, and at 1600 ms somebody says “second” at P4. At 2160 ms P5 is back, with its disk.',
  '14.number': 'Classic mode. “first” had number 1. What does P4 do with “second”?',
  '14.number.kept': 'It has fetched “first”, so “second” gets number 2.',
  '14.number.reused': 'It has never seen “first”, so “second” gets number 1.',
  '14.number.gap': 'It leaves number 1 free, to be safe.',
  '14.number.because':
    'Nobody told P4 that there was a number 1. It goes on where its own log ends, and tells the others to do the same: P1 and P2 take “first” back.',
  '14.watch':
    'The lamp “same number, different message” is red. Somebody was told that “first” is number 1, and now “second” is. When P5 comes back it hears a newer term, takes over the log of P4, and then throws P4 out: “first” is gone for good, even from the disk of the process that had accepted it.',
  '14.safe': 'Safe mode, the same story. What does P4 do with “second”?',
  '14.safe.kept': 'It has fetched “first”, so “second” gets number 2.',
  '14.safe.reused': 'It has never seen “first”, so “second” gets number 1.',
  '14.safe.gap': 'It leaves number 1 free, to be safe.',
  '14.safe.because':
    'Three of the four that live have to promise before P4 leads, and with each promise comes how far its log goes. “first” is on three of five disks, so any three have one that knows it.',
  '14.safe.watch':
    'P4’s sequencer is “gathering”, then “adopting”: it fetches from the one with the best log, stores it, and only then coordinates. COORDINATOR is sent after that, not before.',
  '14.do':
    'Start from the run in which nobody dies. Let “first” miss P3 and P4, then take P5’s power. Restart it a second and a half later with its disk.',
  '14.goal.saved': 'P5 is gone, P4 leads, and P3 and P4 show “first”.',
  '14.goal.whole': 'P5 is back, and all five show the same two messages.',
  '14.hint.drop':
    'Drop what P5 sends to P3 and to P4 from just before 600 ms on, for 100 ms, if it is an APPEND.',
  '14.hint.crash': 'P5 has to have delivered “first” itself: that is about 45 ms after it was said.',
  '14.hint.restart': 'P5 returns as a follower, catches up, and gets its office back later.',
  '14.explain':
    'To win an election is permission to begin recovering, not to lead. A new leader first learns from a quorum all that may have been accepted before it. Whatever was acknowledged is on a majority of disks; whoever asks a majority meets it. So nothing that was acknowledged is lost, whoever dies.',
  '14.permission': 'What may a process do that has won an election?',
  '14.permission.lead': 'Lead.',
  '14.permission.recover': 'Ask a quorum what there is, and take it over. Then lead.',
  '14.permission.number': 'Begin with new numbers.',
  '14.permission.because':
    'In the run P4 fetches before it announces itself. In classic mode it announces itself at once.',
  '14.code.fetching': 'The best log among the promises must become ours first.',
  '14.code.collecting': 'Promises of a quorum, each with the length of its log.',
};
